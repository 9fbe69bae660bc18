/** Retention, by what the configuration says: logs that are old enough go, and so do the working directories of failed jobs. */
import { PRODUCTION } from "../../core/environment/environment.ts";
import type { Instant } from "../../core/time.ts";
import type { Queries } from "../../ports/queries.ts";
import { tidyCampaigns } from "../campaigns/retention.ts";
import type { Ledger } from "../ledger.ts";
import type { Scene } from "../scene.ts";
import { takeMeasure } from "./measure-quota.ts";

/** The errand that comes again every hour. */
export const RETENTION = "retention";
const ARCHIVED = "archived ";

/** The errand by which the files of a mirror go that was archived. */
export function archivedRef(environment: string): string {
  return ARCHIVED + environment;
}

const EVERY_MS = 3_600_000;
const LOOK_AGAIN_MS = 10_000;
const AT_ONCE = 500;
/** As long as somebody may look at the whole of an answer, and a chat may send the same request again. */
const ANSWERED_MS = 7 * 86_400_000;

export type TidyParts = { readonly queries: Queries; readonly scene: Scene; readonly now: Instant };

/** Does what is to be done with files, and gives back what is to be written of it. */
export async function tidyUp(parts: TidyParts, ref: string): Promise<(ledger: Ledger) => Promise<void>> {
  if (ref === RETENTION) return await retention(parts);
  return ref.startsWith(ARCHIVED) ? await removeArchived(parts, ref) : await measure(parts, ref);
}

async function retention({ queries, scene, now }: TidyParts): Promise<(ledger: Ledger) => Promise<void>> {
  const { logs, work } = scene.revisions.current(PRODUCTION).config;
  const withWork = await queries.attemptsEndedBefore(now - work.keep, "work", AT_ONCE);
  for (const attempt of withWork) await scene.workspace.dropWork(attempt.directory);
  const withLog = await queries.attemptsEndedBefore(now - logs.keep, "log", AT_ONCE);
  for (const attempt of withLog) await scene.workspace.dropLog(attempt.directory);
  const ofCampaigns = await tidyCampaigns({ queries, scene, now });
  return async (ledger) => {
    await ledger.transaction.finishErrand({ kind: "tidy", ref: RETENTION });
    await ledger.transaction.forgetAnswered(ledger.now - ANSWERED_MS);
    for (const attempt of withWork) ledger.attempts.put({ ...attempt, kept: "log" });
    for (const attempt of withLog) ledger.attempts.put({ ...attempt, kept: "nothing" });
    ofCampaigns.write(ledger);
    // Where there was more than a bite, the next one comes at once.
    const more = withWork.length === AT_ONCE || withLog.length === AT_ONCE || ofCampaigns.more;
    ledger.wake({ kind: "tidy", ref: RETENTION }, ledger.now + (more ? 1_000 : EVERY_MS));
  };
}

/** Once nothing of it runs any more. One that came back in between keeps what it has. */
async function removeArchived({ queries, scene }: TidyParts, ref: string): Promise<(ledger: Ledger) => Promise<void>> {
  const name = ref.slice(ARCHIVED.length);
  const [environment] = await queries.environmentsNamed([name]);
  const [unfinished] = await queries.unfinishedTasks(name, 1);
  const live = scene.standing.lanes.liveIn(name) > 0;
  const over = environment?.archivedAt === null || (!unfinished && !live);
  const gone = over && environment?.archivedAt !== null;
  if (gone) {
    await scene.workspace.dropEnvironment(name);
    await scene.conditions.forget(name);
    await scene.exporter.forget(name);
  }
  return async (ledger) => {
    await ledger.transaction.finishErrand({ kind: "tidy", ref });
    if (!over) ledger.wake({ kind: "tidy", ref }, ledger.now + LOOK_AGAIN_MS);
    if (!gone) return;
    for (const { environment: of, workflow, bytes } of await queries.usage())
      if (of === name) ledger.addUsage({ environment: of, workflow, bytes: -bytes });
  };
}

async function measure({ scene }: TidyParts, ref: string): Promise<(ledger: Ledger) => Promise<void>> {
  const [, environment = "", workflow = ""] = ref.split(" ");
  const bytes = await scene.workspace.bytesOf(environment, workflow);
  return (ledger) => takeMeasure(ledger, environment, workflow, bytes, scene.standing.bytes(environment, workflow));
}
