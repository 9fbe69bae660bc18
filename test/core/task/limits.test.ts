import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evaluateLimits, type LimitFacts, sizeInWords } from "../../../src/core/task/limits.ts";
import type { Workflow } from "../../../src/core/workflow/workflow.ts";
import { freshState } from "../../../src/core/workflow/workflow-state.ts";
import { AT, aTask } from "../../contracts/things.ts";

const WORKFLOW: Workflow = {
  name: "t0",
  description: "Time zero",
  owner: "timing-experts",
  channel: "#timing",
  grouping: { by: "run" },
  shares: [],
  whenStale: "mark",
  severity: "warning",
  priority: 0,
  limits: {},
  parameters: {},
  tasks: [],
};
const FREE: LimitFacts = { state: freshState("production", "t0"), processing: 0, bytes: 0 };
const limits = (workflow: Partial<Workflow>, facts: Partial<LimitFacts>, waiting = aTask(1).waiting) =>
  evaluateLimits(aTask(1, { waiting }), { ...WORKFLOW, ...workflow }, { ...FREE, ...facts }, AT);

describe("a task that is ready", () => {
  test("begins where nothing limits its workflow", () => {
    expect(limits({}, { processing: 9_999, bytes: 1e15 })).toEqual([]);
  });

  test("waits while its workflow is paused, since the pause", () => {
    const state = { ...FREE.state, paused: { by: "ann", why: "conditions are down", since: AT - 5 } };
    expect(limits({}, { state })).toEqual([
      { lock: "pause", detail: "workflow t0 is paused by ann: conditions are down", owner: "ann", since: AT - 5 },
    ]);
  });

  test("waits while as many tasks as may are under way", () => {
    const four = { limits: { tasks: 4 } };
    expect(limits(four, { processing: 3 })).toEqual([]);
    expect(limits(four, { processing: 4 })).toMatchObject([
      { lock: "limit", detail: "4 tasks of t0 at once are under way" },
    ]);
    expect(limits({ limits: { tasks: 1 } }, { processing: 1 })).toMatchObject([
      { detail: "1 task of t0 at once is under way" },
    ]);
  });

  test("waits while the outputs of its workflow take as much as they may", () => {
    const quota = { quota: 2e9 };
    expect(limits(quota, { bytes: 1_999_999_999 })).toEqual([]);
    const [full] = limits(quota, { bytes: 2_100_000_000 });
    expect(full).toMatchObject({ lock: "quota", owner: "timing-experts" });
    expect(full?.detail).toContain("2.1 GB");
    expect(full?.detail).toContain("2 GB");
  });

  test("keeps the moment since when it waits while the outputs grow", () => {
    const [before] = limits({ quota: 2e9 }, { bytes: 2.1e9 }).map((one) => ({ ...one, since: AT - 1_000 }));
    expect(limits({ quota: 2e9 }, { bytes: 2.3e9 }, before ? [before] : [])).toMatchObject([{ since: AT - 1_000 }]);
  });
});

describe("a size in words", () => {
  test.each([
    [0, "0 B"],
    [999, "999 B"],
    [1_000, "1 kB"],
    [1_500_000_000, "1.5 GB"],
    [123_456_789, "123 MB"],
    [2e15, "2 PB"],
    [5e18, "5000 PB"],
  ])("%i bytes are %s", (bytes, words) => {
    expect(sizeInWords(bytes)).toBe(words);
  });

  test("is right to one part in twenty, in at most four digits", () => {
    const units: Record<string, number> = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12, PB: 1e15 };
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_000_000_000_000_000 }), (bytes) => {
        const [value = "", unit = ""] = sizeInWords(bytes).split(" ");
        expect(value.replace(".", "").length).toBeLessThanOrEqual(4);
        expect(Math.abs(Number(value) * (units[unit] ?? 0) - bytes) / bytes).toBeLessThan(0.05);
      }),
    );
  });
});
