/** Retention, by what the configuration says: logs that are old enough go, and so do the working directories of failed jobs. */
import type { Instant } from "../../core/time.ts";
import type { Queries } from "../../ports/queries.ts";
import type { Ledger } from "../ledger.ts";
import type { Scene } from "../scene.ts";
import { takeMeasure } from "./measure-quota.ts";

/** The errand that comes again every hour. */
export const RETENTION = "retention";

const EVERY_MS = 3_600_000;
const AT_ONCE = 500;

export type TidyParts = { readonly queries: Queries; readonly scene: Scene; readonly now: Instant };

/** Does what is to be done with files, and gives back what is to be written of it. */
export async function tidyUp(parts: TidyParts, ref: string): Promise<(ledger: Ledger) => Promise<void>> {
  return ref === RETENTION ? await retention(parts) : await measure(parts, ref);
}

async function retention({ queries, scene, now }: TidyParts): Promise<(ledger: Ledger) => Promise<void>> {
  const [environment = ""] = scene.deployments.environments;
  const { logs, work } = scene.deployments.current(environment).config;
  const withWork = await queries.attemptsEndedBefore(now - work.keep, "work", AT_ONCE);
  for (const attempt of withWork) await scene.workspace.dropWork(attempt.directory);
  const withLog = await queries.attemptsEndedBefore(now - logs.keep, "log", AT_ONCE);
  for (const attempt of withLog) await scene.workspace.dropLog(attempt.directory);
  return async (ledger) => {
    await ledger.transaction.finishErrand({ kind: "tidy", ref: RETENTION });
    for (const attempt of withWork) ledger.putAttempt({ ...attempt, kept: "log" });
    for (const attempt of withLog) ledger.putAttempt({ ...attempt, kept: "nothing" });
    // Where there was more than a bite, the next one comes at once.
    const more = withWork.length === AT_ONCE || withLog.length === AT_ONCE;
    ledger.wake({ kind: "tidy", ref: RETENTION }, ledger.now + (more ? 1_000 : EVERY_MS));
  };
}

async function measure({ scene }: TidyParts, ref: string): Promise<(ledger: Ledger) => Promise<void>> {
  const [, environment = "", workflow = ""] = ref.split(" ");
  const bytes = await scene.workspace.bytesOf(environment, workflow);
  return (ledger) => takeMeasure(ledger, environment, workflow, bytes, scene.standing.bytes(environment, workflow));
}
