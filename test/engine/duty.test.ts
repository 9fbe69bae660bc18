import { join } from "node:path";
import { setTimeout as breathe } from "node:timers/promises";
import { afterEach, describe, expect, test, vi } from "vitest";
import { renderBlocks } from "../../src/adapters/chat/console/render.ts";
import { openSqlite } from "../../src/adapters/store/sqlite.ts";
import { StoreUnavailable } from "../../src/ports/store.ts";
import { type Harness, startHarness } from "./harness.ts";
import { configOf } from "./workflow-text.ts";

let harness: Harness | undefined;
afterEach(async () => {
  expect((harness?.faults ?? []).filter((fault) => !fault.includes("heartbeat is not heard"))).toEqual([]);
  await harness?.stop();
  harness = undefined;
});

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WORKFLOW =
  'channel: "#timing"\nseverity: critical\npause-after: never\ntasks: { calibrate: { run: ["true"], retries: 0, backoff: { first: 0s } } }\n';
const failing = () => ({ exit: 1, log: "ERROR: no pulser data\n" });
/** By the clock of the tests it is the 24th of November, 2026. */
const PEOPLE = `people:
  ann: { name: Ann, roles: [expert], accounts: { memory: ANN } }
  jun: { name: Jun, roles: [shifter], accounts: { memory: JUN } }
  cem: { name: Cem }
oncall:
  shift: { start: 2026-11-01T00:00, every: 1d, people: [ann, jun] }
`;
const ROUTES = `routes:
  - match: { severity: critical }
    channel: "#duty"
    repeat: 4h
    escalate:
      - { after: 15m, to: { oncall: shift } }
      - { after: 30m, to: { person: cem } }
      - { after: 45m, to: { channel: "#all" } }
ack: { lapses: 8h }
digest: { rota: shift, channel: "#shift" }
`;
const files = (more: Readonly<Record<string, string>> = {}) =>
  configOf({ t0: WORKFLOW }, { "people.yaml": PEOPLE, "alerts.yaml": ROUTES, ...more });

async function failed(more: Readonly<Record<string, string>> = {}): Promise<Harness> {
  harness = await startHarness({ files: files(more), script: failing });
  await harness.take({ run: 1 });
  await harness.pass(0);
  return harness;
}
const texts = (part: string) => (harness?.chat.texts ?? []).filter((text) => text.includes(part));
/** Lines in the thread of the first alert, each once. */
const inThread = () => {
  const calls = (harness?.chat.calls ?? []).filter((call) => call.thread === "alert 1");
  const newest = new Map(calls.map((call) => [call.key, call]));
  return [...newest.values()].map(({ blocks }) => renderBlocks(blocks, { width: 400, now: 0, zone: "UTC" }));
};

describe("an alert", () => {
  test("goes where its route says, with what there is to press", async () => {
    const { chat } = await failed();
    expect(texts("permanently")).toHaveLength(1);
    expect(texts("permanently")[0]).toMatch(/^#duty: \[T0\]/);
    expect(texts("permanently")[0]).toMatch(/alert +1, critical/);
    const pressed = chat.calls[0]?.blocks.find((block) => block.kind === "buttons");
    const shown = pressed?.kind === "buttons" ? pressed.buttons : [];
    expect(shown.map(({ label, words }) => `${label}: ${words.join(" ")}`)).toEqual(
      expect.arrayContaining([
        "Retry: retry 1",
        "Acknowledge: ack 1",
        "Silence: silence environment=production,workflow=t0,task=calibrate",
      ]),
    );
    expect(shown.find(({ label }) => label === "Acknowledge")?.while).toEqual({ alert: 1, state: "firing" });
    expect(shown.find(({ label }) => label === "Retry")?.while).toMatchObject({ task: 1, state: "failed" });
  });

  test("that nobody takes is brought to who is on duty, to a person, to a channel, and told again", async () => {
    const { pass } = await failed();
    await pass(14 * MINUTE);
    expect(texts("Nobody has acknowledged it")).toEqual([]);
    await pass(MINUTE);
    expect(texts("Nobody has acknowledged it for 15m")).toEqual([expect.stringMatching(/^@(ANN|JUN): \[T0\]/)]);
    await pass(15 * MINUTE);
    // Cem has no account: the channel of the alert names them.
    expect(texts("For cem, who has no account here")).toEqual([expect.stringMatching(/^#duty: /)]);
    await pass(15 * MINUTE);
    expect(texts("Nobody has acknowledged it for 45m")).toEqual([expect.stringMatching(/^#all: /)]);
    await pass(4 * HOUR);
    expect(texts("Nobody has taken it for")).toEqual([expect.stringMatching(/^#duty: /)]);
    await pass(4 * HOUR);
    expect(texts("Nobody has taken it for")).toHaveLength(2);
    expect(inThread().filter((line) => line.includes("Nobody acknowledged alert 1"))).toHaveLength(3);
  });

  test("that somebody took is left to them, until another run fails the same way", async () => {
    const { bot, pass, take, store } = await failed();
    expect(await bot.duty.acknowledge(1, { until: undefined, why: "cable" }, "jun")).toMatchObject({ ok: true });
    await pass(5 * HOUR);
    expect(texts("Nobody has")).toEqual([]);
    expect(texts("permanently")[0]).toMatch(/in hand +jun since .*: cable/);
    await take({ run: 2 });
    await pass(0);
    await take({ run: 3 });
    await pass(0);
    expect(await store.queries.alertsById([1])).toMatchObject([{ state: "firing", open: 3 }]);
    expect(inThread().filter((line) => line.includes("jun takes care of it"))).toHaveLength(1);
    // One line for what became of the acknowledgement, none for each failure.
    expect(inThread().filter((line) => line.includes("jun no longer has it alone"))).toHaveLength(1);
    await pass(15 * MINUTE);
    expect(texts("Nobody has acknowledged it for 15m")).toHaveLength(1);
  });

  test("stays with whoever took it when their own retry fails again, and is theirs no more after its time", async () => {
    const { bot, pass, take, command, store } = await failed();
    await take({ run: 2 });
    await pass(0);
    await bot.duty.acknowledge(1, { until: undefined, why: null }, "jun");
    await command("retry 1");
    await pass(0);
    expect(await store.queries.alertsById([1])).toMatchObject([{ state: "acknowledged", open: 2 }]);
    await pass(8 * HOUR);
    expect(await store.queries.alertsById([1])).toMatchObject([{ state: "firing" }]);
    expect(texts("The time is up that you took for it")).toEqual([expect.stringMatching(/^@JUN: /)]);
  });

  test("of somebody else is not taken, and says whose it is", async () => {
    const { bot } = await failed();
    await bot.duty.acknowledge(1, { until: undefined, why: null }, "jun");
    expect(await bot.duty.acknowledge(1, { until: undefined, why: null }, "ann")).toMatchObject({
      ok: false,
      reason: "acknowledged",
      alert: { acknowledged: { by: "jun" } },
    });
    expect(await bot.duty.acknowledge(7, { until: undefined, why: null }, "ann")).toEqual({
      ok: false,
      reason: "unknown-alert",
    });
  });

  test("that is over says in its thread who did something about it, and the next of its kind what was before", async () => {
    const { command, executor, pass, take } = await failed();
    executor.perform(() => ({}));
    await pass(10 * MINUTE);
    await command("retry 1", { id: "jun" });
    await pass(10_000);
    expect(texts("resolved after 10m")).toHaveLength(1);
    expect(inThread()).toEqual([expect.stringContaining("jun did something about it")]);
    executor.perform(failing);
    await take({ run: 2 });
    await pass(0);
    expect(texts("permanently")[0]).toMatch(/seen +the 2nd time in 30 days; it never healed itself/);
    expect(texts("permanently")[0]).toMatch(/tried next +not by itself: its attempt is used up/);
  });

  test("in more ways than anybody reads of is told five times, and once for all others", async () => {
    harness = await startHarness({
      files: files(),
      script: ({ facts }) => ({ exit: 1, log: `ERROR: kind ${"abcdefghijkl"[facts.run?.number ?? 0]}\n` }),
    });
    await harness.take(...Array.from({ length: 11 }, (_, run) => ({ run: run + 1 })));
    await harness.pass(0);
    await harness.pass(10_000);
    expect(texts("permanently")).toHaveLength(6);
    expect((await harness.store.queries.firingAlerts()).map(({ open }) => open).sort()).toEqual([1, 1, 1, 1, 1, 6]);
  });

  test("of three hundred runs is one message, which costs the same with each", async () => {
    harness = await startHarness({ files: files(), script: failing, capacity: 400 });
    await harness.take(...Array.from({ length: 300 }, (_, run) => ({ run: run + 1 })));
    await harness.pass(0);
    await harness.pass(10_000);
    const [alert] = await harness.store.queries.firingAlerts();
    expect(alert).toMatchObject({ open: 300, count: 300 });
    expect(alert?.tasks).toHaveLength(10);
    expect(texts("permanently")).toEqual([expect.stringContaining("and 291 more (300 failures since")]);
    expect(harness.chat.calls.length).toBeLessThan(5);
  }, 60_000);
});

describe("a silence", () => {
  const T0 = [{ what: "workflow", value: "t0" } as const];

  test("keeps an alert from being told, and it is told when that ends", async () => {
    harness = await startHarness({ files: files(), script: failing });
    const { bot, pass, take, clock } = harness;
    expect(await bot.duty.silence({ matchers: T0, until: clock.now() + HOUR, why: "new cables" }, "jun")).toMatchObject(
      { ok: true, alerts: [] },
    );
    await take({ run: 1 });
    await pass(0);
    await pass(30 * MINUTE);
    expect(harness.chat.texts).toEqual([]);
    expect(await bot.environments.describe("production")).toMatchObject([
      { overlays: [{ what: "alerts silenced where workflow=t0", by: "jun", why: "new cables", end: "unsilence 1" }] },
    ]);
    await pass(30 * MINUTE);
    expect(texts("permanently")).toHaveLength(1);
    // Steps count from now on.
    await pass(14 * MINUTE);
    expect(texts("Nobody has")).toEqual([]);
    await pass(MINUTE);
    expect(texts("Nobody has acknowledged it for 15m")).toHaveLength(1);
  });

  test("stops steps and repetitions of one that was told, and what still fires when somebody ends it is told again", async () => {
    const { bot, pass, clock } = await failed();
    await bot.duty.silence({ matchers: T0, until: clock.now() + DAY, why: "new cables" }, "jun");
    await pass(0);
    expect(texts("permanently")[0]).toMatch(/silenced +nobody is told of it/);
    await pass(5 * HOUR);
    expect(texts("Nobody has")).toEqual([]);
    expect(await bot.duty.unsilence(1, "ann")).toMatchObject({ ok: true });
    await pass(0);
    expect(texts("It still fires, and no silence holds it back")).toEqual([expect.stringMatching(/^#duty: /)]);
    expect(await bot.duty.unsilence(1, "ann")).toMatchObject({ ok: false, reason: "over", detail: "ann" });
  });

  test("of what is over by then is never told", async () => {
    harness = await startHarness({ files: files(), script: failing });
    const { bot, pass, take, clock, executor, command } = harness;
    await bot.duty.silence({ matchers: T0, until: clock.now() + HOUR, why: "new cables" }, "jun");
    await take({ run: 1 });
    await pass(0);
    executor.perform(() => ({}));
    await command("retry 1");
    await pass(2 * HOUR);
    expect(harness.chat.texts).toEqual([]);
  });
});

describe("whoever asks to be told", () => {
  test("of a run is told alone, once, when all of it has ended", async () => {
    harness = await startHarness({ files: files(), script: () => ({ exit: "never" }) });
    const { bot, take, executor, settle, pass } = harness;
    await take({ run: 1 });
    const to = { environment: "production", to: { run: 1 } } as const;
    expect(await bot.duty.subscribe(to, "jun")).toEqual({ ok: true });
    expect(await bot.duty.subscribe(to, "jun")).toEqual({ ok: false, reason: "already-subscribed" });
    expect(await bot.duty.subscribe({ environment: "production", to: { run: 9 } }, "jun")).toEqual({
      ok: false,
      reason: "unknown-run",
    });
    await pass(0);
    expect(texts("has ended")).toEqual([]);
    for (const { key } of executor.orders) executor.end(key, 0);
    await settle();
    await pass(0);
    expect(texts("has ended")).toEqual([expect.stringMatching(/^@JUN: Run 1 has ended: 1 task of 1 ended well/)]);
    expect(await bot.duty.subscribe(to, "jun")).toEqual({ ok: false, reason: "already-ended" });
  });

  test("of a workflow is told when nothing of it is left to do, and not once they want it no longer", async () => {
    harness = await startHarness({ files: files(), script: () => ({ exit: "never" }), capacity: 5 });
    const { bot, take, executor, settle, pass } = harness;
    await take({ run: 1 }, { run: 2 });
    const to = { environment: "production", to: { workflow: "t0" } } as const;
    await bot.duty.subscribe(to, "cem");
    await bot.duty.subscribe(to, "ann");
    expect(await bot.duty.unsubscribe(to, "ann")).toEqual({ ok: true });
    expect(await bot.duty.unsubscribe(to, "ann")).toEqual({ ok: false, reason: "not-subscribed" });
    const [first, second] = executor.orders;
    executor.end(first?.key ?? "", 0);
    await settle();
    await pass(0);
    expect(texts("has ended")).toEqual([]);
    executor.end(second?.key ?? "", 0);
    await settle();
    await pass(0);
    expect(texts("has ended")).toEqual([
      expect.stringMatching(/^#timing: For cem, who has no account here.*\n?.*Workflow t0 has ended/),
    ]);
  });
});

describe("at the end of a shift", () => {
  test("the next is told what failed, what waits and what was deployed, once", async () => {
    const { bot, pass, clock, repository, follow } = await failed();
    await bot.duty.silence(
      { matchers: [{ what: "task", value: "fit" }], until: clock.now() + 5 * DAY, why: "known" },
      "jun",
    );
    repository.push({ ...files(), "README.md": "x" }, "a page");
    await follow();
    const midnight = DAY - (clock.now() % DAY);
    await pass(midnight);
    await pass(0);
    const [digest, ...more] = texts("Hand-over of shift");
    expect(more).toEqual([]);
    expect(digest).toMatch(/^#shift: Hand-over of shift: (ann takes over from jun|jun takes over from ann)\./);
    expect(digest).toContain("alert 1 (critical): t0/calibrate of 1 task since");
    expect(digest).toContain("silence 1 of task=fit by jun until");
    expect(digest).toMatch(/Was deployed:[\s\S]*a page/);
    await pass(DAY);
    await pass(0);
    const digests = texts("Hand-over of shift");
    expect(digests).toHaveLength(2);
    expect(digests[1]).toContain("Nothing was deployed.");
  });

  test("that was while the bot was away for long, nobody is told of it", async () => {
    const { pass } = await failed();
    await pass(3 * DAY);
    await pass(0);
    expect(texts("Hand-over of shift")).toEqual([]);
    await pass(DAY);
    await pass(0);
    expect(texts("Hand-over of shift")).toHaveLength(1);
  });
});

describe("the heartbeat", () => {
  const BEATING = { "alerts.yaml": "heartbeat: { url: { secret: BEAT }, every: 1m }\n" };

  test("beats at its pace while turns are taken, and never tells its address", async () => {
    harness = await startHarness({ files: files(BEATING) });
    const { beats, pass } = harness;
    const before = beats.length;
    await pass(MINUTE);
    await pass(MINUTE);
    await pass(10_000);
    expect(beats.length - before).toBe(2);
    expect(new Set(beats)).toEqual(new Set(["http://beat.example/secret"]));
  });

  test("is silent while the store cannot be written, and beats again once it can", async () => {
    let full = false;
    harness = await startHarness({
      files: files(BEATING),
      openStore: async (root, now) => {
        const store = await openSqlite({ file: join(root, "calops.sqlite"), now });
        return {
          ...store,
          queries: store.queries,
          transact: (work) =>
            full ? Promise.reject(new StoreUnavailable("the disk is full", null)) : store.transact(work),
        };
      },
    });
    const { beats, bot, clock, faults } = harness;
    const before = beats.length;
    full = true;
    for (let minutes = 0; minutes < 3; minutes++) {
      clock.pass(MINUTE);
      bot.nudge();
      await breathe(20);
    }
    expect(beats.length).toBe(before);
    full = false;
    await vi.waitFor(() => expect(beats.length).toBeGreaterThan(before), 5_000);
    // That the store was away is in the log.
    faults.length = 0;
  });

  test("says once that nobody knows its secret", async () => {
    harness = await startHarness({
      files: files({ "alerts.yaml": "heartbeat: { url: { secret: OTHER }, every: 1m }\n" }),
    });
    await harness.pass(MINUTE);
    await harness.pass(MINUTE);
    expect(harness.faults).toEqual([expect.stringContaining("nobody knows the secret OTHER")]);
  });
});
