/** The payloads that the jobs of a task left. Their bytes are kept before a tag speaks of them. */
import { outputsOf, resultJobs } from "../../core/job/results.ts";
import type { Left } from "../../core/publication/intervals.ts";
import type { Task } from "../../core/task/task.ts";
import { type Conditions, ConditionsUnavailable } from "../../ports/conditions.ts";
import type { Queries } from "../../ports/queries.ts";
import type { Scene } from "../scene.ts";

/** A file that a job left is not there any more, or is none that can be kept. Trying again gives the same. */
export class PayloadGone extends Error {}

export async function payloadsLeft(
  { workspace }: Pick<Scene, "workspace">,
  queries: Queries,
  conditions: Conditions,
  task: Task,
): Promise<Left[]> {
  const left: Left[] = [];
  for (const { attempt } of resultJobs(await queries.doneAttempts([task])))
    for (const { type, path, from, until } of outputsOf(attempt).payloads) {
      try {
        const file = await workspace.realOutput(attempt.directory, path);
        if (file === undefined) throw new Error("it is not there any more, or leads out of what the job wrote");
        const { hash } = await conditions.keep(type, file);
        left.push({ type, payload: hash, from, until });
      } catch (error) {
        if (error instanceof ConditionsUnavailable) throw error;
        throw new PayloadGone(`${path}, which a job left, cannot be kept: ${(error as Error).message}`, {
          cause: error,
        });
      }
    }
  return left;
}
