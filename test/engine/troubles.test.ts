/** What happens at the worst moment: an executor that does not answer, operators at odds, locks that flip meanwhile. */
import { afterEach, describe, expect, test } from "vitest";
import { type Harness, startHarness } from "./harness.ts";
import { configOf } from "./workflow-text.ts";

let harness: Harness | undefined;
let faultsExpected = false;
afterEach(async () => {
  if (!faultsExpected) expect(harness?.faults ?? []).toEqual([]);
  faultsExpected = false;
  await harness?.stop();
  harness = undefined;
});

const files = configOf({ t0: 'tasks: { a: { run: ["true"], retries: 0, split: { jobs: 3 } } }\n' });

describe("an executor that does not answer", () => {
  test("when jobs are handed over makes nothing fail; what it did not take is handed over again once it says so", async () => {
    faultsExpected = true;
    harness = await startHarness({ files });
    harness.executor.unanswered = true;
    await harness.take({ run: 1 });
    expect(await harness.task("t0", "a", "1")).toMatchObject({ state: "processing", jobs: { failed: 0, done: 0 } });
    harness = await harness.restart();
    await harness.pass(3_600_000);
    expect(await harness.task("t0", "a", "1")).toMatchObject({ state: "processing", jobs: { failed: 0, done: 0 } });
    expect((await harness.command("status")).data).toMatchObject({ executors: [{ name: "local", answers: false }] });
    harness.executor.unanswered = false;
    harness = await harness.restart();
    expect(await harness.task("t0", "a", "1")).toMatchObject({ state: "done", jobs: { done: 3, failedAttempts: 0 } });
    expect(harness.executor.orders).toHaveLength(3);
  });

  test("but takes the jobs has each of them once", async () => {
    faultsExpected = true;
    harness = await startHarness({ files });
    harness.executor.unanswered = "takes";
    await harness.take({ run: 1 });
    harness = await harness.restart();
    expect((await harness.task("t0", "a", "1")).state).toBe("processing");
    harness.executor.unanswered = false;
    harness = await harness.restart();
    expect(await harness.task("t0", "a", "1")).toMatchObject({ state: "done", jobs: { done: 3, failedAttempts: 0 } });
    expect(harness.executor.orders).toHaveLength(3);
  });

  test("and whose listing misses jobs at first is believed only when it misses them again", async () => {
    harness = await startHarness({ files, script: () => ({ exit: "never" }), sureAfter: 2 });
    await harness.take({ run: 1 });
    const [first] = harness.executor.orders;
    harness.executor.forget(first?.key ?? "");
    harness = await harness.restart();
    expect(harness.executor.orders).toHaveLength(3);
    harness = await harness.restart();
    expect(harness.executor.orders.length).toBeGreaterThan(3);
  });
});

describe("two operators at once", () => {
  test.each([
    ["release t0/a@1", "hold t0/a@1 looking"],
    ["skip t0/a@1 unusable", "hold t0/a@1 looking"],
    ["reprocess t0/a@1 --why alignment", ""],
  ])("who both type %s: one does it, the other is told", async (line, before) => {
    harness = await startHarness({ files, script: () => ({ exit: before ? "never" : 0 }) });
    if (before) await harness.command("pause t0 first");
    await harness.take({ run: 1 });
    if (before) await harness.command(before);
    const answers = await Promise.all([harness.command(line), harness.command(line)]);
    expect(answers.map((answer) => answer.ok).sort(), JSON.stringify(answers)).toEqual([false, true]);
    const history = (await harness.command("history --limit 50")).data as { event: string }[];
    expect(history.filter(({ event }) => line.startsWith(event.slice(0, 4)))).toHaveLength(1);
  });

  test("who both retry what failed start it once", async () => {
    harness = await startHarness({ files, script: () => ({ exit: 1 }) });
    await harness.take({ run: 1 });
    harness.executor.perform(() => ({}));
    await Promise.all([harness.command("retry t0/a@1"), harness.command("retry t0/a@1")]);
    expect((await harness.task("t0", "a", "1")).state).toBe("done");
    expect(harness.executor.orders).toHaveLength(6);
  });
});

test("a workflow that is paused and resumed while its jobs are being handed over starts each once, and none while it is paused", async () => {
  harness = await startHarness({ files, script: () => ({ exit: "never" }), capacity: 4 });
  let run = 0;
  for (let round = 0; round < 20; round++) {
    const taken = harness.take({ run: ++run }, { run: ++run });
    const end = harness.executor.orders.find((order) => !ended.has(order.key));
    if (end) {
      ended.add(end.key);
      harness.executor.end(end.key, 0);
    }
    await Promise.all([taken, harness.command("pause t0 flip")]);
    const started = harness.executor.orders.length;
    await harness.take({ run: ++run });
    await harness.settle();
    expect(harness.executor.orders.length).toBe(started);
    await Promise.all([harness.command("resume t0"), harness.take({ run: ++run })]);
  }
  harness.executor.perform(() => ({}));
  for (const { key } of [...harness.executor.orders]) if (!ended.has(key)) harness.executor.end(key, 0);
  await harness.settle();
  expect(new Set((await harness.tasks()).map((task) => `${task.state} ${task.jobs.done}`))).toEqual(
    new Set(["done 3"]),
  );
  expect(new Set(harness.executor.orders.map((order) => order.key)).size).toBe(3 * run);
  expect(harness.executor.orders).toHaveLength(3 * run);
});
const ended = new Set<string>();
