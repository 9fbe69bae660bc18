import { describe, expect, test } from "vitest";
import { planOf } from "../../../src/core/plan/plan.ts";
import { planInWords } from "../../../src/core/plan/words.ts";
import type { Written } from "../config/reading.ts";
import {
  edit,
  edited,
  planBetween,
  RAW,
  RECONSTRUCTION,
  REPOSITORY,
  sideOf,
  T0,
  TOUCHED,
  without,
} from "./planning.ts";

const SECOND = "workflows/second/workflow.yaml";

describe("a plan as data", () => {
  const plan = planBetween(
    REPOSITORY,
    {
      ...without(
        edited(
          REPOSITORY,
          [T0, "< 10 &&", "< 20 &&"],
          [T0, "walltime: 10m", "walltime: 1h"],
          [T0, "check: {", "verify: {"],
          ["people.yaml", "[shifter]", "[expert]"],
          ["lib/geometry.py", "64", "65"],
          ["campaigns/prompt.yaml", "prompt-v3", "prompt-v4"],
          ["runtypes.yaml", ", reconstruction]", "]"],
        ),
        "workflows/reconstruction/",
        "list-runs.sh",
      ),
      "workflows/t0/fit.sh": "better",
      "environments.yaml": "production: { deploy: on-request }\n",
      "list-runs.sh": "other",
      "notes.txt": "",
    },
    TOUCHED,
  );

  test("is what JSON makes of it: it can be stored and given out", () => {
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  });

  test("has commits, workflows and what is different in each", () => {
    expect(plan).toMatchObject({ from: "b".repeat(40), to: "a".repeat(40) });
    expect(plan.workflows).toEqual({
      before: 3,
      added: [],
      removed: ["reconstruction"],
      changed: [
        {
          workflow: "t0",
          settings: [],
          tasks: {
            added: ["verify"],
            removed: ["check"],
            changed: [{ name: "calibrate", settings: [{ what: "walltime", from: "10m", to: "1h" }] }],
          },
          files: [{ path: "workflows/t0/fit.sh", change: "changed" }],
          versions: ["calibrate"],
        },
      ],
    });
  });

  test("has thresholds, roles and rules with which way they went", () => {
    expect(plan.thresholds).toEqual([
      {
        of: "t0/calibrate",
        what: "repeat.until",
        from: "metrics.max_shift_ps < 10",
        to: "metrics.max_shift_ps < 20",
        direction: "looser",
      },
    ]);
    expect(plan.people).toEqual({
      added: [],
      removed: [],
      changed: [],
      wider: [{ person: "ben", role: "expert" }],
      narrower: [{ person: "ben", role: "shifter" }],
      emptied: ["shifter"],
      keys: [],
      accounts: [],
      rights: [],
    });
    expect(plan.rules).toEqual([
      { of: "production", what: "deploy", from: "automatic", to: "on-request", direction: "stricter" },
    ]);
  });

  test("has what becomes stale and what is touched, of each workflow", () => {
    expect(plan.stale).toEqual([{ workflow: "t0", task: "calibrate", upstream: null, results: 120 }]);
    expect(plan.touches).toEqual([
      {
        workflow: "t0",
        campaigns: ["again", "prompt"],
        tags: ["prompt-v4"],
        tasks: { finished: 210, underWay: 2, waiting: 5 },
      },
      {
        workflow: "reconstruction",
        campaigns: ["prompt"],
        tags: ["prompt-v3"],
        tasks: { finished: 94, underWay: 0, waiting: 1 },
      },
    ]);
  });

  test("has files by whose they are", () => {
    expect(plan.shared).toEqual([
      { path: "lib", files: [{ path: "lib/geometry.py", change: "changed" }], workflows: ["t0"] },
    ]);
    expect(plan.files).toEqual([{ path: "notes.txt", change: "added" }]);
    expect(plan.sources.changed.map(({ name }) => name)).toEqual(["list"]);
  });
});

describe("results become stale", () => {
  const stale = (before: Written, after: Written) =>
    planBetween(before, after).stale.map(
      ({ workflow, task, upstream }) => `${workflow}/${task} by ${upstream ?? "itself"}`,
    );

  test("through all that was made from them, also where two workflows need each other in turn", () => {
    const before = {
      ...edit(T0, "needs: [calibrate], run: ./check", "needs: [second/refine], run: ./check"),
      [SECOND]: "description: x\nowner: ann\ntasks: { refine: { needs: [t0/calibrate], run: [refine] } }\n",
    };
    expect(stale(before, { ...before, "workflows/raw/fetch.sh": "other" }).sort()).toEqual([
      "raw/fetch by itself",
      "reconstruction/reconstruct by t0/calibrate",
      "second/refine by t0/calibrate",
      "t0/calibrate by raw/fetch",
      "t0/check by second/refine",
    ]);
  });

  test("not of tasks that are new, nor of those that have gone", () => {
    expect(stale(REPOSITORY, edit(T0, "check: {", "verify: {"))).toEqual([]);
    expect(stale(edit(RECONSTRUCTION, "needs: [t0/calibrate], ", ""), REPOSITORY)).toEqual([
      "reconstruction/reconstruct by itself",
    ]);
  });

  test("not by what only says when, where, how often and for whom", () => {
    const after = edited(
      REPOSITORY,
      [T0, "owner: timing-expert", "owner: ann\npriority: 7\nstale: reprocess"],
      [T0, "limits: { tasks: 4 }", "limits: { tasks: 9 }"],
      [T0, "walltime: 10m", "walltime: 1h\n    executor: batch\n    retries: 9"],
      [T0, "{ delay: 48h }, ", ""],
      [T0, "> 500", "> 100"],
      [RAW, "description: Raw data", "description: Raw"],
    );
    expect(planBetween(REPOSITORY, after).workflows.changed).toHaveLength(2);
    expect(stale(REPOSITORY, after)).toEqual([]);
  });
});

test("a first deployment makes everything new, and changes and touches nothing", () => {
  const plan = planOf({ before: undefined, after: sideOf(REPOSITORY) }, { tasks: [] });
  expect(plan).toMatchObject({
    from: null,
    workflows: { before: 0, added: ["raw", "t0", "reconstruction"], removed: [], changed: [] },
    thresholds: [],
    rules: [],
    stale: [],
    settings: [],
    shared: [],
    files: [],
  });
  expect(plan.campaigns.added).toEqual(["prompt", "again"]);
});

test("a thousand workflows are compared and told in no time", () => {
  const many = (bound: number): Written => ({
    "calops.yaml": "experiment: D\n",
    "lib/a.py": String(bound),
    ...Object.fromEntries(
      Array.from({ length: 1_000 }, (_, index) => [
        `workflows/w${index}/workflow.yaml`,
        `description: x\nowner: ann\nshares: [lib]\ntasks: { fit: { run: [fit], needs: [${index === 0 ? "" : `w${index - 1}/fit`}], repeat: { until: metrics.a < ${bound + index}, max: 3 } } }\n`,
      ]),
    ),
  });
  const [before, after] = [sideOf(many(10)), sideOf(many(20))];
  const began = performance.now();
  const plan = planOf({ before, after }, TOUCHED);
  expect(planInWords(plan).length).toBeGreaterThan(2);
  expect(performance.now() - began).toBeLessThan(5_000);
  expect(plan.thresholds).toHaveLength(1_000);
  expect(plan.stale).toHaveLength(1_000);
});
