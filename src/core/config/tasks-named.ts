/** Words that name a task or all tasks of a workflow: `calibrate` of the same workflow, `t0/calibrate`, or `t0`. */
import { choices } from "../text/nearest.ts";
import type { TasksNamed } from "../workflow/workflow.ts";
import type { Checker } from "./checker.ts";
import type { Path } from "./path.ts";
import type { Surroundings } from "./surroundings.ts";

/** @param workflow whose own tasks need not be named in full; undefined outside of workflows. An unknown one is reported and left out */
export function tasksNamed(
  word: string,
  path: Path,
  { tasks }: Pick<Surroundings, "tasks">,
  check: Checker,
  workflow?: string,
): TasksNamed[] {
  const own = workflow === undefined ? [] : (tasks.get(workflow) ?? []);
  if (workflow !== undefined && own.includes(word)) return [{ workflow, task: word }];
  const [first = "", second, ...rest] = word.split("/");
  if (second === undefined && tasks.has(first)) return [{ workflow: first }];
  const isReadable = tasks.get(first) !== undefined || !tasks.has(first);
  if (second !== undefined && rest.length === 0 && (tasks.get(first)?.includes(second) || !isReadable))
    return [{ workflow: first, task: second }];
  const others = [...tasks].flatMap(([other, theirs = []]) => [other, ...theirs.map((one) => `${other}/${one}`)]);
  check.report(path, "unknown-reference", `there is no task or workflow ${word}`, choices(word, [...own, ...others]));
  return [];
}
