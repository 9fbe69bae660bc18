import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MemoryTickets } from "../fakes/memory-tickets.ts";
import { type Harness, type HarnessOptions, startHarness } from "./harness.ts";
import { configOf } from "./workflow-text.ts";

const FILES = configOf(
  {
    t0: 'tasks: { calibrate: { run: ["true"], retries: 0 } }\n',
    align: 'tasks: { fit: { needs: [t0/calibrate], run: ["true"] } }\n',
  },
  {
    "calops.yaml": "experiment: Test\ntickets: { test: {}, accounts: { mia: m.lind } }\n",
    "people.yaml": "people: { ann: { name: Ann }, mia: { name: Mia } }\n",
    "campaigns/prompt.yaml": "kind: prompt\nworkflows: []\ntickets: true\n",
    "campaigns/proc8.yaml":
      "kind: reprocessing\nstart: manual\nruns: 1-2\ntickets: true\ndescription: once more\nexperts: { t0: mia }\nmanager: mia\n",
  },
);

let tracker: MemoryTickets;
let harness: Harness | undefined;
beforeEach(() => {
  tracker = new MemoryTickets();
});
afterEach(async () => {
  expect(harness?.faults ?? []).toEqual([]);
  await harness?.stop();
  harness = undefined;
});
const begin = async (more: Partial<HarnessOptions> = {}) => {
  const begun = await startHarness({ files: FILES, tracker, script: () => ({ exit: "never" }), ...more });
  await begun.take({ run: 1 }, { run: 2 });
  return begun;
};
const standing = () =>
  Object.fromEntries(
    tracker.tickets.map(({ title, state, blocks, assignee }) => [
      title,
      `${state}, blocks ${blocks.join(" and ") || "nothing"}, ${assignee ?? "nobody"}`,
    ]),
  );
const endAll = async (h: Harness) => {
  for (const order of [...h.executor.orders]) h.executor.end(order.key, 0);
  await h.settle();
  await h.pass(5_000);
};

describe("a campaign with tickets", () => {
  test("has one for each workflow and one for the whole, blocking each other, moved and closed as the campaign goes", async () => {
    harness = await begin();
    await harness.pass(5_000);
    expect(tracker.deeds).toEqual([]);
    await harness.command("campaign start proc8");
    await harness.pass(5_000);
    await harness.pass(15_000);
    expect(standing()).toEqual({
      "Campaign proc8": "working, blocks nothing, m.lind",
      "proc8: align": "open, blocks 1, nobody",
      "proc8: t0": expect.stringMatching(/^working, blocks 1 and \d, m\.lind$/),
    });
    expect((await harness.command("campaign progress proc8")).data).toMatchObject({
      tickets: [
        { title: "Campaign proc8", state: "working", url: "https://tracker.example/1", trouble: null },
        { title: "proc8: align", state: "open" },
        { title: "proc8: t0", state: "working" },
      ],
    });
    harness.executor.perform(() => ({ exit: "never" }));
    await endAll(harness);
    expect(standing()).toMatchObject({
      "proc8: align": expect.stringMatching(/^working/),
      "proc8: t0": expect.stringMatching(/^done/),
    });
    await harness.command("campaign pause proc8 the disk is full");
    await harness.pass(5_000);
    expect(tracker.tickets.find(({ title }) => title === "Campaign proc8")?.notes).toMatchObject([
      { text: "Paused by ann: the disk is full" },
    ]);
    await harness.command("campaign resume proc8");
    harness.executor.perform(() => ({}));
    await endAll(harness);
    await harness.command("campaign finish proc8");
    await harness.pass(5_000);
    expect(tracker.tickets.map(({ state }) => state)).toEqual(["done", "done", "done"]);
    expect(tracker.deeds.filter((deed) => deed === "make")).toHaveLength(3);
    const told = await harness.store.queries.history({ limit: 50, kind: "ticket" });
    expect(told.map(({ event }) => event)).toEqual(
      expect.arrayContaining(["wanted", "tried", "made", "working", "done"]),
    );
  });

  test("has each once, though the bot hears of nothing that it makes, and the tracker finds it only later", async () => {
    harness = await begin();
    tracker.after = (deed) => {
      if (deed === "make") throw new Error("socket hang up");
    };
    tracker.findsNothing = true;
    await harness.command("campaign start proc8");
    await harness.pass(5_000);
    expect(tracker.tickets).toHaveLength(3);
    harness = await harness.restart();
    await harness.pass(60_000);
    tracker.findsNothing = false;
    tracker.after = () => {};
    await harness.pass(60_000);
    await harness.pass(60_000);
    await harness.pass(60_000);
    expect(tracker.tickets).toHaveLength(3);
    expect(tracker.tickets.map(({ blocks }) => blocks.length).sort()).toEqual([0, 1, 2]);
  });

  test("keeps what is to be told while its tracker is away, and says so", async () => {
    harness = await begin();
    tracker.before = () => {
      throw Object.assign(new Error("Jira answered 503: it is not well; ask again later"), { retryAfterMs: 1_000 });
    };
    await harness.command("campaign start proc8");
    for (let look = 0; look < 6; look++) await harness.pass(600_000);
    expect(tracker.tickets).toEqual([]);
    expect(harness.chat.texts.join("\n")).toMatch(
      /The ticket "Campaign proc8" cannot be kept up to date: Jira answered 503: it is not well/,
    );
    tracker.before = () => {};
    for (let look = 0; look < 4; look++) await harness.pass(3_600_000);
    expect(standing()).toMatchObject({ "Campaign proc8": expect.stringMatching(/^working/) });
    expect(tracker.tickets).toHaveLength(3);
  });

  test("has them though there was no tracker for a while", async () => {
    harness = await begin();
    tracker.before = () => {
      throw new Error("503");
    };
    await harness.command("campaign start proc8");
    await harness.pass(5_000);
    const calops = FILES["calops.yaml"] ?? "";
    harness.repository.push({ ...FILES, "calops.yaml": "experiment: Test\n" }, "no tickets");
    await harness.follow();
    await harness.pass(3_600_000);
    tracker.before = () => {};
    harness.repository.push({ ...FILES, "calops.yaml": calops }, "tickets again");
    await harness.follow();
    await endAll(harness);
    await harness.pass(15_000);
    await harness.pass(3_600_000);
    expect(tracker.tickets).toHaveLength(3);
  });

  test("of a mirror has none", async () => {
    const mirrors = {
      "environments.yaml": 'mirrors: { branches: ["*"], runs: { last: 2 }, channel: "#dev", isolation: none }\n',
    };
    harness = await begin({ files: { ...FILES, ...mirrors } });
    harness.repository.push({ ...FILES, ...mirrors }, "a branch", { branch: "fit" });
    await harness.follow();
    expect(await harness.command("campaign start proc8 --env mirror/fit")).toMatchObject({ ok: true });
    await harness.pass(60_000);
    expect(tracker.deeds).toEqual([]);
  });
});
