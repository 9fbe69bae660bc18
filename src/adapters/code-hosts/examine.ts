/** What every code host is looked at for: whether it answers, and how long its token is good. */
import { bad, doubtful, type Finding, told } from "../../core/doctor/finding.ts";
import { formatDuration, type Instant, LENGTHS } from "../../core/time.ts";

/** So long before its end a token wants to be replaced: somebody may be on holiday. */
const SOON_MS = 2 * LENGTHS.w;

export function refusedFinding(about: string, error: unknown): Finding {
  const { found, fix } = told((error as Error).message, `look at the host in environments.yaml`);
  return bad(about, found, fix);
}

/** @param now as the host's own clock has it; undefined for a token without an end, or where nothing is said of it */
export function endFindings(
  about: string,
  end: Instant | undefined,
  now: Instant | undefined,
  secret: string,
): Finding[] {
  if (end === undefined || now === undefined || end - now > SOON_MS) return [];
  const when = end <= now ? "it has ended" : `it ends in ${formatDuration(end - now)}`;
  return [
    doubtful(`${about}: the end of the token`, when, `make a new one there, and store it as the secret ${secret}`),
  ];
}

/** The host's own clock. */
export function dateOf(headers: Headers): Instant | undefined {
  const said = Date.parse(headers.get("date") ?? "");
  return Number.isNaN(said) ? undefined : said;
}
