/** Results that were made with the constants of a task, whatever their workflow, by way of whichever tag. */
import type { ConstantUse } from "../../core/conditions/want.ts";
import { publicationRef } from "../../core/publication/life.ts";
import type { Task } from "../../core/task/task.ts";
import type { Loads } from "../../ports/loads.ts";

/** More than this are found by `stale`, and are told to be many. */
const MOST = 5_000;

export type Users = {
  /** What is taken out of tags where that may be, by the names of its publications. */
  readonly published: readonly string[];
  /** Those that have it in their present attempt. */
  readonly uses: readonly ConstantUse[];
  readonly tasks: readonly Task[];
};

export async function usersOf(
  loads: Pick<Loads, "publications" | "usesOf" | "tasks">,
  { id, attempt }: Pick<Task, "id" | "attempt">,
): Promise<Users> {
  const own = (await loads.publications(id)).filter(
    (one) => one.attempt === attempt && (one.state === "published" || one.state === "publishing"),
  );
  const payloads = new Set(own.flatMap(({ iovs }) => iovs.map((iov) => iov.payload)));
  const all: ConstantUse[] = [];
  for (const payload of payloads) all.push(...(await loads.usesOf(payload, MOST)));
  const known = new Map((await loads.tasks([...new Set(all.map((use) => use.taskId))])).map((task) => [task.id, task]));
  const uses = all.filter((use) => known.get(use.taskId)?.attempt === use.attempt);
  const using = new Set(uses.map((use) => use.taskId));
  return {
    published: own.map(publicationRef),
    uses,
    tasks: [...known.values()].filter((task) => using.has(task.id) && task.used !== null),
  };
}
