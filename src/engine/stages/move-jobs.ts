/** What executors say of jobs becomes moves of jobs, counts of their tasks, and the outcomes that a workflow is judged by. */
import { recount } from "../../core/job/counts.ts";
import type { Attempt, Job } from "../../core/job/job.ts";
import { accepted, type Ending, ended, type JobMove, missing, type RetryPolicy, started } from "../../core/job/life.ts";
import type { Task } from "../../core/task/task.ts";
import { taskOf } from "../../core/workflow/workflow.ts";
import { countOutcome, pause } from "../../core/workflow/workflow-state.ts";
import type { Receipt, Sighting } from "../../ports/executor.ts";
import { CALOPS } from "../doer.ts";
import type { Ledger } from "../ledger.ts";
import type { Scene } from "../scene.ts";
import { announceHeldJob, announcePause } from "./announce.ts";

/** A sighting with what was found out about it before the unit began: reading files is no part of deciding. */
export type Witnessed =
  | { readonly kind: "seen"; readonly sighting: Sighting }
  | { readonly kind: "ended"; readonly key: string; readonly ending: Ending }
  | { readonly kind: "receipt"; readonly key: string; readonly receipt: Receipt };

/** @returns keys that are to be handed over again */
export async function moveJobs(
  ledger: Ledger,
  scene: Scene,
  witnessed: readonly Witnessed[],
  sureAfter: number,
): Promise<string[]> {
  await fetchAll(ledger, witnessed.map(keyOf));
  const again: string[] = [];
  for (const one of witnessed) {
    const attempt = ledger.attempts.known(keyOf(one));
    const job = attempt && (await ledger.jobs.get(attempt.jobId));
    const task = job && (await ledger.tasks.get(job.taskId));
    if (!attempt || !job || !task) continue;
    const move = moveOf(ledger, scene, { one, task, job, attempt, sureAfter });
    if ("refused" in move) continue;
    if ("resubmit" in move && move.resubmit) again.push(attempt.key);
    await carryOut(ledger, scene, task, job, move);
  }
  return again;
}

async function fetchAll(ledger: Ledger, keys: readonly string[]): Promise<void> {
  await ledger.attempts.fetch(keys);
  const attempts = keys.flatMap((key) => ledger.attempts.known(key) ?? []);
  await ledger.jobs.fetch(attempts.map((attempt) => attempt.jobId));
  await ledger.tasks.fetch(attempts.flatMap((attempt) => ledger.jobs.known(attempt.jobId)?.taskId ?? []));
}

type Moving = {
  readonly one: Witnessed;
  readonly task: Task;
  readonly job: Job;
  readonly attempt: Attempt;
  readonly sureAfter: number;
};

function moveOf(
  ledger: Ledger,
  scene: Scene,
  { one, task, job, attempt, sureAfter }: Moving,
): JobMove | { refused: string } {
  const { now } = ledger;
  const failing = (cause: "lost" | "not-started", message?: string): JobMove | { refused: string } => {
    const failure = { cause, message };
    const ending: Ending = {
      startedAt: attempt.startedAt,
      endedAt: now,
      host: null,
      cpuMs: null,
      bytes: 0,
      outcome: { ok: false, failure, matchedLog: new Set() },
    };
    return ended(job, attempt, ending, policyFor(scene, task), now);
  };
  if (one.kind === "ended") return ended(job, attempt, one.ending, policyFor(scene, task), now);
  if (one.kind === "receipt") {
    if (one.receipt.kind === "accepted") return accepted(job, attempt, one.receipt.externalId, now);
    return one.receipt.kind === "refused" ? failing("not-started", one.receipt.why) : { refused: "unknown" };
  }
  const { sighting } = one;
  switch (sighting.state) {
    case "queued":
      return accepted(job, attempt, sighting.externalId, now);
    case "running":
      return started(job, attempt, sighting, now);
    case "vanished":
      return failing("lost");
    case "absent": {
      const missed = missing(job, attempt, sureAfter, now);
      return "refused" in missed && missed.refused === "lost" ? failing("lost") : missed;
    }
    case "ended":
      return { refused: "not witnessed" };
  }
}

function policyFor(scene: Scene, task: Task): RetryPolicy {
  const revision = scene.revisions.at(task.environment, task.commit) ?? scene.revisions.current(task.environment);
  const definition = taskOf(revision.config.workflows[task.workflow], task.name);
  return definition ?? { retries: 0, backoff: { firstMs: 0, factor: 1, maxMs: 0 }, errors: [] };
}

async function carryOut(
  ledger: Ledger,
  scene: Scene,
  task: Task,
  before: Job,
  { job, attempt, note }: JobMove,
): Promise<void> {
  ledger.jobs.put(job);
  ledger.attempts.put(attempt);
  const jobs = recount(task.jobs, before, job);
  if (jobs !== task.jobs) ledger.tasks.put({ ...task, jobs });
  if (note)
    ledger.record(
      {
        kind: "job",
        ref: job.id,
        event: note.event,
        commit: task.commit,
        detail: { task: task.id, attempt: attempt.number },
      },
      { ...CALOPS, why: note.why },
    );
  if (note?.event === "held") {
    const workflow = scene.revisions.current(task.environment).config.workflows[task.workflow];
    if (workflow) announceHeldJob(ledger, workflow, task, job, note.why);
  }
  if (job.state === "idle") ledger.wake({ kind: "dispatch", ref: job.executor }, job.notBefore);
  ledger.addUsage({ environment: task.environment, workflow: task.workflow, bytes: attempt.bytes });
  const over = jobs.idle + jobs.queued + jobs.running === 0;
  if (task.state === "processing" && (over || job.state === "failed"))
    ledger.wake({ kind: "task", ref: String(task.id) });
  if (job.state === "done" || job.state === "failed") await judgeWorkflow(ledger, scene, task, job.state === "done");
}

/** Too many of the last jobs of a workflow failed for good: it pauses itself, and says so. */
async function judgeWorkflow(ledger: Ledger, scene: Scene, task: Task, done: boolean): Promise<void> {
  const workflow = scene.revisions.current(task.environment).config.workflows[task.workflow];
  if (!workflow?.pauseAfter) return;
  const state = await ledger.workflowState(task.environment, task.workflow);
  // A workflow that is well need not be written for every job that is done.
  if (done && !state.outcomes.includes("-")) return;
  const counted = countOutcome(state, done, workflow.pauseAfter);
  ledger.workflowStates.put(counted.state);
  if (counted.pauseWhy === undefined) return;
  ledger.workflowStates.accept(pause(counted.state, CALOPS.by, counted.pauseWhy, ledger.now));
  announcePause(ledger, workflow, task.environment, counted.pauseWhy);
}

function keyOf(one: Witnessed): string {
  return one.kind === "seen" ? one.sighting.key : one.key;
}
