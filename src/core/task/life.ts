/**
 * The life of a task.
 *
 *   new        -> held | ready      its locks were looked at: one is closed, or a limit of its workflow keeps it waiting
 *   held      <-> ready             a lock closed or opened before it began
 *   new | held | ready -> processing    nothing is in its way: its jobs are made, and it keeps this config commit to the end
 *   processing -> processing        another iteration, until its condition holds
 *   processing -> done              every job is done, and nobody has to sign it, or a rule did
 *   processing -> awaiting-signoff  every job is done, and people are asked whether it may be used
 *   awaiting-signoff -> done        everybody whose yes is needed has given it
 *   awaiting-signoff -> failed      somebody said no
 *   done       -> failed            its sign-off was revoked: nothing is to be made from it any more
 *   processing -> failed            a job failed for good, or the iterations did not get there
 *   failed     -> processing        retried: the same attempt, only the jobs that failed run again
 *   new | held | ready | processing | awaiting-signoff | failed -> skipped     a person or a rule decides to go on without it
 *   new | held | ready | processing | awaiting-signoff -> merged      its group had not enough data and was absorbed by the next
 *   awaiting-signoff | done | failed | skipped -> new     reprocessed: the next attempt; the earlier one is kept
 */
import { become, type Decision, refuse } from "../decision.ts";
import { type Effect, wake } from "../effect.ts";
import type { Instant } from "../time.ts";
import { isFinished, NO_JOBS, type Task, type Waiting } from "./task.ts";

/** Its locks were looked at, and some are closed. */
export function holdBack(
  task: Task,
  waiting: readonly Waiting[],
  now: Instant,
): Decision<Task, "unchanged" | "already-begun"> {
  if (!isBefore(task)) return refuse("already-begun");
  if (task.state === "held" && sameWaiting(task.waiting, waiting)) return refuse("unchanged");
  const why = waiting[0]?.detail ?? "a lock is closed";
  return become(task, { state: "held", waiting, reason: why, modifiedAt: now }, { event: "held", why });
}

/** All locks are open; `waiting` says which limits keep it from beginning at once. */
export function makeReady(
  task: Task,
  waiting: readonly Waiting[],
  now: Instant,
): Decision<Task, "unchanged" | "already-begun"> {
  if (!isBefore(task)) return refuse("already-begun");
  if (task.state === "ready" && sameWaiting(task.waiting, waiting)) return refuse("unchanged");
  const reason = waiting[0]?.detail ?? null;
  return become(
    task,
    { state: "ready", waiting, reason, modifiedAt: now },
    { event: "ready", ...(reason === null ? {} : { why: reason }) },
  );
}

/** It begins: `jobs` jobs on `commit`, from the values whose digest is `used`. */
export function begin(
  task: Task,
  start: { jobs: number; commit: string; used: string },
  now: Instant,
): Decision<Task, "already-begun"> {
  if (!isBefore(task)) return refuse("already-begun");
  const jobs = { ...NO_JOBS, total: start.jobs, idle: start.jobs };
  const change = {
    state: "processing",
    waiting: [],
    reason: null,
    commit: start.commit,
    used: start.used,
    jobs,
    stale: null,
    startedAt: now,
    endedAt: null,
    modifiedAt: now,
  } as const;
  return become(task, change, { event: "began", detail: { jobs: start.jobs, attempt: task.attempt } });
}

/** Another round of jobs: further iterations, or the job that combines the others. */
export function addJobs(task: Task, jobs: number, iteration: number, now: Instant): Decision<Task, "not-processing"> {
  if (task.state !== "processing") return refuse("not-processing");
  const counts = { ...task.jobs, total: task.jobs.total + jobs, idle: task.jobs.idle + jobs };
  const event = iteration === task.iteration ? "combines" : "iterates";
  return become(task, { jobs: counts, iteration, modifiedAt: now }, { event, detail: { iteration, jobs } });
}

/** Its jobs are done, and it is for people to say whether what came of them is used. Nothing waits for a place any more. */
export function awaitSignoff(task: Task, why: string, now: Instant): Decision<Task, "not-processing"> {
  if (task.state !== "processing") return refuse("not-processing");
  return become(task, { state: "awaiting-signoff", reason: why, modifiedAt: now }, { event: "asks", why }, [
    wake("dependents", task.id, now),
    wake("settle", task.id, now),
    ...renewal(task, now),
  ]);
}

/** Its jobs are done, or it was signed. */
export function finish(task: Task, reason: string | null, now: Instant): Decision<Task, "not-processing"> {
  if (task.state !== "processing" && task.state !== "awaiting-signoff") return refuse("not-processing");
  return become(
    task,
    { state: "done", reason, endedAt: now, modifiedAt: now },
    { event: "done", ...(reason === null ? {} : { why: reason }) },
    [wake("dependents", task.id, now), wake("settle", task.id, now), ...renewal(task, now)],
  );
}

export function fail(task: Task, why: string, now: Instant): Decision<Task, "not-processing"> {
  if (task.state !== "processing") return refuse("not-processing");
  return become(task, { state: "failed", reason: why, endedAt: now, modifiedAt: now }, { event: "failed", why }, [
    wake("alert", task.id, now),
    wake("dependents", task.id, now),
    ...renewal(task, now),
  ]);
}

/** Somebody who may sign it said no. Whoever was asked knows it already: it raises no alert. */
export function reject(task: Task, why: string, now: Instant): Decision<Task, "not-awaiting"> {
  if (task.state !== "awaiting-signoff") return refuse("not-awaiting");
  return become(task, { state: "failed", reason: why, endedAt: now, modifiedAt: now }, { event: "rejected", why }, [
    wake("dependents", task.id, now),
    ...renewal(task, now),
  ]);
}

/** It was signed, and somebody took that back. What was made from it is the caller's to mark. */
export function revoke(task: Task, why: string, now: Instant): Decision<Task, "not-done"> {
  if (task.state !== "done") return refuse("not-done");
  return become(task, { state: "failed", reason: why, endedAt: now, modifiedAt: now }, { event: "revoked", why }, [
    wake("dependents", task.id, now),
  ]);
}

/** Its jobs that failed, `failedJobs` of them, get their retries anew; the others stay done or aborted. */
export function retry(task: Task, failedJobs: number, now: Instant): Decision<Task, "not-failed"> {
  if (task.state !== "failed") return refuse("not-failed");
  const jobs = { ...task.jobs, failed: task.jobs.failed - failedJobs, idle: task.jobs.idle + failedJobs };
  return become(
    task,
    { state: "processing", reason: null, waiting: [], jobs, endedAt: null, modifiedAt: now },
    { event: "retried", detail: { jobs: failedJobs } },
    [wake("task", task.id, now), wake("dependents", task.id, now), wake("settle", task.id, now)],
  );
}

export function reprocess(
  task: Task,
  why: string,
  commit: string,
  now: Instant,
): Decision<Task, "not-finished" | "merged"> {
  if (task.state === "merged") return refuse("merged");
  if (!isFinished(task) && task.state !== "awaiting-signoff") return refuse("not-finished");
  const change = {
    state: "new",
    reason: why,
    waiting: [],
    attempt: task.attempt + 1,
    iteration: 1,
    commit,
    jobs: NO_JOBS,
    stale: null,
    used: null,
    startedAt: null,
    endedAt: null,
    modifiedAt: now,
  } as const;
  return become(task, change, { event: "reprocessed", why, detail: { attempt: task.attempt + 1 } }, [
    wake("task", task.id, now),
    wake("dependents", task.id, now),
    wake("settle", task.id, now),
    ...asked(task, now),
  ]);
}

/** Whoever needs it goes on without it. Its jobs are to be ended by the caller, who knows them. */
export function skip(task: Task, why: string, now: Instant): Decision<Task, "already-finished"> {
  if (task.state === "done" || task.state === "skipped" || task.state === "merged") return refuse("already-finished");
  return become(
    task,
    { state: "skipped", reason: why, waiting: [], hold: null, endedAt: now, modifiedAt: now },
    { event: "skipped", why },
    [wake("dependents", task.id, now), wake("settle", task.id, now), ...asked(task, now)],
  );
}

/** Its group went into a larger one. */
export function merge(task: Task, into: string, now: Instant): Decision<Task, "already-finished"> {
  if (isFinished(task)) return refuse("already-finished");
  const why = `not enough data: merged into ${into}`;
  return become(
    task,
    { state: "merged", reason: why, waiting: [], endedAt: now, modifiedAt: now },
    { event: "merged", why },
    [wake("dependents", task.id, now), ...asked(task, now)],
  );
}

/** A person keeps it from starting; jobs that run already go on to their end, and no further one starts. */
export function hold(
  task: Task,
  by: string,
  why: string,
  now: Instant,
): Decision<Task, "already-finished" | "already-held"> {
  if (isFinished(task)) return refuse("already-finished");
  if (task.hold) return refuse("already-held", task.hold.by);
  return become(task, { hold: { by, why, since: now }, modifiedAt: now }, { event: "hold", why }, [
    wake("task", task.id, now),
  ]);
}

export function release(task: Task, now: Instant): Decision<Task, "not-held"> {
  if (!task.hold) return refuse("not-held");
  return become(task, { hold: null, modifiedAt: now }, { event: "release" }, [wake("task", task.id, now)]);
}

/** Something that its result was made from is different now. */
export function goStale(task: Task, why: string, now: Instant): Decision<Task, "unchanged" | "not-begun"> {
  if (isBefore(task) || task.state === "skipped" || task.state === "merged") return refuse("not-begun");
  if (task.stale?.why === why) return refuse("unchanged");
  const stale = { since: task.stale?.since ?? now, why };
  return become(task, { stale, modifiedAt: now }, { event: "stale", why }, [
    ...renewal({ ...task, stale }, now),
    ...asked(task, now),
  ]);
}

/** A stale result may be made anew by itself; its workflow says whether. */
function renewal(task: Task, now: Instant): Effect[] {
  return task.stale ? [wake("renew", task.id, now)] : [];
}

/** What had changed is again as it was when the result was made. */
export function freshen(task: Task, now: Instant): Decision<Task, "not-stale"> {
  if (!task.stale) return refuse("not-stale");
  return become(task, { stale: null, modifiedAt: now }, { event: "fresh" }, asked(task, now));
}

/** Whoever was asked to sign it was shown something else, or has nothing to sign any more. */
function asked(task: Task, now: Instant): Effect[] {
  return task.state === "awaiting-signoff" ? [wake("signoff", task.id, now)] : [];
}

function isBefore(task: Task): boolean {
  return task.state === "new" || task.state === "held" || task.state === "ready";
}

function sameWaiting(a: readonly Waiting[], b: readonly Waiting[]): boolean {
  return (
    a.length === b.length &&
    a.every(
      (one, index) => one.lock === b[index]?.lock && one.detail === b[index]?.detail && one.owner === b[index]?.owner,
    )
  );
}
