/** One workflow step on one group, as it is stored. Its life is told in `life.ts`. */
import type { Hold } from "../hold.ts";
import type { Instant } from "../time.ts";

export const TASK_STATES = [
  "new",
  "held",
  "ready",
  "processing",
  "awaiting-signoff",
  "done",
  "failed",
  "skipped",
  "merged",
] as const;
export type TaskState = (typeof TASK_STATES)[number];

/** Those in which something is still to come of it. */
export const UNENDED_STATES = ["new", "held", "ready", "processing", "awaiting-signoff"] as const;

export type Task = {
  readonly id: number;
  readonly environment: string;
  readonly campaign: string;
  readonly workflow: string;
  readonly name: string;
  readonly groupId: number;
  readonly groupKey: string;
  readonly state: TaskState;
  /** Why it is in this state, in people's words. */
  readonly reason: string | null;
  /** The locks that hold it back and the limits that it waits for. */
  readonly waiting: readonly Waiting[];
  /** From 1; a reprocessing is a new one. */
  readonly attempt: number;
  /** From 1; counts the rounds of a task that repeats until something holds. */
  readonly iteration: number;
  /** The config commit that it runs on, or would run on. */
  readonly commit: string;
  readonly priority: number;
  readonly hold: Hold | null;
  /** It was made from values, or by a configuration, that have changed since. */
  readonly stale: { readonly since: Instant; readonly why: string } | null;
  /** A digest of the values of its runs, the results that it was made from and how it was made; null before it has begun. */
  readonly used: string | null;
  readonly jobs: JobCounts;
  readonly createdAt: Instant;
  readonly modifiedAt: Instant;
  readonly startedAt: Instant | null;
  readonly endedAt: Instant | null;
  readonly version: number;
};

export type JobCounts = {
  readonly total: number;
  readonly done: number;
  readonly running: number;
  /** Handed over to the batch system, or being handed over. */
  readonly queued: number;
  /** Not handed over yet. */
  readonly idle: number;
  /** Attempts, not jobs: a job that needed four counts three. */
  readonly failedAttempts: number;
  /** Jobs that failed for good. */
  readonly failed: number;
  readonly aborted: number;
};

export const NO_JOBS: JobCounts = {
  total: 0,
  done: 0,
  running: 0,
  queued: 0,
  idle: 0,
  failedAttempts: 0,
  failed: 0,
  aborted: 0,
};

/** What a task waits for: which lock, in what words, whose it is, since when. */
export type Waiting = {
  readonly lock: LockKind;
  readonly detail: string;
  readonly owner: string;
  readonly since: Instant;
};

export type LockKind =
  | "group"
  | "need"
  | "delay"
  | "ask"
  | "conditions"
  | "released"
  | "stage"
  | "signoff"
  | "hold"
  | "conflict"
  | "quota"
  | "pause"
  | "campaign"
  | "limit"
  | "configuration";

export function isFinished(task: Task): boolean {
  return task.state === "done" || task.state === "failed" || task.state === "skipped" || task.state === "merged";
}

/** Ready to be given, as far as those that need it are concerned: it is done, or somebody decided to go on without it. */
export function satisfies(state: TaskState): boolean {
  return state === "done" || state === "skipped";
}

/** `t0/calibrate of 8215`: how messages and refusals name a task. */
export function taskInWords(task: {
  readonly workflow: string;
  readonly name: string;
  readonly groupKey: string;
}): string {
  return `${task.workflow}/${task.name} of ${task.groupKey}`;
}
