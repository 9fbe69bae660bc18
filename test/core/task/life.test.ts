import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Decision } from "../../../src/core/decision.ts";
import {
  addJobs,
  awaitSignoff,
  begin,
  fail,
  finish,
  freshen,
  goStale,
  hold,
  holdBack,
  makeReady,
  merge,
  reject,
  release,
  reprocess,
  retry,
  skip,
} from "../../../src/core/task/life.ts";
import { isFinished, NO_JOBS, satisfies, type Task, type Waiting } from "../../../src/core/task/task.ts";
import { AT, aTask } from "../../contracts/things.ts";
import { type Event, happen, movesToldIn, type Step } from "../life-story.ts";

const word = fc.constantFrom("beam was off", "new alignment", "no pulser");
const waiting: fc.Arbitrary<Waiting[]> = fc.array(
  fc.record({
    lock: fc.constantFrom("need" as const, "delay" as const, "hold" as const),
    detail: word,
    owner: fc.constantFrom("ann", "ben"),
    since: fc.constant(AT),
  }),
  { maxLength: 2 },
);
const events: fc.Arbitrary<Event<Task>> = fc.oneof(
  waiting.map((locks) => ({ name: "holdBack", decide: (task: Task, now: number) => holdBack(task, locks, now) })),
  waiting.map((limits) => ({ name: "makeReady", decide: (task: Task, now: number) => makeReady(task, limits, now) })),
  fc.nat(3).map((jobs) => ({
    name: "begin",
    decide: (task: Task, now: number) => begin(task, { jobs, commit: "beef", used: "1.2" }, now),
  })),
  fc.tuple(fc.nat(3), fc.boolean()).map(([jobs, next]) => ({
    name: "addJobs",
    decide: (task: Task, now: number) => addJobs(task, jobs, task.iteration + (next ? 1 : 0), now),
  })),
  fc.option(word).map((why) => ({ name: "finish", decide: (task: Task, now: number) => finish(task, why, now) })),
  word.map((why) => ({ name: "awaitSignoff", decide: (task: Task, now: number) => awaitSignoff(task, why, now) })),
  word.map((why) => ({ name: "reject", decide: (task: Task, now: number) => reject(task, why, now) })),
  word.map((why) => ({ name: "fail", decide: (task: Task, now: number) => fail(task, why, now) })),
  fc.constant({ name: "retry", decide: (task: Task, now: number) => retry(task, task.jobs.failed, now) }),
  word.map((why) => ({
    name: "reprocess",
    decide: (task: Task, now: number) => reprocess(task, why, "f00d", now),
  })),
  word.map((why) => ({ name: "skip", decide: (task: Task, now: number) => skip(task, why, now) })),
  word.map((into) => ({ name: "merge", decide: (task: Task, now: number) => merge(task, into, now) })),
  word.map((why) => ({ name: "hold", decide: (task: Task, now: number) => hold(task, "ann", why, now) })),
  fc.constant({ name: "release", decide: (task: Task, now: number) => release(task, now) }),
  word.map((why) => ({ name: "goStale", decide: (task: Task, now: number) => goStale(task, why, now) })),
  fc.constant({ name: "freshen", decide: (task: Task, now: number) => freshen(task, now) }),
);

/** Plays events on a task; whatever was decided goes to `check`. */
function play(check: (step: Step<Task>) => void): void {
  fc.assert(
    fc.property(fc.array(events, { maxLength: 40, size: "max" }), (sequence) => happen(aTask(1), sequence, check)),
    { numRuns: 400 },
  );
}

const wakes = (decision: Decision<Task, string>, kind: string) =>
  decision.ok && decision.effects.some((effect) => effect.do === "wake" && effect.errand.kind === kind);

describe("no sequence of events", () => {
  test("makes a move that the life story above the decisions does not tell", () => {
    const told = movesToldIn("task/life.ts");
    expect(told.size).toBeGreaterThan(10);
    const untold = new Set<string>();
    play(({ event, before, decision }) => {
      if (!decision.ok || decision.next.state === before.state) return;
      const move = `${before.state} -> ${decision.next.state}` as const;
      if (!told.has(move)) untold.add(`${event.name}: ${move}`);
    });
    expect([...untold].sort()).toEqual([]);
  });

  test("changes who a task is, or its attempt other than by reprocessing it", () => {
    play(({ event, before, decision }) => {
      if (!decision.ok) return;
      const { id, environment, campaign, workflow, name, groupId, groupKey, createdAt, version } = before;
      expect(decision.next).toMatchObject({
        id,
        environment,
        campaign,
        workflow,
        name,
        groupId,
        groupKey,
        createdAt,
        version,
      });
      expect(decision.next.attempt).toBe(before.attempt + (event.name === "reprocess" ? 1 : 0));
      if (event.name !== "begin" && event.name !== "reprocess") expect(decision.next.commit).toBe(before.commit);
    });
  });

  test("leaves a finished task without the moment of its end, or another with one", () => {
    play(({ decision }) => {
      if (decision.ok) expect(decision.next.endedAt !== null).toBe(isFinished(decision.next));
    });
  });

  test("leaves a task that has begun or ended waiting for a lock", () => {
    play(({ decision }) => {
      if (decision.ok && decision.next.waiting.length > 0) expect(["held", "ready"]).toContain(decision.next.state);
    });
  });
});

describe("a decision", () => {
  test("that is accepted says when, and in one word what happened", () => {
    play(({ decision, now }) => {
      if (!decision.ok) return;
      expect(decision.next.modifiedAt).toBe(now);
      expect(decision.happening.event).toMatch(/^[a-z]+$/);
    });
  });

  test("that is refused gives a reason and nothing else", () => {
    play(({ decision }) => {
      if (decision.ok) return;
      expect(decision.reason).toMatch(/^[a-z-]+$/);
      expect(Object.keys(decision).filter((key) => !["ok", "reason", "detail"].includes(key))).toEqual([]);
    });
  });

  test("tells those that need a task whenever it begins or ceases to satisfy them", () => {
    play(({ before, decision }) => {
      if (decision.ok && satisfies(before.state) !== satisfies(decision.next.state))
        expect(wakes(decision, "dependents")).toBe(true);
    });
  });

  test("raises an alert when a task fails, and lets it be settled when the task is failed no longer", () => {
    play(({ before, decision }) => {
      if (!decision.ok) return;
      const fails = before.state !== "failed" && decision.next.state === "failed";
      // Whoever was asked knows that it was rejected.
      expect(wakes(decision, "alert")).toBe(fails && before.state !== "awaiting-signoff");
      if (before.state === "failed" && decision.next.state !== "failed") expect(wakes(decision, "settle")).toBe(true);
    });
  });

  test("tells whoever was asked to sign when there is nothing to sign any more, or something else", () => {
    play(({ event, before, decision }) => {
      if (!decision.ok || before.state !== "awaiting-signoff") return;
      const told = ["reprocess", "skip", "merge", "goStale", "freshen"].includes(event.name);
      expect(wakes(decision, "signoff")).toBe(told);
    });
  });

  test("has a stale result looked at again when its task has ended", () => {
    play(({ before, decision }) => {
      if (
        decision.ok &&
        before.stale &&
        before.state === "processing" &&
        ["done", "failed"].includes(decision.next.state)
      )
        expect(wakes(decision, "renew")).toBe(true);
    });
  });
});

describe("staleness", () => {
  const begun = fc.constantFrom("processing" as const, "done" as const, "failed" as const);

  test("going stale twice for one reason is going stale once", () => {
    fc.assert(
      fc.property(begun, word, (state, why) => {
        const once = goStale(aTask(1, { state }), why, AT);
        if (!once.ok) throw new Error(once.reason);
        expect(goStale(once.next, why, AT + 1)).toEqual({ ok: false, reason: "unchanged" });
      }),
    );
  });

  test("another reason replaces the words and keeps the moment since when", () => {
    fc.assert(
      fc.property(begun, fc.array(word, { minLength: 1 }), (state, reasons) => {
        let task = aTask(1, { state });
        for (const [index, why] of reasons.entries()) {
          const decision = goStale(task, why, AT + index);
          if (decision.ok) task = decision.next;
        }
        expect(task.stale).toEqual({ since: AT, why: reasons.at(-1) });
      }),
    );
  });

  test("becoming fresh undoes it, however often it went stale, and only then", () => {
    fc.assert(
      fc.property(begun, fc.array(word, { minLength: 1 }), (state, reasons) => {
        const before = aTask(1, { state });
        let task = before;
        for (const why of reasons) {
          const decision = goStale(task, why, AT);
          if (decision.ok) task = decision.next;
        }
        const fresh = freshen(task, AT);
        expect(fresh.ok && fresh.next).toEqual(before);
        expect(freshen(before, AT)).toEqual({ ok: false, reason: "not-stale" });
      }),
    );
  });

  test.each(["new", "held", "ready", "skipped", "merged"] as const)(
    "a task that is %s has no result to go stale",
    (state) => {
      expect(goStale(aTask(1, { state }), "luminosity 1 -> 2", AT)).toEqual({ ok: false, reason: "not-begun" });
    },
  );

  test("is over once the task is made anew, and once it begins", () => {
    const stale = { since: AT, why: "luminosity 1 -> 2" };
    const anew = reprocess(aTask(1, { state: "done", stale, used: "1.2" }), "stale", "beef", AT);
    expect(anew.ok && anew.next).toMatchObject({ state: "new", stale: null, used: null, jobs: NO_JOBS, iteration: 1 });
    const begun = begin(aTask(1, { stale }), { jobs: 1, commit: "beef", used: "1.2" }, AT);
    expect(begun.ok && begun.next.stale).toBeNull();
  });
});

describe("a task that is held back", () => {
  const lock = { lock: "delay", detail: "48h after the end of the run", owner: "ann", since: AT } as const;

  test("by the locks that held it back before is not changed again", () => {
    const held = holdBack(aTask(1), [lock], AT);
    if (!held.ok) throw new Error(held.reason);
    expect(held.next).toMatchObject({ state: "held", reason: lock.detail });
    expect(holdBack(held.next, [{ ...lock, since: AT + 9 }], AT + 9)).toEqual({ ok: false, reason: "unchanged" });
  });

  test("goes on to be ready when they open, without a reason left over", () => {
    const ready = makeReady(aTask(1, { state: "held", waiting: [lock], reason: lock.detail }), [], AT);
    expect(ready.ok && ready.next).toMatchObject({ state: "ready", waiting: [], reason: null });
  });

  test("by a person tells by whom when it is to be held again", () => {
    const held = hold(aTask(1), "ann", "look at it", AT);
    expect(held.ok && hold(held.next, "ben", "me too", AT)).toEqual({
      ok: false,
      reason: "already-held",
      detail: "ann",
    });
  });

  test("by a person and skipped is not held any more", () => {
    const skipped = skip(aTask(1, { hold: { by: "ann", why: "look", since: AT } }), "not needed", AT);
    expect(skipped.ok && skipped.next).toMatchObject({ state: "skipped", hold: null });
  });
});
