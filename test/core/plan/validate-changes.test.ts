import { expect, test } from "vitest";
import { compile, isProblem, scope } from "../../../src/core/expression/expression.ts";
import { validateChanges, validateSettings } from "../../../src/core/plan/validate-changes.ts";
import type { ChannelThreshold, ConditionThreshold, Validation } from "../../../src/core/validation/thresholds.ts";

function expression(text: string) {
  const compiled = compile(text, scope({ metrics: "map" }), "bool");
  if (isProblem(compiled)) throw new Error(compiled.what);
  return compiled;
}

const shift = (accept?: string, veto?: string): ConditionThreshold => ({
  kind: "condition",
  name: "shift",
  accept: accept === undefined ? undefined : expression(accept),
  veto: veto === undefined ? undefined : expression(veto),
});
const T0: ChannelThreshold = {
  kind: "channels",
  name: "t0",
  prefix: "t0_",
  error: "t0err_",
  against: "previous",
  act: 0.5,
  significance: 3,
  most: 20,
  mostError: undefined,
  mayAsk: 0,
};
const of = (...thresholds: Validation["thresholds"]): Validation => ({
  thresholds,
  referenceRun: undefined,
  window: 20,
  first: "ask",
});
const told = (before: Validation | undefined, after: Validation | undefined) =>
  validateChanges("t0/fit", before, after).map(
    ({ what, from, to, direction }) => `${direction}: ${what} ${from} -> ${to}`,
  );

test("what accepts more, or vetoes less, is looser", () => {
  const one = shift("metrics.shift < 5", "metrics.shift > 100");
  expect(told(of(one), of(one))).toEqual([]);
  expect(told(of(one), of(shift("metrics.shift < 9", "metrics.shift > 200")))).toEqual([
    "looser: validate.shift.accept metrics.shift < 5 -> metrics.shift < 9",
    "looser: validate.shift.veto metrics.shift > 100 -> metrics.shift > 200",
  ]);
  expect(told(of(shift("metrics.shift < 9")), of(one))).toEqual([
    "stricter: validate.shift.accept metrics.shift < 9 -> metrics.shift < 5",
    "stricter: validate.shift.veto null -> metrics.shift > 100",
  ]);
  expect(told(of(shift(undefined, "metrics.shift > 9")), of(shift("true")))).toEqual([
    "looser: validate.shift.accept null -> true",
    "looser: validate.shift.veto metrics.shift > 9 -> null",
  ]);
  expect(told(of(one, T0), { ...of(one), first: "accept" })).toEqual([
    "looser: validate t0 -> null",
    "looser: validate.first ask -> accept",
  ]);
  expect(told(undefined, of(one))).toEqual(["stricter: validate null -> shift"]);
  expect(told(of(T0), of({ ...one, name: "t0" }))).toEqual(["changed: validate.t0 channels -> condition"]);
});

test("limits of channels that let more through are looser", () => {
  const looser = { ...T0, act: 1, significance: 5, most: 30, mayAsk: 2 };
  expect(told(of(T0), of(looser))).toEqual([
    "looser: validate.t0.act 0.5 -> 1",
    "looser: validate.t0.significance 3 -> 5",
    "looser: validate.t0.most 20 -> 30",
    "looser: validate.t0.may-ask 0 -> 2",
  ]);
  expect(told(of(T0), of({ ...T0, mostError: 10, against: "reference" }))).toEqual([
    "changed: validate.t0.against previous -> reference",
    "stricter: validate.t0.most-error none -> 10",
  ]);
});

test("what results are compared with is a setting", () => {
  expect(validateSettings({ ...of(T0), referenceRun: 7214 })).toEqual([
    ["validate.reference", "run 7214"],
    ["validate.window", "20"],
  ]);
});
