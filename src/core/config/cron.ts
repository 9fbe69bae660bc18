import { Cron } from "croner";

/** What is wrong with a schedule of five fields in a timezone; undefined when it comes, now or one day. */
export function cronProblem(cron: string, timezone: string): string | undefined {
  try {
    return new Cron(cron, { timezone, mode: "5-part" }).nextRun(new Date(0)) === null
      ? `"${cron}" never comes`
      : undefined;
  } catch {
    return `"${cron}" in ${timezone} is not a schedule`;
  }
}

export const CRON_INSTEAD =
  'write five fields, for example "0 6 * * *" for every day at 6, and a timezone such as Europe/Zurich';
