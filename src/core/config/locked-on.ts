/** Which tasks locks are about, and the other way: which locks may open when a task ends. */
import type { ReleaseRule } from "../release/rule.ts";
import { type LockDefinition, type Need, needName, type TasksNamed } from "../workflow/workflow.ts";
import { type Config, workflowsOf } from "./config.ts";

/** All of a workflow's tasks, where it is named and no task of it. */
export function tasksIn({ workflows }: Config, named: readonly TasksNamed[]): Need[] {
  return named.flatMap(({ workflow, task }) =>
    task === undefined
      ? (workflows[workflow]?.tasks ?? []).map((definition) => ({ workflow, task: definition.name }))
      : [{ workflow, task }],
  );
}

/**
 * What is to be signed before a hold can end early. Of a workflow those tasks that declare a sign-off, and all where none does;
 * of `all`, whatever declares one in the workflows of the campaign, and does not itself wait for a hold.
 */
export function toBeSigned(config: Config, { early }: Pick<ReleaseRule, "early">, campaign: string): Need[] {
  if (early === undefined) return [];
  const isSigned = ({ workflow, task }: Need) =>
    config.workflows[workflow]?.tasks.find(({ name }) => name === task)?.signoff !== undefined;
  if (early !== "all")
    return early.flatMap((named) => {
      const all = tasksIn(config, [named]);
      const signed = all.filter(isSigned);
      return named.task !== undefined || signed.length === 0 ? all : signed;
    });
  const held = behindHolds(config);
  const declared = config.campaigns[campaign];
  const workflows = declared ? workflowsOf(config, declared) : Object.values(config.workflows);
  return tasksIn(
    config,
    workflows.map(({ name }) => ({ workflow: name })),
  ).filter((need) => isSigned(need) && !held.has(needName(need)));
}

/** Tasks with a lock that may open when this one ends, by the runs that they share with it. */
export function lockedOn(config: Config, ended: Need): Need[] {
  return locking(config).flatMap(({ of, lock }) => (isAbout(config, lock, ended) ? [of] : []));
}

/** Data sets of a whole campaign that may be complete when this task ends. */
export function stagesOn(config: Config, ended: Need): string[] {
  return Object.values(config.stages)
    .filter(({ of, tasks }) => of === "campaign" && tasks.some((named) => includes(named, ended)))
    .map(({ name }) => name);
}

function isAbout(config: Config, lock: LockDefinition, ended: Need): boolean {
  if (lock.kind === "released")
    return lock.early === "all" || (lock.early ?? []).some((named) => includes(named, ended));
  if (lock.kind === "signoff") return includes(lock.need, ended);
  const stage = lock.kind === "stage" ? config.stages[lock.stage] : undefined;
  return stage?.of === "group" && stage.tasks.some((named) => includes(named, ended));
}

function includes({ workflow, task }: TasksNamed, need: Need): boolean {
  return workflow === need.workflow && (task === undefined || task === need.task);
}

type Locking = { readonly of: Need; readonly lock: LockDefinition };
const locks = new WeakMap<Config, readonly Locking[]>();

/** Looked up whenever a task ends, so once for each configuration. */
function locking(config: Config): readonly Locking[] {
  const known = locks.get(config);
  if (known) return known;
  const all = Object.values(config.workflows).flatMap(({ name, tasks }) =>
    tasks.flatMap((task) =>
      task.locks
        .filter(({ kind }) => kind === "released" || kind === "stage" || kind === "signoff")
        .map((lock) => ({ of: { workflow: name, task: task.name }, lock })),
    ),
  );
  locks.set(config, all);
  return all;
}

const behind = new WeakMap<Config, ReadonlySet<string>>();

/** Full names of the tasks that wait for a hold, themselves or through what they need. */
function behindHolds(config: Config): ReadonlySet<string> {
  const known = behind.get(config);
  if (known) return known;
  const found = new Set<string>();
  const all = Object.values(config.workflows).flatMap(({ name, tasks }) => tasks.map((task) => ({ name, task })));
  // Two workflows may need tasks of each other, so one round is not enough.
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const { name, task } of all)
      if (task.locks.some(({ kind }) => kind === "released") || task.needs.some((need) => found.has(needName(need))))
        found.add(needName({ workflow: name, task: task.name }));
  }
  behind.set(config, found);
  return found;
}
