import { afterEach, describe, expect, test } from "vitest";
import { type Harness, startHarness } from "./harness.ts";
import { configOf } from "./workflow-text.ts";

let harness: Harness | undefined;
afterEach(async () => {
  expect(harness?.faults ?? []).toEqual([]);
  await harness?.stop();
  harness = undefined;
});

const ONE = 'tasks: { a: { run: ["true"] } }\n';
const groupsDone = async (h: Harness) => (await h.tasks()).map((task) => [task.groupKey, task.state]);
const runsOf = (h: Harness) => h.executor.orders.map((order) => order.facts.runs.map((run) => run.number));

describe("runs are grouped", () => {
  test("by fill, which is complete when a later fill began, whether its runs are taken or not", async () => {
    harness = await startHarness({ files: configOf({ t0: `group: fill\nselect: run.type == "physics"\n${ONE}` }) });
    await harness.take({ run: 1, fill: 7, type: "physics" }, { run: 2, fill: 7, type: "physics" });
    expect(await groupsDone(harness)).toEqual([["fill-7", "held"]]);
    expect((await harness.task("t0", "a", "fill-7")).reason).toBe(
      "the group is still open: it waits for the next fill after 7",
    );
    await harness.take({ run: 3, fill: 8, type: "cosmics" });
    expect(await groupsDone(harness)).toEqual([["fill-7", "done"]]);
    expect(runsOf(harness)).toEqual([[1, 2]]);
  });

  test("by number, in the order in which they come", async () => {
    harness = await startHarness({ files: configOf({ t0: `group: { runs: 2 }\n${ONE}` }) });
    await harness.take({ run: 5 }, { run: 3 }, { run: 4 });
    expect(await groupsDone(harness)).toEqual([
      ["from-5", "done"],
      ["from-4", "held"],
    ]);
    await harness.take({ run: 9 });
    expect(await groupsDone(harness)).toEqual([
      ["from-5", "done"],
      ["from-4", "done"],
    ]);
    expect(runsOf(harness)).toEqual([
      [3, 5],
      [4, 9],
    ]);
  });

  test("by luminosity, whose better values count while the group is open", async () => {
    harness = await startHarness({ files: configOf({ t0: `group: { luminosity: 100 }\n${ONE}` }) });
    await harness.take({ run: 1, luminosity: 40 }, { run: 2, luminosity: 40 });
    expect((await harness.task("t0", "a", "from-1")).reason).toContain("luminosity: 80 of 100 so far");
    await harness.take({ run: 1, luminosity: 61.5 });
    expect(await groupsDone(harness)).toEqual([["from-1", "done"]]);
  });

  test("by a span of time", async () => {
    harness = await startHarness({ files: configOf({ t0: `group: { span: 1d }\n${ONE}` }) });
    await harness.take(
      { run: 1, start: "2018-05-01T03:00:00Z" },
      { run: 2, start: "2018-05-01T23:00:00Z" },
      { run: 3, start: "2018-05-02T00:00:00Z" },
    );
    expect(await groupsDone(harness)).toEqual([
      ["2018-05-01T000000Z", "done"],
      ["2018-05-02T000000Z", "held"],
    ]);
  });

  test("by ranges that the configuration names", async () => {
    harness = await startHarness({
      files: configOf({ t0: `group: { ranges: { bucket-1: 1-10, bucket-2: [11-20, 25] } }\n${ONE}` }),
    });
    await harness.take({ run: 3 }, { run: 25 }, { run: 99 });
    expect(await groupsDone(harness)).toEqual([
      ["bucket-1", "done"],
      ["bucket-2", "done"],
    ]);
  });

  test("until a grace time is over in which no run joined", async () => {
    harness = await startHarness({ files: configOf({ t0: `group: { fill: {}, grace: 6h }\n${ONE}` }) });
    await harness.take({ run: 1, fill: 7 });
    await harness.pass(5 * 3_600_000);
    await harness.take({ run: 2, fill: 7 });
    await harness.pass(5 * 3_600_000);
    expect(await groupsDone(harness)).toEqual([["fill-7", "held"]]);
    await harness.pass(3_600_000);
    expect(await groupsDone(harness)).toEqual([["fill-7", "done"]]);
  });

  test("until a person closes the group", async () => {
    harness = await startHarness({ files: configOf({ t0: `group: { runs: 10 }\n${ONE}` }) });
    await harness.take({ run: 1 }, { run: 2 });
    expect((await harness.command("close")).data).toMatchObject([{ workflow: "t0", group: "from-1", runs: 2 }]);
    const closed = await harness.command("close t0 from-1 end of the season");
    expect(closed).toMatchObject({ ok: true, data: { runs: 2 } });
    expect(await groupsDone(harness)).toEqual([["from-1", "done"]]);
  });

  test("and one that comes late to a complete group makes its result stale", async () => {
    harness = await startHarness({ files: configOf({ t0: `group: fill\n${ONE}` }) });
    await harness.take({ run: 1, fill: 7 }, { run: 3, fill: 8 }, { run: 2, fill: 7 });
    expect((await harness.task("t0", "a", "fill-7")).state).toBe("done");
    await harness.take({ run: 4, fill: 7 });
    expect((await harness.task("t0", "a", "fill-7")).stale?.why).toBe("run 4 joined late");
    await harness.command("reprocess --stale");
    expect(await harness.task("t0", "a", "fill-7")).toMatchObject({ state: "done", attempt: 2, stale: null });
    expect(runsOf(harness).at(-1)).toEqual([1, 2, 4]);
  });
});

describe("a group without enough data", () => {
  const script = ({ facts }: { facts: { runs: readonly unknown[] } }) => ({
    outputs: { "outputs.json": facts.runs.length < 2 ? '{"verdict": "not-enough-data"}' : "{}" },
  });

  test("goes into the next one, when that comes", async () => {
    harness = await startHarness({ files: configOf({ t0: ONE }), script });
    await harness.take({ run: 1 });
    expect(await groupsDone(harness)).toEqual([["1", "merged"]]);
    await harness.take({ run: 2 });
    expect(await groupsDone(harness)).toEqual([
      ["1", "merged"],
      ["2", "done"],
    ]);
    expect(runsOf(harness)).toEqual([[1], [1, 2]]);
    expect(await harness.store.queries.taskPage({ limit: 10, run: 1 })).toHaveLength(2);
    expect(JSON.stringify((await harness.command("why t0/a@1")).say)).toContain(": task 2, done");
  });

  test("goes into the next one that is there and has not begun", async () => {
    harness = await startHarness({ files: configOf({ t0: `limits: { tasks: 1 }\n${ONE}` }), script });
    await harness.take({ run: 1 }, { run: 2 }, { run: 3 });
    expect(await groupsDone(harness)).toEqual([
      ["1", "merged"],
      ["2", "done"],
      ["3", "merged"],
    ]);
    expect(runsOf(harness)).toEqual([[1], [1, 2], [3]]);
  });
});

describe("a workflow that the clock runs", () => {
  test("has a group at each moment of its schedule, and one for all that it missed", async () => {
    harness = await startHarness({ files: configOf({ report: `schedule: "0 6 * * *"\n${ONE}` }) });
    expect(await harness.tasks()).toEqual([]);
    await harness.pass(18 * 3_600_000);
    expect(await groupsDone(harness)).toEqual([["2026-11-25T0600", "done"]]);
    await harness.pass(5 * 24 * 3_600_000);
    expect(await groupsDone(harness)).toEqual([
      ["2026-11-25T0600", "done"],
      ["2026-11-26T0600", "done"],
    ]);
    await harness.pass(24 * 3_600_000);
    expect((await groupsDone(harness)).at(-1)).toEqual(["2026-12-01T0600", "done"]);
  });
});

describe("a workflow takes", () => {
  test("runs of its run types that its select lets through, once what is asked for is known", async () => {
    const files = configOf(
      { t0: `select: run.luminosity > 5\n${ONE}`, cosmics: ONE },
      {
        "runtypes.yaml":
          'physics: { filter: run.type == "physics", workflows: [t0] }\ncosmics: { filter: run.type == "cosmics", workflows: [cosmics] }\n',
      },
    );
    harness = await startHarness({ files });
    await harness.take(
      { run: 1, type: "physics" },
      { run: 2, type: "physics", luminosity: 1 },
      { run: 3, type: "cosmics" },
      { run: 4, type: "test" },
    );
    expect((await harness.tasks()).map((task) => [task.workflow, task.groupKey])).toEqual([["cosmics", "3"]]);
    expect((await harness.command("run 1")).data).toMatchObject({
      notTaken: [
        { workflow: "cosmics", why: "it is of none of the run types cosmics" },
        { workflow: "t0", why: "not yet: luminosity is not known yet" },
      ],
    });
    await harness.take({ run: 1, luminosity: 7 });
    expect((await harness.tasks()).map((task) => [task.workflow, task.groupKey])).toEqual([
      ["cosmics", "3"],
      ["t0", "1"],
    ]);
  });
});

describe("a group without enough data in a reprocessing, where no later one will come", () => {
  test("goes into its neighbour, whose result is stale then", async () => {
    const files = configOf(
      { t0: ONE },
      { "campaigns/prompt.yaml": "kind: prompt\nworkflows: []\n", "campaigns/again.yaml": "kind: reprocessing\n" },
    );
    harness = await startHarness({
      files,
      script: ({ facts }) => ({
        outputs: {
          "outputs.json": facts.group.key === "2" && facts.runs.length === 1 ? '{"verdict": "not-enough-data"}' : "{}",
        },
      }),
    });
    await harness.take({ run: 1 }, { run: 2 });
    await harness.command("inject again 1-2");
    expect((await harness.tasks()).map((task) => [task.groupKey, task.state, task.stale?.why])).toEqual([
      ["1", "done", "the runs of 2 came in, which had not enough data"],
      ["2", "merged", undefined],
    ]);
    await harness.command("reprocess --stale");
    expect(harness.executor.orders.at(-1)?.facts).toMatchObject({
      run: { number: 1 },
      runs: [{ number: 1 }, { number: 2 }],
    });
  });
});
