/** What people do to single tasks: hold, release, retry, skip. */
import type { Job } from "../../core/job/job.ts";
import { tryAgain } from "../../core/job/life.ts";
import { hold, release, retry, skip } from "../../core/task/life.ts";
import type { Task } from "../../core/task/task.ts";
import { taskOf } from "../../core/workflow/workflow.ts";
import type { Operations } from "../../ports/operations.ts";
import type { Ledger } from "../ledger.ts";
import type { Scene } from "../scene.ts";
import { abortJobs } from "../stages/abort-jobs.ts";

type Result<Name extends keyof Operations> = Awaited<
  ReturnType<Extract<Operations[Name], (...args: never[]) => Promise<unknown>>>
>;

export async function holdTask(ledger: Ledger, id: number, why: string, by: string): Promise<Result<"holdTask">> {
  const task = await ledger.tasks.get(id);
  if (!task) return { ok: false, reason: "unknown-task" };
  const held = ledger.tasks.accept(hold(task, by, why, ledger.now), { by, why });
  if (!held.ok) return held;
  await keepJobs(ledger, held.next, true);
  return { ok: true, task: held.next };
}

export async function releaseTask(ledger: Ledger, id: number, by: string): Promise<Result<"releaseTask">> {
  const task = await ledger.tasks.get(id);
  if (!task) return { ok: false, reason: "unknown-task" };
  const freed = await keepJobs(ledger, task, false);
  const released = ledger.tasks.accept(release(task, ledger.now), { by });
  if (released.ok) return { ok: true, task: released.next };
  if (freed === 0) return released;
  // Nobody held the task itself: an error rule had held jobs of it.
  ledger.record({ kind: "task", ref: task.id, event: "release", commit: task.commit, detail: { jobs: freed } }, { by });
  return { ok: true, task };
}

/** Jobs that have not started are kept from it, or let go. @returns how many */
async function keepJobs(ledger: Ledger, task: Task, held: boolean): Promise<number> {
  if (task.jobs.idle === 0) return 0;
  const idle = (await ledger.jobs.ask((loads) => loads.jobsOfTask(task.id, task.attempt))).filter(
    (job) => job.state === "idle" && job.held !== held,
  );
  for (const job of idle) {
    ledger.jobs.put({ ...job, held, modifiedAt: ledger.now });
    if (!held) ledger.wake({ kind: "dispatch", ref: job.executor });
  }
  return idle.length;
}

export async function retryTask(ledger: Ledger, scene: Scene, id: number, by: string): Promise<Result<"retry">> {
  const task = await ledger.tasks.get(id);
  if (!task) return { ok: false, reason: "unknown-task" };
  if (task.state !== "failed") return { ok: false, reason: "not-failed", detail: task.state };
  const { config, commit } = scene.revisions.current(task.environment);
  if (!taskOf(config.workflows[task.workflow], task.name)) return { ok: false, reason: "not-in-configuration" };
  const failed = (await ledger.jobs.ask((loads) => loads.jobsOfTask(task.id, task.attempt))).filter(
    (job) => job.state === "failed",
  );
  if (failed.length === 0)
    return { ok: false, reason: "no-failed-jobs", ...(task.reason === null ? {} : { detail: task.reason }) };

  // Whoever retries has usually mended something: what runs again runs on what is deployed now.
  const retried = ledger.tasks.accept(retry({ ...task, commit }, failed.length, ledger.now), { by });
  if (!retried.ok) return retried;
  for (const job of failed) putAgain(ledger, job);
  return { ok: true, task: retried.next, jobs: failed.length };
}

function putAgain(ledger: Ledger, job: Job): void {
  const again = tryAgain(job, ledger.now);
  if ("refused" in again) return;
  ledger.jobs.put(again);
  ledger.wake({ kind: "dispatch", ref: job.executor });
}

export async function skipTask(ledger: Ledger, id: number, why: string, by: string): Promise<Result<"skip">> {
  const task = await ledger.tasks.get(id);
  if (!task) return { ok: false, reason: "unknown-task" };
  if (task.state === "done" || task.state === "skipped" || task.state === "merged")
    return { ok: false, reason: "already-finished", detail: task.state };
  const ended = await abortJobs(ledger, task);
  const skipped = ledger.tasks.accept(skip(ended, why, ledger.now), { by, why });
  if (!skipped.ok) return skipped;
  ledger.wake({ kind: "admit", ref: `${task.environment} ${task.workflow}` });
  return { ok: true, task: skipped.next };
}
