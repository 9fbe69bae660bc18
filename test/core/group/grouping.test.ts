import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  completion,
  type GroupContent,
  type GroupedRun,
  type Grouping,
  type Horizon,
  ownRun,
  placeOf,
  widen,
} from "../../../src/core/group/grouping.ts";
import { iso, parseInstant } from "../../../src/core/time.ts";

const HOUR = 3_600_000;
const at = (text: string) => parseInstant(text) as number;
const run = (number: number, attributes: Record<string, unknown> = {}): GroupedRun => ({ number, attributes });
const content = (key: string, more: Partial<GroupContent> = {}): GroupContent => ({
  key,
  count: 0,
  luminosity: 0,
  changedAt: 0,
  ...more,
});
const keyOf = (grouping: Grouping, one: GroupedRun) => {
  const place = placeOf(grouping, one);
  return place.kind === "key" ? place.key : place.kind === "none" ? `none: ${place.why}` : place.kind;
};

describe("a run is placed", () => {
  test.each<[string, Grouping, GroupedRun, string]>([
    ["by itself", { by: "run" }, run(8215), "8215"],
    ["with its fill", { by: "fill" }, run(1, { fill: 7234 }), "fill-7234"],
    ["nowhere while its fill is not known", { by: "fill" }, run(1), "none: its fill is not known yet"],
    ["into whatever is open where the order decides", { by: "runs", count: 3 }, run(1), "next-open"],
    ["into whatever is open where an amount decides", { by: "luminosity", amount: 10 }, run(1), "next-open"],
    [
      "into the span in which it began",
      { by: "span", lengthMs: 24 * HOUR },
      run(1, { start: "2026-11-24T23:59:59Z" }),
      "2026-11-24T000000Z",
    ],
    [
      "nowhere while its start is not known",
      { by: "span", lengthMs: HOUR },
      run(1),
      "none: its start is not known yet",
    ],
    [
      "into the range that holds it",
      {
        by: "ranges",
        ranges: {
          a: [
            { from: 1, to: 5 },
            { from: 10, to: 12 },
          ],
        },
      },
      run(11),
      "a",
    ],
    [
      "nowhere outside all ranges",
      { by: "ranges", ranges: { a: [{ from: 1, to: 5 }] } },
      run(6),
      "none: no range of the workflow holds it",
    ],
    [
      "nowhere by a workflow of the clock",
      { by: "tick", cron: "0 6 * * *", timezone: "UTC" },
      run(1),
      "none: the workflow runs by the clock",
    ],
  ])("%s", (_name, grouping, one, expected) => {
    expect(keyOf(grouping, one)).toBe(expected);
  });
});

describe("spans", () => {
  const lengths = fc.constantFrom(1_000, 60_000, HOUR, 5 * HOUR, 24 * HOUR, 7 * 24 * HOUR, 90_000, 1_500, 250);
  const moments = fc.integer({ min: at("1971-01-01"), max: at("2100-01-01") });

  test("hold the moments from their key on, for their length, and no other", () => {
    fc.assert(
      fc.property(lengths, moments, (lengthMs, start) => {
        const grouping: Grouping = { by: "span", lengthMs };
        const key = keyOf(grouping, run(1, { start: iso(start) }));
        const first = Math.floor(start / lengthMs) * lengthMs;
        expect(keyOf(grouping, run(2, { start: iso(first) }))).toBe(key);
        expect(keyOf(grouping, run(2, { start: iso(first + lengthMs - 1) }))).toBe(key);
        expect(keyOf(grouping, run(2, { start: iso(first + lengthMs) }))).not.toBe(key);
      }),
    );
  });

  test("are complete once a run began after them, and not before", () => {
    fc.assert(
      fc.property(lengths, moments, (lengthMs, start) => {
        const grouping: Grouping = { by: "span", lengthMs };
        const group = content(keyOf(grouping, run(1, { start: iso(start) })));
        const end = Math.floor(start / lengthMs) * lengthMs + lengthMs;
        expect(completion(grouping, group, { start: end - 1 }, end)).toMatchObject({ complete: false });
        expect(completion(grouping, group, { start: end }, end)).toMatchObject({ complete: true });
      }),
    );
  });
});

describe("a group is complete", () => {
  const state = (grouping: Grouping, group: GroupContent, horizon: Horizon = {}, now = 0) => {
    const found = completion(grouping, group, horizon, now);
    return found.complete ? `complete: ${found.why}` : `waits for ${found.missing}`;
  };

  test.each<[string, Grouping, GroupContent, Horizon, string]>([
    ["at once, as one run", { by: "run" }, content("8215"), {}, "complete: it is one by itself"],
    ["when a later fill began", { by: "fill" }, content("fill-7"), { fill: 8 }, "complete: fill 8 began"],
    [
      "not while its own fill goes on",
      { by: "fill" },
      content("fill-7"),
      { fill: 7 },
      "waits for the next fill after 7",
    ],
    ["at its Nth run", { by: "runs", count: 3 }, content("from-1", { count: 3 }), {}, "complete: 3 runs are together"],
    ["not before", { by: "runs", count: 3 }, content("from-1", { count: 1 }), {}, "waits for 2 more of 3 runs"],
    [
      "when its amount is reached",
      { by: "luminosity", amount: 10 },
      content("from-1", { luminosity: 10.0004 }),
      {},
      "complete: luminosity 10 of 10 is reached",
    ],
    [
      "not before that either",
      { by: "luminosity", amount: 10 },
      content("from-1", { luminosity: 9.5 }),
      {},
      "waits for luminosity: 9.5 of 10 so far",
    ],
    [
      "when a run beyond its range came",
      {
        by: "ranges",
        ranges: {
          b: [
            { from: 1, to: 5 },
            { from: 8, to: 9 },
          ],
        },
      },
      content("b"),
      { run: 10 },
      "complete: run 10 lies beyond 9",
    ],
    [
      "not at the last run of its range",
      {
        by: "ranges",
        ranges: {
          b: [
            { from: 1, to: 5 },
            { from: 8, to: 9 },
          ],
        },
      },
      content("b"),
      { run: 9 },
      "waits for a run beyond 9",
    ],
  ])("%s", (_name, grouping, group, horizon, expected) => {
    expect(state(grouping, group, horizon)).toBe(expected);
  });

  test("once no run has joined for its grace time, and says until then when that will be", () => {
    const grouping: Grouping = { by: "fill", graceMs: 2 * HOUR };
    const group = content("fill-7", { changedAt: 1_000 });
    expect(completion(grouping, group, {}, 2 * HOUR + 999)).toMatchObject({ complete: false, at: 2 * HOUR + 1_000 });
    expect(completion(grouping, group, {}, 2 * HOUR + 1_000)).toEqual({
      complete: true,
      why: "no run joined within the grace time",
    });
  });

  test("never again incomplete, whatever else is taken: a horizon only widens", () => {
    const groupings = fc.constantFrom<[Grouping, GroupContent]>(
      [{ by: "fill" }, content("fill-7")],
      [{ by: "span", lengthMs: HOUR }, content("2026-11-24T120000Z")],
      [{ by: "ranges", ranges: { b: [{ from: 3, to: 5 }] } }, content("b")],
    );
    const taken = fc.record({
      number: fc.nat(9),
      attributes: fc.record(
        { fill: fc.constantFrom(6, 7, 8), start: fc.constantFrom("2026-11-24T11:00:00Z", "2026-11-24T13:00:00Z") },
        { requiredKeys: [] },
      ),
    });
    fc.assert(
      fc.property(groupings, fc.array(taken), ([grouping, group], all) => {
        let horizon: Horizon = {};
        let complete = false;
        for (const one of all) {
          horizon = widen(horizon, one);
          const now = completion(grouping, group, horizon, 0).complete;
          if (complete) expect(now).toBe(true);
          complete = now;
        }
      }),
    );
  });

  test("a horizon is the same in whatever order the runs came", () => {
    const taken = fc.array(
      fc.record({ number: fc.nat(9), attributes: fc.record({ fill: fc.nat(9) }, { requiredKeys: [] }) }),
    );
    fc.assert(
      fc.property(taken, (all) => {
        const widest = (list: readonly GroupedRun[]) => list.reduce<Horizon>((horizon, one) => widen(horizon, one), {});
        expect(widest([...all].reverse())).toEqual(widest(all));
      }),
    );
  });
});

describe("the run of a group of one run", () => {
  test("is the one that it is named for, also where others were merged into it", () => {
    expect(ownRun({ by: "run" }, "8216", [run(8215), run(8216)])?.number).toBe(8216);
  });

  test("is none of a group of several", () => {
    expect(ownRun({ by: "fill" }, "fill-7", [run(1)])).toBeUndefined();
  });
});
