import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { scopesOf } from "../../../src/core/config/surroundings.ts";
import { compile, isProblem } from "../../../src/core/expression/expression.ts";
import type { Metrics } from "../../../src/core/job/outputs.ts";
import { judge } from "../../../src/core/validation/judge.ts";
import { historyOf, type Seen } from "../../../src/core/validation/seen.ts";
import type { Validation } from "../../../src/core/validation/thresholds.ts";

const SCOPES = scopesOf({});

function expression(text: string) {
  const compiled = compile(text, SCOPES.validate, "bool");
  if (isProblem(compiled)) throw new Error(`${compiled.what}; ${compiled.instead}`);
  return compiled;
}

function validation({ accept, veto }: { accept?: string; veto?: string }, more: Partial<Validation> = {}): Validation {
  return {
    thresholds: [
      {
        kind: "condition",
        name: "shift",
        accept: accept === undefined ? undefined : expression(accept),
        veto: veto === undefined ? undefined : expression(veto),
      },
    ],
    referenceRun: undefined,
    window: 20,
    first: "ask",
    ...more,
  };
}

function seen(metrics: Metrics, earlier: readonly Metrics[] = [], reference?: Metrics): Seen {
  return { metrics, previous: earlier[0], reference, history: historyOf(earlier) };
}

const MOVES = { accept: "abs(metrics.shift - previous.shift) < 5", veto: "metrics.shift > 100" };

function one(of: Validation, what: Seen) {
  const { verdict, findings } = judge(of, what);
  const [finding] = findings;
  if (findings.length !== 1 || !finding || finding.verdict !== verdict) throw new Error("expected one finding");
  return finding;
}

describe("a threshold of conditions", () => {
  test("accepts what its accept holds for, with the numbers that it read", () => {
    expect(one(validation(MOVES), seen({ shift: 12, other: 3 }, [{ shift: 10 }]))).toEqual({
      name: "shift",
      verdict: "accept",
      detail: "abs(metrics.shift - previous.shift) < 5 holds (metrics.shift 12, previous.shift 10)",
      numbers: { "metrics.shift": 12, "previous.shift": 10 },
    });
  });

  test("vetoes what its veto holds for, whatever its accept says", () => {
    expect(one(validation(MOVES), seen({ shift: 101 }, [{ shift: 101 }]))).toMatchObject({
      verdict: "veto",
      detail: "metrics.shift > 100 holds (metrics.shift 101)",
    });
  });

  test("asks about what is neither", () => {
    expect(one(validation(MOVES), seen({ shift: 20 }, [{ shift: 10 }]))).toMatchObject({
      verdict: "ask",
      detail: "abs(metrics.shift - previous.shift) < 5 does not hold (metrics.shift 20, previous.shift 10)",
    });
    expect(one(validation({ veto: MOVES.veto }), seen({ shift: 20 }))).toMatchObject({
      verdict: "ask",
      detail: "nothing accepts it, and metrics.shift > 100 does not hold (metrics.shift 20)",
    });
  });

  test("compares with what earlier results come to, and keeps that", () => {
    const earlier = [{ shift: 10 }, { shift: 12 }, { shift: 14, extra: 1 }];
    const limits = validation({
      accept: "history.count >= 3 && abs(metrics.shift - history.mean.shift) <= 3 * history.sigma.shift",
    });
    const finding = one(limits, seen({ shift: 15 }, earlier));
    expect(finding.verdict).toBe("accept");
    expect(finding.numbers).toEqual({
      "history.count": 3,
      "metrics.shift": 15,
      "history.mean.shift": 12,
      "history.sigma.shift": expect.closeTo(1.633, 3),
    });
    expect(one(limits, seen({ shift: 18 }, earlier)).verdict).toBe("ask");
  });

  test.each<[string, { accept?: string; veto?: string }, Seen, string]>([
    [
      "a metric of the result",
      { accept: "metrics.gain < 5" },
      seen({ shift: 1 }),
      "the result has no gain, so metrics.gain < 5 cannot be decided",
    ],
    [
      "a metric of the result that the veto reads",
      { accept: "metrics.shift < 5", veto: "metrics.gain > 5" },
      seen({ shift: 1 }),
      "the result has no gain, so metrics.gain > 5 cannot be decided",
    ],
    [
      "a metric of the result, where the other half of an or holds",
      { accept: "metrics.shift < 5 || metrics.gain < 5" },
      seen({ shift: 1 }),
      "the result has no gain, so metrics.shift < 5 || metrics.gain < 5 cannot be decided",
    ],
    [
      "a metric of the result before",
      { accept: "metrics.shift < previous.gain" },
      seen({ shift: 1 }, [{ shift: 1 }]),
      "the result before has no gain, so metrics.shift < previous.gain cannot be decided",
    ],
    [
      "a metric of all results before",
      { accept: "metrics.shift < history.max.gain" },
      seen({ shift: 1 }, [{ shift: 1 }]),
      "no earlier result has gain, so metrics.shift < history.max.gain cannot be decided",
    ],
    [
      "the reference",
      { accept: "metrics.shift < reference.shift" },
      seen({ shift: 1 }),
      "the reference has no result, so metrics.shift < reference.shift cannot be decided",
    ],
  ])("asks where it cannot know %s", (_, conditions, what, detail) => {
    expect(one(validation(conditions, { first: "accept" }), what)).toMatchObject({ verdict: "ask", detail });
  });

  test("says of the first result what is declared of it, but not of one that is outside its limits anyway", () => {
    const first = seen({ shift: 1 });
    expect(one(validation(MOVES), first)).toMatchObject({
      verdict: "ask",
      detail: "the first result: there is no earlier one to compare it with",
    });
    const accepted = validation(MOVES, { first: "accept" });
    expect(one(accepted, first).verdict).toBe("accept");
    expect(one(accepted, seen({ shift: 101 })).verdict).toBe("veto");
    const partly = { accept: "metrics.shift < 5 && metrics.shift < previous.shift" };
    expect(one(validation(partly, { first: "accept" }), seen({ shift: 9 })).verdict).toBe("ask");
  });

  test("keeps what it read as a whole", () => {
    const all = validation({ accept: "metrics.all(name, metrics[name] < 5)" });
    expect(one(all, seen({ a: 1, b: 2 })).numbers).toEqual({ "metrics.a": 1, "metrics.b": 2 });
  });
});

test("the verdict is the worst of all thresholds", () => {
  const both: Validation = {
    ...validation(MOVES),
    thresholds: [
      ...validation({ accept: "metrics.shift < 50" }).thresholds,
      ...validation({ accept: "metrics.gain < 1" }).thresholds,
    ],
  };
  expect(judge(both, seen({ shift: 1, gain: 0 })).verdict).toBe("accept");
  expect(judge(both, seen({ shift: 1, gain: 2 })).verdict).toBe("ask");
});

test("what is not known is never accepted, whichever of its numbers are missing", () => {
  const all = ["metrics", "previous", "reference", "history"] as const;
  fc.assert(
    fc.property(
      fc.subarray([...all]),
      fc.subarray([...all], { minLength: 1 }),
      fc.constantFrom("&&", "||"),
      fc.boolean(),
      (known, read, operator, asVeto) => {
        const metrics = (of: (typeof all)[number]) => (known.includes(of) ? { shift: 1 } : { other: 1 });
        const what: Seen = {
          metrics: metrics("metrics"),
          previous: metrics("previous"),
          reference: metrics("reference"),
          history: historyOf([metrics("history")]),
        };
        const words = read.map((of) => `${of === "history" ? "history.mean" : of}.shift < 5`).join(` ${operator} `);
        const limits = asVeto ? { accept: "true", veto: `!(${words})` } : { accept: words };
        const { verdict } = judge(validation(limits, { first: "accept" }), what);
        expect(verdict).toBe(read.every((of) => known.includes(of)) ? "accept" : "ask");
      },
    ),
  );
});

test("what earlier results come to lies between the least and the most of them", () => {
  const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(values, (all) => {
      const { count, min, max, mean, sigma } = historyOf(all.map((shift) => ({ shift })));
      expect([count, min["shift"], max["shift"]]).toEqual([all.length, Math.min(...all), Math.max(...all)]);
      const [least = 0, most = 0, middle = 0, width = 0] = [min, max, mean, sigma].map((of) => of["shift"]);
      expect(middle).toBeGreaterThanOrEqual(least - 1e-6);
      expect(middle).toBeLessThanOrEqual(most + 1e-6);
      expect(width).toBeLessThanOrEqual((most - least) / 2 + 1e-6);
    }),
  );
});
