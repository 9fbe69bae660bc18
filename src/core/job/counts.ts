/** How the counts of a task follow its jobs. */
import type { JobCounts } from "../task/task.ts";
import type { Job, JobState } from "./job.ts";

const COLUMN: Readonly<Record<JobState, keyof JobCounts>> = {
  idle: "idle",
  submitting: "queued",
  queued: "queued",
  running: "running",
  done: "done",
  failed: "failed",
  aborted: "aborted",
};

/** One job went from `before` to `after`. */
export function recount(counts: JobCounts, before: Job, after: Job): JobCounts {
  const failedAttempts = counts.failedAttempts + Math.max(0, after.failures - before.failures);
  if (COLUMN[before.state] === COLUMN[after.state])
    return failedAttempts === counts.failedAttempts ? counts : { ...counts, failedAttempts };
  const from = COLUMN[before.state];
  const to = COLUMN[after.state];
  return { ...counts, failedAttempts, [from]: counts[from] - 1, [to]: counts[to] + 1 };
}
