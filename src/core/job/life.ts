/**
 * The life of a job and of its attempts.
 *
 *   idle       -> submitting   chosen to run; the attempt and its key are on disk before anything is handed over
 *              -> aborted      a person ended it before it began
 *   submitting -> queued       the batch system took it, or was found to have it
 *   submitting | queued -> running      its claim was seen
 *   submitting | queued | running -> done
 *                              -> idle     it failed and has retries left, after a wait (held, if a rule says so)
 *                              -> failed   it failed for good
 *                              -> aborted  a person ended it, or a rule says that its failure does not matter
 *   submitting | queued -> submitting   so many listings in a row did not show it, and nothing claimed it: the same key
 *                              is handed over again; the claim keeps a twin from running
 *   running    -> idle         it vanished without a verdict: a new attempt with a new key
 *   failed | aborted -> idle   retried by a person
 *
 * An error of a submit command is no event here: it means that nobody knows, and the listings will tell.
 */
import type { Instant } from "../time.ts";
import { type Backoff, waitAfter } from "./backoff.ts";
import { type ErrorRule, ruleFor } from "./error-rules.ts";
import { type Failure, failureInWords } from "./failure.ts";
import { type Attempt, isLive, type Job, type JobState } from "./job.ts";
import type { Outputs } from "./outputs.ts";

/** A job vanishes through no fault of its own; this many times it is simply made again. */
export const MOST_LOSSES = 5;

/** A job and its attempt move together. */
export type JobMove = {
  readonly job: Job;
  readonly attempt: Attempt;
  /** What a person should read in the history; plain progress is told by the attempt's own moments. */
  readonly note?: { readonly event: string; readonly why: string };
};

export type JobRefusal = { readonly refused: "old-attempt" | "already-ended" | "lost" | "unchanged" };

/** What became of an attempt, as its wrapper or its executor tells. */
export type Outcome =
  | { readonly ok: true; readonly outputs: Outputs }
  | {
      readonly ok: false;
      readonly failure: Failure;
      readonly matchedLog: ReadonlySet<string>;
      readonly outputs?: Outputs;
    };

export type Ending = {
  readonly startedAt: Instant | null;
  readonly endedAt: Instant;
  readonly host: string | null;
  readonly cpuMs: number | null;
  readonly bytes: number;
  readonly outcome: Outcome;
};

export type RetryPolicy = {
  readonly retries: number;
  readonly backoff: Backoff;
  readonly errors: readonly ErrorRule[];
};

/** The intent: committed before the attempt is handed over. */
export function submit(
  job: Job,
  attempt: { key: string; directory: string; commit: string; label: string },
  now: Instant,
): JobMove | { refused: "not-idle" } {
  if (job.state !== "idle" || job.held) return { refused: "not-idle" };
  const number = job.attempts + 1;
  return {
    job: { ...job, state: "submitting", attempts: number, key: attempt.key, modifiedAt: now },
    attempt: {
      jobId: job.id,
      number,
      ...attempt,
      state: "submitting",
      executor: job.executor,
      externalId: null,
      host: null,
      submittedAt: now,
      queuedAt: null,
      startedAt: null,
      endedAt: null,
      exitCode: null,
      signal: null,
      cause: null,
      message: null,
      cpuMs: null,
      outputs: null,
      bytes: 0,
      kept: "work",
      misses: 0,
      version: 0,
    },
  };
}

/** The batch system took it, or a listing shows it waiting. */
export function accepted(job: Job, attempt: Attempt, externalId: string | null, now: Instant): JobMove | JobRefusal {
  const refusal = refusalFor(job, attempt);
  if (refusal) return refusal;
  if (attempt.state === "running" || (attempt.state === "queued" && attempt.misses === 0))
    return { refused: "unchanged" };
  // Only listings in a row count: one that shows it makes up for those before that did not.
  if (attempt.state === "queued") return { job, attempt: { ...attempt, misses: 0 } };
  return {
    job: { ...job, state: "queued", modifiedAt: now },
    attempt: {
      ...attempt,
      state: "queued",
      externalId: externalId ?? attempt.externalId,
      queuedAt: attempt.queuedAt ?? now,
      misses: 0,
    },
  };
}

export function started(
  job: Job,
  attempt: Attempt,
  seen: { at: Instant; host: string | null },
  now: Instant,
): JobMove | JobRefusal {
  const refusal = refusalFor(job, attempt);
  if (refusal) return refusal;
  if (attempt.state === "running")
    return attempt.misses === 0 ? { refused: "unchanged" } : { job, attempt: { ...attempt, misses: 0 } };
  return {
    job: { ...job, state: "running", modifiedAt: now },
    attempt: {
      ...attempt,
      state: "running",
      queuedAt: attempt.queuedAt ?? seen.at,
      startedAt: seen.at,
      host: seen.host,
      misses: 0,
    },
  };
}

export function ended(
  job: Job,
  attempt: Attempt,
  ending: Ending,
  policy: RetryPolicy,
  now: Instant,
): JobMove | JobRefusal {
  const refusal = refusalFor(job, attempt);
  if (refusal) return refusal;
  const { outcome } = ending;
  const base = {
    ...attempt,
    startedAt: attempt.startedAt ?? ending.startedAt,
    endedAt: ending.endedAt,
    host: ending.host ?? attempt.host,
    cpuMs: ending.cpuMs,
    bytes: ending.bytes,
    misses: 0,
  };
  if (outcome.ok) {
    return {
      job: { ...job, state: "done", failure: null, modifiedAt: now },
      attempt: { ...base, state: "done", exitCode: 0, outputs: outcome.outputs, kept: "log" },
    };
  }
  const { failure } = outcome;
  const told = {
    ...base,
    exitCode: failure.exitCode ?? null,
    signal: failure.signal ?? null,
    cause: failure.cause,
    message: failure.message ?? null,
    outputs: outcome.outputs ?? null,
  };
  const verdict = afterFailure(job, outcome, policy);
  const state = failure.cause === "lost" ? "lost" : verdict.state === "aborted" ? "aborted" : "failed";
  const blameless = failure.cause === "lost" || failure.cause === "cancelled";
  return {
    job: {
      ...job,
      state: verdict.state,
      held: job.held || verdict.held,
      failure,
      modifiedAt: now,
      failures: job.failures + (blameless ? 0 : 1),
      losses: job.losses + (failure.cause === "lost" ? 1 : 0),
      notBefore: now + verdict.waitMs,
    },
    attempt: { ...told, state },
    note: { event: verdict.event, why: verdict.why },
  };
}

type AfterFailure = {
  readonly state: JobState;
  readonly held: boolean;
  readonly waitMs: number;
  readonly event: string;
  readonly why: string;
};

function afterFailure(job: Job, outcome: Outcome & { ok: false }, policy: RetryPolicy): AfterFailure {
  const { failure, matchedLog } = outcome;
  const words =
    failure.message === undefined ? failureInWords(failure) : `${failureInWords(failure)}: ${failure.message}`;
  const to = (state: JobState, event: string, more: Partial<AfterFailure> = {}): AfterFailure => ({
    state,
    held: false,
    waitMs: 0,
    event,
    why: words,
    ...more,
  });

  if (failure.cause === "cancelled") return to("aborted", "aborted");
  if (failure.cause === "lost") {
    return job.losses < MOST_LOSSES
      ? to("idle", "lost")
      : to("failed", "failed", { why: `vanished ${job.losses + 1} times` });
  }
  const rule = ruleFor(policy.errors, failure, matchedLog);
  const because = rule?.why === undefined ? words : `${words} (${rule.why})`;
  if (rule?.then === "fail") return to("failed", "failed", { why: because });
  if (rule?.then === "hold") return to("idle", "held", { held: true, why: because });
  if (rule?.then === "skip") return to("aborted", "skipped", { why: because });
  // The same program on the same input writes the same nonsense again.
  if (failure.cause === "bad-output" && rule === undefined) return to("failed", "failed");
  if (job.failures >= policy.retries) return to("failed", "failed", { why: because });
  return to("idle", "retry", { waitMs: waitAfter(policy.backoff, job.failures + 1), why: because });
}

/**
 * A listing that succeeded does not show it. `sure` is how many of those in a row count. What was only handed over is handed
 * over again, since it may never have arrived; what ran never is: it is lost.
 */
export function missing(
  job: Job,
  attempt: Attempt,
  sure: number,
  now: Instant,
): (JobMove & { resubmit: boolean }) | JobRefusal {
  const refusal = refusalFor(job, attempt);
  if (refusal) return refusal;
  const misses = attempt.misses + 1;
  if (misses < sure) return { job, attempt: { ...attempt, misses }, resubmit: false };
  if (attempt.state === "running") return { refused: "lost" };
  return {
    job: { ...job, state: "submitting", modifiedAt: now },
    attempt: { ...attempt, state: "submitting", misses: 0 },
    resubmit: true,
    note: { event: "submitted again", why: `the batch system did not show it in ${misses} listings` },
  };
}

/** A person ends it before its time; an attempt under way is to be cancelled by the caller, and its own verdict counts no more. */
export function abort(
  job: Job,
  attempt: Attempt | undefined,
  now: Instant,
): { job: Job; attempt?: Attempt } | { refused: "already-ended" } {
  if (job.state === "done" || job.state === "failed" || job.state === "aborted") return { refused: "already-ended" };
  const aborted: Job = { ...job, state: "aborted", held: false, modifiedAt: now };
  if (!attempt || !isLive(attempt.state)) return { job: aborted };
  return { job: aborted, attempt: { ...attempt, state: "aborted", cause: "cancelled", endedAt: now } };
}

/** Its retries begin anew. */
export function tryAgain(job: Job, now: Instant): Job | { refused: "not-failed" } {
  if (job.state !== "failed" && job.state !== "aborted") return { refused: "not-failed" };
  return { ...job, state: "idle", held: false, failures: 0, losses: 0, notBefore: now, modifiedAt: now };
}

function refusalFor(job: Job, attempt: Attempt): JobRefusal | undefined {
  if (job.key !== attempt.key) return { refused: "old-attempt" };
  if (!isLive(attempt.state) || !isLive(job.state)) return { refused: "already-ended" };
  return undefined;
}
