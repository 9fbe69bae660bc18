/** The detail of a group, in the thread of its card: what failed, and that all is done. Each is told once, under its key. */
import { stateSince } from "../chat/standing.ts";
import type { Detail } from "../message.ts";
import { plural, say } from "../say.ts";
import { type Task, taskInWords } from "../task/task.ts";
import { isComplete } from "./card.ts";

/** @param key of the card */
export function groupDetails(key: string, tasks: readonly Task[]): Detail[] {
  const failed = tasks.filter(({ state }) => state === "failed");
  const told = failed.map((task) => ({
    key: `${key} failed ${task.id} ${stateSince(task)}`,
    blocks: [say`Task ${task.id}, ${taskInWords(task)}, failed: ${task.reason}. What to do: why ${task.id}`],
  }));
  if (!isComplete(tasks)) return told;
  const last = Math.max(...tasks.map(stateSince));
  return [{ key: `${key} complete ${last}`, blocks: [say`All of it is done: ${plural(tasks.length, "task")}.`] }];
}
