import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { limitsOf, meets } from "../../../src/core/chart/limits.ts";
import { compile, type Expression, scope } from "../../../src/core/expression/expression.ts";
import type { TaskDefinition } from "../../../src/core/workflow/workflow.ts";

const SCOPE = scope({ metrics: "map", iteration: "int" });

function asking(until: string): TaskDefinition {
  const expression = compile(until, SCOPE, "bool") as Expression;
  return { repeat: { until: expression, max: 3, otherwise: "fail" } } as TaskDefinition;
}

describe("what the configuration asks of a metric", () => {
  test.each([
    ["metrics.x < 10", ["< 10"]],
    ['metrics["x"] <= 10.5', ["<= 10.5"]],
    ["10 > metrics.x", ["< 10"]],
    ["metrics.x < 10 && metrics.y > 2", ["< 10"]],
    ["metrics.x > -1 && metrics.x < 1 && iteration > 2", ["> -1", "< 1"]],
    ["!(metrics.x >= 5)", ["< 5"]],
    ["metrics.x < 10 || iteration > 2", []],
    ["metrics.x * 2.0 < 10.0", []],
    ["metrics.xx < 10", []],
    ["iteration > 2", []],
  ])("%s", (until, expected) => {
    const limits = limitsOf("x", asking(until));
    expect(limits.map(({ sign, value }) => `${sign} ${value}`)).toEqual(expected);
  });

  test("is what its thresholds accept, too, and not what they veto", () => {
    const threshold = (accept?: string, veto?: string) => ({
      kind: "condition" as const,
      name: "x",
      accept: accept === undefined ? undefined : (compile(accept, SCOPE, "bool") as Expression),
      veto: veto === undefined ? undefined : (compile(veto, SCOPE, "bool") as Expression),
    });
    const thresholds = [threshold("metrics.x < 5", "metrics.x > 50"), threshold(undefined, "metrics.x < 1")];
    const validation = { thresholds, referenceRun: undefined, window: 20, first: "ask" as const };
    const limits = limitsOf("x", { ...asking("metrics.x < 10 && metrics.y < 2"), validation });
    expect(limits.map(({ words }) => words)).toEqual(["metrics.x < 10", "metrics.x < 5"]);
  });

  test("is nothing where nothing is asked", () => {
    expect(limitsOf("x", undefined)).toEqual([]);
    expect(limitsOf("x", { name: "fit" } as TaskDefinition)).toEqual([]);
  });

  test("can be looked for under any name that a job may have given", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (name) => {
        expect(limitsOf(name, asking("metrics.y < 10"))).toEqual(
          name === "y" ? limitsOf("y", asking("metrics.y < 10")) : [],
        );
      }),
    );
  });

  test("is met, or not", () => {
    const all = ["<", "<=", ">", ">=", "==", "!="] as const;
    const met = (value: number) => all.filter((sign) => meets(value, { sign, value: 10, words: "" }));
    expect([met(9), met(10), met(11)]).toEqual([
      ["<", "<=", "!="],
      ["<=", ">=", "=="],
      [">", ">=", "!="],
    ]);
  });
});
