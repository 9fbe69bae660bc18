import { describe, expect, test } from "vitest";
import { type JobFacts, type OrderPlan, orderFrom, runFacts } from "../../../src/core/job/order.ts";
import { groupValues, JOB_PLACES, placeNames } from "../../../src/core/job/places.ts";
import { anOrder } from "../../contracts/orders.ts";

const FACTS: JobFacts = {
  ...anOrder("k", []).facts,
  experiment: "Driftwood",
  workflow: "t0",
  task: { id: 1089, name: "calibrate", attempt: 2, iteration: 3 },
  job: { index: 7, of: 9, attempt: 4, role: "part", value: "barrel" },
  group: { key: "8215" },
  run: { number: 8215 },
};
const RUNS = [{ number: 8215, attributes: { type: "physics", luminosity: 12.5, flags: ["a", "b"], end: null } }];
const ATTRIBUTES = { type: "string", luminosity: "double", flags: "list", end: "timestamp" } as const;
const PLAN: OrderPlan = {
  key: "k",
  directory: "jobs/k",
  command: ["true"],
  env: {},
  walltimeMs: 1,
  logLimit: 2,
  isolated: true,
  facts: FACTS,
  groupValues: groupValues({ by: "run" }, "8215", RUNS, { least_tracks: "500" }),
  files: ["/data/a.root", "/data/b.root"],
  here: "/checkouts/c0ffee/workflows/t0",
  output: "/data/jobs/k/out",
};
const command = (...words: string[]) => orderFrom({ ...PLAN, command: words }).command;

test("an order is isolated when its plan says so", () => {
  expect(orderFrom(PLAN).isolated).toBe(true);
  expect(orderFrom({ ...PLAN, isolated: false }).isolated).toBe(false);
});

describe("the command of a job", () => {
  test("has its places filled", () => {
    expect(
      command(
        "run",
        "--run=${run.number}",
        "${run.luminosity}",
        "${parameter.least_tracks}",
        "${job}/${jobs}",
        "${value}",
      ),
    ).toEqual(["run", "--run=8215", "12.5", "500", "7/9", "barrel"]);
  });

  test("finds a script that stands beside the workflow file", () => {
    expect(command("./fit.sh", "./lib/shape.json", "a./b")).toEqual([
      `${PLAN.here}/fit.sh`,
      `${PLAN.here}/lib/shape.json`,
      "a./b",
    ]);
  });

  test("gets each file as an argument of its own where the place stands alone, and all in one where it does not", () => {
    expect(command("merge", "${input}")).toEqual(["merge", "/data/a.root", "/data/b.root"]);
    expect(command("merge", "--in=${input}")).toEqual(["merge", "--in=/data/a.root /data/b.root"]);
  });

  test("is never filled twice: what a run says stays what it says", () => {
    const runs = [{ number: 1, attributes: { type: "${here} $(rm -rf /) $& $1" } }];
    const order = orderFrom({
      ...PLAN,
      command: ["echo", "${run.type}"],
      groupValues: groupValues({ by: "run" }, "1", runs, {}),
    });
    expect(order.command).toEqual(["echo", "${here} $(rm -rf /) $& $1"]);
  });
});

describe("the environment of a job", () => {
  test("has the declared variables, filled, and the facts of the job", () => {
    const { env } = orderFrom({ ...PLAN, env: { CHAMBER: "run ${run.number}" } });
    expect(env).toMatchObject({
      CHAMBER: "run 8215",
      CALOPS_EXPERIMENT: "Driftwood",
      CALOPS_TASK: "calibrate",
      CALOPS_TASK_ID: "1089",
      CALOPS_RUN: "8215",
      CALOPS_JOB_INDEX: "7",
      CALOPS_JOBS: "9",
      CALOPS_JOB_ATTEMPT: "4",
      CALOPS_ITERATION: "3",
      CALOPS_VALUE: "barrel",
    });
  });

  test("names no run where its group is several, and no value where its task is not split by values", () => {
    const facts = { ...FACTS, run: null, job: { ...FACTS.job, value: null } };
    const { env } = orderFrom({ ...PLAN, facts });
    expect(env).not.toHaveProperty("CALOPS_RUN");
    expect(env).not.toHaveProperty("CALOPS_VALUE");
  });
});

describe("the places that may be written", () => {
  const names = (grouping: Parameters<typeof placeNames>[0]["grouping"], when: "lock" | "job", hasValue = true) =>
    placeNames(
      { grouping, attributes: ATTRIBUTES, parameters: { least_tracks: "500" }, hasValue, constants: [] },
      when,
    );

  test.each([
    [{ by: "run" } as const, "8215"],
    [{ by: "fill" } as const, "fill-7234"],
    [{ by: "tick", cron: "0 6 * * *", timezone: "UTC" } as const, "2026-11-24T0600Z"],
    [{ by: "runs", count: 3 } as const, "from-8215"],
  ])("all have a value once a job is made: %j", (grouping, key) => {
    const values = groupValues(grouping, key, RUNS, { least_tracks: "500" });
    for (const name of names(grouping, "job")) {
      const filled = orderFrom({ ...PLAN, groupValues: values, command: ["echo", `<\${${name}}>`] }).command[1];
      // What the registry has not said of the run yet is empty.
      expect(filled === "<>", name).toBe(name === "run.end");
    }
  });

  test("of the run are there only where a group is one run", () => {
    expect(names({ by: "run" }, "lock")).toContain("run.luminosity");
    expect(names({ by: "fill" }, "lock").filter((name) => name.startsWith("run."))).toEqual([]);
    expect(names({ by: "fill" }, "lock")).toContain("fill");
  });

  test("of a job are not there for a lock, which is asked before there is one", () => {
    const forLocks = names({ by: "run" }, "lock");
    for (const name of [...JOB_PLACES, "value"]) expect(forLocks).not.toContain(name);
  });

  test("of a value are there only where a task is split by values", () => {
    expect(names({ by: "run" }, "job", false)).not.toContain("value");
  });
});

test("what a run has become, merged with others or not, a job of one run reads its own", () => {
  const two = [...RUNS, { number: 8216, attributes: { type: "cosmics" } }];
  expect(groupValues({ by: "run" }, "8216", two, {})).toMatchObject({
    "run.number": "8216",
    "run.type": "cosmics",
    runs: ["8215", "8216"],
  });
  expect(runFacts({ number: 1, attributes: { number: 99, type: "x" } })).toEqual({ number: 1, type: "x" });
});
