import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { askFor, endOf, look, nextLook } from "../../../src/core/release/life.ts";
import { freshRelease, type Release, type ReleaseFacts } from "../../../src/core/release/release.ts";
import type { ReleaseRule } from "../../../src/core/release/rule.ts";
import { heldInWords, whoseTurn } from "../../../src/core/release/words.ts";
import { AT } from "../../contracts/things.ts";

const HOUR = 3_600_000;
const RULE: ReleaseRule = {
  afterMs: 48 * HOUR,
  early: [{ workflow: "t0" }],
  announceMs: HOUR,
  extend: { role: "manager", persons: 1 },
};
const UNSIGNED = { what: "t0/calibrate of 1 (task 2)", standing: "processing", by: "timing-expert" };
const FACTS: ReleaseFacts = { complete: true, newestEnd: AT, since: AT, toSign: 2, unsigned: [UNSIGNED] };
const WISH = { by: "mia", why: "x", byMs: 6 * HOUR, mayDecide: true };
const next = <Thing>(decision: { ok: true; next: Thing } | { ok: false; reason: string }): Thing => {
  if (!decision.ok) throw new Error(decision.reason);
  return decision.next;
};
const announced = next(look(freshRelease(1), RULE, FACTS, AT + 47 * HOUR));

describe("a hold", () => {
  test("is announced its time before its end, and is over at the announced moment", () => {
    expect(look(freshRelease(1), RULE, FACTS, AT + 47 * HOUR - 1)).toMatchObject({ ok: false, reason: "unchanged" });
    expect(announced).toMatchObject({ state: "announced", endsAt: AT + 48 * HOUR });
    expect(look(announced, RULE, FACTS, AT + 48 * HOUR - 1).ok).toBe(false);
    expect(next(look(announced, RULE, FACTS, AT + 48 * HOUR))).toMatchObject({
      state: "released",
      releasedAt: AT + 48 * HOUR,
    });
  });

  test("that was announced is locked in: another rule or end of the run does not move it", () => {
    const longer = { ...RULE, afterMs: 96 * HOUR };
    expect(endOf(announced, longer, FACTS)).toBe(AT + 48 * HOUR);
    expect(look(announced, longer, { ...FACTS, newestEnd: undefined }, AT + 48 * HOUR).ok).toBe(true);
  });

  test("ends early by signatures, but not where there is nothing to sign, or the group is still open", () => {
    const signed = { ...FACTS, unsigned: [] };
    expect(next(look(freshRelease(1), RULE, signed, AT)).reason).toBe("everything that is to be signed is signed");
    expect(look(freshRelease(1), RULE, { ...signed, toSign: 0 }, AT).ok).toBe(false);
    expect(look(freshRelease(1), RULE, { ...signed, complete: false }, AT).ok).toBe(false);
    expect(look(freshRelease(1), { ...RULE, early: undefined }, signed, AT).ok).toBe(false);
  });

  test("is extended from its announced end, and is announced again", () => {
    const extended = next(askFor(announced, RULE, FACTS, WISH, AT + 47.5 * HOUR));
    expect(extended).toMatchObject({ state: "waiting", extraMs: 6 * HOUR, endsAt: null });
    expect(nextLook(extended, RULE, FACTS)).toBe(AT + 53 * HOUR);
    // Its bot was away: it was announced ten hours late, and six hours are six hours from there.
    const late = next(look(freshRelease(1), RULE, FACTS, AT + 57 * HOUR));
    const moved = next(askFor(late, RULE, FACTS, WISH, AT + 57 * HOUR));
    expect(endOf(moved, RULE, FACTS)).toBe(AT + 64 * HOUR);
  });

  test("is for those with the role, is put off for a month at most, and stays released", () => {
    const ask = (release: Release, more: Partial<typeof WISH>) =>
      askFor(release, RULE, FACTS, { ...WISH, ...more }, AT);
    expect(ask(announced, { mayDecide: false })).toMatchObject({ reason: "wrong-role", detail: "manager" });
    expect(ask(announced, { byMs: 721 * HOUR })).toMatchObject({ reason: "too-long" });
    const forced = next(askFor(announced, RULE, FACTS, { ...WISH, byMs: null }, AT));
    expect(forced).toMatchObject({ state: "released", reason: "forced by mia: x" });
    expect(ask(forced, {})).toMatchObject({ reason: "already-released" });
  });

  test("that takes two is moved by the second who says the same within a day", () => {
    const two = { ...RULE, extend: { role: "manager", persons: 2 } };
    const ask = (release: Release, by: string, byMs: number | null, now: number) =>
      askFor(release, two, FACTS, { ...WISH, by, byMs }, now);
    const asked = next(ask(freshRelease(1), "mia", null, AT));
    expect(asked).toMatchObject({ state: "waiting", extraMs: 0, wishes: [{ by: "mia", byMs: null }] });
    expect(ask(asked, "mia", null, AT)).toMatchObject({ reason: "already-said" });
    expect(next(ask(asked, "max", 6 * HOUR, AT))).toMatchObject({ state: "waiting", wishes: [{}, {}] });
    expect(next(ask(asked, "max", null, AT + 24 * HOUR)).wishes).toMatchObject([{ by: "max" }]);
    expect(next(ask(asked, "max", null, AT + 23 * HOUR)).reason).toBe("forced by mia and max: x");
  });

  test("says what it waits for and whose turn it is", () => {
    expect(heldInWords(freshRelease(1), RULE, FACTS)).toBe(
      "the hold for release: until 2026-11-26T00:00:00.000Z (2d after the end of the newest run); sooner once t0/calibrate of 1 (task 2) is signed",
    );
    expect(heldInWords(freshRelease(1), RULE, { ...FACTS, complete: false, unsigned: [UNSIGNED, UNSIGNED] })).toBe(
      "the hold for release: 2d after the end of the newest run, and the group is still open; sooner once t0/calibrate of 1 (task 2) and 1 more are signed",
    );
    expect(whoseTurn(RULE, FACTS, "ann")).toBe("timing-expert");
    expect(whoseTurn({ ...RULE, early: undefined }, FACTS, "ann")).toBe("ann");
  });
});

type Step =
  | { readonly do: "pass"; readonly hours: number }
  | { readonly do: "ask"; readonly by: string; readonly byMs: number | null; readonly may: boolean }
  | { readonly do: "sign" };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant("pass" as const), hours: fc.integer({ min: 0, max: 60 }) }),
  fc.record({
    do: fc.constant("ask" as const),
    by: fc.constantFrom("mia", "max", "ann"),
    byMs: fc.constantFrom(null, HOUR, 6 * HOUR),
    may: fc.boolean(),
  }),
  fc.record({ do: fc.constant("sign" as const) }),
);

test("whatever happens, nobody is surprised: it ends announced for long enough, signed, or by as many people as it takes, once", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.integer({ min: 1, max: 3 }), (steps, persons) => {
      const rule = { ...RULE, extend: { role: "manager", persons } };
      let release = freshRelease(1);
      let now = AT;
      let unsigned = 1;
      let announcedAt: number | undefined;
      const wants = new Map<number | null, Set<string>>();
      for (const one of steps) {
        const facts = { ...FACTS, unsigned: unsigned === 0 ? [] : [UNSIGNED] };
        if (one.do === "pass") now += one.hours * HOUR;
        if (one.do === "sign") unsigned = 0;
        const before = release;
        const decision =
          one.do === "ask"
            ? askFor(release, rule, facts, { by: one.by, why: "x", byMs: one.byMs, mayDecide: one.may }, now)
            : look(release, rule, { ...facts, unsigned: unsigned === 0 ? [] : [UNSIGNED] }, now);
        if (one.do === "ask" && one.may) wants.set(one.byMs, (wants.get(one.byMs) ?? new Set()).add(one.by));
        if (!decision.ok) continue;
        release = decision.next;
        expect(before.state).not.toBe("released");
        const { event } = decision.happening;
        if (event === "release-announced") announcedAt = now;
        if (event === "release-extended") announcedAt = undefined;
        if (release.state !== "released") continue;
        const inTime = announcedAt !== undefined && now >= announcedAt + rule.announceMs;
        const byPeople = one.do === "ask" && (wants.get(null)?.size ?? 0) >= persons;
        expect(inTime || byPeople || unsigned === 0).toBe(true);
      }
    }),
  );
});
