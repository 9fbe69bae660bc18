/** One execution on the batch system, and the attempts that it took. Its life is told in `life.ts`. */
import type { Instant } from "../time.ts";
import type { Cause, Failure } from "./failure.ts";
import type { Outputs } from "./outputs.ts";

export const JOB_STATES = ["idle", "submitting", "queued", "running", "done", "failed", "aborted"] as const;
export type JobState = (typeof JOB_STATES)[number];

export type Job = {
  readonly id: number;
  readonly taskId: number;
  /** Attempt and iteration of its task that it was made for. */
  readonly taskAttempt: number;
  readonly iteration: number;
  /** From 0 within the iteration. */
  readonly index: number;
  readonly role: "part" | "combine";
  readonly state: JobState;
  /** Kept from starting by a person or an error rule. */
  readonly held: boolean;
  readonly executor: string;
  readonly environment: string;
  readonly workflow: string;
  readonly priority: number;
  /** Attempts made so far. */
  readonly attempts: number;
  /** Failures that count against its retries, and attempts that vanished, which do not. */
  readonly failures: number;
  readonly losses: number;
  /** The key of the attempt under way or last made. */
  readonly key: string | null;
  /** Not before this moment: the wait after a failure. */
  readonly notBefore: Instant;
  /** What this job has of a task that is split: a value or some files. */
  readonly share: Share;
  readonly failure: Failure | null;
  readonly createdAt: Instant;
  readonly modifiedAt: Instant;
  readonly version: number;
};

export type Share = { readonly value?: string; readonly files?: readonly string[] };

export const ATTEMPT_STATES = ["submitting", "queued", "running", "done", "failed", "lost", "aborted"] as const;
export type AttemptState = (typeof ATTEMPT_STATES)[number];

/**
 * One attempt of a job. Every moment in it is written once and never again, so that the rows of a job are its history:
 * what came of it, when it was handed over, when it ran and where.
 */
export type Attempt = {
  readonly jobId: number;
  /** From 1. */
  readonly number: number;
  /** Unique; the name of the job at the batch system, and what its claim and its verdict are filed under. */
  readonly key: string;
  readonly state: AttemptState;
  readonly executor: string;
  /** The batch system's own id, for people: never trusted without the key. */
  readonly externalId: string | null;
  readonly host: string | null;
  readonly commit: string;
  /** What its campaign marks everything with; null for one that was made before there were labels. */
  readonly label: string | null;
  /** Relative to the data directory. */
  readonly directory: string;
  readonly submittedAt: Instant;
  readonly queuedAt: Instant | null;
  readonly startedAt: Instant | null;
  readonly endedAt: Instant | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly cause: Cause | null;
  /** The first error, in one line. */
  readonly message: string | null;
  readonly cpuMs: number | null;
  readonly outputs: Outputs | null;
  /** Bytes of its outputs. */
  readonly bytes: number;
  /** What is still there of its files; retention takes first the working directory, then the log. Outputs stay. */
  readonly kept: "work" | "log" | "nothing";
  /** Listings in a row that did not show it. */
  readonly misses: number;
  readonly version: number;
};

export function isLive(state: JobState | AttemptState): boolean {
  return state === "submitting" || state === "queued" || state === "running";
}
