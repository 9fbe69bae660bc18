import { afterEach, describe, expect, test } from "vitest";
import { type Harness, startHarness } from "./harness.ts";
import { configOf } from "./workflow-text.ts";

let harness: Harness | undefined;
afterEach(async () => {
  expect(harness?.faults ?? []).toEqual([]);
  await harness?.stop();
  harness = undefined;
});

const why = async (h: Harness, task: string) =>
  (
    (await h.command(`why ${task}`)).data as { waitingFor: { lock: string; detail: string; owner: string }[] }
  ).waitingFor.map(({ lock, detail, owner }) => `${lock} (${owner}): ${detail}`);

const calops = (stages: string) => ({
  "calops.yaml": `experiment: Test
runs: { attributes: { files: int, on_tape: int } }
stages:
  ${stages}
`,
});

describe("a data set of a group", () => {
  test("is complete when something holds for each of its runs", async () => {
    harness = await startHarness({
      files: configOf(
        { sum: 'group: fill\ntasks: { add: { run: ["true"], locks: [{ stage: on-tape }] } }\n' },
        calops("on-tape: { what: all raw files are on tape, owner: data handling, runs: run.on_tape == run.files }"),
      ),
    });
    await harness.take({ run: 1, fill: 7, files: 4, on_tape: 4 }, { run: 2, fill: 7, files: 4 }, { run: 3, fill: 8 });
    expect(await why(harness, "sum/add@fill-7")).toEqual([
      "stage (data handling): data set on-tape (all raw files are on tape): run.on_tape == run.files does not hold for run 2 of 2 runs",
    ]);
    await harness.take({ run: 2, fill: 7, on_tape: 3 });
    expect((await harness.task("sum", "add", "fill-7")).state).toBe("held");
    await harness.take({ run: 2, fill: 7, on_tape: 4 });
    expect((await harness.task("sum", "add", "fill-7")).state).toBe("done");
  });

  test("is complete when tasks are done for the runs that they take", async () => {
    harness = await startHarness({
      files: configOf(
        {
          t0: 'select: run.type == "physics"\ntasks: { calibrate: { run: ["true"] } }\n',
          sum: 'group: fill\ntasks: { add: { run: ["true"], locks: [{ stage: calibrated }] } }\n',
        },
        calops("calibrated: { tasks: [t0] }"),
      ),
      script: ({ facts }) => ({ exit: facts.run?.number === 2 ? "never" : 0 }),
    });
    await harness.take(
      { run: 1, fill: 7, type: "physics" },
      { run: 2, fill: 7, type: "physics" },
      { run: 3, fill: 7, type: "cosmics" },
      { run: 4, fill: 8, type: "cosmics" },
    );
    expect(await why(harness, "sum/add@fill-7")).toEqual([
      "stage (data taking): data set calibrated: t0/calibrate is not done for run 2 of 2 runs",
    ]);
    harness.executor.end(harness.executor.orders.find((order) => order.facts.run?.number === 2)?.key ?? "", 0);
    await harness.settle();
    expect((await harness.task("sum", "add", "fill-7")).state).toBe("done");
    await harness.take({ run: 5, fill: 9, type: "cosmics" });
    expect((await why(harness, "sum/add@fill-8"))[0]).toContain("no run of it has t0/calibrate");
  });
});

describe("a data set of a campaign", () => {
  const files = configOf(
    {
      raw: 'tasks: { digits: { run: ["true"], retries: 0 } }\n',
      sup: 'tasks: { digits: { run: ["true"], locks: [{ stage: raw-done }] } }\n',
    },
    {
      ...calops("raw-done: { of: campaign, tasks: [raw/digits], owner: production }"),
      "campaigns/prod.yaml": "kind: reprocessing\n",
      "campaigns/prompt.yaml": "kind: prompt\nworkflows: [raw]\n",
    },
  );

  test("is complete when all of its runs are: the next stage of a production begins together", async () => {
    harness = await startHarness({
      files,
      script: ({ facts }) => ({
        exit: facts.campaign === "prod" && facts.workflow === "raw" && facts.run?.number === 3 ? "never" : 0,
      }),
    });
    await harness.take({ run: 1 }, { run: 2 }, { run: 3 });
    await harness.command("inject prod 1-3");
    expect((await harness.tasks({ workflow: "sup" })).map(({ state }) => state)).toEqual(["held", "held", "held"]);
    await harness.pass(5_000);
    expect(await why(harness, "sup/digits@1")).toEqual([
      "stage (production): data set raw-done: raw/digits is not done for run 3 of 3 runs",
    ]);
    harness.executor.end(
      harness.executor.orders.find((order) => order.facts.campaign === "prod" && order.facts.run?.number === 3)?.key ??
        "",
      0,
    );
    await harness.settle();
    expect((await harness.tasks({ workflow: "sup" })).map(({ state }) => state)).toEqual(["held", "held", "held"]);
    await harness.pass(5_000);
    expect((await harness.tasks({ workflow: "sup" })).map(({ state }) => state)).toEqual(["done", "done", "done"]);
  });

  test("is open no more for those that have not begun once there is more of it", async () => {
    harness = await startHarness({ files, capacity: 100 });
    await harness.take({ run: 1 }, { run: 2 });
    await harness.command("inject prod 1");
    await harness.pass(5_000);
    expect((await harness.task("sup", "digits", "1")).state).toBe("done");
    harness.executor.perform(({ facts }) => ({
      exit: facts.workflow === "raw" && facts.run?.number === 2 ? "never" : 0,
    }));
    await harness.command("inject prod 2");
    await harness.pass(5_000);
    expect(await why(harness, "sup/digits@2")).toEqual([
      "stage (production): data set raw-done: raw/digits is not done for run 2 of 2 runs",
    ]);
  });
});
