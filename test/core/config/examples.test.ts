// biome-ignore-all lint/suspicious/noThenProperty: it is a word of the configuration, and nobody awaits these.
import { describe, expect, test } from "vitest";
import { readConfigFiles } from "../../../src/adapters/git/config-files.ts";
import { workflowsOf } from "../../../src/core/config/config.ts";
import { readConfig } from "../../../src/core/config/read-config.ts";
import { configOf, KINDS, oneWorkflow, workflowOf } from "./reading.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe("a configuration of nothing but its experiment and one workflow", () => {
  const config = configOf(oneWorkflow("tasks: { fit: { run: ./fit.sh } }\n", { "workflows/t0/fit.sh": "" }));

  test("is whole: runs come as they are taken, jobs are processes of this machine", () => {
    expect(config).toMatchObject({
      experiment: "Driftwood",
      channel: "#calibration",
      sources: {},
      executors: { local: { kind: "local", options: { grace: 10_000 } } },
      campaigns: { prompt: { name: "prompt", kind: "prompt", release: "none", tag: "none", priority: 0 } },
      logs: { keep: 90 * DAY, limit: 2e9 },
      work: { keep: 7 * DAY },
      people: {},
      runRules: { required: [], constant: [], checks: [] },
    });
    expect(config.runTypes).toBeUndefined();
    expect(Object.keys(config.attributes)).toEqual([
      "number",
      "type",
      "fill",
      "start",
      "end",
      "duration",
      "luminosity",
    ]);
  });

  test("takes each run by itself, and tries a job three times", () => {
    expect(config.workflows["t0"]).toMatchObject({
      name: "t0",
      description: "Time zero",
      owner: "ann",
      channel: "#calibration",
      grouping: { by: "run" },
      select: undefined,
      uses: undefined,
      shares: [],
      whenStale: "mark",
      priority: 0,
      limits: {},
      pauseAfter: { failures: 15, of: 20 },
      quota: undefined,
      tasks: [
        {
          name: "fit",
          needs: [],
          locks: [],
          run: ["./fit.sh"],
          split: { by: "one" },
          executor: "local",
          retries: 2,
          backoff: { firstMs: 30_000, factor: 2, maxMs: 30 * MINUTE },
          walltimeMs: DAY,
          errors: [],
          env: {},
        },
      ],
    });
  });
});

describe("what is written is what is read", () => {
  test.each<[string, string, object]>([
    ["fill", "group: fill", { by: "fill" }],
    ["fill with a grace time", "group: { fill: {}, grace: 2h }", { by: "fill", graceMs: 2 * HOUR }],
    ["runs", "group: { runs: 10 }", { by: "runs", count: 10 }],
    ["luminosity", "group: { luminosity: 2.5 }", { by: "luminosity", amount: 2.5 }],
    ["span", "group: { span: 24h }", { by: "span", lengthMs: DAY }],
    [
      "ranges",
      "group: { ranges: { a: 1-5, b: [7, 9..11] } }",
      {
        by: "ranges",
        ranges: {
          a: [{ from: 1, to: 5 }],
          b: [
            { from: 7, to: 7 },
            { from: 9, to: 11 },
          ],
        },
      },
    ],
    [
      "the clock",
      "schedule: 0 6 * * *\ntimezone: Europe/Zurich",
      { by: "tick", cron: "0 6 * * *", timezone: "Europe/Zurich" },
    ],
  ])("grouping by %s", (_name, text, expected) => {
    expect(workflowOf(`${text}\ntasks: { fit: { run: [fit] } }\n`).grouping).toEqual(expected);
  });

  test("a task with everything", () => {
    const workflow = workflowOf(
      `stale: reprocess
priority: 3
limits: { tasks: 4, jobs: 100 }
pause-after: never
quota: 1.5TB
parameters: { least_tracks: 500 }
shares: [./lib/, tools/fit.py]
tasks:
  read: { run: [read] }
  fit:
    needs: [read]
    locks: [{ delay: 48h }, { ask: { what: conditions, run: [./ask.sh, "\${group}"], open: answer.ready == true, every: 1m } }]
    run: [./fit.sh, 5, "\${value}", "\${parameter.least_tracks}"]
    combine: [./fit.sh, sum]
    split: { values: [barrel, 2] }
    repeat: { until: metrics.shift < 10, max: 4, otherwise: accept }
    executor: batch
    retries: 0
    backoff: { first: 1s, factor: 3, max: 5s }
    walltime: 90m
    errors: [{ exit: 3, log: "no .* data", then: hold, why: ask Ann }]
    env: { THREADS: 4 }
`,
      {
        "calops.yaml":
          "experiment: D\nexecutors: { batch: { local: { slots: 8, grace: 1m }, limit: 50 } }\ndefaults: { errors: [{ cause: walltime, then: fail }] }\n",
        "workflows/t0/fit.sh": "",
        "workflows/t0/ask.sh": "",
        "lib/geometry.py": "",
        "tools/fit.py": "",
      },
    );
    expect(workflow).toMatchObject({
      whenStale: "reprocess",
      priority: 3,
      limits: { tasks: 4, jobs: 100 },
      pauseAfter: undefined,
      quota: 1.5e12,
      parameters: { least_tracks: "500" },
      shares: ["lib", "tools/fit.py"],
    });
    expect(workflow.tasks.map((task) => task.name)).toEqual(["read", "fit"]);
    expect(workflow.tasks[1]).toMatchObject({
      needs: [{ workflow: "t0", task: "read" }],
      locks: [
        { kind: "delay", ms: 2 * DAY },
        { kind: "ask", what: "conditions", owner: "outside", run: ["./ask.sh", "${group}"], everyMs: MINUTE },
      ],
      run: ["./fit.sh", "5", "${value}", "${parameter.least_tracks}"],
      combine: ["./fit.sh", "sum"],
      split: { by: "values", values: ["barrel", "2"] },
      repeat: { max: 4, otherwise: "accept" },
      executor: "batch",
      retries: 0,
      backoff: { firstMs: 1_000, factor: 3, maxMs: 5_000 },
      walltimeMs: 90 * MINUTE,
      errors: [
        { exit: [3], log: /no .* data/, then: "hold", why: "ask Ann" },
        { cause: "walltime", then: "fail" },
      ],
      env: { THREADS: "4" },
    });
  });

  test("sources, rules and campaigns", () => {
    const config = configOf({
      ...oneWorkflow("tasks: { fit: { run: [fit] } }\n"),
      "calops.yaml": `experiment: D
runs: { attributes: { quality: string }, numbers: [1000-1999, 5], required: [type], constant: [fill], rules: [{ check: run.quality != "", why: no quality }] }
sources:
  registry:
    every: 2m
    http: { url: https://registry/runs, headers: { Authorization: { secret: REGISTRY_TOKEN } } }
    fields: { number: record.run_number, type: record.kind }
`,
      "campaigns/again.yaml":
        "kind: reprocessing\nworkflows: [t0]\nruns: 1000-1010\nrelease: v2\ntag: again\npriority: -5\n",
    });
    expect(config.sources["registry"]).toMatchObject({
      kind: "http",
      everyMs: 2 * MINUTE,
      options: { headers: { Authorization: { secret: "REGISTRY_TOKEN" } } },
    });
    expect(config.sources["registry"]?.fields?.["number"]?.ask({ record: { run_number: 7 } })).toEqual({
      known: true,
      value: 7,
    });
    expect(config.runRules).toMatchObject({
      numbers: [
        { from: 1000, to: 1999 },
        { from: 5, to: 5 },
      ],
      required: ["type"],
      constant: ["fill"],
    });
    expect(config.campaigns).toEqual({
      again: {
        name: "again",
        kind: "reprocessing",
        workflows: ["t0"],
        runs: [{ from: 1000, to: 1010 }],
        release: "v2",
        tag: "again",
        priority: -5,
        snapshot: false,
        attempt: 1,
        label: "${campaign}",
        experts: {},
        tickets: false,
      },
    });
  });
});

describe("workflows", () => {
  const TASK = "description: x\nowner: ann\ntasks: { fit: { run: [fit] } }\n";

  test("stand in the order in which they work: what is needed comes first", () => {
    const config = configOf({
      "calops.yaml": "experiment: D\n",
      "workflows/a/workflow.yaml": TASK.replace("run: [fit]", "run: [fit], needs: [c/fit]"),
      "workflows/b/workflow.yaml": TASK,
      "workflows/c/workflow.yaml": TASK.replace("run: [fit]", "run: [fit], needs: [d/fit]"),
      "workflows/d/workflow.yaml": TASK,
    });
    expect(Object.keys(config.workflows)).toEqual(["d", "c", "a", "b"]);
  });

  test("may be two hundred, of twenty tasks each", () => {
    const files: Record<string, string> = { "calops.yaml": "experiment: D\n" };
    for (let workflow = 0; workflow < 200; workflow++) {
      const tasks = Array.from({ length: 20 }, (_, index) => {
        const needs = index > 0 ? `t${index - 1}` : workflow > 0 ? `w${workflow - 1}/t19` : undefined;
        return `  t${index}: { run: [./job.sh, "\${run.number}", "\${run.type}"], ${needs === undefined ? "" : `needs: [${needs}], `}repeat: { until: metrics.shift < ${index}, max: 3 } }\n`;
      });
      files[`workflows/w${workflow}/workflow.yaml`] =
        `description: x\nowner: ann\nselect: run.type == "physics" && run.luminosity > ${workflow}.5\ntasks:\n${tasks.join("")}`;
      files[`workflows/w${workflow}/job.sh`] = "";
    }
    const config = configOf(files);
    expect(Object.keys(config.workflows)).toHaveLength(200);
    expect(
      Object.values(config.campaigns)
        .flatMap((campaign) => workflowsOf(config, campaign))
        .flatMap((one) => one.tasks),
    ).toHaveLength(4_000);
  });
});

test("the repository that people start from has no mistake", async () => {
  const files = await readConfigFiles(new URL("../../../config-repo-template/", import.meta.url).pathname);
  expect(readConfig(files, KINDS).issues).toBeUndefined();
});
