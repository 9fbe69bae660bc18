import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { absorb, close, type Group, join, leave, openGroup } from "../../../src/core/group/group.ts";
import { AT } from "../../contracts/things.ts";
import { type Event, happen, movesToldIn } from "../life-story.ts";

const HOME = { environment: "production", campaign: "prompt", workflow: "t0" };
const aRun = (number: number, luminosity?: number) => ({
  number,
  attributes: luminosity === undefined ? {} : { luminosity },
});

const next = openGroup(2, HOME, "from-9", AT);
const runs = fc.record({ number: fc.integer({ min: 1, max: 9 }), luminosity: fc.constantFrom(undefined, 1, 2.5) });
const events: fc.Arbitrary<Event<Group>> = fc.oneof(
  runs.map(({ number, luminosity }) => ({
    name: "join",
    decide: (group: Group) => join(group, aRun(number, luminosity), AT),
  })),
  runs.map(({ number, luminosity }) => ({
    name: "leave",
    decide: (group: Group) => leave(group, aRun(number, luminosity), AT),
  })),
  fc.constant({ name: "close", decide: (group: Group) => close(group, "fill 8 began", AT) }),
  fc.constantFrom(next, null).map((into) => ({ name: "absorb", decide: (group: Group) => absorb(group, into, AT) })),
);

describe("a group", () => {
  test("makes no move that the life story above the decisions does not tell", () => {
    const told = movesToldIn("group/group.ts");
    expect([...told]).toEqual(["open -> closed", "closed -> merged"]);
    const untold = new Set<string>();
    fc.assert(
      fc.property(fc.array(events, { maxLength: 15, size: "max" }), (sequence) =>
        happen(openGroup(1, HOME, "from-1", AT), sequence, ({ event, before, decision }) => {
          if (!decision.ok || decision.next.state === before.state) return;
          const move = `${before.state} -> ${decision.next.state}` as const;
          if (!told.has(move)) untold.add(`${event.name}: ${move}`);
        }),
      ),
    );
    expect([...untold]).toEqual([]);
  });

  test("holds what its runs add up to, in whatever order they come and go", () => {
    fc.assert(
      fc.property(fc.uniqueArray(runs, { selector: (run) => run.number }), fc.nat(9), (all, leaving) => {
        let group = openGroup(1, HOME, "from-1", AT);
        for (const { number, luminosity } of all) {
          const joined = join(group, aRun(number, luminosity), AT);
          if (joined.ok) group = joined.next;
        }
        const gone = leaving > 4 ? all[0] : undefined;
        const left = gone ? all.slice(1) : all;
        if (gone) {
          const decision = leave(group, aRun(gone.number, gone.luminosity), AT);
          if (decision.ok) group = decision.next;
        }
        expect(group.count).toBe(left.length);
        expect(group.luminosity).toBeCloseTo(left.reduce((sum, run) => sum + (run.luminosity ?? 0), 0));
      }),
    );
  });

  test("knows its first and its last run", () => {
    let group = openGroup(1, HOME, "from-7", AT);
    for (const number of [7, 3, 9]) {
      const joined = join(group, aRun(number), AT);
      if (joined.ok) group = joined.next;
    }
    expect(group).toMatchObject({ count: 3, firstRun: 3, lastRun: 9 });
  });

  test("that is closed takes a late run and keeps those that it has", () => {
    const closed = close(openGroup(1, HOME, "fill-7", AT), "fill 8 began", AT);
    if (!closed.ok) throw new Error(closed.reason);
    expect(join(closed.next, aRun(1), AT)).toMatchObject({ ok: true, happening: { event: "joined late" } });
    expect(leave(closed.next, aRun(1), AT)).toEqual({ ok: false, reason: "closed" });
    expect(close(closed.next, "again", AT)).toEqual({ ok: false, reason: "already-closed" });
  });

  test("that is still open may yet get its data, and goes into no other", () => {
    expect(absorb(openGroup(1, HOME, "from-1", AT), next, AT)).toEqual({ ok: false, reason: "still-open" });
  });

  test("with too little data waits for the next group, goes into it once, and takes nothing more", () => {
    const closed = { ...openGroup(1, HOME, "from-1", AT), state: "closed" as const };
    const waits = absorb(closed, null, AT);
    if (!waits.ok) throw new Error(waits.reason);
    expect(waits.next).toMatchObject({ state: "merged", mergedInto: null });
    const merged = absorb(waits.next, next, AT);
    if (!merged.ok) throw new Error(merged.reason);
    expect(merged.next).toMatchObject({ mergedInto: 2 });
    expect(absorb(merged.next, next, AT)).toEqual({ ok: false, reason: "already-merged" });
    expect(join(merged.next, aRun(1), AT)).toEqual({ ok: false, reason: "merged" });
  });

  test("asks to be looked at again whenever a run joins or leaves", () => {
    const joined = join(openGroup(1, HOME, "from-1", AT), aRun(1), AT);
    expect(joined.ok && joined.effects).toEqual([{ do: "wake", errand: { kind: "group", ref: "1" }, at: AT }]);
  });
});
