import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Alert, type Evidence, fingerprintOf, raise, repeat, settle } from "../../../src/core/alert/alert.ts";
import type { Decision } from "../../../src/core/decision.ts";
import { AT, anAlert } from "../../contracts/things.ts";
import { frozen, movesToldIn } from "../life-story.ts";

const EVIDENCE: Evidence = anAlert(1).evidence;
const SUBJECT = { environment: "production", workflow: "t0", task: "calibrate" };
const failed = (task: number, attempt: number) => ({ task, attempt, group: String(task) });

type Event = { readonly kind: "fails" | "is well"; readonly task: number; readonly attempt: number };
const events: fc.Arbitrary<Event> = fc.record({
  kind: fc.constantFrom("fails" as const, "is well" as const),
  task: fc.integer({ min: 1, max: 4 }),
  attempt: fc.integer({ min: 1, max: 3 }),
});
const apply = (alert: Alert, { kind, task, attempt }: Event): Decision<Alert, string> =>
  kind === "fails" ? repeat(alert, failed(task, attempt), EVIDENCE, AT) : settle(alert, task, AT);

function play(check: (before: Alert, event: Event, decision: Decision<Alert, string>, counted: number) => void): void {
  fc.assert(
    fc.property(fc.array(events, { maxLength: 25, size: "max" }), (sequence) => {
      let alert = frozen(raise(1, SUBJECT, "f", failed(1, 1), EVIDENCE, AT));
      let counted = 1;
      for (const event of sequence) {
        const decision = apply(alert, event);
        if (decision.ok && event.kind === "fails") counted++;
        check(alert, event, decision, counted);
        if (decision.ok) alert = frozen(decision.next);
      }
    }),
  );
}

describe("an alert", () => {
  test("makes no move that the life story above the decisions does not tell", () => {
    const told = movesToldIn("alert/alert.ts");
    expect([...told]).toEqual(["(none) -> firing", "firing -> firing", "firing -> resolved"]);
    play((before, _event, decision) => {
      if (decision.ok) expect(told).toContain(`${before.state} -> ${decision.next.state}`);
    });
  });

  test("fires as long as it speaks of a task that is still failed, and is resolved with the last of them", () => {
    play((_before, _event, decision) => {
      if (decision.ok) expect(decision.next.state).toBe(decision.next.tasks.length > 0 ? "firing" : "resolved");
    });
  });

  test("speaks of each task once, and counts every failure that it was told of", () => {
    play((_before, _event, decision, counted) => {
      if (!decision.ok) return;
      const tasks = decision.next.tasks.map((one) => one.task);
      expect(new Set(tasks).size).toBe(tasks.length);
      expect(decision.next.count).toBe(counted);
    });
  });

  test("that is told twice of one attempt of one task changes nothing", () => {
    play((_before, event, decision) => {
      if (decision.ok && event.kind === "fails")
        expect(apply(decision.next, event)).toEqual({ ok: false, reason: "known" });
    });
  });

  test("that is resolved stays as it is: a failure after the end is a new alert", () => {
    play((before, event, decision) => {
      if (before.state !== "resolved") return;
      expect(decision).toEqual({ ok: false, reason: event.kind === "fails" ? "resolved" : "not-concerned" });
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
});
