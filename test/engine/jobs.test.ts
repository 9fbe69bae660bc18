import { afterEach, describe, expect, test } from "vitest";
import type { Act } from "../fakes/scripted-executor.ts";
import { type Harness, startHarness } from "./harness.ts";
import { configOf } from "./workflow-text.ts";

let harness: Harness | undefined;
afterEach(async () => {
  expect(harness?.faults ?? []).toEqual([]);
  await harness?.stop();
  harness = undefined;
});

const attempt = (order: { facts: { job: { attempt: number } } }) => order.facts.job.attempt;

describe("a run", () => {
  test("is carried through the tasks of a workflow in the order of their needs", async () => {
    const tasks =
      'tasks:\n  calibrate: { run: ["true", "${run.number}"], split: { jobs: 3 } }\n  fit: { needs: [calibrate], run: ["true"] }\n';
    harness = await startHarness({ files: configOf({ t0: tasks }) });
    await harness.take({ run: 8215 });
    const all = await harness.tasks();
    expect(all.map((task) => [task.name, task.state, task.jobs.total, task.jobs.done])).toEqual([
      ["calibrate", "done", 3, 3],
      ["fit", "done", 1, 1],
    ]);
    expect(harness.executor.orders.map((order) => order.command)).toEqual([
      ["true", "8215"],
      ["true", "8215"],
      ["true", "8215"],
      ["true"],
    ]);
  });

  test("that is announced twice, late and out of order is processed once", async () => {
    harness = await startHarness({ files: configOf({ t0: 'tasks: { a: { run: ["true"] } }\n' }) });
    await harness.take({ run: 3 }, { run: 1 }, { run: 3 });
    await harness.take({ run: 2 }, { run: 1 });
    expect((await harness.tasks()).map((task) => [task.groupKey, task.state])).toEqual([
      ["3", "done"],
      ["1", "done"],
      ["2", "done"],
    ]);
    expect(harness.executor.orders).toHaveLength(3);
  });
});

describe("a job that fails", () => {
  const workflow = (more: string) => configOf({ t0: `tasks:\n  a:\n    run: ["true"]\n    retries: 2\n${more}` });

  test("is tried again after a wait that grows, and is done when it succeeds", async () => {
    harness = await startHarness({ files: workflow(""), script: (order) => ({ exit: attempt(order) < 3 ? 1 : 0 }) });
    await harness.take({ run: 1 });
    expect(harness.executor.orders).toHaveLength(1);
    expect(JSON.stringify((await harness.command("why t0/a@1")).data)).toContain("the next is tried again in 10s");
    await harness.pass(9_000);
    expect(harness.executor.orders).toHaveLength(1);
    await harness.pass(1_000);
    expect(harness.executor.orders).toHaveLength(2);
    await harness.pass(10_000);
    expect(harness.executor.orders).toHaveLength(2);
    await harness.pass(10_000);
    expect((await harness.task("t0", "a", "1")).state).toBe("done");
    expect((await harness.task("t0", "a", "1")).jobs).toMatchObject({ total: 1, done: 1, failedAttempts: 2 });
  });

  test("fails its task for good when its retries are used up, with the first error of its log", async () => {
    harness = await startHarness({
      files: workflow("    backoff: { first: 0s }\n"),
      script: () => ({ exit: 3, log: "start\nERROR: fit did not converge\nmore\n" }),
    });
    await harness.take({ run: 8215 });
    await harness.pass(0);
    await harness.pass(0);
    const task = await harness.task("t0", "a", "8215");
    expect([task.state, task.reason]).toEqual(["failed", "exit code 3: ERROR: fit did not converge"]);
    expect(task.jobs).toMatchObject({ failedAttempts: 3, failed: 1 });
  });

  test.each<[string, Act, string, string]>([
    ["fail", { exit: 7 }, "{ exit: 7, then: fail, why: no such geometry }", "failed"],
    ["skip", { exit: 4 }, "{ exit: [3, 4], then: skip, why: no beam }", "skipped"],
    [
      "fail by what its log says",
      { exit: 1, log: "Segmentation fault (core dumped)" },
      '{ log: "Segmentation fault", then: fail }',
      "failed",
    ],
  ])("is decided by the first error rule that matches: %s", async (_name, act, rule, state) => {
    harness = await startHarness({
      files: workflow(`    errors: [${rule}, { exit: 1, then: retry }]\n`),
      script: () => act,
    });
    await harness.take({ run: 1 });
    expect((await harness.task("t0", "a", "1")).state).toBe(state);
    expect(harness.executor.orders).toHaveLength(1);
  });

  test("is held by a rule until a person releases it, and the channel is told", async () => {
    harness = await startHarness({
      files: workflow("    errors: [{ exit: 9, then: hold, why: disk quota }]\n"),
      script: (order) => ({ exit: attempt(order) === 1 ? 9 : 0 }),
    });
    await harness.take({ run: 1 });
    await harness.pass(60_000);
    expect((await harness.task("t0", "a", "1")).state).toBe("processing");
    expect(harness.chat.texts.join()).toContain("is held by an error rule: exit code 9 (disk quota)");
    await harness.command("release t0/a@1");
    expect((await harness.task("t0", "a", "1")).state).toBe("done");
  });

  test("by writing metrics that are not JSON fails at once: trying again would write the same", async () => {
    harness = await startHarness({ files: workflow(""), script: () => ({ outputs: { "metrics.json": "{ mean: 3" } }) });
    await harness.take({ run: 1 });
    const task = await harness.task("t0", "a", "1");
    expect(task.state).toBe("failed");
    expect(task.reason).toContain("metrics.json is not JSON");
    expect(harness.executor.orders).toHaveLength(1);
  });

  test("leaves the others to go on, and its task is failed as soon as that is certain", async () => {
    const files = configOf({ t0: 'tasks: { a: { run: ["true"], split: { jobs: 4 }, retries: 0 } }\n' });
    harness = await startHarness({
      files,
      script: ({ facts }) => ({ exit: facts.job.index === 1 ? 2 : facts.job.index === 3 ? "never" : 0 }),
    });
    await harness.take({ run: 1 });
    expect(await harness.task("t0", "a", "1")).toMatchObject({
      state: "failed",
      jobs: { done: 2, running: 1, failed: 1 },
    });
    harness.executor.end(harness.executor.orders[3]?.key ?? "", 0);
    await harness.settle();
    expect(await harness.task("t0", "a", "1")).toMatchObject({
      state: "failed",
      jobs: { done: 3, running: 0, failed: 1 },
    });
    harness.executor.perform(() => ({}));
    await harness.command("retry t0/a@1");
    expect(await harness.task("t0", "a", "1")).toMatchObject({ state: "done", jobs: { total: 4, done: 4, failed: 0 } });
    expect(harness.executor.orders).toHaveLength(5);
  });
});

describe("a task", () => {
  test("is split by number, by values and by the files of what it needs", async () => {
    const files = configOf({
      t0: `group: run
tasks:
  raw: { run: ["true"], split: { jobs: run.bursts } }
  reco: { needs: [raw], run: ["true", "\${input}"], split: { files: raw, per: 2 } }
  sectors: { needs: [reco], run: ["true", "\${value}"], split: { values: [barrel, endcap] } }
`,
    });
    harness = await startHarness({
      files,
      script: ({ facts }) => (facts.task.name === "raw" ? { outputs: { [`burst-${facts.job.index}.dat`]: "x" } } : {}),
    });
    await harness.take({ run: 1, bursts: 5 });
    expect((await harness.tasks()).map((task) => [task.name, task.state, task.jobs.total])).toEqual([
      ["raw", "done", 5],
      ["reco", "done", 3],
      ["sectors", "done", 2],
    ]);
    const reco = harness.executor.orders.filter((order) => order.facts.task.name === "reco");
    expect(reco.map((order) => order.command.slice(1).map((path) => path.split("/").at(-1)))).toEqual([
      ["burst-0.dat", "burst-1.dat"],
      ["burst-2.dat", "burst-3.dat"],
      ["burst-4.dat"],
    ]);
    expect(
      harness.executor.orders.filter((order) => order.facts.task.name === "sectors").map((order) => order.command[1]),
    ).toEqual(["barrel", "endcap"]);
  });

  test("waits while the number of its jobs is not known yet", async () => {
    harness = await startHarness({
      files: configOf({ t0: 'tasks: { a: { run: ["true"], split: { jobs: run.bursts } } }\n' }),
    });
    await harness.take({ run: 1 });
    expect(await harness.task("t0", "a", "1")).toMatchObject({
      state: "held",
      reason: "the number of jobs cannot be said: bursts is not known yet",
    });
    await harness.take({ run: 1, bursts: 2 });
    expect(await harness.task("t0", "a", "1")).toMatchObject({ state: "done", jobs: { total: 2 } });
  });

  test("repeats its parts and their combination until the condition holds", async () => {
    const files = configOf({
      t0: 'tasks: { a: { run: ["true", part], combine: ["true", fit], split: { jobs: 2 }, repeat: { until: metrics.shift < 10, max: 5 } } }\n',
    });
    const script = ({ facts }: { facts: { job: { role: string }; task: { iteration: number } } }): Act =>
      facts.job.role === "combine"
        ? {
            outputs: {
              "metrics.json": JSON.stringify({ shift: 100 / 3 ** facts.task.iteration }),
              "constants.json": "{}",
            },
          }
        : {};
    harness = await startHarness({ files, script });
    await harness.take({ run: 1 });
    expect(await harness.task("t0", "a", "1")).toMatchObject({
      state: "done",
      iteration: 3,
      reason: "metrics.shift < 10 after 3 iterations",
      jobs: { total: 9, done: 9 },
    });
    const last = harness.executor.orders.at(-1);
    expect(last?.command).toEqual(["true", "fit"]);
    expect(last?.facts.inputs.map((input) => [input.from, input.iteration])).toEqual([
      ["part", 3],
      ["part", 3],
      ["previous", 2],
    ]);
  });

  test("fails when its condition does not hold after the last iteration", async () => {
    harness = await startHarness({
      files: configOf({ t0: 'tasks: { a: { run: ["true"], repeat: { until: metrics.shift < 10, max: 3 } } }\n' }),
      script: () => ({ outputs: { "metrics.json": '{"shift": 12}' } }),
    });
    await harness.take({ run: 1 });
    expect(await harness.task("t0", "a", "1")).toMatchObject({
      state: "failed",
      reason: "metrics.shift < 10 does not hold after 3 iterations",
    });
  });

  test("with nothing to do is done", async () => {
    harness = await startHarness({
      files: configOf({
        t0: 'tasks:\n  a: { run: ["true"] }\n  b: { needs: [a], run: ["true"], split: { files: all } }\n',
      }),
    });
    await harness.take({ run: 1 });
    expect(await harness.task("t0", "b", "1")).toMatchObject({ state: "done", jobs: { total: 0 } });
  });
});
