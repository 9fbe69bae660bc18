/** Ends what is still under way or waiting of a task: its jobs are aborted, and their executors are asked to end them. */
import { recount } from "../../core/job/counts.ts";
import { isLive } from "../../core/job/job.ts";
import { abort } from "../../core/job/life.ts";
import type { Task } from "../../core/task/task.ts";
import type { Ledger } from "../ledger.ts";

export async function abortJobs(ledger: Ledger, task: Task): Promise<Task> {
  let counts = task.jobs;
  for (const job of await ledger.jobs.ask((loads) => loads.jobsOfTask(task.id, task.attempt))) {
    const attempt = isLive(job.state) && job.key !== null ? await ledger.attempts.get(job.key) : undefined;
    const aborted = abort(job, attempt, ledger.now);
    if ("refused" in aborted) continue;
    counts = recount(counts, job, aborted.job);
    ledger.jobs.put(aborted.job);
    if (!aborted.attempt) continue;
    ledger.attempts.put(aborted.attempt);
    ledger.cancels.push({ do: "cancel", executor: job.executor, key: aborted.attempt.key });
  }
  const next = { ...task, jobs: counts };
  if (counts !== task.jobs) ledger.tasks.put(next);
  return next;
}
