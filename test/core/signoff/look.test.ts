import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tellAgain } from "../../../src/core/signoff/life.ts";
import { lookAt } from "../../../src/core/signoff/look.ts";
import type { Signoff } from "../../../src/core/signoff/signoff.ts";
import { AT, aSignoff } from "../../contracts/things.ts";

const HOUR = 3_600_000;
const timing = {
  remindMs: 4 * HOUR,
  escalate: { afterMs: 10 * HOUR, to: { person: "joe" } },
  whenDue: "wait",
} as const;

/** What is due, one after the other, when somebody looks only now and then. */
function played(signoff: Signoff, looks: readonly number[], whenDue: "wait" | "fail" = "wait"): [number, string][] {
  const told: [number, string][] = [];
  let current = signoff;
  for (const hour of looks) {
    for (let count = 0; count < 10; count++) {
      const { due } = lookAt(current, { ...timing, whenDue }, AT + hour * HOUR);
      if (due === undefined) break;
      told.push([hour, due]);
      if (due === "expire") return told;
      const next = tellAgain(current, due, AT + hour * HOUR);
      if (next.ok) current = next.next;
    }
  }
  return told;
}

describe("a sign-off that nobody gives", () => {
  test("is told again in its rhythm, brought to somebody else once, and late once", () => {
    const signoff = aSignoff(1, { dueAt: AT + 12 * HOUR });
    expect(played(signoff, [1, 4, 5, 8, 10, 12, 13, 16])).toEqual([
      [4, "remind"],
      [8, "remind"],
      [10, "escalate"],
      [12, "late"],
      [12, "remind"],
      [16, "remind"],
    ]);
    expect(played(signoff, [1, 13], "fail")).toEqual([[13, "expire"]]);
  });

  test("gives the next step all its time", () => {
    expect(played(aSignoff(1, { turnSince: AT + 9 * HOUR }), [9, 12, 13])).toEqual([[13, "remind"]]);
  });

  test("is told once for however long the bot was away", () => {
    expect(played(aSignoff(1), [100])).toEqual([
      [100, "escalate"],
      [100, "remind"],
    ]);
  });

  test.each(["approved", "rejected", "lapsed", "revoked"] as const)("is left alone once it is %s", (state) => {
    expect(lookAt(aSignoff(1, { state, dueAt: AT }), timing, AT + 99 * HOUR)).toEqual({
      due: undefined,
      next: undefined,
    });
  });

  test("is looked at again just when something is due, never before and never too late", () => {
    fc.assert(
      fc.property(fc.nat(60), fc.nat(60), fc.boolean(), (due, at, reminded) => {
        const signoff = aSignoff(1, { dueAt: AT + due * HOUR, remindedAt: reminded ? AT : null });
        const { due: now, next } = lookAt(signoff, timing, AT + at * HOUR);
        if (now !== undefined || next === undefined) return;
        expect(next).toBeGreaterThan(AT + at * HOUR);
        expect(lookAt(signoff, timing, next).due).toBeDefined();
        expect(lookAt(signoff, timing, next - 1).due).toBeUndefined();
      }),
    );
  });
});
