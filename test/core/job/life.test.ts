// biome-ignore-all lint/suspicious/noThenProperty: it is the word of the configuration, and nobody awaits a rule.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isLive, type Job } from "../../../src/core/job/job.ts";
import {
  abort,
  accepted,
  ended,
  MOST_LOSSES,
  missing,
  type RetryPolicy,
  started,
  tryAgain,
} from "../../../src/core/job/life.ts";
import { AT, aJob, anAttempt } from "../../contracts/things.ts";
import { movesToldIn } from "../life-story.ts";
import { live, OneTask, policies } from "./one-task.ts";

describe("no life of jobs", () => {
  test("makes a move that the life story above the decisions does not tell", () => {
    const told = movesToldIn("job/life.ts");
    expect(told.size).toBeGreaterThan(10);
    const untold = new Set<string>();
    live((world) => {
      for (const { event, before, after } of world.moved.splice(0)) {
        const move = `${before.state} -> ${after.state}` as const;
        if (before.state !== after.state && !told.has(move)) untold.add(`${event}: ${move}`);
      }
    });
    expect([...untold].sort()).toEqual([]);
  });

  test("lets the counts of its task differ from a count of its jobs", () => {
    live((world) => {
      const { failedAttempts: _, ...counts } = world.task.jobs;
      expect(counts).toEqual(world.counted);
    });
  });

  test("lets the counts of its task differ from a count of the attempts that failed", () => {
    live((world) => {
      // One that vanished failed through no fault of its own, and one that a person ended did not fail.
      const failed = [...world.attempts.values()].filter(
        ({ cause }) => cause !== null && cause !== "lost" && cause !== "cancelled",
      );
      expect(world.task.jobs.failedAttempts).toBe(failed.length);
    });
  });

  test("changes how many jobs there are, but by another iteration", () => {
    live((world) => {
      const { total, done, running, queued, idle, failed, aborted } = world.task.jobs;
      expect(total).toBe(world.jobs.length);
      expect(done + running + queued + idle + failed + aborted).toBe(total);
    });
  });

  test("has two attempts of a job under way at once, or one of a job that is not under way", () => {
    live((world) => {
      for (const job of world.jobs) {
        const underWay = [...world.attempts.values()].filter((one) => one.jobId === job.id && isLive(one.state));
        expect(underWay.map((one) => one.key)).toEqual(isLive(job.state) ? [job.key] : []);
      }
    });
  });

  test("writes a moment of an attempt twice", () => {
    live((world) => {
      for (const { event, attemptBefore, attemptAfter } of world.moved.splice(0)) {
        if (!attemptBefore || !attemptAfter) continue;
        for (const moment of ["submittedAt", "queuedAt", "startedAt", "endedAt"] as const) {
          if (attemptBefore[moment] !== null)
            expect({ event, moment, is: attemptAfter[moment] }).toEqual({ event, moment, is: attemptBefore[moment] });
        }
      }
    });
  });

  test("starts a job that is held", () => {
    live((world) => {
      for (const { event, before } of world.moved.splice(0)) if (event === "submit") expect(before.held).toBe(false);
    });
  });

  test("numbers the attempts of a job otherwise than 1, 2, 3 ...", () => {
    live((world) => {
      for (const job of world.jobs) {
        const numbers = [...world.attempts.values()].filter((one) => one.jobId === job.id).map((one) => one.number);
        expect(numbers).toEqual(Array.from({ length: job.attempts }, (_, index) => index + 1));
      }
    });
  });
});

describe("a job with N retries", () => {
  const causes = fc.constantFrom(
    "exit",
    "signal",
    "walltime",
    "asked-retry",
    "log-limit",
    "not-started",
  ) as fc.Arbitrary<"exit" | "signal" | "walltime">;

  test("fails for good at its failure N + 1, whatever it failed of", () => {
    fc.assert(
      fc.property(policies, fc.infiniteStream(causes), (policy, failures) => {
        const world = new OneTask(1, policy);
        for (let round = 0; world.jobs[0]?.state === "idle"; round++) {
          world.submit(0);
          world.end(round, failures.next().value, 1);
        }
        expect(world.jobs[0]).toMatchObject({
          state: "failed",
          failures: policy.retries + 1,
          attempts: policy.retries + 1,
        });
      }),
    );
  });

  test("does not use them for attempts that vanish", () => {
    fc.assert(
      fc.property(policies, fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }), (policy, vanishes) => {
        const world = new OneTask(1, policy);
        for (const [round, lost] of vanishes.entries()) {
          if (world.jobs[0]?.state !== "idle") break;
          world.submit(0);
          world.end(round, lost ? "lost" : "exit", 1);
        }
        const job = world.jobs[0] as Job;
        const lost = [...world.attempts.values()].filter((one) => one.state === "lost").length;
        expect(job).toMatchObject({ losses: lost, failures: job.attempts - lost });
        expect(job.state === "failed").toBe(job.failures === policy.retries + 1 || lost === MOST_LOSSES + 1);
      }),
    );
  });

  test("has them all again when a person tries it again, and its attempts go on to be numbered", () => {
    fc.assert(
      fc.property(policies, fc.integer({ min: 1, max: 3 }), (policy, times) => {
        const world = new OneTask(1, policy);
        for (let time = 0; time < times; time++) {
          for (let round = world.attempts.size; world.jobs[0]?.state === "idle"; round++) {
            world.submit(0);
            world.end(round, "exit", 1);
          }
          if (time < times - 1) world.retry();
        }
        expect(world.jobs[0]).toMatchObject({ failures: policy.retries + 1, attempts: times * (policy.retries + 1) });
        expect(world.task.jobs.failedAttempts).toBe(times * (policy.retries + 1));
      }),
    );
  });

  test("waits longer after each failure, and never longer than the most", () => {
    const policy: RetryPolicy = { retries: 9, backoff: { firstMs: 10, factor: 2, maxMs: 50 }, errors: [] };
    const waits: number[] = [];
    const world = new OneTask(1, policy);
    for (let round = 0; round < 5; round++) {
      world.submit(0);
      world.end(round, "exit", 1);
      const job = world.jobs[0] as Job;
      waits.push(job.notBefore - job.modifiedAt);
    }
    expect(waits).toEqual([10, 20, 40, 50, 50]);
  });
});

describe("an old attempt", () => {
  const policy: RetryPolicy = { retries: 2, backoff: { firstMs: 0, factor: 1, maxMs: 0 }, errors: [] };

  test("never changes its job, whatever is told of it", () => {
    const job = aJob(1, { state: "running", attempts: 2, key: "key-1-2" });
    const { ending } = new OneTask(1, policy);
    for (const state of ["submitting", "queued", "running", "done", "failed", "lost", "aborted"] as const) {
      const old = anAttempt(1, 1, { state });
      for (const verdict of ["ok", "exit", "lost", "cancelled"] as const)
        expect(ended(job, old, ending.call({ now: AT }, verdict), policy, AT)).toEqual({ refused: "old-attempt" });
      expect(started(job, old, { at: AT, host: null }, AT)).toEqual({ refused: "old-attempt" });
      expect(missing(job, old, 1, AT)).toEqual({ refused: "old-attempt" });
    }
  });

  test("that was aborted keeps its own verdict out: what it says afterwards counts no more", () => {
    const job = aJob(1, { state: "running", attempts: 1, key: "key-1-1" });
    const aborted = abort(job, anAttempt(1, 1, { state: "running" }), AT);
    if ("refused" in aborted || !aborted.attempt) throw new Error("not aborted");
    const { ending } = new OneTask(1, policy);
    expect(ended(aborted.job, aborted.attempt, ending.call({ now: AT }, "ok"), policy, AT)).toEqual({
      refused: "already-ended",
    });
  });
});

describe("an attempt that a listing does not show", () => {
  const job = aJob(1, { state: "queued", attempts: 1, key: "key-1-1" });
  const policy: RetryPolicy = { retries: 0, backoff: { firstMs: 0, factor: 1, maxMs: 0 }, errors: [] };

  test("is handed over again under the same key after so many listings in a row, not before", () => {
    let attempt = anAttempt(1, 1, { state: "queued", queuedAt: AT });
    for (const resubmit of [false, false, true]) {
      const move = missing(job, attempt, 3, AT);
      if ("refused" in move) throw new Error(move.refused);
      expect(move.resubmit).toBe(resubmit);
      expect(move.attempt.key).toBe(job.key);
      attempt = move.attempt;
    }
    expect(attempt).toMatchObject({ state: "submitting", misses: 0 });
  });

  test("counts anew once one shows it", () => {
    const missed = missing(job, anAttempt(1, 1, { state: "queued" }), 3, AT);
    if ("refused" in missed) throw new Error(missed.refused);
    for (const seen of [
      started(missed.job, missed.attempt, { at: AT, host: null }, AT),
      accepted(missed.job, missed.attempt, "7", AT),
    ])
      expect("refused" in seen ? seen : seen.attempt.misses).toBe(0);
  });

  test("but that was seen to run is never handed over again: after so many listings it is lost", () => {
    const running = aJob(1, { state: "running", attempts: 1, key: "key-1-1" });
    const attempt = anAttempt(1, 1, { state: "running", startedAt: AT });
    const once = missing(running, attempt, 2, AT);
    if ("refused" in once) throw new Error(once.refused);
    expect(once).toMatchObject({ resubmit: false, attempt: { state: "running", misses: 1 } });
    expect(missing(running, once.attempt, 2, AT)).toEqual({ refused: "lost" });
    expect(started(running, once.attempt, { at: AT, host: null }, AT)).toMatchObject({ attempt: { misses: 0 } });
  });

  test("uses no retry", () => {
    const world = new OneTask(1, policy);
    world.submit(0);
    for (let time = 0; time < 9; time++) world.miss(0, 3);
    expect(world.jobs[0]).toMatchObject({ state: "submitting", attempts: 1, failures: 0, losses: 0 });
  });
});

describe("a failure that a rule decides", () => {
  const policy: RetryPolicy = {
    retries: 5,
    backoff: { firstMs: 1_000, factor: 2, maxMs: 9_000 },
    errors: [
      { exit: [3], then: "fail", why: "no such geometry" },
      { exit: [4], then: "skip", why: "no beam" },
      { exit: [5], then: "hold", why: "disk quota" },
      { cause: "bad-output", then: "retry", why: "written by a busy disk" },
    ],
  };
  const outcomeOf = (how: Parameters<OneTask["end"]>[1], exit?: number) => {
    const world = new OneTask(1, policy);
    world.submit(0);
    world.end(0, how, exit);
    return { job: world.jobs[0] as Job, attempt: [...world.attempts.values()][0] };
  };

  test.each([
    [3, { state: "failed", held: false }],
    [4, { state: "aborted", held: false }],
    [5, { state: "idle", held: true }],
    [1, { state: "idle", held: false }],
  ] as const)("exit code %i", (exit, expected) => {
    expect(outcomeOf("exit", exit).job).toMatchObject(expected);
  });

  test("is tried again although it wrote results that cannot be read, which nobody would do otherwise", () => {
    expect(outcomeOf("bad-output").job.state).toBe("idle");
    const without = new OneTask(1, { ...policy, errors: [] });
    without.submit(0);
    without.end(0, "bad-output");
    expect(without.jobs[0]?.state).toBe("failed");
  });

  test("does not wait before it may be released", () => {
    const { job } = outcomeOf("exit", 5);
    expect(job.notBefore).toBe(job.modifiedAt);
  });

  test("never concerns an attempt that vanished or was cancelled", () => {
    const broad: RetryPolicy = {
      ...policy,
      errors: [
        { cause: "lost", then: "fail" },
        { cause: "cancelled", then: "retry" },
      ],
    };
    const world = new OneTask(2, broad);
    world.submit(0);
    world.end(0, "lost");
    world.submit(1);
    world.end(1, "cancelled");
    expect(world.jobs.map((job) => job.state)).toEqual(["idle", "aborted"]);
  });
});

describe("trying again", () => {
  test.each(["idle", "submitting", "queued", "running", "done"] as const)(
    "is nothing for a job that is %s",
    (state) => {
      expect(tryAgain(aJob(1, { state }), AT)).toEqual({ refused: "not-failed" });
    },
  );
});
