import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Alert,
  type AlertTask,
  acknowledge,
  type Evidence,
  escalate,
  fingerprintOf,
  fingerprintOfMany,
  lapse,
  MOST_KEPT,
  quieten,
  raise,
  repeat,
  settle,
  tell,
  unacknowledge,
} from "../../../src/core/alert/alert.ts";
import { NO_PAST } from "../../../src/core/alert/past.ts";
import type { Decision } from "../../../src/core/decision.ts";
import { AT, anAlert } from "../../contracts/things.ts";
import { frozen, movesToldIn } from "../life-story.ts";

const EVIDENCE: Evidence = anAlert(1).evidence;
const SUBJECT = { environment: "production", workflow: "t0", task: "calibrate", severity: "warning" } as const;
const failed = (task: number, attempt = 1) => ({ task, attempt, group: String(task), failedAt: AT });
const begun = () => raise(1, SUBJECT, "f", failed(1), { evidence: EVIDENCE, past: NO_PAST }, AT);

type Kind = "fails" | "is well" | "is taken" | "is left" | "lapses" | "is silenced" | "is heard" | "is told" | "steps";
type Event = { readonly kind: Kind; readonly task: number; readonly attempt: number };
const KINDS: readonly Kind[] = [
  "fails",
  "is well",
  "is taken",
  "is left",
  "lapses",
  "is silenced",
  "is heard",
  "is told",
  "steps",
];
const events: fc.Arbitrary<Event> = fc.record({
  kind: fc.constantFrom("fails" as const, "is well" as const, ...KINDS),
  task: fc.integer({ min: 1, max: 4 }),
  attempt: fc.integer({ min: 1, max: 3 }),
});

/** An alert with what the store knows of its tasks. */
class Told {
  alert = frozen(begun());
  now = AT;
  counted = 1;
  /** Tasks that were failed when somebody took it. */
  seen: number[] = [];
  readonly tasks = new Map<number, AlertTask>([[1, { ...failed(1), alert: 1, failing: true }]]);

  decide({ kind, task, attempt }: Event): Decision<Alert, string> {
    const { alert, now } = this;
    const known = this.tasks.get(task);
    const left = [...this.tasks.values()].filter((one) => one.failing && one.task !== task);
    switch (kind) {
      case "fails":
        return repeat(alert, failed(task, attempt), known, EVIDENCE, now);
      case "is well":
        return settle(
          alert,
          known,
          left.map(({ alert: _, failing: __, ...one }) => one),
          null,
          now,
        );
      case "is taken":
        return acknowledge(alert, { by: "jun", until: now + 3, why: null }, now);
      case "is left":
        return unacknowledge(alert, now);
      case "lapses":
        return lapse(alert, now);
      case "is silenced":
        return quieten(alert, true, now);
      case "is heard":
        return quieten(alert, false, now);
      case "is told":
        return tell(alert, now);
      case "steps":
        return escalate(alert, "ann");
    }
  }

  happen(event: Event): Decision<Alert, string> {
    this.now += 1;
    const decision = this.decide(event);
    if (!decision.ok) return decision;
    if (event.kind === "fails") {
      this.counted += 1;
      this.tasks.set(event.task, { ...failed(event.task, event.attempt), alert: 1, failing: true });
    }
    const known = this.tasks.get(event.task);
    if (event.kind === "is well" && known) this.tasks.set(event.task, { ...known, failing: false });
    if (event.kind === "is taken") this.seen = [...this.tasks.keys()];
    this.alert = frozen(decision.next);
    return decision;
  }
}

type Check = (before: Alert, event: Event, decision: Decision<Alert, string>, told: Told) => void;
function play(check: Check): void {
  fc.assert(
    fc.property(fc.array(events, { maxLength: 25, size: "max" }), (sequence) => {
      const told = new Told();
      for (const event of sequence) {
        const before = told.alert;
        check(before, event, told.happen(event), told);
      }
    }),
  );
}

describe("an alert", () => {
  test("makes no move that the life story above the decisions does not tell", () => {
    const told = movesToldIn("alert/alert.ts");
    expect([...told]).toContain("acknowledged -> firing");
    play((before, event, decision) => {
      // Being told of changes nothing of its state, resolved or not.
      if (decision.ok && event.kind !== "is told") expect(told).toContain(`${before.state} -> ${decision.next.state}`);
    });
  });

  test("is there as long as a task that it speaks of is still failed, and is resolved with the last of them", () => {
    play((_before, _event, decision, { tasks }) => {
      if (!decision.ok) return;
      const failing = [...tasks.values()].filter((one) => one.failing);
      expect(decision.next.open).toBe(failing.length);
      expect(decision.next.state === "resolved").toBe(failing.length === 0);
    });
  });

  test("names tasks that are failed, each once, and counts every failure that it was told of", () => {
    play((_before, _event, decision, { tasks: known, counted }) => {
      if (!decision.ok) return;
      const tasks = decision.next.tasks.map((one) => one.task);
      expect(new Set(tasks).size).toBe(tasks.length);
      expect(tasks.every((task) => known.get(task)?.failing)).toBe(true);
      expect(decision.next.count).toBe(counted);
    });
  });

  test("that is told twice of one attempt of one task changes nothing", () => {
    play((_before, event, decision, told) => {
      if (decision.ok && event.kind === "fails") expect(told.decide(event)).toEqual({ ok: false, reason: "known" });
    });
  });

  test("that is resolved stays as it is: a failure after the end is a new alert", () => {
    play((before, event, decision) => {
      if (before.state === "resolved" && event.kind !== "is told") expect(decision.ok).toBe(false);
    });
  });

  test("that somebody took stays theirs until its set of tasks grows, their time is up, or they leave it", () => {
    play((before, event, decision, { seen, now }) => {
      if (before.state !== "acknowledged" || !decision.ok || decision.next.state === "acknowledged") return;
      const grew = event.kind === "fails" && !seen.includes(event.task);
      const over = event.kind === "lapses" && now >= (before.acknowledged?.until ?? 0);
      const well = decision.next.state === "resolved";
      expect([grew, over, event.kind === "is left", well]).toContain(true);
      expect(decision.next.acknowledged === null || well).toBe(true);
    });
  });

  test("that grows beyond what its owner saw is nobody's any more", () => {
    play((before, event, decision, { seen }) => {
      if (before.state === "acknowledged" && event.kind === "fails" && decision.ok && !seen.includes(event.task))
        expect(decision.next).toMatchObject({ state: "firing", acknowledged: null, steps: 0, reminders: 0 });
    });
  });

  test("keeps the newest tasks, and the number of all", () => {
    let alert = begun();
    for (let task = 2; task <= 500; task++) {
      const decision = repeat(alert, failed(task), undefined, EVIDENCE, AT);
      if (decision.ok) alert = decision.next;
    }
    expect(alert).toMatchObject({ open: 500, count: 500 });
    expect(alert.tasks.map((one) => one.task)).toEqual(Array.from({ length: MOST_KEPT }, (_, index) => 491 + index));
  });

  test("of somebody else cannot be taken; one's own can, for longer", () => {
    const taken = acknowledge(begun(), { by: "jun", until: AT + 10, why: "cable" }, AT);
    if (!taken.ok) throw new Error(taken.reason);
    expect(acknowledge(taken.next, { by: "ann", until: AT + 20, why: null }, AT)).toEqual({
      ok: false,
      reason: "acknowledged",
      detail: "jun",
    });
    expect(acknowledge(taken.next, { by: "jun", until: AT + 20, why: null }, AT + 1)).toMatchObject({
      ok: true,
      next: { acknowledged: { by: "jun", until: AT + 20 } },
    });
  });
});

describe("two failures are alike", () => {
  const of = (line: string | null, more = {}) => fingerprintOf({ ...SUBJECT, ...more }, line);

  test.each([
    ["ERROR: no pulser data in run 8215 at 0x7ffe01", "error: no pulser data in run 9 at 0xdeadbeef"],
    ["cannot open /data/raw/8215.root", "cannot open /scratch/other/9.root"],
    ["took  12.5 s", "took 3.25 s"],
  ])("but for numbers, addresses and paths: %s", (one, other) => {
    expect(of(one)).toBe(of(other));
  });

  test.each([
    ["ERROR: disk full", "ERROR: no such wire"],
    ["ERROR: disk full", null],
  ])("but not %s and %s", (one, other) => {
    expect(of(one)).not.toBe(of(other));
  });

  test("only within one task of one workflow of one environment", () => {
    const all = [of("x"), of("x", { task: "fit" }), of("x", { workflow: "t1" }), of("x", { environment: "mirror/a" })];
    expect(new Set(all).size).toBe(4);
  });

  test("where there are too many kinds, and then whatever they say", () => {
    expect(fingerprintOfMany(SUBJECT)).not.toBe(of(null));
  });
});
