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

describe("a result", () => {
  test("is stale once an attribute of its run has another value, and fresh again when that comes back", async () => {
    harness = await startHarness({ files: configOf({ t0: ONE }) });
    await harness.take({ run: 1, luminosity: 12.1 });
    await harness.take({ run: 1, luminosity: 13 });
    expect(await harness.task("t0", "a", "1")).toMatchObject({
      state: "done",
      stale: { why: "run 1: luminosity 12.1 -> 13" },
    });
    expect((await harness.command("stale")).data).toMatchObject([
      { task: "a", stale: { why: "run 1: luminosity 12.1 -> 13" } },
    ]);
    await harness.take({ run: 1, luminosity: 12.1 });
    expect((await harness.task("t0", "a", "1")).stale).toBeNull();
    expect((await harness.command("run 1")).data).toMatchObject({
      changes: [
        { event: "taken" },
        { event: "changed", detail: { luminosity: { from: 12.1, to: 13 } } },
        { event: "changed" },
      ],
    });
  });

  test("is not stale by an attribute that its workflow does not use, and its jobs are not told of that one", async () => {
    harness = await startHarness({ files: configOf({ t0: `uses: [luminosity]\n${ONE}` }) });
    await harness.take({ run: 1, luminosity: 1, quality: "good" });
    await harness.take({ run: 1, quality: "bad" });
    expect((await harness.task("t0", "a", "1")).stale).toBeNull();
    expect(harness.executor.orders[0]?.facts.run).toEqual({ number: 1, luminosity: 1 });
  });

  test("is made anew by reprocess --stale, just those, and its earlier attempt is kept", async () => {
    harness = await startHarness({
      files: configOf({ t0: ONE }),
      script: ({ facts }) => ({
        outputs: { "metrics.json": JSON.stringify({ luminosity: facts.run?.["luminosity"] }) },
      }),
    });
    await harness.take({ run: 1, luminosity: 1 }, { run: 2, luminosity: 2 });
    await harness.take({ run: 2, luminosity: 3 });
    const dry = await harness.command("reprocess --stale --dry-run");
    expect(dry.data).toMatchObject({ dryRun: true, tasks: [{ group: "2" }], runs: [2], jobs: 1, downstream: [] });
    expect((await harness.task("t0", "a", "2")).attempt).toBe(1);
    await harness.command("reprocess --stale");
    expect(await harness.task("t0", "a", "2")).toMatchObject({ state: "done", attempt: 2, stale: null });
    expect((await harness.task("t0", "a", "1")).attempt).toBe(1);
    expect((await harness.command("task t0/a@2")).data).toMatchObject({
      metrics: { luminosity: 3 },
      attempts: [
        { attempt: 1, metrics: { luminosity: 2 } },
        { attempt: 2, metrics: { luminosity: 3 } },
      ],
    });
  });

  test("makes what was made from it stale when it is made anew, and downstream can go with it", async () => {
    const files = configOf({
      t0: ONE,
      reco: 'tasks: { b: { needs: [t0/a], run: ["true"] } }\n',
      dst: 'tasks: { c: { needs: [reco/b], run: ["true"] } }\n',
    });
    harness = await startHarness({ files });
    await harness.take({ run: 1 });
    expect((await harness.command("reprocess t0/a@1 --dry-run")).data).toMatchObject({
      downstream: [{ workflow: "reco" }, { workflow: "dst" }],
    });
    await harness.command("reprocess t0/a@1");
    expect((await harness.task("reco", "b", "1")).stale?.why).toBe("t0/a of 1 is in its attempt 2");
    expect((await harness.task("dst", "c", "1")).stale).toBeNull();
    await harness.command('reprocess t0/a@1 --downstream --why "new alignment"');
    expect((await harness.tasks()).map((task) => [task.workflow, task.state, task.attempt, task.stale])).toEqual([
      ["t0", "done", 3, null],
      ["reco", "done", 2, null],
      ["dst", "done", 2, null],
    ]);
    expect((await harness.command("history task 1")).data).toContainEqual(
      expect.objectContaining({ event: "reprocessed", by: "ann", why: "new alignment" }),
    );
  });

  test("of a run that is not taken any more is stale, and one that has not begun is skipped", async () => {
    const files = configOf({
      t0: `select: run.quality == "good"\n${ONE}`,
      late: `select: run.quality == "good"\ntasks: { a: { run: ["true"], locks: [{ delay: 1h }] } }\n`,
    });
    harness = await startHarness({ files });
    await harness.take({ run: 1, quality: "good", end: "2026-11-24T12:00:00Z" });
    await harness.take({ run: 1, quality: "bad" });
    expect((await harness.task("t0", "a", "1")).stale?.why).toBe(
      'run 1 is not taken any more: select: run.quality == "good"',
    );
    expect(await harness.task("late", "a", "1")).toMatchObject({ state: "skipped" });
  });
});

describe("a record", () => {
  const rules =
    "experiment: Test\nruns:\n  numbers: 1000-1999\n  required: [type]\n  constant: [type]\n  rules: [{ check: run.luminosity >= 0.0, why: luminosity cannot be negative }]\n";

  test("that breaks the declared rules is kept aside with every reason, and never processed", async () => {
    harness = await startHarness({ files: { ...configOf({ t0: ONE }), "calops.yaml": rules } });
    await harness.take(
      { run: 31748, type: "physics" },
      { run: 1001 },
      { run: 1002, type: "physics", luminosity: -1 },
      { run: "oops" },
      "not a record",
    );
    await harness.take({ run: 31748, type: "physics" });
    expect(await harness.tasks()).toEqual([]);
    const kept = (await harness.command("runs --quarantined")).data as {
      run: number;
      reasons: string[];
      times: number;
    }[];
    expect(
      kept
        .map((one) => [one.run, one.reasons, one.times])
        .sort((a, b) => Number(a[0]) - Number(b[0]) || String(a[1]).localeCompare(String(b[1]))),
    ).toEqual([
      [null, ["the record is not a mapping of names to values"], 1],
      [null, ['the run number "oops" is not a number'], 1],
      [1001, ["type is missing"], 1],
      [1002, ["luminosity cannot be negative (run.luminosity >= 0.0)"], 1],
      [31748, ["run number 31748 is out of range (1000-1999)"], 2],
    ]);
  });

  test("that contradicts an earlier one stops new work on its run until a person decides", async () => {
    harness = await startHarness({
      files: { ...configOf({ t0: ONE, fill: `group: fill\n${ONE}` }), "calops.yaml": rules },
    });
    await harness.take({ run: 1001, type: "physics", fill: 7 });
    await harness.take({ run: 1001, type: "cosmics" });
    await harness.take({ run: 1002, type: "physics", fill: 8 });
    expect((await harness.command("runs --conflicts")).data).toMatchObject([
      { run: 1001, conflict: 'type was "physics" and this record says "cosmics"' },
    ]);
    expect(await harness.task("fill", "a", "fill-7")).toMatchObject({ state: "held", waiting: [{ lock: "conflict" }] });
    await harness.command("release run:1001");
    expect(await harness.task("fill", "a", "fill-7")).toMatchObject({ state: "done" });
  });
});

describe("a reprocessing campaign", () => {
  test("gets its runs by injection, all at once, and is kept apart from prompt", async () => {
    const files = configOf(
      { t0: `group: { runs: 2 }\n${ONE}` },
      {
        "campaigns/prompt.yaml": "kind: prompt\nrelease: v1\n",
        "campaigns/rereco.yaml": "kind: reprocessing\nrelease: v2\n",
      },
    );
    harness = await startHarness({ files });
    await harness.take({ run: 1 }, { run: 2 }, { run: 3 });
    const injected = await harness.command("inject rereco 1-3 99");
    expect(injected.data).toEqual({ campaign: "rereco", injected: 3, already: 0, unknown: [99] });
    expect((await harness.tasks()).map((task) => [task.campaign, task.groupKey, task.state])).toEqual([
      ["prompt", "from-1", "done"],
      ["prompt", "from-3", "held"],
      ["rereco", "from-1", "done"],
      ["rereco", "from-3", "held"],
    ]);
    expect(harness.executor.orders.map((order) => order.facts.release)).toEqual(["v1", "v2"]);
    expect((await harness.command("campaigns")).data).toMatchObject([
      { campaign: "prompt", state: "running" },
      { campaign: "rereco", state: "running", injected: 3 },
    ]);
    expect((await harness.command("inject rereko 1")).say).toMatchObject([
      { parts: expect.arrayContaining([expect.stringContaining("There is no campaign")]) },
    ]);
  });
});

describe("a workflow whose stale results are made anew by themselves", () => {
  test("does so at once, and after the end of one that was still being made", async () => {
    harness = await startHarness({
      files: configOf({ t0: `stale: reprocess\n${ONE}` }),
      script: ({ facts }) => ({ exit: facts.run?.["luminosity"] === 2 ? "never" : 0 }),
    });
    await harness.take({ run: 1, luminosity: 1 });
    await harness.take({ run: 1, luminosity: 2 });
    expect(await harness.task("t0", "a", "1")).toMatchObject({ state: "processing", attempt: 2 });
    await harness.take({ run: 1, luminosity: 3 });
    expect(await harness.task("t0", "a", "1")).toMatchObject({
      state: "processing",
      attempt: 2,
      stale: { why: "run 1: luminosity 2 -> 3" },
    });
    harness.executor.end(harness.executor.orders[1]?.key ?? "", 0);
    await harness.settle();
    expect(await harness.task("t0", "a", "1")).toMatchObject({ state: "done", attempt: 3, stale: null });
  });
});
