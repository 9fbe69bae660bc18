/** From the shape of the hold `released` to its rule: whose sign-off ends it, and who may put it off. */
import type { Grouping } from "../group/grouping.ts";
import type { SignedOff } from "../release/rule.ts";
import { choices } from "../text/nearest.ts";
import { formatDuration } from "../time.ts";
import type { LockDefinition, Workflow } from "../workflow/workflow.ts";
import type { Checker } from "./checker.ts";
import type { Path } from "./path.ts";
import type { Surroundings } from "./surroundings.ts";
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
  const { check, grouping, around } = task;
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
  const { role } = extend;
  if (around.owners) check.reference([...path, "extend", "role"], role, around.owners, `nobody has the role ${role}`);
  return {
    kind: "released",
    afterMs: after,
    early: early?.flatMap((word, index) => signedOff(task, word, [...path, "early", index])),
    announceMs: announce,
    extend,
  };
}

/** `calibrate` of the same workflow, `t0/calibrate`, or `t0` for all of it. */
function signedOff({ name, workflow, around, check }: Around, word: string, path: Path): SignedOff[] {
  const [first = "", second, ...rest] = word.split("/");
  const own = around.tasks.get(workflow) ?? [];
  const found: SignedOff | undefined =
    rest.length > 0
      ? undefined
      : second === undefined
        ? own.includes(first)
          ? { workflow, task: first }
          : around.tasks.has(first)
            ? { workflow: first }
            : undefined
        : around.tasks.has(first) && (around.tasks.get(first)?.includes(second) ?? true)
          ? { workflow: first, task: second }
          : undefined;
  if (found === undefined) {
    const known = [...around.tasks].flatMap(([other, theirs = []]) => [
      other,
      ...theirs.map((one) => `${other}/${one}`),
    ]);
    check.report(path, "unknown-reference", `there is no task or workflow ${word}`, choices(word, [...own, ...known]));
    return [];
  }
  if (found.workflow === workflow && (found.task === undefined || found.task === name)) {
    check.report(
      path,
      "conflict",
      "what waits for the hold cannot end it",
      "name tasks that are done and signed before it",
    );
    return [];
  }
  return [found];
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
