/** Who wants to be told when a run or a workflow has ended, is: alone, and once. */
import { type Subscription, subjectOf } from "../../core/alert/subscription.ts";
import { type Block, list, parts, plural, say } from "../../core/say.ts";
import { isFinished, type Task, taskInWords } from "../../core/task/task.ts";
import { tellPerson } from "../duty/tell-person.ts";
import type { Ledger } from "../ledger.ts";
import type { Scene } from "../scene.ts";

/** Tasks that did not end well and are named one by one. */
const NAMED = 10;

/** At the end of a turn: whatever may have ended in it is looked at in the next. Where no task ended this asks nothing. */
export async function wakeSubscriptions(ledger: Ledger): Promise<void> {
  const ended = ledger.movedTasks.filter(({ before, after }) => isFinished(after) && !(before && isFinished(before)));
  if (ended.length === 0) return;
  const all = await ledger.ask((loads) => loads.subscriptions());
  if (all.length === 0) return;
  const runs = new Set(all.flatMap(({ to }) => ("run" in to ? [to.run] : [])));
  const workflows = new Set(all.flatMap(({ to }) => ("workflow" in to ? [to.workflow] : [])));
  for (const environment of new Set(ended.map(({ after }) => after.environment))) {
    const tasks = ended.map(({ after }) => after).filter((task) => task.environment === environment);
    for (const workflow of new Set(tasks.map((task) => task.workflow)))
      if (workflows.has(workflow)) wake(ledger, environment, { workflow });
    if (runs.size === 0) continue;
    for (const group of new Set(tasks.map((task) => task.groupId)))
      for (const run of await ledger.ask((loads) => loads.runsOfGroup(group)))
        if (runs.has(run)) wake(ledger, environment, { run });
  }
}

function wake(ledger: Ledger, environment: string, to: Subscription["to"]): void {
  ledger.wake({ kind: "subscribed", ref: JSON.stringify({ environment, to }) });
}

export async function tellSubscribers(ledger: Ledger, scene: Scene, ref: string): Promise<void> {
  const { environment, to } = JSON.parse(ref) as Pick<Subscription, "environment" | "to">;
  const name = subjectOf({ to });
  const all = await ledger.ask((loads) => loads.subscriptions());
  const waiting = all.filter((one) => one.environment === environment && subjectOf(one) === name);
  if (waiting.length === 0) return;
  const blocks =
    "run" in to ? await runEnded(ledger, environment, to.run) : await workflowEnded(ledger, environment, to.workflow);
  if (!blocks) return;
  const { config } = scene.revisions.current(environment);
  const channel = "workflow" in to ? config.workflows[to.workflow]?.channel : undefined;
  for (const one of waiting) {
    ledger.put("subscriptions", { ...one, toldAt: ledger.now });
    await tellPerson(ledger, scene, {
      person: one.person,
      key: `subscribed ${one.person} ${environment} ${name} ${one.at}`,
      blocks,
      otherwise: channel ?? config.channel,
    });
  }
}

/** Undefined while it goes on. */
export async function runEnded(ledger: Ledger, environment: string, run: number): Promise<Block[] | undefined> {
  const groups = (await ledger.ask((loads) => loads.groupsOfRun(run))).filter((one) => one.environment === environment);
  if (groups.length === 0 || groups.some((group) => group.state === "open")) return undefined;
  const tasks: Task[] = [];
  for (const group of groups) tasks.push(...(await ledger.tasks.ask((loads) => loads.tasksOfGroup(group.id))));
  if (tasks.length === 0 || !tasks.every(isFinished)) return undefined;
  const bad = tasks.filter((task) => task.state === "failed");
  return [
    say`Run ${run} has ended${where(environment)}: ${plural(tasks.length - bad.length, "task")} of ${tasks.length} ended well.`,
    ...(bad.length === 0
      ? []
      : [
          list(
            bad.slice(0, NAMED).map((task) => parts`task ${task.id}, ${taskInWords(task)}: ${task.reason ?? "failed"}`),
          ),
        ]),
    say`tasks --run ${run} shows all of them.`,
  ];
}

/** Undefined while it goes on. */
async function workflowEnded(ledger: Ledger, environment: string, workflow: string): Promise<Block[] | undefined> {
  if (await ledger.ask((loads) => loads.isUnderWay(environment, workflow))) return undefined;
  return [
    say`Workflow ${workflow} has ended${where(environment)}: nothing of it waits or runs any more.`,
    say`tasks --workflow ${workflow} --state failed shows what did not end well.`,
  ];
}

function where(environment: string): string {
  return environment === "production" ? "" : ` in ${environment}`;
}
