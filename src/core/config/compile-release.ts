/** From the shape of the hold `released` to its rule: whose sign-off ends it, and who may put it off. */
import type { Grouping } from "../group/grouping.ts";
import { formatDuration } from "../time.ts";
import type { LockDefinition, TasksNamed, Workflow } from "../workflow/workflow.ts";
import type { Checker } from "./checker.ts";
import type { Path } from "./path.ts";
import type { Surroundings } from "./surroundings.ts";
import { tasksNamed } from "./tasks-named.ts";
import type { ReleasedYaml } from "./workflow-yaml.ts";

type Around = {
  readonly name: string;
  readonly workflow: string;
  readonly grouping: Grouping;
  readonly around: Surroundings;
  readonly check: Checker;
};

export function compileRelease(
  { after, early, announce, extend }: ReleasedYaml,
  path: Path,
  task: Around,
): Extract<LockDefinition, { kind: "released" }> {
  const { check, grouping } = task;
  if (grouping.by === "tick")
    check.report(
      [...path, "after"],
      "conflict",
      "a hold counts from the end of a run, and this workflow has none",
      "leave it out, or change schedule",
    );
  if (announce > after)
    check.report(
      [...path, "after"],
      "conflict",
      `it would be announced ${formatDuration(announce)} before its end, and so before it has begun`,
      "write a longer one, or a shorter announce",
    );
  checkExtend(extend, [...path, "extend"], task);
  return {
    kind: "released",
    afterMs: after,
    early:
      early === true ? "all" : early?.flatMap((word, index) => signedBefore(task, word, [...path, "early", index])),
    announceMs: announce,
    extend,
  };
}

/** A hold that nobody can move is meant; one that takes more people than there are is a mistake. */
function checkExtend({ role, persons }: ReleasedYaml["extend"], path: Path, { check, around }: Around): void {
  const { owners, holders } = around;
  if (!owners || !holders) return;
  check.reference([...path, "role"], role, owners, `nobody has the role ${role}`);
  const able = new Set(holders(role)).size;
  if (owners.has(role) && able < persons)
    check.report(
      [...path, "persons"],
      "wrong-value",
      `only ${able} of people.yaml may say it`,
      `write ${Math.max(1, able)}, or give the role to more people`,
    );
}

/** What is done only after the hold cannot end it. */
function signedBefore({ name, workflow, around, check }: Around, word: string, path: Path): TasksNamed[] {
  const named = tasksNamed(word, path, around, check, workflow);
  if (!named.some((one) => one.workflow === workflow && (one.task === undefined || one.task === name))) return named;
  check.report(
    path,
    "conflict",
    "what waits for the hold cannot end it",
    "name tasks that are done and signed before it",
  );
  return [];
}

/** A group has one hold: tasks of one workflow that wait for it wait for the same. */
export function checkOneRelease({ tasks }: Pick<Workflow, "tasks">, check: Checker): void {
  const holds = tasks.flatMap((task) =>
    task.locks.flatMap((lock, index) => (lock.kind === "released" ? [{ task: task.name, lock, index }] : [])),
  );
  const [first, ...others] = holds;
  for (const { task, lock, index } of others) {
    if (first && JSON.stringify(lock) === JSON.stringify(first.lock) && task !== first.task) continue;
    check.report(
      ["tasks", task, "locks", index, "released"],
      "conflict",
      `a group has one hold, and this is another than that of ${first?.task}`,
      "write the same in both tasks, once in each, or move one of them to a workflow of its own",
    );
  }
}
