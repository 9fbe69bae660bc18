// biome-ignore-all lint/suspicious/noThenProperty: it is a word of the configuration, and nobody awaits these.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planOf } from "../../../src/core/plan/plan.ts";
import { planInWords, planSummary } from "../../../src/core/plan/words.ts";
import type { Written } from "../config/reading.ts";
import { edit, edited, linesOf, planBetween, planned, REPOSITORY, sideOf, T0, TOUCHED } from "./planning.ts";

test("a plan of nothing says so", () => {
  expect(planned(REPOSITORY, REPOSITORY, TOUCHED)).toEqual(["Nothing that calops reads changed."]);
});

test("a plan in which only pages to read, tools and comments changed says that nothing did", () => {
  const files = {
    ...edited(
      REPOSITORY,
      ["README.md", "Driftwood", "New"],
      ["workflows/t0/README.md", "how", "why"],
      [T0, "owner:", "# whose\nowner:"],
    ),
    ".github/workflows/ci.yml": "on: push",
  };
  expect(planned(REPOSITORY, files, TOUCHED)).toEqual(["Nothing that calops reads changed."]);
});

test("a looser threshold comes first, then what becomes stale and what is touched, then the rest", () => {
  const after = edited(REPOSITORY, [T0, "< 10 &&", "< 20 &&"], [T0, "walltime: 10m", "walltime: 1h"]);
  expect(planned(REPOSITORY, after, TOUCHED)).toEqual([
    "1 workflow changed; 304 results become stale; 1 threshold looser.",
    "Thresholds that are looser:",
    "- repeat.until of t0/calibrate: metrics.max_shift_ps < 10 -> metrics.max_shift_ps < 20",
    "Results that become stale:",
    "- t0/calibrate: 120 results",
    "- t0/check: 90 results, made from those of t0/calibrate",
    "- reconstruction/reconstruct: 94 results, made from those of t0/calibrate",
    "Touched:",
    "- campaigns again, prompt",
    "- global tags prompt-v3",
    "- 2 tasks under way: finish on the commit that they began with",
    "- 6 tasks waiting: begin on the new commit",
    "Workflows:",
    "- walltime of t0/calibrate 10m -> 1h",
  ]);
});

test("without a store nothing is counted", () => {
  const lines = planned(REPOSITORY, edit(T0, "run: [./fit.sh", "run: [./fit.sh, --fine"));
  expect(lines).toEqual([
    "1 workflow changed; results of 3 tasks become stale.",
    "Results that become stale:",
    "- t0/calibrate: its results",
    "- t0/check: its results, made from those of t0/calibrate",
    "- reconstruction/reconstruct: its results, made from those of t0/calibrate",
    "Touched:",
    "- campaigns again, prompt",
    "- global tags prompt-v3",
    "Workflows:",
    "- run of t0/calibrate ./fit.sh ${run.number} -> ./fit.sh --fine ${run.number}",
  ]);
});

test("the first deployment says what there is, and asks nobody about it", () => {
  const plan = planOf({ before: undefined, after: sideOf(REPOSITORY) });
  expect(linesOf(planInWords(plan))).toEqual([
    "Nothing ran before: 3 workflows, 2 campaigns, 2 people.",
    "Workflows:",
    "- raw",
    "- t0",
    "- reconstruction",
  ]);
});

describe("whatever the size of a plan", () => {
  const many = (count: number, text: (index: number) => string): Written => ({
    "calops.yaml": "experiment: D\n",
    ...Object.fromEntries(
      Array.from({ length: count }, (_, index) => [
        `workflows/w${index}/workflow.yaml`,
        `description: x\nowner: ann\nselect: run.number > ${text(index)}\ntasks: { fit: { run: [fit, "${text(index)}"] } }\n`,
      ]),
    ),
  });

  test("as many lines are shown as are asked for, and what is left out is counted", () => {
    const plan = planBetween(
      many(30, (index) => String(1_000 + index)),
      many(30, (index) => String(index)),
    );
    const all = linesOf(planInWords(plan, { most: 10_000 })).filter((line) => line.startsWith("- ")).length;
    expect(all).toBeGreaterThan(90);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 120 }), (most) => {
        const lines = linesOf(planInWords(plan, { most }));
        const more = lines.flatMap((line) => /^(?:- and|And) (\d+) more/.exec(line)?.[1] ?? []);
        const shown = lines.filter((line) => line.startsWith("- ") && !/^- and \d+ more$/.test(line)).length;
        expect(shown).toBe(Math.min(most, all));
        expect(shown + more.reduce((sum, count) => sum + Number(count), 0)).toBe(all);
      }),
    );
  });

  test("a line stays a line, of bounded length, whatever stands in a file", () => {
    const nasty = `x\\n- y\\u202Egnp.exe ${"z".repeat(5_000)}`;
    const lines = planned(REPOSITORY, edit(T0, 'THREADS: "1"', `THREADS: "${nasty}"`));
    const line = lines.find((one) => one.includes("env.THREADS")) ?? "";
    expect(line).toMatch(/^- env\.THREADS of t0\/calibrate 1 -> x - y gnp\.exe z+…$/);
    expect(Math.max(...lines.map((one) => one.length))).toBeLessThan(400);
  });

  test("the summary is one line", () => {
    const plan = planBetween(many(30, String), many(3, String));
    expect(planSummary(plan)).toBe("27 workflows removed.");
    expect(planSummary(plan)).toBe(linesOf(planInWords(plan))[0]);
  });
});
