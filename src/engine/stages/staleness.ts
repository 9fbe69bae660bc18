/** Results that were made from something that is different now are marked, with what is different. */
import type { AttributeChanges } from "../../core/run/record.ts";
import type { Run } from "../../core/run/run.ts";
import { freshen, goStale } from "../../core/task/life.ts";
import { isFinished, type Task, taskInWords } from "../../core/task/task.ts";
import { runsDigest, runsOf, upstreamOf, versionOf } from "../../core/task/used.ts";
import { taskOf, type Workflow } from "../../core/workflow/workflow.ts";
import type { Ledger } from "../ledger.ts";
import type { Scene } from "../scene.ts";
import { digestOfUpstream } from "../upstream.ts";

/** A run changed: whatever was made from the old values is stale, and what has not begun looks at its locks again. */
export async function markStaleByRun(ledger: Ledger, scene: Scene, run: Run, changes: AttributeChanges): Promise<void> {
  for (const group of await ledger.groups.ask((loads) => loads.groupsOfRun(run.number))) {
    for (const task of await ledger.tasks.ask((loads) => loads.tasksOfGroup(group.id))) {
      if (task.used === null && !isFinished(task)) ledger.wake({ kind: "task", ref: String(task.id) });
    }
    await markStaleInGroup(ledger, scene, group.id, (workflow) => changeInWords(run.number, changes, workflow.uses));
  }
}

/** Looks at all begun tasks of a group; `why` says in words what may have changed for a workflow, undefined for nothing that it uses. */
export async function markStaleInGroup(
  ledger: Ledger,
  scene: Scene,
  groupId: number,
  why: (workflow: Workflow) => string | undefined,
): Promise<void> {
  const tasks = (await ledger.tasks.ask((loads) => loads.tasksOfGroup(groupId))).filter((task) => task.used !== null);
  if (tasks.length === 0) return;
  const runs = await ledger.runs.all(await ledger.ask((loads) => loads.runsOfGroup(groupId)));
  for (const task of tasks) {
    const workflow = workflowOf(scene, task);
    const words = workflow && why(workflow);
    if (words === undefined || !workflow) continue;
    if (runsDigest(runs, workflow.uses, scene.digest) === runsOf(task.used ?? ""))
      await freshenIfAsMade(ledger, scene, task);
    else ledger.tasks.accept(goStale(task, words, ledger.now));
  }
}

/** Something that a task needed began anew or was made anew. */
export async function markStaleByUpstream(ledger: Ledger, scene: Scene, task: Task, upstream: Task): Promise<void> {
  const definition = taskOf(workflowOf(scene, task), task.name);
  if (task.used === null || !definition) return;
  if ((await digestOfUpstream(ledger, scene, task, definition)) === upstreamOf(task.used)) return;
  const why =
    upstream.state === "failed" && upstream.reason !== null
      ? `: ${upstream.reason}`
      : ` is in its attempt ${upstream.attempt}`;
  ledger.tasks.accept(goStale(task, `${taskInWords(upstream)}${why}`, ledger.now));
}

/** Everything that a stale result was made from is again as it was then. */
export async function freshenIfAsMade(ledger: Ledger, scene: Scene, task: Task): Promise<void> {
  if (
    task.stale &&
    (await isAsMade(ledger, scene, task)) &&
    (await hasSameConstants(ledger, task)) &&
    madeByVersion(scene, task)
  )
    ledger.tasks.accept(freshen(task, ledger.now));
}

/** The values of its runs and the results that it used are what they were, whatever the configuration does now. */
export async function isAsMade(ledger: Ledger, scene: Scene, task: Task): Promise<boolean> {
  const workflow = workflowOf(scene, task);
  const definition = taskOf(workflow, task.name);
  if (!workflow || !definition || task.used === null) return false;
  const runs = await ledger.runs.all(await ledger.ask((loads) => loads.runsOfGroup(task.groupId)));
  if (runsDigest(runs, workflow.uses, scene.digest) !== runsOf(task.used)) return false;
  return (await digestOfUpstream(ledger, scene, task, definition)) === upstreamOf(task.used);
}

/** As far as somebody has looked since the tags changed. */
async function hasSameConstants(ledger: Ledger, task: Task): Promise<boolean> {
  return (await ledger.ask((loads) => loads.constantsUsed(task.id, task.attempt))).every((use) => use.changed === null);
}

/** The configuration that runs would make it as it was made; of one from before that was written down it is believed. */
function madeByVersion(scene: Scene, task: Task): boolean {
  const made = versionOf(task.used ?? "");
  const now = scene.revisions.current(task.environment).versions[`${task.workflow}/${task.name}`];
  return made === undefined || now === undefined || made === now;
}

function workflowOf(scene: Scene, task: Task): Workflow | undefined {
  const revision = scene.revisions.at(task.environment, task.commit) ?? scene.revisions.current(task.environment);
  return revision.config.workflows[task.workflow];
}

/** `run 8215: luminosity 12.1 -> 13`; undefined when nothing that is used changed. */
function changeInWords(
  run: number,
  changes: AttributeChanges,
  uses: readonly string[] | undefined,
): string | undefined {
  const used = Object.entries(changes).filter(([name]) => !uses || uses.includes(name));
  if (used.length === 0) return undefined;
  return `run ${run}: ${used.map(([name, { from, to }]) => `${name} ${inWords(from)} -> ${inWords(to)}`).join(", ")}`;
}

function inWords(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value ?? null);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
