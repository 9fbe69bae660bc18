import type { Metrics } from "../../core/job/outputs.ts";
import type { Task, TaskState } from "../../core/task/task.ts";
import type { Result } from "../../ports/things.ts";

/** What this attempt of the task came to, as it is kept. */
export function resultOf(task: Task, metrics: Metrics): Result {
  return {
    taskId: task.id,
    attempt: task.attempt,
    state: isOutcome(task.state) ? task.state : "done",
    reason: task.reason,
    metrics,
    iterations: task.iteration,
    commit: task.commit,
    used: task.used,
    jobs: task.jobs,
    startedAt: task.startedAt,
    endedAt: task.endedAt ?? task.modifiedAt,
  };
}

function isOutcome(state: TaskState): state is Result["state"] {
  return state === "failed" || state === "skipped" || state === "awaiting-signoff";
}
