/** A stale result of a workflow that wants its results made anew by themselves. One that is still being made is so once it has ended. */
import { reprocess } from "../../core/task/life.ts";
import { isFinished } from "../../core/task/task.ts";
import { CALOPS, type Ledger } from "../ledger.ts";
import type { Scene } from "../scene.ts";
import { abortJobs } from "./abort-jobs.ts";

export async function renew(ledger: Ledger, scene: Scene, ref: string): Promise<void> {
  const task = await ledger.tasks.get(Number(ref));
  if (!task?.stale || !isFinished(task)) return;
  const { config, commit } = scene.deployments.current(task.environment);
  if (config.workflows[task.workflow]?.whenStale !== "reprocess") return;
  const ended = await abortJobs(ledger, task);
  ledger.task(reprocess(ended, task.stale.why, commit, ledger.now), CALOPS);
}
