import { afterEach, describe, expect, test } from "vitest";
import { type Harness, startHarness } from "./harness.ts";
import { configOf } from "./workflow-text.ts";

let harness: Harness | undefined;
afterEach(async () => {
  expect((harness?.faults ?? []).filter((fault) => !fault.includes("did not get through"))).toEqual([]);
  await harness?.stop();
  harness = undefined;
});

const WORKFLOW =
  'channel: "#timing"\npause-after: never\ntasks: { calibrate: { run: ["true"], retries: 1, backoff: { first: 0s } } }\n';
const failing = () => ({ exit: 1, log: "ERROR: no pulser data in run 8215 at 0x7f\n" });
/** An edit waits a little for further ones. */
const EDITED = 5_000;

describe("a task that fails for good", () => {
  test("is told of in the field's form, with the first error, the log, the attempts, and what changed since the last success", async () => {
    harness = await startHarness({ files: configOf({ t0: WORKFLOW }) });
    await harness.take({ run: 8214 });
    harness.repository.push({ ...configOf({ t0: WORKFLOW.replace("retries: 1", "retries: 2") }) }, "one retry more");
    await harness.follow();
    harness.executor.perform(failing);
    await harness.take({ run: 8215 });
    await harness.pass(0);
    await harness.pass(0);
    const alert = harness.chat.texts.find((text) => text.includes("permanently"));
    expect(alert).toContain("#timing: [T0]: Workflow t0 for run 8215 permanently marked as failed.");
    expect(alert).toContain("Please check the logs: http://bot/logs/t0-calibrate-8215-2-3.log");
    expect(alert).toContain("ERROR: no pulser data in run 8215");
    expect(alert).toMatch(/attempts +3 since/);
    expect(alert).toMatch(/changed +workflows\/t0\/workflow.yaml since it last was done \(8214.*Ann: one retry more/);
  });

  test("in the way of another makes one message that is edited, and is resolved when none is left", async () => {
    harness = await startHarness({ files: configOf({ t0: WORKFLOW }), script: failing });
    await harness.take({ run: 1 }, { run: 2 });
    await harness.pass(0);
    await harness.pass(0);
    for (let run = 3; run <= 30; run++) await harness.take({ run });
    await harness.pass(EDITED);
    await harness.pass(EDITED);
    const alerts = harness.chat.texts.filter((text) => text.includes("[T0]"));
    expect(alerts).toHaveLength(1);
    expect(alerts[0]).toMatch(/also failed the same way +22, 23.* and 21 more \(30 failures since/);
    expect(harness.chat.calls.filter((call) => call.key.startsWith("alert")).length).toBeLessThan(6);

    harness.executor.perform(() => ({}));
    const failed = (await harness.tasks()).map((task) => task.id);
    await harness.command(`retry ${failed.slice(0, 29).join(" ")}`);
    await harness.command(`skip ${failed[29]} not needed`);
    await harness.pass(EDITED);
    expect(harness.chat.texts.filter((text) => text.includes("[T0]"))).toEqual([
      expect.stringContaining("resolved after"),
    ]);
    expect((await harness.command("status")).data).toMatchObject({ alerts: [] });
  });

  test("in another way makes another message", async () => {
    harness = await startHarness({
      files: configOf({ t0: WORKFLOW }),
      script: ({ facts }) => ({ exit: 1, log: facts.run?.number === 1 ? "ERROR: disk full" : "ERROR: no such wire" }),
    });
    await harness.take({ run: 1 }, { run: 2 });
    await harness.pass(0);
    expect(harness.chat.texts.filter((text) => text.includes("permanently"))).toHaveLength(2);
  });

  test("while the chat is away is told once it is back, once", async () => {
    harness = await startHarness({ files: configOf({ t0: WORKFLOW }), script: failing });
    harness.chat.away = true;
    await harness.take({ run: 1 });
    await harness.pass(0);
    await harness.pass(60_000);
    await harness.pass(60_000);
    expect(harness.chat.texts).toEqual([]);
    harness.chat.away = false;
    await harness.pass(120_000);
    expect(harness.chat.texts.filter((text) => text.includes("permanently"))).toHaveLength(1);
    expect(harness.chat.calls).toHaveLength(1);
  });

  test("tells no secret that stood in its log", async () => {
    harness = await startHarness({
      files: configOf({ t0: WORKFLOW }),
      script: () => ({
        exit: 1,
        log: "ERROR: login failed with hunter2-the-secret at https://me:pw@host and \u001b[31mtoken=abcdef123456\u001b[0m\n",
      }),
    });
    await harness.take({ run: 1 });
    await harness.pass(0);
    const [alert] = harness.chat.texts;
    expect(alert).toContain("login failed with ***");
    expect(alert).not.toMatch(/hunter2|pw@|abcdef|\[31m/);
  });
});

describe("a new configuration", () => {
  test("that has mistakes leaves the old one running, and says why once", async () => {
    harness = await startHarness({ files: configOf({ t0: WORKFLOW }) });
    harness.repository.push(configOf({ t0: "tasks: { calibrate: { rum: [x], retries: many } }\n" }), "a typo");
    await harness.follow();
    await harness.follow();
    await harness.take({ run: 1 });
    expect((await harness.task("t0", "calibrate", "1")).state).toBe("done");
    expect(
      harness.chat.texts.filter(
        (text) => text.includes('unknown key "rum"; write run') && text.includes('"many" is not a number'),
      ),
    ).toHaveLength(1);
  });

  test("is taken by what has not begun; what runs keeps the one that it began with, a retry takes the new one", async () => {
    harness = await startHarness({
      files: configOf({
        t0: 'tasks: { a: { run: ["old"], retries: 1, backoff: { first: 0s }, split: { jobs: 2 } } }\n',
      }),
      script: () => ({ exit: "never" }),
      capacity: 1,
    });
    await harness.take({ run: 1 });
    const commit = harness.repository.push(
      configOf({ t0: 'tasks: { a: { run: ["new"], retries: 0, split: { jobs: 2 } } }\n' }),
      "new program",
    );
    await harness.follow();
    harness.executor.perform(() => ({ exit: 1 }));
    harness.executor.end(harness.executor.orders[0]?.key ?? "", 0);
    await harness.settle();
    await harness.pass(0);
    expect(harness.executor.orders.map((order) => order.command)).toEqual([["old"], ["old"], ["old"]]);
    expect((await harness.task("t0", "a", "1")).state).toBe("failed");
    harness.executor.perform(() => ({}));
    await harness.command("retry t0/a@1");
    expect(harness.executor.orders.at(-1)).toMatchObject({ command: ["new"], facts: { commit } });
    expect(await harness.task("t0", "a", "1")).toMatchObject({ state: "done", commit });
  });
});
