import type { Task, TaskState } from "../../../core/task/task.ts";
import type { Result } from "../../../ports/things.ts";
import { fromJson, fromJsonOrNull, toJson, toJsonOrNull } from "./json.ts";

export type TaskRow = {
  id: number;
  environment: string;
  campaign: string;
  workflow: string;
  name: string;
  group_id: number;
  group_key: string;
  state: string;
  reason: string | null;
  waiting: string;
  attempt: number;
  iteration: number;
  config_commit: string;
  priority: number;
  hold: string | null;
  stale_since: number | null;
  stale_why: string | null;
  used: string | null;
  jobs_total: number;
  jobs_done: number;
  jobs_running: number;
  jobs_queued: number;
  jobs_idle: number;
  jobs_failed: number;
  jobs_aborted: number;
  failed_attempts: number;
  created_at: number;
  modified_at: number;
  started_at: number | null;
  ended_at: number | null;
  version: number;
};

export type ResultRow = {
  task_id: number;
  attempt: number;
  state: string;
  reason: string | null;
  metrics: string;
  iterations: number;
  config_commit: string;
  used: string | null;
  jobs: string;
  started_at: number | null;
  ended_at: number;
};

export function taskRow(task: Task): TaskRow {
  return {
    id: task.id,
    environment: task.environment,
    campaign: task.campaign,
    workflow: task.workflow,
    name: task.name,
    group_id: task.groupId,
    group_key: task.groupKey,
    state: task.state,
    reason: task.reason,
    waiting: toJson(task.waiting),
    attempt: task.attempt,
    iteration: task.iteration,
    config_commit: task.commit,
    priority: task.priority,
    hold: toJsonOrNull(task.hold),
    stale_since: task.stale?.since ?? null,
    stale_why: task.stale?.why ?? null,
    used: task.used,
    jobs_total: task.jobs.total,
    jobs_done: task.jobs.done,
    jobs_running: task.jobs.running,
    jobs_queued: task.jobs.queued,
    jobs_idle: task.jobs.idle,
    jobs_failed: task.jobs.failed,
    jobs_aborted: task.jobs.aborted,
    failed_attempts: task.jobs.failedAttempts,
    created_at: task.createdAt,
    modified_at: task.modifiedAt,
    started_at: task.startedAt,
    ended_at: task.endedAt,
    version: task.version + 1,
  };
}

export function taskOf(row: TaskRow): Task {
  return {
    id: row.id,
    environment: row.environment,
    campaign: row.campaign,
    workflow: row.workflow,
    name: row.name,
    groupId: row.group_id,
    groupKey: row.group_key,
    state: row.state as TaskState,
    reason: row.reason,
    waiting: fromJson(row.waiting),
    attempt: row.attempt,
    iteration: row.iteration,
    commit: row.config_commit,
    priority: row.priority,
    hold: fromJsonOrNull(row.hold),
    stale: row.stale_since === null ? null : { since: row.stale_since, why: row.stale_why ?? "" },
    used: row.used,
    jobs: {
      total: row.jobs_total,
      done: row.jobs_done,
      running: row.jobs_running,
      queued: row.jobs_queued,
      idle: row.jobs_idle,
      failed: row.jobs_failed,
      aborted: row.jobs_aborted,
      failedAttempts: row.failed_attempts,
    },
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    version: row.version,
  };
}

export function resultRow(result: Result): ResultRow {
  return {
    task_id: result.taskId,
    attempt: result.attempt,
    state: result.state,
    reason: result.reason,
    metrics: toJson(result.metrics),
    iterations: result.iterations,
    config_commit: result.commit,
    used: result.used,
    jobs: toJson(result.jobs),
    started_at: result.startedAt,
    ended_at: result.endedAt,
  };
}

export function resultOf(row: ResultRow): Result {
  return {
    taskId: row.task_id,
    attempt: row.attempt,
    state: row.state as Result["state"],
    reason: row.reason,
    metrics: fromJson(row.metrics),
    iterations: row.iterations,
    commit: row.config_commit,
    used: row.used,
    jobs: fromJson(row.jobs),
    startedAt: row.started_at,
    endedAt: row.ended_at,
  };
}
