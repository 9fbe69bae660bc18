/** A run is new or changed: it goes into the groups of the workflows that take it, and out of those that do not any more. */
import { takesRuns } from "../../core/campaign/campaign.ts";
import { type Campaign, workflowsOf } from "../../core/config/config.ts";
import { includesRun } from "../../core/config/values.ts";
import { absorb, close, type Group, type GroupHome, join, leave, openGroup } from "../../core/group/group.ts";
import { completion, placeOf } from "../../core/group/grouping.ts";
import { type Run, valuesOf } from "../../core/run/run.ts";
import { type Selection, selectionOf } from "../../core/run/selection.ts";
import { goStale, skip } from "../../core/task/life.ts";
import type { Workflow } from "../../core/workflow/workflow.ts";
import { CALOPS } from "../doer.ts";
import type { Ledger } from "../ledger.ts";
import type { Scene } from "../scene.ts";
import { wakeTasksOf } from "./intake.ts";
import { makeTasks } from "./make-tasks.ts";
import { wakeStagesOn, wakeStagesWith } from "./stage-lock.ts";
import { markStaleInGroup } from "./staleness.ts";

export async function placeRun(ledger: Ledger, scene: Scene, ref: string): Promise<void> {
  const run = await ledger.runs.get(Number(ref));
  if (!run) return;
  const memberships = await ledger.groups.ask((loads) => loads.groupsOfRun(run.number));
  for (const environment of scene.revisions.environments) {
    const { config, mirror } = scene.revisions.current(environment);
    const injected = await ledger.ask((loads) => loads.injectedInto(environment, run.number));
    wakeStagesWith(ledger, config, environment, injected);
    for (const campaign of Object.values(config.campaigns).filter((one) =>
      takesRun(one, run.number, { injected, mirror: mirror !== undefined }),
    )) {
      if (!takesRuns(await ledger.campaign(environment, campaign))) continue;
      for (const workflow of workflowsOf(config, campaign)) {
        if (workflow.grouping.by === "tick") continue;
        const home = { environment, campaign: campaign.name, workflow: workflow.name };
        const member = memberships.find((group) => isAt(group, home) && group.state !== "merged");
        await placeIn(ledger, scene, {
          run,
          home,
          workflow,
          campaign,
          member,
          selection: selectionOf(config, workflow, run),
        });
      }
    }
  }
}

/** Runs come to a prompt campaign of production by themselves; to a reprocessing, and to all of a mirror, they are injected. */
function takesRun(campaign: Campaign, run: number, by: { injected: readonly string[]; mirror: boolean }): boolean {
  if (by.injected.includes(campaign.name)) return true;
  return !by.mirror && campaign.kind === "prompt" && (campaign.runs === undefined || includesRun(campaign.runs, run));
}

type Placement = {
  readonly run: Run;
  readonly home: GroupHome;
  readonly workflow: Workflow;
  readonly campaign: Campaign;
  readonly member: Group | undefined;
  readonly selection: Selection;
};

async function placeIn(ledger: Ledger, scene: Scene, placement: Placement): Promise<void> {
  const { run, member, selection } = placement;
  if (selection.taken === true && !member && !run.conflict) await add(ledger, scene, placement);
  if (selection.taken === false && member) await remove(ledger, placement, member, selection.why);
}

async function add(ledger: Ledger, scene: Scene, { run, home, workflow, campaign }: Placement): Promise<void> {
  const place = placeOf(workflow.grouping, { number: run.number, attributes: valuesOf(run) });
  if (place.kind === "none") return;
  const found = await ledger.ask((loads) =>
    place.kind === "key" ? loads.groupByKey(home, place.key) : loads.openGroup(home),
  );
  const known = found && ledger.groups.take(found);
  const target = known?.state === "merged" ? await successorOf(ledger, known) : known;
  const group =
    target ?? openGroup(scene.ids.group(), home, place.kind === "key" ? place.key : `from-${run.number}`, ledger.now);
  if (known?.state === "merged" && !target) return;

  const joined = join(group, run, ledger.now);
  if (!joined.ok) return;
  ledger.put("memberships", { groupId: group.id, run: run.number, member: true });
  if (workflow.grouping.by === "run" && !target) {
    // A group of one run is complete as it comes; there is nothing to tell of its life.
    ledger.groups.put({ ...joined.next, state: "closed", closedAt: ledger.now });
  } else {
    ledger.groups.accept(joined);
  }
  if (!target) {
    makeTasks(ledger, scene, joined.next, workflow, campaign.priority);
    const { config } = scene.revisions.current(home.environment);
    for (const { name } of workflow.tasks) await wakeStagesOn(ledger, config, { ...home, name, state: "new" });
    await takeOver(ledger, scene, joined.next);
  }
  if (place.kind === "next-open") {
    await closeIfFull(ledger, workflow, (await ledger.groups.get(group.id)) ?? joined.next);
  } else if (target && group.state === "closed") {
    await markStaleInGroup(ledger, scene, group.id, () => `run ${run.number} joined late`);
    await wakeTasksOf(ledger, group.id);
  }
}

/** Where the order of arrival decides, a group that is full must not take the next run that comes with this one. */
async function closeIfFull(ledger: Ledger, workflow: Workflow, group: Group): Promise<void> {
  const state = completion(workflow.grouping, group, {}, ledger.now);
  if (!state.complete) return;
  ledger.groups.accept(close(group, state.why, ledger.now));
  await wakeTasksOf(ledger, group.id);
}

/** The group that took the runs of a merged one; undefined while it has not come yet. */
async function successorOf(ledger: Ledger, merged: Group): Promise<Group | undefined> {
  let group: Group | undefined = merged;
  while (group?.state === "merged")
    group = group.mergedInto === null ? undefined : await ledger.groups.get(group.mergedInto);
  return group;
}

/** Groups that had not enough data and waited for the next one go into it. */
async function takeOver(ledger: Ledger, scene: Scene, next: Group): Promise<void> {
  for (const waiting of await ledger.groups.ask((loads) => loads.groupsToAbsorb(next))) {
    await moveRuns(ledger, scene, waiting, next);
  }
}

/** Everything of one group goes into another. */
export async function moveRuns(ledger: Ledger, scene: Scene, from: Group, into: Group): Promise<void> {
  ledger.groups.accept(absorb(from, into, ledger.now));
  const numbers = await ledger.ask((loads) => loads.runsOfGroup(from.id));
  const present = new Set(await ledger.ask((loads) => loads.runsOfGroup(into.id)));
  for (const run of await ledger.runs.all(numbers.filter((number) => !present.has(number)))) {
    const joined = join((await ledger.groups.get(into.id)) ?? into, run, ledger.now);
    if (!joined.ok) continue;
    ledger.put("memberships", { groupId: into.id, run: run.number, member: true });
    ledger.groups.accept(joined);
  }
  await markStaleInGroup(ledger, scene, into.id, () => `the runs of ${from.key} came in, which had not enough data`);
  await wakeTasksOf(ledger, into.id);
}

async function remove(ledger: Ledger, { run, workflow }: Placement, group: Group, why: string): Promise<void> {
  const words = `run ${run.number} is not taken any more: ${why}`;
  const left = leave(group, run, ledger.now);
  if (left.ok) {
    ledger.put("memberships", { groupId: group.id, run: run.number, member: false });
    ledger.groups.accept(left);
    if (left.next.count > 0) return;
    // Nobody is left in it: it is over before it began.
    ledger.groups.accept(close(left.next, words, ledger.now));
  }
  const alone = left.ok || workflow.grouping.by === "run";
  for (const task of await ledger.tasks.ask((loads) => loads.tasksOfGroup(group.id))) {
    if (task.used !== null) ledger.tasks.accept(goStale(task, words, ledger.now));
    else if (alone) ledger.tasks.accept(skip(task, words, ledger.now), CALOPS);
  }
}

function isAt(group: Group, home: GroupHome): boolean {
  return group.environment === home.environment && group.campaign === home.campaign && group.workflow === home.workflow;
}
