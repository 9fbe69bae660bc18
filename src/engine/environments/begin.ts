/** An environment begins on a new configuration: whatever waits looks again, results that would be made otherwise are looked at. */

import type { RunInterval } from "../../core/config/values.ts";
import { branchOf } from "../../core/environment/environment.ts";
import type { MirrorRules } from "../../core/environment/rules.ts";
import type { Versions } from "../../core/workflow/version.ts";
import type { Revision } from "../../ports/revisions.ts";
import { CALOPS } from "../doer.ts";
import { scheduleDuty } from "../duty/hand-over.ts";
import type { Ledger } from "../ledger.ts";
import { startDeclared } from "../operations/campaigns.ts";
import type { Scene } from "../scene.ts";
import { scheduleTicks } from "../stages/tick.ts";

export async function begin(
  ledger: Ledger,
  scene: Scene,
  environment: string,
  before: Revision,
  mirrors: MirrorRules | undefined,
): Promise<void> {
  const { config, versions } = scene.revisions.current(environment);
  // What was held by the old configuration may go by the new one.
  for (const task of await ledger.ask((loads) => loads.waitingTasks(environment)))
    ledger.wake({ kind: "task", ref: String(task) });
  for (const workflow of Object.keys(config.workflows))
    ledger.wake({ kind: "admit", ref: `${environment} ${workflow}` });
  for (const workflow of workflowsOf(differing(before.versions, versions)))
    ledger.wake({ kind: "version", ref: `${environment} ${workflow}` });
  await startDeclared(ledger, scene, environment);
  ledger.wake({ kind: "tags", ref: environment });
  if (branchOf(environment) === undefined) {
    scheduleTicks(ledger, scene, environment);
    await scheduleDuty(ledger, scene);
    // What branches would change is another thing from now on.
    if (scene.isReviewed())
      for (const branch of scene.revisions.environments.flatMap((name) => branchOf(name) ?? []))
        ledger.wake({ kind: "propose", ref: branch });
  } else if (mirrors) await giveRuns(ledger, scene, environment, await runsFor(ledger, mirrors));
}

/** A mirror takes no runs by itself: these come into each of its prompt campaigns. */
export async function giveRuns(
  ledger: Ledger,
  scene: Scene,
  environment: string,
  runs: readonly number[],
  by = CALOPS.by,
): Promise<void> {
  const campaigns = Object.values(scene.revisions.current(environment).config.campaigns);
  for (const campaign of campaigns.filter(({ kind }) => kind === "prompt"))
    for (const run of runs) ledger.put("injections", { environment, campaign: campaign.name, run, by, at: ledger.now });
  for (const run of runs) ledger.wake({ kind: "run", ref: String(run) });
}

async function runsFor(ledger: Ledger, { runs }: MirrorRules): Promise<number[]> {
  if ("last" in runs) return await ledger.ask((loads) => loads.lastRuns(runs.last));
  return await knownRuns(ledger, runs);
}

/** Those of some intervals that were taken. */
export async function knownRuns(ledger: Ledger, intervals: readonly RunInterval[]): Promise<number[]> {
  const found: number[] = [];
  for (const { from, to } of intervals)
    found.push(...(await ledger.ask((loads) => loads.runsBetween(from, to, MOST_RUNS))));
  return [...new Set(found)].slice(0, MOST_RUNS);
}

/** More are a campaign, and not the trial of a change. */
const MOST_RUNS = 1_000;

/** Tasks that make their results otherwise. */
function differing(before: Versions, after: Versions): string[] {
  return Object.keys(after).filter((task) => before[task] !== after[task]);
}

function workflowsOf(tasks: readonly string[]): Set<string> {
  return new Set(tasks.map((task) => task.split("/")[0] ?? ""));
}
