import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile, holds, isProblem, scope } from "../../../src/core/expression/expression.ts";
import { conditionChanges } from "../../../src/core/plan/condition.ts";

const UNTIL = { of: "t0/calibrate", what: "repeat.until" };
const list = (text: string | undefined) => (text === undefined ? [] : [text]);
/** `looser: a -> b`, a line for each part. */
const changes = (before: string | undefined, after: string | undefined) =>
  conditionChanges(UNTIL, list(before), list(after)).map(
    ({ direction, from, to }) => `${direction}: ${from ?? "nothing"} -> ${to ?? "nothing"}`,
  );

describe("a condition that changed is", () => {
  test.each<[string, string | undefined, string | undefined, string[]]>([
    ["looser with a higher upper bound", "m.a < 10", "m.a < 20", ["looser: m.a < 10 -> m.a < 20"]],
    ["stricter with a lower upper bound", "m.a < 10", "m.a < 2.5", ["stricter: m.a < 10 -> m.a < 2.5"]],
    ["looser with a lower lower bound", "m.a >= 10", "m.a >= -10", ["looser: m.a >= 10 -> m.a >= -10"]],
    ["looser where the bound itself is let through", "m.a < 10", "m.a <= 10", ["looser: m.a < 10 -> m.a <= 10"]],
    ["the same where its sides are turned", "m.a < 10", "10 > m.a", ["same: m.a < 10 -> 10 > m.a"]],
    ["the same where it is denied twice", "m.a < 10", "!(m.a >= 10.0)", ["same: m.a < 10 -> !(m.a >= 10.0)"]],
    ["the same where a key is written otherwise", "m.a < 10", 'm["a"] < 10', ['same: m.a < 10 -> m["a"] < 10']],
    ["looser where what it denies got rarer", "!(m.a > 10)", "!(m.a > 20)", ["looser: !(m.a > 10) -> !(m.a > 20)"]],
    [
      "looser by a longer time",
      'r.d < duration("1h")',
      'r.d < duration("90m")',
      ['looser: r.d < duration("1h") -> r.d < duration("90m")'],
    ],
    [
      "stricter by a later moment",
      'r.s > timestamp("2026-01-01T00:00:00Z")',
      'r.s > timestamp("2026-02-01T00:00:00Z")',
      ['stricter: r.s > timestamp("2026-01-01T00:00:00Z") -> r.s > timestamp("2026-02-01T00:00:00Z")'],
    ],
    ["looser where the constant is reckoned", "m.a < 2 * 5", "m.a < 4 * 5", ["looser: m.a < 2 * 5 -> m.a < 4 * 5"]],
    ["looser by numbers that are very small", "m.a < 1e-12", "m.a < 1e-11", ["looser: m.a < 1e-12 -> m.a < 1e-11"]],
    ["looser without one of its parts", "m.a < 10 && m.b < 5", "m.a < 10", ["looser: m.b < 5 -> nothing"]],
    ["stricter with one part more", "m.a < 10", "m.a < 10 && m.b < 5", ["stricter: nothing -> m.b < 5"]],
    ["looser with another way to meet it", "m.a < 10", "m.a < 10 || m.b", ["looser: m.a < 10 -> m.a < 10 || m.b"]],
    ["looser where it is always met", "m.a < 10", "m.a < 10 || true", ["looser: m.a < 10 -> m.a < 10 || true"]],
    ["looser where nothing is asked any more", "m.a < 10", undefined, ["looser: m.a < 10 -> nothing"]],
    ["stricter where something is asked at last", undefined, "m.a < 10", ["stricter: nothing -> m.a < 10"]],
    ["stricter where it is never met", "m.a < 10", "false", ["stricter: m.a < 10 -> false"]],
    [
      "looser with more in its list",
      'r.t in ["a", "b"]',
      'r.t in ["a", "b", "c"]',
      ['looser: r.t in ["a", "b"] -> r.t in ["a", "b", "c"]'],
    ],
    [
      "looser from one to a list with it",
      'r.t == "a"',
      "r.t in ['b', 'a']",
      ["looser: r.t == \"a\" -> r.t in ['b', 'a']"],
    ],
    [
      "looser with less that is not let through",
      'r.t != "a" && r.t != "b"',
      'r.t != "a"',
      ['looser: r.t != "b" -> nothing'],
    ],
    [
      "the same for a list that is denied, one by one",
      '!(r.t in ["a", "b"])',
      'r.t != "a" && r.t != "b"',
      ['same: !(r.t in ["a", "b"]) -> r.t != "a" && r.t != "b"'],
    ],
    ["changed for another value", 'r.t == "a"', 'r.t == "b"', ['changed: r.t == "a" -> r.t == "b"']],
    ["changed for the other side of a bound", "m.a < 10", "m.a > 10", ["changed: m.a < 10 -> m.a > 10"]],
    ["changed for another measure", "m.a < 10", "m.b < 20", ["changed: m.a < 10 -> m.b < 20"]],
    [
      "changed where the kinds differ",
      "m.a < 10",
      'm.a < duration("10s")',
      ['changed: m.a < 10 -> m.a < duration("10s")'],
    ],
    [
      "changed in what cannot be looked into",
      "m.all(k, m[k] < 10)",
      "m.all(k, m[k] < 20)",
      ["changed: m.all(k, m[k] < 10) -> m.all(k, m[k] < 20)"],
    ],
    [
      "changed where brackets matter",
      "(m.a - m.b) - m.c < 1",
      "m.a - (m.b - m.c) < 1",
      ["changed: (m.a - m.b) - m.c < 1 -> m.a - (m.b - m.c) < 1"],
    ],
  ])("%s", (_name, before, after, expected) => {
    expect(changes(before, after)).toEqual(expected);
  });

  test("looser in one part, stricter in another: neither hides the other", () => {
    expect(changes("m.a > 1 && m.a < 5 && m.b", "m.b && m.a > 0 && m.a < 4")).toEqual([
      "looser: m.a > 1 -> m.a > 0",
      "stricter: m.a < 5 -> m.a < 4",
    ]);
    expect(changes("m.a < 10 && m.b < 5", "m.a < 20 && m.c < 5")).toEqual([
      "looser: m.a < 10 -> m.a < 20",
      "changed: m.b < 5 -> m.c < 5",
    ]);
  });

  test("not told at all where only spaces and comments differ", () => {
    expect(changes("m.a<10&&m.t == 'a  b'", "m.a < 10 // picoseconds\n && m.t=='a  b'")).toEqual([]);
    expect(changes("m.t == 'a  b'", "m.t == 'a b'")).toHaveLength(1);
  });

  test("the same without a part that another one says already", () => {
    expect(changes("m.a < 10 && m.a < 5", "m.a < 5")).toEqual(["same: m.a < 10 && m.a < 5 -> m.a < 5"]);
  });

  test("looked at in no time, however deep it is nested", () => {
    const nested = (depth: number, by: number): string =>
      depth === 0
        ? `m.a < ${by}`
        : `(${nested(depth - 1, by)} ${depth % 2 === 0 ? "&&" : "||"} m.x${depth} > ${depth + by})`;
    const began = performance.now();
    expect(changes(nested(40, 1), nested(40, 2)).length).toBeGreaterThan(0);
    expect(changes(Array(9_000).fill("m.a < 1").join(" && "), "m.a < 1")).toHaveLength(1);
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});

describe("one bound", () => {
  const number = fc.oneof(fc.integer({ min: -50, max: 50 }), fc.double({ min: -1e6, max: 1e6, noNaN: true }));
  const flip = { "<": ">", "<=": ">=", ">": "<", ">=": "<=" } as const;
  const opposite = { "<": ">=", "<=": ">", ">": "<=", ">=": "<" } as const;
  type Sign = keyof typeof flip;
  /** One comparison in one of the ways in which it can be written. */
  const written = (sign: Sign, value: number, way: number) => {
    const text = String(value);
    if (way === 0) return `m.a ${sign} ${text}`;
    if (way === 1) return `${text} ${flip[sign]} m.a`;
    if (way === 2) return `!(m.a ${opposite[sign]} ${text})`;
    return `!(!(${text} ${flip[sign]} m.a))`;
  };
  const way = fc.integer({ min: 0, max: 3 });

  test("is looser exactly where it lets more through, however it is written", () => {
    fc.assert(
      fc.property(fc.constantFrom<Sign>("<", "<=", ">", ">="), number, number, way, way, (sign, x, y, one, other) => {
        const [found] = changes(written(sign, x, one), written(sign, y, other));
        const kind = found?.split(":")[0] ?? "same";
        const isUpper = sign[0] === "<";
        expect(kind).toBe(x === y ? "same" : y > x === isUpper ? "looser" : "stricter");
      }),
      { numRuns: 500 },
    );
  });
});

describe("any two conditions", () => {
  const within = scope({ m: "map" });
  const atom = fc
    .tuple(
      fc.constantFrom("m.a", "m.b"),
      fc.constantFrom("<", "<=", ">", ">=", "==", "!="),
      fc.integer({ min: 0, max: 3 }),
      fc.boolean(),
    )
    .map(([subject, sign, value, turned]) => (turned ? `${value} ${sign} ${subject}` : `${subject} ${sign} ${value}`));
  const member = fc
    .tuple(fc.constantFrom("m.a", "m.b"), fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }))
    .map(([subject, values]) => `${subject} in [${values.join(", ")}]`);
  const { condition } = fc.letrec<{ condition: string }>((tie) => ({
    condition: fc.oneof(
      { depthSize: "small" },
      atom,
      member,
      fc
        .tuple(tie("condition"), fc.constantFrom("&&", "||"), tie("condition"))
        .map(([a, join, b]) => `(${a}) ${join} (${b})`),
      tie("condition").map((inner) => `!(${inner})`),
    ),
  }));
  /** For which values it holds. */
  const passes = (text: string) => {
    const compiled = compile(text, within, "bool");
    if (isProblem(compiled)) throw new Error(compiled.what);
    const grid = [-1, 0, 1, 2, 3, 4].flatMap((a) => [-1, 0, 1, 2, 3, 4].map((b) => ({ a, b })));
    return grid.map((m) => holds(compiled, { m }) === true);
  };

  test("are never called looser where something does not pass any more, nor stricter where something passes anew", () => {
    fc.assert(
      fc.property(condition, condition, (before, after) => {
        const directions = new Set(conditionChanges(UNTIL, [before], [after]).map(({ direction }) => direction));
        if (directions.size !== 1) return;
        const [old, now] = [passes(before), passes(after)];
        const lost = old.some((passed, index) => passed && !now[index]);
        const gained = now.some((passed, index) => passed && !old[index]);
        if (directions.has("looser")) expect(lost).toBe(false);
        if (directions.has("stricter")) expect(gained).toBe(false);
        if (directions.has("same")) expect([lost, gained]).toEqual([false, false]);
      }),
      { numRuns: 2_000 },
    );
  });

  test("that let more through are never told as stricter or the same alone", () => {
    fc.assert(
      fc.property(condition, condition, (before, after) => {
        const [old, now] = [passes(before), passes(after)];
        if (!now.some((passed, index) => passed && !old[index])) return;
        const told = conditionChanges(UNTIL, [before], [after]).map(({ direction }) => direction);
        expect(told.some((direction) => direction === "looser" || direction === "changed")).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test("tell the opposite where they change places", () => {
    const opposite = { looser: "stricter", stricter: "looser", same: "same", changed: "changed" } as const;
    fc.assert(
      fc.property(atom, atom, (before, after) => {
        const there = conditionChanges(UNTIL, [before], [after]).map(({ direction }) => direction);
        const back = conditionChanges(UNTIL, [after], [before]).map(({ direction }) => opposite[direction]);
        expect(back).toEqual(there);
      }),
    );
  });
});
