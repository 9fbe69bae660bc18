/**
 * Retention of campaigns: outputs of attempts that were made anew more often than is to be kept, and working directories of
 * campaigns that are archived. Nothing else: what a campaign does not speak of stays.
 */
import { PRODUCTION } from "../../core/environment/environment.ts";
import type { Attempt } from "../../core/job/job.ts";
import type { Instant } from "../../core/time.ts";
import type { Queries } from "../../ports/queries.ts";
import type { Ledger } from "../ledger.ts";
import type { Scene } from "../scene.ts";

const AT_ONCE = 500;

type Parts = { readonly queries: Queries; readonly scene: Scene; readonly now: Instant };
/** Writes down what was removed; the second value says whether there may be more. */
type Removed = { readonly write: (ledger: Ledger) => void; readonly more: boolean };

export async function tidyCampaigns(parts: Parts): Promise<Removed> {
  const writes: ((ledger: Ledger) => void)[] = [];
  let more = false;
  for (const environment of parts.scene.revisions.environments) {
    const { campaigns } = parts.scene.revisions.current(environment).config;
    for (const { name, keep } of Object.values(campaigns)) {
      if (keep === undefined) continue;
      const gone = await removeOutputs(parts, environment, name, keep);
      writes.push((ledger) => forgetOutputs(ledger, environment, gone));
      more ||= gone.length === AT_ONCE;
    }
    for (const { name, state } of await parts.queries.campaigns(environment)) {
      if (state !== "archived") continue;
      const gone = await parts.queries.workOfCampaign(environment, name, AT_ONCE);
      for (const attempt of gone) await parts.scene.workspace.dropWork(attempt.directory);
      writes.push((ledger) => {
        for (const attempt of gone) ledger.attempts.put({ ...attempt, kept: "log" });
      });
      more ||= gone.length === AT_ONCE;
    }
  }
  return {
    write: (ledger) => {
      for (const write of writes) write(ledger);
    },
    more,
  };
}

type Gone = { readonly attempt: Attempt; readonly workflow: string };

/**
 * Of tasks that are done: what replaced these is there. Jobs that began before that may still read them, so they stay as long as
 * a working directory does.
 */
async function removeOutputs(
  { queries, scene, now }: Parts,
  environment: string,
  campaign: string,
  keep: number,
): Promise<readonly Gone[]> {
  const before = now - scene.revisions.current(PRODUCTION).config.work.keep;
  const gone = await queries.supersededAttempts({ environment, campaign, keep, before, limit: AT_ONCE });
  for (const { attempt } of gone) await scene.workspace.dropOutput(attempt.directory);
  return gone;
}

function forgetOutputs(ledger: Ledger, environment: string, gone: readonly Gone[]): void {
  for (const { attempt, workflow } of gone) {
    ledger.attempts.put({ ...attempt, bytes: 0 });
    ledger.addUsage({ environment, workflow, bytes: -attempt.bytes });
  }
}
