/** Tasks as commands show them: found by what somebody typed, as rows of the task lister, and as JSON. */
import type { TaskRef } from "../src/core/command/args.ts";
import { type Block, moment, right, table } from "../src/core/say.ts";
import { isFinished, type Task } from "../src/core/task/task.ts";
import { iso } from "../src/core/time.ts";
import type { Context } from "./context.ts";

export async function findTask(ref: TaskRef, { queries, environment }: Context): Promise<Task | undefined> {
  if ("id" in ref) return (await queries.tasks([ref.id]))[0];
  return await queries.taskByName(environment, ref.workflow, ref.task, ref.group);
}

/** Its jobs have ended, and its group is still its own. */
export function canBeReprocessed(task: Task): boolean {
  return task.state === "awaiting-signoff" || (isFinished(task) && task.state !== "merged");
}

/** `[{id, environment, campaign, workflow, task, group, runs, state, reason, attempt, commit, jobs, createdAt, modifiedAt}]` */
export async function tasksJson(
  tasks: readonly Task[],
  { queries }: Pick<Context, "queries">,
): Promise<Record<string, unknown>[]> {
  const runs = await queries.runsOfGroups([...new Set(tasks.map((task) => task.groupId))]);
  return tasks.map((task) => ({
    id: task.id,
    environment: task.environment,
    campaign: task.campaign,
    workflow: task.workflow,
    task: task.name,
    group: task.groupKey,
    runs: runs.get(task.groupId) ?? [],
    state: task.state,
    reason: task.reason,
    attempt: task.attempt,
    iteration: task.iteration,
    commit: task.commit,
    stale: task.stale === null ? null : { since: iso(task.stale.since), why: task.stale.why },
    jobs: {
      total: task.jobs.total,
      done: task.jobs.done,
      running: task.jobs.running,
      queued: task.jobs.queued,
      idle: task.jobs.idle,
      failedAttempts: task.jobs.failedAttempts,
      failed: task.jobs.failed,
      aborted: task.jobs.aborted,
    },
    createdAt: iso(task.createdAt),
    modifiedAt: iso(task.modifiedAt),
    startedAt: task.startedAt === null ? null : iso(task.startedAt),
    endedAt: task.endedAt === null ? null : iso(task.endedAt),
  }));
}

/** The task lister of the field: what it is, how it stands, and how its jobs do. */
export function taskTable(tasks: readonly Task[]): Block {
  return table(
    [
      right("id"),
      "task",
      "group",
      "state",
      right("total"),
      right("done"),
      right("run"),
      right("queued"),
      right("to do"),
      right("failed"),
      "modified",
      "why",
    ],
    tasks.map((task) => [
      task.id,
      `${task.workflow}/${task.name}${task.attempt > 1 ? ` (attempt ${task.attempt})` : ""}`,
      task.groupKey,
      task.stale ? `${task.state}, stale` : task.state,
      task.jobs.total,
      task.jobs.done,
      task.jobs.running,
      task.jobs.queued,
      task.jobs.idle,
      task.jobs.failedAttempts,
      moment(task.modifiedAt),
      task.state === "done" ? "" : (task.reason ?? ""),
    ]),
  );
}
