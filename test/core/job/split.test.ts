import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile, type Expression, scope } from "../../../src/core/expression/expression.ts";
import type { Values } from "../../../src/core/expression/types.ts";
import { MOST_JOBS, sharesOf } from "../../../src/core/job/split.ts";
import type { Split } from "../../../src/core/workflow/workflow.ts";

const within = scope({}, { bursts: "int", luminosity: "double", sectors: "list" });
const expression = (text: string, wanted: "int" | "dyn" = "dyn") => compile(text, within, wanted) as Expression;
const shares = (split: Split, values: Values = {}, files: readonly string[] = []) => {
  const found = sharesOf(split, values, files);
  return "shares" in found ? found.shares : found.problem;
};
const number = (text: string): Split => ({ by: "number", jobs: expression(text, "int") });

describe("a task becomes", () => {
  test("one job", () => {
    expect(shares({ by: "one" })).toEqual([{}]);
  });

  test("as many jobs as a number or an expression over its run says", () => {
    expect(shares(number("3"))).toHaveLength(3);
    expect(shares(number("run.bursts / 2 + 1"), { run: { bursts: 5 } })).toHaveLength(3);
    expect(shares(number("run.bursts"), { run: { bursts: 0 } })).toEqual([]);
  });

  test("one job for each value", () => {
    expect(shares({ by: "values", values: ["barrel", "endcap"] })).toEqual([{ value: "barrel" }, { value: "endcap" }]);
    expect(shares({ by: "values", values: expression("run.sectors") }, { run: { sectors: ["a", 2] } })).toEqual([
      { value: "a" },
      { value: "2" },
    ]);
    expect(shares({ by: "values", values: expression("[1, 2]") })).toEqual([{ value: "1" }, { value: "2" }]);
  });

  test("one job for so many files, all of them in their order and none twice", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.integer({ min: 1, max: 5 }), (files, per) => {
        const found = shares({ by: "files", per }, {}, files);
        if (typeof found === "string") throw new Error(found);
        expect(found.flatMap((share) => share.files ?? [])).toEqual(files);
        for (const share of found.slice(0, -1)) expect(share.files).toHaveLength(per);
        for (const share of found) expect(share.files?.length).toBeGreaterThan(0);
      }),
    );
  });
});

describe("it cannot be said into how many jobs", () => {
  test.each<[string, Split, Values, string]>([
    [
      "while the run does not tell",
      number("run.bursts"),
      { run: {} },
      "the number of jobs cannot be said: bursts is not known yet",
    ],
    [
      "when the number is below 0",
      number("run.bursts - 9"),
      { run: { bursts: 1 } },
      "the number of jobs would be -8 (run.bursts - 9)",
    ],
    [
      "when it is more than a task may have",
      number("run.bursts"),
      { run: { bursts: MOST_JOBS + 1 } },
      "100001 jobs are more than the 100000 that a task may have",
    ],
    [
      "when the values are no list",
      { by: "values", values: expression("run.bursts") },
      { run: { bursts: 1 } },
      "run.bursts is not a list",
    ],
    [
      "when nobody knows the values",
      { by: "values", values: expression("run.sectors") },
      { run: {} },
      "the values cannot be said: sectors is not known yet",
    ],
  ])("%s", (_name, split, values, expected) => {
    expect(shares(split, values)).toBe(expected);
  });

  test("when there are more files than jobs may be", () => {
    const files = Array.from({ length: MOST_JOBS + 1 }, (_, index) => String(index));
    expect(shares({ by: "files", per: 1 }, {}, files)).toMatch(/^100001 jobs are more than/);
    expect(shares({ by: "files", per: 2 }, {}, files)).toHaveLength(MOST_JOBS / 2 + 1);
  });
});
