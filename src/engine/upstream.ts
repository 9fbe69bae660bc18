/** The tasks that a task needs, as they stand: those that cover its runs. */

import { satisfies, type Task } from "../core/task/task.ts";
import { type Upstream, upstreamDigest } from "../core/task/used.ts";
import type { Need, TaskDefinition } from "../core/workflow/workflow.ts";
import type { Ledger } from "./ledger.ts";
import type { Scene } from "./scene.ts";

export type CoveredNeed = {
  readonly need: Need;
  readonly tasks: readonly Task[];
  readonly uncovered: readonly number[];
};

export async function coveredNeeds(
  ledger: Ledger,
  scene: Scene,
  task: Task,
  definition: TaskDefinition,
): Promise<CoveredNeed[]> {
  const covered: CoveredNeed[] = [];
  for (const need of definition.needs) covered.push(await coverage(ledger, scene, task, need));
  return covered;
}

export async function upstreamTasks(
  ledger: Ledger,
  scene: Scene,
  task: Task,
  definition: TaskDefinition,
): Promise<Task[]> {
  return (await coveredNeeds(ledger, scene, task, definition)).flatMap((covered) => covered.tasks);
}

/** The second half of what a task used: which attempt of which task. */
export async function digestOfUpstream(
  ledger: Ledger,
  scene: Scene,
  task: Task,
  definition: TaskDefinition,
): Promise<string> {
  // Whatever it was made from was done or skipped then: what is not so any more counts as another.
  const upstream = (await upstreamTasks(ledger, scene, task, definition))
    .filter(({ state }) => satisfies(state))
    .map((one): Upstream => ({ task: one.id, attempt: one.attempt }));
  return upstreamDigest(upstream, scene.digest);
}

/** @param need a task of any workflow: those of it that cover the runs of `task` */
export async function coverage(ledger: Ledger, scene: Scene, task: Task, need: Need): Promise<CoveredNeed> {
  if (need.workflow === task.workflow) {
    const siblings = await ledger.tasks.ask((loads) => loads.tasksOfGroup(task.groupId));
    return { need, tasks: siblings.filter((sibling) => sibling.name === need.task), uncovered: [] };
  }
  const campaign = campaignFor(scene, task, need);
  const covering = await ledger.ask((loads) => loads.covering(task.groupId, need, task.environment, campaign));
  const ours = await ledger.ask((loads) => loads.runsOfGroup(task.groupId));
  const covered = new Set(covering.flatMap(({ runs }) => runs));
  return {
    need,
    tasks: covering.map((one) => ledger.tasks.take(one.task)),
    uncovered: ours.filter((run) => !covered.has(run)),
  };
}

/** A campaign that does not carry its runs through the needed workflow uses what the prompt campaign made. */
export function campaignFor(scene: Scene, task: Task, need: Need): string {
  const { campaigns } = scene.revisions.current(task.environment).config;
  const own = campaigns[task.campaign];
  if (!own?.workflows || own.workflows.includes(need.workflow)) return task.campaign;
  return Object.values(campaigns).find((campaign) => campaign.kind === "prompt")?.name ?? task.campaign;
}
