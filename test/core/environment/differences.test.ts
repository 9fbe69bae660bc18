import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { differencesOf } from "../../../src/core/environment/differences.ts";

const OF = { workflow: "t0", name: "calibrate", groupKey: "8215" };
const change = (before: number, after: number) => differencesOf(OF, { x: before }, { x: after })[0]?.change;

describe("metrics of a task before and after", () => {
  test("stand side by side in the order of their names, with what is missing on one side", () => {
    expect(differencesOf(OF, { shift: 2, old: 1 }, { fresh: 0, shift: 2.05 })).toEqual([
      { group: "8215", task: "t0/calibrate", metric: "fresh", before: null, after: 0, change: "new" },
      { group: "8215", task: "t0/calibrate", metric: "old", before: 1, after: null, change: "gone" },
      { group: "8215", task: "t0/calibrate", metric: "shift", before: 2, after: 2.05, change: "+2.5 %" },
    ]);
  });

  test.each([
    [2, 2, ""],
    [2, 3, "+50 %"],
    [3, 2, "-33.3 %"],
    [-2, -3, "-50 %"],
    [-2, 1, "+150 %"],
    [0, 0.12345, "+0.123"],
    [0, -3, "-3"],
    [1_000_000, 1_000_001, "+0.0001 %"],
    [0.1, 0.30000000000000004, "+200 %"],
  ])("%d and %d differ by %s", (before, after, expected) => {
    expect(change(before, after)).toBe(expected);
  });

  test("have no difference when they are the same, and one with its sign when they are not", () => {
    const metric = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => Math.round(value * 1e3) / 1e3 + 0);
    fc.assert(
      fc.property(metric, metric, (before, after) => {
        const sign = after > before ? "+" : after < before ? "-" : "";
        expect(change(before, after)?.slice(0, 1)).toBe(sign);
      }),
    );
  });

  test("may be called like what every object has", () => {
    const strange = JSON.parse('{"constructor": 2, "__proto__": 3}');
    expect(differencesOf(OF, {}, strange).map((one) => [one.metric, one.before, one.after])).toEqual([
      ["__proto__", null, 3],
      ["constructor", null, 2],
    ]);
    expect(differencesOf(OF, strange, {}).map((one) => one.change)).toEqual(["gone", "gone"]);
  });

  test("are none where there are none", () => {
    expect(differencesOf(OF, {}, {})).toEqual([]);
  });
});
