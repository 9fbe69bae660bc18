/** A task found that there is not enough data in its group: the group goes into the next one of the workflow. */
import { absorb } from "../../core/group/group.ts";
import { merge } from "../../core/task/life.ts";
import { isFinished } from "../../core/task/task.ts";
import type { Ledger } from "../ledger.ts";
import type { Scene } from "../scene.ts";
import { abortJobs } from "./abort-jobs.ts";
import type { Declared } from "./declared.ts";
import { moveRuns } from "./place-run.ts";

export async function mergeGroup(ledger: Ledger, scene: Scene, { task, revision }: Declared): Promise<void> {
  const group = await ledger.groups.get(task.groupId);
  if (!group) return;
  // A reprocessing has all its runs: there, no later group will come, and a neighbour that has begun is better than none.
  const all = revision.config.campaigns[task.campaign]?.kind === "reprocessing";
  const [next] = await ledger.groups.ask(async (loads) =>
    [(await loads.nextUnbegunGroup(group)) ?? (all ? await loads.neighbourOf(group) : undefined)].flatMap(
      (found) => found ?? [],
    ),
  );
  for (const sibling of await ledger.tasks.ask((loads) => loads.tasksOfGroup(group.id))) {
    if (isFinished(sibling)) continue;
    const ended = await abortJobs(ledger, sibling);
    ledger.tasks.accept(merge(ended, next?.key ?? "the next group", ledger.now));
  }
  if (next) await moveRuns(ledger, scene, group, next);
  else ledger.groups.accept(absorb(group, null, ledger.now));
}
