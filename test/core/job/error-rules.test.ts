// biome-ignore-all lint/suspicious/noThenProperty: it is the word of the configuration, and nobody awaits a rule.
import { describe, expect, test } from "vitest";
import { waitAfter } from "../../../src/core/job/backoff.ts";
import { type ErrorRule, ruleFor } from "../../../src/core/job/error-rules.ts";
import { CAUSES, failureInWords } from "../../../src/core/job/failure.ts";

const RULES: readonly ErrorRule[] = [
  { exit: [3, 4], log: /no space/, then: "hold" },
  { exit: [3], then: "fail" },
  { cause: "walltime", then: "retry" },
  { log: /Segmentation fault/, then: "skip" },
];
const chosen = (failure: Parameters<typeof ruleFor>[1], ...lines: string[]) =>
  ruleFor(RULES, failure, new Set(lines))?.then;

describe("the rule for a failure", () => {
  test("is the first of which every condition holds", () => {
    expect(chosen({ cause: "exit", exitCode: 3 }, "no space")).toBe("hold");
    expect(chosen({ cause: "exit", exitCode: 3 })).toBe("fail");
    expect(chosen({ cause: "exit", exitCode: 4 })).toBeUndefined();
    expect(chosen({ cause: "walltime" })).toBe("retry");
    expect(chosen({ cause: "signal", signal: "SIGSEGV" }, "Segmentation fault")).toBe("skip");
  });

  test("is not one about exit codes where there was none", () => {
    expect(ruleFor([{ exit: [0], then: "fail" }], { cause: "signal" }, new Set())).toBeUndefined();
  });
});

test("every cause has words that go on a sentence about a job", () => {
  for (const cause of CAUSES) expect(failureInWords({ cause, exitCode: 3, signal: "SIGKILL" })).toMatch(/^[a-z]/);
  expect(failureInWords({ cause: "exit", exitCode: 3 })).toBe("exit code 3");
  expect(failureInWords({ cause: "signal" })).toBe("killed by a signal");
});

test("the wait after a failure grows by its factor up to the most", () => {
  const backoff = { firstMs: 1_000, factor: 3, maxMs: 10_000 };
  expect([0, 1, 2, 3, 4].map((failures) => waitAfter(backoff, failures))).toEqual([1_000, 1_000, 3_000, 9_000, 10_000]);
  expect(waitAfter({ firstMs: 0, factor: 2, maxMs: 0 }, 2_000)).toBe(0);
  expect(waitAfter(backoff, 100_000)).toBe(10_000);
});
