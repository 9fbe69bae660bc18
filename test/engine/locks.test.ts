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
    (await h.command(`why ${task}`)).data as {
      waitingFor: { lock: string; detail: string; owner: string; since: string }[];
    }
  ).waitingFor;

describe("a task that needs one of another workflow", () => {
  test("by fill waits until every run of the fill is calibrated", async () => {
    const files = configOf({
      t0: 'tasks: { calibrate: { run: ["true"] } }\n',
      fill: 'group: fill\ntasks: { sum: { needs: [t0/calibrate], run: ["true"] } }\n',
    });
    harness = await startHarness({
      files,
      script: ({ facts }) => ({ exit: facts.task.name === "calibrate" && facts.run?.number === 2 ? "never" : 0 }),
    });
    await harness.take({ run: 1, fill: 7 }, { run: 2, fill: 7 }, { run: 3, fill: 8 });
    expect(await why(harness, "fill/sum@fill-7")).toMatchObject([
      { lock: "need", detail: expect.stringMatching(/^t0\/calibrate of 2, which is processing/), owner: "ann" },
    ]);
    harness.executor.end(harness.executor.orders.find((order) => order.facts.run?.number === 2)?.key ?? "", 0);
    await harness.settle();
    expect((await harness.task("fill", "sum", "fill-7")).state).toBe("done");
    const sum = harness.executor.orders.at(-1);
    expect(sum?.facts.inputs.map((input) => [input.workflow, input.group])).toEqual([
      ["t0", "1"],
      ["t0", "2"],
    ]);
  });

  test("by run waits for the fill that its run is in", async () => {
    const files = configOf({
      fill: 'group: fill\ntasks: { align: { run: ["true"] } }\n',
      reco: 'tasks: { reco: { needs: [fill/align], run: ["true"] } }\n',
    });
    harness = await startHarness({ files });
    await harness.take({ run: 1, fill: 7 }, { run: 2, fill: 7 });
    expect((await harness.tasks({ workflow: "reco" })).map((task) => task.state)).toEqual(["held", "held"]);
    await harness.take({ run: 3, fill: 8 });
    expect((await harness.tasks({ workflow: "reco" })).map((task) => [task.groupKey, task.state])).toEqual([
      ["1", "done"],
      ["2", "done"],
      ["3", "held"],
    ]);
  });

  test("is told when nothing will ever give it what it needs", async () => {
    const files = configOf({
      t0: 'select: run.type == "physics"\ntasks: { a: { run: ["true"] } }\n',
      reco: 'tasks: { b: { needs: [t0/a], run: ["true"] } }\n',
    });
    harness = await startHarness({ files });
    await harness.take({ run: 1, type: "cosmics" });
    expect(await why(harness, "reco/b@1")).toMatchObject([{ detail: "t0/a, which has no task for run 1" }]);
  });

  test("goes on without one that failed once a person skips it", async () => {
    const files = configOf({ t0: 'tasks:\n  a: { run: ["true"], retries: 0 }\n  b: { needs: [a], run: ["true"] }\n' });
    harness = await startHarness({ files, script: ({ facts }) => ({ exit: facts.task.name === "a" ? 1 : 0 }) });
    await harness.take({ run: 1 });
    expect(await why(harness, "t0/b@1")).toMatchObject([
      { lock: "need", detail: expect.stringContaining("a of 1, which is failed") },
    ]);
    await harness.command("skip t0/a@1 the chamber was off");
    expect((await harness.task("t0", "b", "1")).state).toBe("done");
    expect((await harness.command("history task 1")).data).toContainEqual(
      expect.objectContaining({ event: "skipped", by: "ann", why: "the chamber was off" }),
    );
  });
});

describe("a delay", () => {
  test("counts from the end of the run, and is over by itself", async () => {
    harness = await startHarness({
      files: configOf({ reco: 'tasks: { a: { run: ["true"], locks: [{ delay: 48h }] } }\n' }),
    });
    await harness.take({ run: 1, end: "2026-11-24T10:00:00Z" }, { run: 2 });
    expect((await why(harness, "reco/a@1"))[0]?.detail).toBe(
      "2d after the end of the run, until 2026-11-26T10:00:00.000Z",
    );
    expect((await why(harness, "reco/a@2"))[0]?.detail).toContain("which is not known yet");
    await harness.pass(46 * 3_600_000);
    expect((await harness.task("reco", "a", "1")).state).toBe("done");
    expect((await harness.task("reco", "a", "2")).state).toBe("held");
  });
});

describe("a lock that asks outside", () => {
  const files = configOf({
    reco: 'tasks: { a: { run: ["true"], locks: [{ ask: { what: Tier-0 repacked the run, url: "https://tier0/${run.number}", open: answer.stage == "Repack", owner: Tier-0, every: 5m } }] } }\n',
  });

  test("opens when the answer says so, asks again while it does not, and more rarely while nobody answers", async () => {
    const asked: string[] = [];
    let answer: unknown;
    const outside = {
      fetchJson: async (url: string) => {
        asked.push(url);
        if (answer === undefined) throw new Error("503");
        return answer;
      },
      runJson: async () => null,
    };
    harness = await startHarness({ files, outside });
    await harness.take({ run: 7 });
    expect(asked).toEqual(["https://tier0/7"]);
    expect(await why(harness, "reco/a@7")).toMatchObject([
      { lock: "ask", owner: "Tier-0", detail: "Tier-0 repacked the run: no answer: 503" },
    ]);
    await harness.pass(300_000);
    expect(asked).toHaveLength(1);
    await harness.pass(300_000);
    expect(asked).toHaveLength(2);
    answer = { stage: "New" };
    await harness.pass(1_200_000);
    expect((await why(harness, "reco/a@7"))[0]?.detail).toBe(
      'Tier-0 repacked the run: not yet (answer.stage == "Repack")',
    );
    answer = { stage: "Repack" };
    await harness.pass(300_000);
    expect((await harness.task("reco", "a", "7")).state).toBe("done");
    await harness.pass(3_600_000);
    expect(asked).toHaveLength(4);
  });
});

describe("a person", () => {
  const files = configOf({
    t0: 'tasks:\n  a: { run: ["true"], split: { jobs: 3 } }\n  b: { needs: [a], run: ["true"] }\n',
  });

  test("holds a task: what runs goes on, and no further job starts until it is released", async () => {
    harness = await startHarness({ files, script: () => ({ exit: "never" }), capacity: 1 });
    await harness.take({ run: 1 });
    await harness.command('hold t0/a@1 "the expert looks"');
    harness.executor.perform(() => ({}));
    harness.executor.end(harness.executor.orders[0]?.key ?? "", 0);
    await harness.settle();
    expect(await harness.task("t0", "a", "1")).toMatchObject({ state: "processing", jobs: { done: 1, idle: 2 } });
    expect(await why(harness, "t0/a@1")).toMatchObject([{ lock: "hold", owner: "ann" }]);
    expect(await harness.command("hold t0/a@1 again")).toMatchObject({ ok: false });
    await harness.command("release t0/a@1");
    expect((await harness.task("t0", "b", "1")).state).toBe("done");
  });

  test("holds a run: nothing new starts on it", async () => {
    harness = await startHarness({ files: configOf({ t0: `group: fill\ntasks: { a: { run: ["true"] } }\n` }) });
    await harness.take({ run: 1, fill: 7 });
    await harness.command("hold run:1 unstable beam");
    await harness.take({ run: 2, fill: 8 });
    expect(await why(harness, "t0/a@fill-7")).toMatchObject([
      { lock: "hold", detail: "run 1 is held by ann: unstable beam" },
    ]);
    await harness.command("release run:1");
    expect((await harness.task("t0", "a", "fill-7")).state).toBe("done");
  });

  test("pauses a workflow and resumes it", async () => {
    harness = await startHarness({ files });
    await harness.command("pause t0 conditions are down");
    await harness.take({ run: 1 });
    expect(await why(harness, "t0/a@1")).toMatchObject([
      { lock: "pause", detail: "workflow t0 is paused by ann: conditions are down", owner: "ann" },
    ]);
    await harness.command("resume t0");
    expect((await harness.task("t0", "b", "1")).state).toBe("done");
  });
});

describe("limits", () => {
  test("of tasks at once keep the others ready, and higher priority goes first", async () => {
    const files = configOf({
      low: 'limits: { tasks: 1 }\ntasks: { a: { run: ["true"] } }\n',
      high: 'priority: 10\ntasks: { a: { run: ["true"] } }\n',
    });
    harness = await startHarness({ files, script: () => ({ exit: "never" }), capacity: 3 });
    await harness.take({ run: 1 }, { run: 2 }, { run: 3 });
    expect((await harness.tasks({ workflow: "low" })).map((task) => task.state)).toEqual([
      "processing",
      "ready",
      "ready",
    ]);
    expect(harness.executor.orders.map((order) => order.facts.workflow)).toEqual(["high", "high", "high"]);
  });

  test("of jobs by workflow leave places of the executor to others", async () => {
    const files = configOf({
      greedy: 'limits: { jobs: 2 }\ntasks: { a: { run: ["true"], split: { jobs: 10 } } }\n',
      modest: 'tasks: { a: { run: ["true"] } }\n',
    });
    harness = await startHarness({ files, script: () => ({ exit: "never" }), capacity: 5 });
    await harness.take({ run: 1 });
    expect(harness.executor.orders.map((order) => order.facts.workflow).sort()).toEqual(["greedy", "greedy", "modest"]);
  });

  test("by quota keep tasks waiting until there is room again", async () => {
    harness = await startHarness({
      files: configOf({ t0: 'quota: 1kB\ntasks: { a: { run: ["true"] } }\n' }),
      script: () => ({ outputs: { "big.dat": "x".repeat(2_000) } }),
    });
    await harness.take({ run: 1 });
    await harness.take({ run: 2 });
    expect(await why(harness, "t0/a@2")).toMatchObject([
      { lock: "quota", detail: "outputs of t0 fill its quota: 2 kB of 1 kB", owner: "ann" },
    ]);
    const { rmSync } = await import("node:fs");
    rmSync(`${harness.root}/jobs/production/prompt/t0/1`, { recursive: true });
    await harness.pass(300_000);
    expect((await harness.task("t0", "a", "2")).state).toBe("done");
  });

  test("by failures: a workflow pauses itself when too many of its last jobs failed for good", async () => {
    const files = configOf({
      t0: 'pause-after: { failures: 3, of: 5 }\ntasks: { a: { run: ["true"], retries: 0 } }\n',
    });
    harness = await startHarness({ files, script: () => ({ exit: 1 }) });
    await harness.take({ run: 1 }, { run: 2 });
    await harness.take({ run: 3 });
    await harness.take({ run: 4 });
    expect((await harness.tasks()).map((task) => task.state)).toEqual(["failed", "failed", "failed", "ready"]);
    expect(harness.chat.texts.join("\n")).toContain(
      "Workflow t0 has paused itself: 3 of its last 3 jobs failed for good",
    );
    harness.executor.perform(() => ({}));
    await harness.command("resume t0");
    expect((await harness.task("t0", "a", "4")).state).toBe("done");
  });
});

describe("a lock on a sign-off", () => {
  const PEOPLE = `people:
  tim: { name: Timo, roles: [timing] }
  ann: { name: Ann }
  joe: { name: Joe, roles: [manager] }
`;
  const TIM = { id: "tim", roles: ["timing"], owner: false };
  const JOE = { id: "joe", roles: ["manager"], owner: false };
  const files = configOf(
    {
      t0: 'tasks: { fit: { run: ["true"], signoff: { steps: [{ role: timing }, { role: manager }] } } }\n',
      early: 'tasks: { look: { run: ["true"], locks: [{ signoff: { task: t0/fit, role: timing } }] } }\n',
      late: 'group: fill\ntasks: { sum: { run: ["true"], locks: [{ signoff: t0/fit }, { delay: 1h }] } }\n',
    },
    { "people.yaml": PEOPLE },
  );

  test("opens when everybody has signed for all runs, or as far as the role goes that it asks for", async () => {
    harness = await startHarness({ files });
    await harness.take({ run: 1, fill: 7, end: "2026-11-24T09:00:00Z" }, { run: 2, fill: 8 });
    expect(await why(harness, "early/look@1")).toMatchObject([
      {
        lock: "signoff",
        owner: "timing",
        detail: expect.stringMatching(/^t0\/fit of 1 .* is not signed yet by timing$/),
      },
    ]);
    expect(await why(harness, "late/sum@fill-7")).toMatchObject([
      { lock: "signoff", detail: expect.stringMatching(/is not signed yet by timing, then manager$/) },
    ]);
    expect(await harness.command("approve t0/fit@1", TIM)).toMatchObject({ ok: true });
    expect((await harness.task("early", "look", "1")).state).toBe("done");
    expect((await why(harness, "late/sum@fill-7"))[0]?.detail).toMatch(/is not signed yet by manager$/);
    await harness.command("approve t0/fit@1", JOE);
    expect((await harness.task("late", "sum", "fill-7")).state).toBe("done");
  });

  test("is closed again once the sign-off is revoked, for whatever has not begun", async () => {
    harness = await startHarness({ files });
    await harness.take({ run: 1, fill: 7, end: "2026-11-24T11:30:00Z" }, { run: 2, fill: 8 });
    expect(await harness.command("approve t0/fit@1", TIM)).toMatchObject({ ok: true });
    await harness.command("approve t0/fit@1", JOE);
    expect(await why(harness, "late/sum@fill-7")).toMatchObject([{ lock: "delay" }]);
    await harness.command("revoke t0/fit@1 a wrong cable");
    await harness.pass(3_600_000);
    expect(await why(harness, "late/sum@fill-7")).toMatchObject([
      { lock: "signoff", detail: expect.stringMatching(/its sign-off is revoked: a wrong cable/) },
    ]);
  });
});
