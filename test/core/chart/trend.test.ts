import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { axisOf } from "../../../src/core/chart/axis.ts";
import type { Shape } from "../../../src/core/chart/drawing.ts";
import { fitted, widthOf } from "../../../src/core/chart/lettering.ts";
import { numberInWords } from "../../../src/core/chart/numbers.ts";
import { MOST_POINTS, type Trend, type TrendPoint, trendOf } from "../../../src/core/chart/trend.ts";
import { within } from "./within.ts";

const values = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.double({ min: 0, max: 100, noNaN: true }),
  fc.integer({ min: -5, max: 5 }),
);
const signs = fc.constantFrom("<", "<=", ">", ">=", "==", "!=");
const trends: fc.Arbitrary<Trend> = fc.record({
  title: fc.string(),
  subtitle: fc.string(),
  limits: fc.array(fc.record({ sign: signs, value: values, words: fc.string() }), { maxLength: 4 }),
  points: fc.array(
    fc.record({ group: fc.string(), value: fc.option(values), failed: fc.boolean(), stale: fc.boolean() }),
    { maxLength: 300 },
  ),
});

describe("a trend", () => {
  test("lies within its edges, whatever the numbers and names are", () => {
    fc.assert(
      fc.property(trends, (trend) => {
        const drawing = trendOf(trend);
        expect(drawing.shapes.filter((shape) => !within(shape, drawing))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test("marks each value once, higher for a larger one", () => {
    fc.assert(
      fc.property(fc.array(values, { minLength: 2, maxLength: MOST_POINTS }), (all) => {
        const dots = marks(trendOf(trend(all.map((value) => point({ value })))).shapes).slice(0, -1);
        expect(dots).toHaveLength(all.length);
        for (const [index, dot] of dots.entries()) {
          const next = dots[index + 1];
          const [value, after] = [all[index] ?? 0, all[index + 1] ?? 0];
          if (!next) continue;
          expect(next.x).toBeGreaterThan(dot.x);
          if (after > value) expect(next.y).toBeLessThanOrEqual(dot.y);
          else expect(next.y).toBeGreaterThanOrEqual(dot.y);
        }
      }),
    );
  });

  test("breaks its curve where a value is missing, and marks what failed without one", () => {
    const points = [1, 2, null, 3, 4].map((value) => point({ value, failed: value === null }));
    const { shapes } = trendOf(trend(points));
    const curves = shapes.filter((shape) => shape.kind === "line" && shape.colour === "#8fbfdf");
    expect(curves.map((curve) => (curve.kind === "line" ? curve.points.length : 0))).toEqual([2, 2]);
    expect(marks(shapes).filter(({ sign }) => sign === "cross")).toHaveLength(2);
    expect(texts(shapes)).toContain("failed");
  });

  test("rings what is stale, and explains only what occurs", () => {
    const { shapes } = trendOf(trend([point({ value: 1, stale: true }), point({ value: 2 })]));
    expect(marks(shapes).filter(({ sign }) => sign === "ring")).toHaveLength(2);
    expect(texts(shapes)).toContain("stale");
    expect(texts(shapes)).not.toContain("failed");
  });

  test("draws what is asked for as a line, and colours where it is not met", () => {
    const limit = { sign: "<", value: 10, words: "metrics.x < 10" } as const;
    const { shapes } = trendOf({ ...trend([point({ value: 8 }), point({ value: 12 })]), limits: [limit] });
    const dashed = shapes.find((shape) => shape.kind === "line" && shape.dashed);
    const ground = shapes.find((shape) => shape.kind === "box");
    const [low, high] = marks(shapes);
    const y = dashed?.kind === "line" ? (dashed.points[0]?.[1] ?? 0) : 0;
    expect(texts(shapes)).toContain("metrics.x < 10");
    expect(low?.y).toBeGreaterThan(y);
    expect(high?.y).toBeLessThan(y);
    expect(ground?.kind === "box" && ground.y + ground.height).toBeCloseTo(y);
  });

  test("does not press the values together for something far away, but says where that is", () => {
    const limit = { sign: "<", value: 1e6, words: "metrics.x < 1000000" } as const;
    const { shapes } = trendOf({ ...trend([point({ value: 8 }), point({ value: 12 })]), limits: [limit] });
    expect(texts(shapes)).toContain("metrics.x < 1000000 (further up)");
    const [low, high] = marks(shapes);
    expect((low?.y ?? 0) - (high?.y ?? 0)).toBeGreaterThan(150);
  });

  test("says that there is no value yet", () => {
    expect(texts(trendOf(trend([point({ value: null })])).shapes)).toContain("No result has a value of it yet.");
  });
});

describe("an axis", () => {
  test.each([
    [[0, 100], ["0", "20", "40", "60", "80", "100"], undefined],
    [
      [1_013_250.001, 1_013_250.003],
      ["1.0132500010", "1.0132500015", "1.0132500020", "1.0132500025", "1.0132500030"],
      "10⁶",
    ],
    [[1e-9, 1], ["10⁻⁸", "10⁻⁶", "10⁻⁴", "10⁻²", "10⁰"], undefined],
    [[-1.7e308, 1.7e308], ["-1", "0", "1"], "10³⁰⁸"],
    [[5e-324, 1e-323], ["5", "6", "7", "8", "9", "10"], "10⁻³²⁴"],
  ])("of %j has labels that can be told apart: %j", (all, labels, times) => {
    const axis = axisOf(all, []);
    expect(axis.ticks.map(({ label }) => label)).toEqual(labels);
    expect(axis.times).toBe(times);
  });
});

describe("words", () => {
  test("never grow wider than there is room", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.nat(300), fc.boolean(), (words, most, bold) => {
        expect(widthOf(fitted(words, 10, most, bold), 10, bold)).toBeLessThanOrEqual(most);
      }),
    );
  });

  test("of a number have six digits, and a power of ten where it is needed", () => {
    expect([0, 8215, -3.123456789, 0.00123, 1.5e-9, 123456789, 1.5e300, 0.1 + 0.2].map(numberInWords)).toEqual([
      "0",
      "8215",
      "-3.12346",
      "0.00123",
      "1.5×10⁻⁹",
      "123456789",
      "1.5×10³⁰⁰",
      "0.3",
    ]);
  });
});

function trend(points: readonly TrendPoint[]): Trend {
  return { title: "x of t0/fit", subtitle: "", points, limits: [] };
}

function point(some: Partial<TrendPoint>): TrendPoint {
  return { group: "8215", value: null, failed: false, stale: false, ...some };
}

function marks(shapes: readonly Shape[]) {
  return shapes.filter((shape) => shape.kind === "mark");
}

function texts(shapes: readonly Shape[]): string[] {
  return shapes.flatMap((shape) => (shape.kind === "text" ? [shape.text] : []));
}
