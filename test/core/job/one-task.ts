// biome-ignore-all lint/suspicious/noThenProperty: it is the word of the configuration, and nobody awaits a rule.
/** The jobs of one task and all their attempts, moved by the decisions as the engine moves them: for properties over whole lives. */
import fc from "fast-check";
import { recount } from "../../../src/core/job/counts.ts";
import type { Cause } from "../../../src/core/job/failure.ts";
import type { Attempt, Job } from "../../../src/core/job/job.ts";
import {
  abort,
  accepted,
  type Ending,
  ended,
  type JobMove,
  type JobRefusal,
  missing,
  type RetryPolicy,
  started,
  submit,
  tryAgain,
} from "../../../src/core/job/life.ts";
import { addJobs, begin, fail, retry } from "../../../src/core/task/life.ts";
import type { JobCounts, Task } from "../../../src/core/task/task.ts";
import { AT, aJob, aTask } from "../../contracts/things.ts";
import { frozen } from "../life-story.ts";

/** A job or an attempt was changed, or would have been. */
export type Moved = {
  readonly event: string;
  readonly before: Job;
  readonly after: Job;
  readonly attemptBefore: Attempt | undefined;
  readonly attemptAfter: Attempt | undefined;
};

export class OneTask {
  task: Task = begunWith(0);
  readonly jobs: Job[] = [];
  readonly attempts = new Map<string, Attempt>();
  readonly moved: Moved[] = [];
  readonly policy: RetryPolicy;
  #now = AT;

  constructor(jobs: number, policy: RetryPolicy) {
    this.policy = policy;
    this.task = begunWith(jobs);
    this.#make(jobs);
  }

  get now(): number {
    return ++this.#now;
  }

  /** Jobs as they would be counted by somebody who looks at each. */
  get counted(): Omit<JobCounts, "failedAttempts"> {
    const of = (...states: Job["state"][]) => this.jobs.filter((job) => states.includes(job.state)).length;
    return {
      total: this.jobs.length,
      done: of("done"),
      running: of("running"),
      queued: of("submitting", "queued"),
      idle: of("idle"),
      failed: of("failed"),
      aborted: of("aborted"),
    };
  }

  submit(which: number): void {
    const job = this.#job(which);
    const key = `key-${job.id}-${job.attempts + 1}`;
    const move = submit(job, { key, directory: `jobs/${key}`, commit: "c0ffee", label: "prompt" }, this.now);
    if (!("refused" in move)) this.#take("submit", job, undefined, move);
  }

  accept(which: number): void {
    this.#onAttempt("accept", which, (job, attempt) => accepted(job, attempt, "batch-7", this.now));
  }

  start(which: number): void {
    this.#onAttempt("start", which, (job, attempt) =>
      started(job, attempt, { at: this.now, host: "node-3" }, this.now),
    );
  }

  miss(which: number, sure: number): void {
    this.#onAttempt("miss", which, (job, attempt) => missing(job, attempt, sure, this.now));
  }

  end(which: number, how: Cause | "ok", exitCode?: number): void {
    this.#onAttempt("end", which, (job, attempt) =>
      ended(job, attempt, this.ending(how, exitCode), this.policy, this.now),
    );
  }

  ending(how: Cause | "ok", exitCode?: number): Ending {
    const outcome =
      how === "ok"
        ? ({ ok: true, outputs: { metrics: {}, files: [], payloads: [], verdict: null } } as const)
        : ({ ok: false, failure: { cause: how, exitCode }, matchedLog: new Set<string>() } as const);
    return { startedAt: AT, endedAt: this.now, host: "node-3", cpuMs: 1, bytes: 2, outcome };
  }

  abort(which: number): void {
    const job = this.#job(which);
    const attempt = job.key === null ? undefined : this.attempts.get(job.key);
    const aborted = abort(job, attempt, this.now);
    if (!("refused" in aborted)) this.#put("abort", job, aborted.job, attempt, aborted.attempt ?? attempt);
  }

  /** A person lets jobs go that a rule had held. */
  release(): void {
    for (const [index, job] of this.jobs.entries()) this.jobs[index] = frozen({ ...job, held: false });
  }

  /** The task is concluded, as far as it has failed, and a person retries it. */
  retry(): void {
    if (this.task.jobs.failed === 0) return;
    const failed = fail(this.task, "a job failed", this.now);
    const again = this.jobs.filter((job) => job.state === "failed");
    const retried = failed.ok ? retry(failed.next, again.length, this.now) : failed;
    if (!retried.ok) return;
    this.task = retried.next;
    for (const job of again) {
      const next = tryAgain(job, this.now);
      if (!("refused" in next)) this.#replace("retry", job, next);
    }
  }

  iterate(jobs: number): void {
    const added = addJobs(this.task, jobs, this.task.iteration + 1, this.now);
    if (!added.ok) return;
    this.task = added.next;
    this.#make(jobs);
  }

  #onAttempt(event: string, which: number, decide: (job: Job, attempt: Attempt) => JobMove | JobRefusal): void {
    const attempt = [...this.attempts.values()][which % Math.max(1, this.attempts.size)];
    const job = attempt && this.jobs.find((one) => one.id === attempt.jobId);
    if (!attempt || !job) return;
    const move = decide(job, attempt);
    if (!("refused" in move)) this.#take(event, job, attempt, move);
  }

  #take(event: string, before: Job, attemptBefore: Attempt | undefined, move: JobMove): void {
    this.#put(event, before, move.job, attemptBefore, move.attempt);
  }

  #put(event: string, before: Job, after: Job, attemptBefore?: Attempt, attemptAfter?: Attempt): void {
    this.task = frozen({ ...this.task, jobs: recount(this.task.jobs, before, after) });
    if (attemptAfter) this.attempts.set(attemptAfter.key, frozen(attemptAfter));
    this.#replace(event, before, after, attemptBefore, attemptAfter);
  }

  #replace(event: string, before: Job, after: Job, attemptBefore?: Attempt, attemptAfter?: Attempt): void {
    this.jobs[this.jobs.indexOf(before)] = frozen(after);
    this.moved.push({ event, before, after, attemptBefore, attemptAfter });
  }

  #make(jobs: number): void {
    for (let index = 0; index < jobs; index++) this.jobs.push(frozen(aJob(this.jobs.length + 1, { index })));
  }

  #job(which: number): Job {
    const job = this.jobs[which % this.jobs.length];
    if (!job) throw new Error("a task without jobs");
    return job;
  }
}

function begunWith(jobs: number): Task {
  const begun = begin(aTask(1, { state: "ready" }), { jobs, commit: "c0ffee", used: "1.2" }, AT);
  if (!begun.ok) throw new Error(begun.reason);
  return frozen(begun.next);
}

export type Act = (world: OneTask) => void;

/** Exit codes 3, 4 and 5 have a rule: fail, skip, hold. */
export const policies: fc.Arbitrary<RetryPolicy> = fc.nat(3).map((retries) => ({
  retries,
  backoff: { firstMs: 10, factor: 2, maxMs: 1_000 },
  errors: [
    { exit: [3], then: "fail", why: "no such geometry" },
    { exit: [4], then: "skip" },
    { exit: [5], then: "hold" },
  ],
}));

const which = fc.nat(50);
const causes = fc.constantFrom<Cause>(
  "asked-retry",
  "signal",
  "walltime",
  "log-limit",
  "bad-output",
  "not-started",
  "cancelled",
  "lost",
);

export const acts: fc.Arbitrary<{ readonly name: string; readonly act: Act }> = fc.oneof(
  { weight: 4, arbitrary: which.map((n) => ({ name: `submit ${n}`, act: (world: OneTask) => world.submit(n) })) },
  { weight: 2, arbitrary: which.map((n) => ({ name: `accept ${n}`, act: (world: OneTask) => world.accept(n) })) },
  { weight: 3, arbitrary: which.map((n) => ({ name: `start ${n}`, act: (world: OneTask) => world.start(n) })) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(which, fc.integer({ min: 1, max: 3 }))
      .map(([n, sure]) => ({ name: `miss ${n} (${sure})`, act: (world: OneTask) => world.miss(n, sure) })),
  },
  { weight: 2, arbitrary: which.map((n) => ({ name: `done ${n}`, act: (world: OneTask) => world.end(n, "ok") })) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(which, fc.constantFrom(1, 3, 4, 5))
      .map(([n, exit]) => ({ name: `exit ${exit} of ${n}`, act: (world: OneTask) => world.end(n, "exit", exit) })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(which, causes)
      .map(([n, cause]) => ({ name: `${cause} of ${n}`, act: (world: OneTask) => world.end(n, cause) })),
  },
  which.map((n) => ({ name: `abort ${n}`, act: (world: OneTask) => world.abort(n) })),
  fc.constant({ name: "release", act: (world: OneTask) => world.release() }),
  fc.constant({ name: "retry", act: (world: OneTask) => world.retry() }),
  fc.nat(3).map((n) => ({ name: `iterate with ${n}`, act: (world: OneTask) => world.iterate(n) })),
);

/** Plays a life; `look` is called after every act. */
export function live(look: (world: OneTask) => void): void {
  const lives = fc.tuple(fc.integer({ min: 1, max: 4 }), policies, fc.array(acts, { maxLength: 60, size: "max" }));
  fc.assert(
    fc.property(lives, ([jobs, policy, sequence]) => {
      const world = new OneTask(jobs, policy);
      for (const { act } of sequence) {
        act(world);
        look(world);
      }
    }),
    { numRuns: 300 },
  );
}
