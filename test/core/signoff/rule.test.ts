import { describe, expect, test } from "vitest";
import { compile, isProblem, scope } from "../../../src/core/expression/expression.ts";
import { dueAt, outcomeOf, ruleOfOwner, type SignoffRule, stepsInWords } from "../../../src/core/signoff/rule.ts";
import { AT } from "../../contracts/things.ts";

const HOUR = 3_600_000;

function rule(auto?: string): SignoffRule {
  const compiled = auto === undefined ? undefined : compile(auto, scope({ metrics: "map", verdict: "string" }), "bool");
  if (compiled && isProblem(compiled)) throw new Error(compiled.what);
  return { ...ruleOfOwner("timing"), auto: compiled };
}

const judged = (verdict: "accept" | "ask") => ({
  verdict,
  findings: [{ name: "shift", verdict, detail: "12 ps, at most 10", numbers: { max: 12 } }],
});

describe("what a task came to", () => {
  test.each([
    ["nothing declared", undefined, undefined, { kind: "none" }],
    ["within its thresholds, and nobody declared", undefined, judged("accept"), { kind: "none" }],
    [
      "a threshold that asks, and nobody declared",
      undefined,
      judged("ask"),
      { kind: "ask", why: "shift: 12 ps, at most 10" },
    ],
    ["people declared and no rule", rule(), undefined, { kind: "ask", why: "it is declared to be signed by people" }],
    ["a rule that holds", rule("metrics.max < 2"), undefined, { kind: "sign", why: "metrics.max < 2 holds (max 1.4)" }],
    ["a rule that holds, but a threshold asks", rule("metrics.max < 2"), judged("ask"), { kind: "ask" }],
    ["a rule over the verdict", rule('verdict == "accept"'), judged("accept"), { kind: "sign" }],
    ["a rule over a verdict that is not there", rule('verdict == "accept"'), undefined, { kind: "ask" }],
    [
      "a rule that does not hold",
      rule("metrics.max < 1"),
      undefined,
      { kind: "ask", why: "metrics.max < 1 does not hold" },
    ],
    ["a rule over a number that is not there", rule("metrics.mean < 1"), undefined, { kind: "ask" }],
  ])("%s", (_name, declared, judgement, expected) => {
    expect(outcomeOf(declared, judgement, { max: 1.4 })).toMatchObject(expected);
  });
});

describe("a deadline", () => {
  test.each([
    ["none", undefined, AT, null],
    ["after it was asked", { afterMs: HOUR, from: "asked" as const }, AT - 5 * HOUR, AT + HOUR],
    ["after the end of the run", { afterMs: 48 * HOUR, from: "release" as const }, AT - 5 * HOUR, AT + 43 * HOUR],
    ["of a run whose end nobody knows", { afterMs: HOUR, from: "release" as const }, undefined, AT + HOUR],
  ])("%s", (_name, due, newestEnd, expected) => {
    expect(dueAt(due, newestEnd, AT)).toBe(expected);
  });
});

test("steps read as people say them", () => {
  const steps = [
    { role: "timing", approvals: 2, deputies: [] },
    { role: "manager", approvals: 1, deputies: ["ann", "expert"] },
  ];
  expect(stepsInWords(steps)).toBe("2 of timing, then manager (or ann, expert)");
});
