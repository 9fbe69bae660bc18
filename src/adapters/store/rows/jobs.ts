import type { Cause } from "../../../core/job/failure.ts";
import type { Attempt, AttemptState, Job, JobState } from "../../../core/job/job.ts";
import { fromJson, fromJsonOrNull, toJson, toJsonOrNull } from "./json.ts";

export type JobRow = {
  id: number;
  task_id: number;
  task_attempt: number;
  iteration: number;
  job_index: number;
  role: string;
  state: string;
  held: number;
  executor: string;
  environment: string;
  workflow: string;
  priority: number;
  attempts: number;
  failures: number;
  losses: number;
  attempt_key: string | null;
  not_before: number;
  share: string | null;
  failure: string | null;
  created_at: number;
  modified_at: number;
  version: number;
};

export type AttemptRow = {
  job_id: number;
  number: number;
  attempt_key: string;
  state: string;
  executor: string;
  external_id: string | null;
  host: string | null;
  config_commit: string;
  label: string | null;
  directory: string;
  submitted_at: number;
  queued_at: number | null;
  started_at: number | null;
  ended_at: number | null;
  exit_code: number | null;
  signal: string | null;
  cause: string | null;
  message: string | null;
  cpu_ms: number | null;
  outputs: string | null;
  bytes: number;
  misses: number;
  kept: number;
  version: number;
};

export function jobRow(job: Job): JobRow {
  return {
    id: job.id,
    task_id: job.taskId,
    task_attempt: job.taskAttempt,
    iteration: job.iteration,
    job_index: job.index,
    role: job.role,
    state: job.state,
    held: job.held ? 1 : 0,
    executor: job.executor,
    environment: job.environment,
    workflow: job.workflow,
    priority: job.priority,
    attempts: job.attempts,
    failures: job.failures,
    losses: job.losses,
    attempt_key: job.key,
    not_before: job.notBefore,
    share: Object.keys(job.share).length === 0 ? null : toJson(job.share),
    failure: toJsonOrNull(job.failure),
    created_at: job.createdAt,
    modified_at: job.modifiedAt,
    version: job.version + 1,
  };
}

export function jobOf(row: JobRow): Job {
  return {
    id: row.id,
    taskId: row.task_id,
    taskAttempt: row.task_attempt,
    iteration: row.iteration,
    index: row.job_index,
    role: row.role as Job["role"],
    state: row.state as JobState,
    held: row.held === 1,
    executor: row.executor,
    environment: row.environment,
    workflow: row.workflow,
    priority: row.priority,
    attempts: row.attempts,
    failures: row.failures,
    losses: row.losses,
    key: row.attempt_key,
    notBefore: row.not_before,
    share: row.share === null ? {} : fromJson(row.share),
    failure: fromJsonOrNull(row.failure),
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
    version: row.version,
  };
}

/** By the number that stands in the column. */
export const KEPT = ["nothing", "log", "work"] as const;

export function attemptRow(attempt: Attempt): AttemptRow {
  return {
    job_id: attempt.jobId,
    number: attempt.number,
    attempt_key: attempt.key,
    state: attempt.state,
    executor: attempt.executor,
    external_id: attempt.externalId,
    host: attempt.host,
    config_commit: attempt.commit,
    label: attempt.label,
    directory: attempt.directory,
    submitted_at: attempt.submittedAt,
    queued_at: attempt.queuedAt,
    started_at: attempt.startedAt,
    ended_at: attempt.endedAt,
    exit_code: attempt.exitCode,
    signal: attempt.signal,
    cause: attempt.cause,
    message: attempt.message,
    cpu_ms: attempt.cpuMs,
    outputs: toJsonOrNull(attempt.outputs),
    bytes: attempt.bytes,
    misses: attempt.misses,
    kept: KEPT.indexOf(attempt.kept),
    version: attempt.version + 1,
  };
}

export function attemptOf(row: AttemptRow): Attempt {
  return {
    jobId: row.job_id,
    number: row.number,
    key: row.attempt_key,
    state: row.state as AttemptState,
    executor: row.executor,
    externalId: row.external_id,
    host: row.host,
    commit: row.config_commit,
    label: row.label,
    directory: row.directory,
    submittedAt: row.submitted_at,
    queuedAt: row.queued_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    exitCode: row.exit_code,
    signal: row.signal,
    cause: row.cause as Cause | null,
    message: row.message,
    cpuMs: row.cpu_ms,
    outputs: fromJsonOrNull(row.outputs),
    bytes: row.bytes,
    misses: row.misses,
    kept: KEPT[row.kept] ?? "nothing",
    version: row.version,
  };
}
