import { describe, expect, test } from "vitest";
import { compile, type Expression, scope } from "../../../src/core/expression/expression.ts";
import { nextRound } from "../../../src/core/task/rounds.ts";
import type { Repeat, TaskDefinition } from "../../../src/core/workflow/workflow.ts";

const PLAIN: TaskDefinition = {
  name: "calibrate",
  needs: [],
  locks: [],
  run: ["true"],
  split: { by: "one" },
  executor: "local",
  severity: "warning",
  retries: 0,
  backoff: { firstMs: 0, factor: 1, maxMs: 0 },
  walltimeMs: 1,
  errors: [],
  env: {},
};
const until = compile("metrics.shift < 10", scope({ metrics: "map", iteration: "int" }), "bool") as Expression;
const repeating = (repeat: Partial<Repeat>): TaskDefinition => ({
  ...PLAIN,
  repeat: { max: 3, otherwise: "fail", ...repeat },
});

describe("after all jobs of a round have ended well", () => {
  test("a plain task is done", () => {
    expect(nextRound(PLAIN, 1, false, {})).toEqual({ kind: "done", why: null });
  });

  test("a task that combines its jobs does so once in each iteration", () => {
    const combining = { ...PLAIN, combine: ["fit"] };
    expect(nextRound(combining, 1, false, {})).toEqual({ kind: "combine" });
    expect(nextRound(combining, 1, true, {})).toEqual({ kind: "done", why: null });
  });

  test("a task that repeats goes on until its condition holds", () => {
    expect(nextRound(repeating({ until }), 1, false, { shift: 33 })).toEqual({ kind: "iterate" });
    expect(nextRound(repeating({ until }), 2, false, { shift: 9 })).toEqual({
      kind: "done",
      why: "metrics.shift < 10 after 2 iterations",
    });
    expect(nextRound(repeating({ until }), 1, false, { shift: 9 })).toEqual({
      kind: "done",
      why: "metrics.shift < 10 after 1 iteration",
    });
  });

  test("a task that has not got there after its last iteration has failed, or is accepted as declared", () => {
    expect(nextRound(repeating({ until }), 3, false, { shift: 33 })).toEqual({
      kind: "fail",
      why: "metrics.shift < 10 does not hold after 3 iterations",
    });
    expect(nextRound(repeating({ until, otherwise: "accept" }), 3, false, { shift: 33 })).toEqual({
      kind: "done",
      why: "metrics.shift < 10 does not hold after 3 iterations; accepted as declared",
    });
  });

  test("a task whose condition cannot be decided has failed: unknown is not success, nor a reason to go on", () => {
    for (const otherwise of ["fail", "accept"] as const)
      expect(nextRound(repeating({ until, otherwise }), 1, false, {})).toEqual({
        kind: "fail",
        why: "metrics.shift < 10 cannot be decided: shift is not known yet",
      });
  });

  test("a task without a condition repeats as often as it is told", () => {
    expect(nextRound(repeating({}), 2, false, {})).toEqual({ kind: "iterate" });
    expect(nextRound(repeating({}), 3, false, {})).toEqual({ kind: "done", why: "3 iterations" });
    expect(nextRound(repeating({ max: 1 }), 1, false, {})).toEqual({ kind: "done", why: "1 iteration" });
  });
});
