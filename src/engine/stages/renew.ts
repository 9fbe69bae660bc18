/**
 * A stale result of a workflow that wants its results made anew by themselves. One that is still being made is so once it has
 * ended; one that waits to be signed at once, since nobody should look at what is made anew anyway.
 */
import { reprocess } from "../../core/task/life.ts";
import { isFinished } from "../../core/task/task.ts";
import { CALOPS } from "../doer.ts";
import type { Ledger } from "../ledger.ts";
import type { Scene } from "../scene.ts";
import { abortJobs } from "./abort-jobs.ts";
import { isAsMade } from "./staleness.ts";

export async function renew(ledger: Ledger, scene: Scene, ref: string): Promise<void> {
  const task = await ledger.tasks.get(Number(ref));
  if (!task?.stale || !(isFinished(task) || task.state === "awaiting-signoff")) return;
  const { config, commit, mirror } = scene.revisions.current(task.environment);
  if (config.workflows[task.workflow]?.whenStale !== "reprocess") return;
  // A merge into production must not start a year of results anew: that is for people to say.
  if (!mirror && (await isAsMade(ledger, scene, task))) return;
  const ended = await abortJobs(ledger, task);
  ledger.tasks.accept(reprocess(ended, task.stale.why, commit, ledger.now), CALOPS);
}
