import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { lineOf } from "../../src/core/command/parse.ts";
import { deploymentCard, deploymentKey } from "../../src/core/deployment/card.ts";
import { groupCard } from "../../src/core/group/card.ts";
import type { Block, Button } from "../../src/core/say.ts";
import { Answering } from "../../src/engine/talk/answering.ts";
import { MemoryChat, textOf } from "../fakes/memory-chat.ts";
import type { Files } from "../fakes/memory-repository.ts";
import { type Harness, startHarness } from "./harness.ts";
import { configOf } from "./workflow-text.ts";

let harness: Harness | undefined;
/** A chat that is away is told in the log. */
const AWAY = "a message did not get through";
afterEach(async () => {
  expect((harness?.faults ?? []).filter((fault) => !fault.startsWith(AWAY))).toEqual([]);
  await harness?.stop();
  harness = undefined;
});

const T0 = 'tasks: { fit: { run: ["true"] } }\n';
const PEOPLE = `people:
  ann: { name: Ann, email: ann@x.org, roles: [expert] }
  ben: { name: Ben, email: ben@x.org, roles: [expert] }
`;
const APPROVED = "production: { require: { approval: expert } }\n";
const files = (rules: string, more: Files = {}): Files =>
  configOf({ t0: T0 }, { "people.yaml": PEOPLE, "environments.yaml": rules, ...more });
const BEN = { id: "ben", roles: ["expert"], owner: false };

const deployments = async () => (await harness?.store.queries.deploymentPage({ limit: 100 })) ?? [];
const newest = async () => {
  const [one] = await deployments();
  if (!one) throw new Error("nothing was deployed");
  return one;
};
const buttonsIn = (blocks: readonly Block[]): Button[] =>
  blocks.flatMap((block) => (block.kind === "buttons" ? block.buttons : []));

/** Steps of a story, each as often as its number says. */
const often = <Step extends string>(weights: Readonly<Record<Step, number>>) =>
  fc.constantFrom(...Object.entries<number>(weights).flatMap(([step, times]) => Array(times).fill(step as Step)));

/** What answers where buttons are pressed. */
function anAnswering({ bot, store, clock, command, settle }: Harness) {
  const chat = new MemoryChat();
  const answering = new Answering({
    engine: bot.engine,
    queries: store.queries,
    chats: { of: () => chat },
    desk: () => ({
      answer: async (words, { id, roles }) => ({
        ...(await command(lineOf(words), { id, roles, owner: false })),
        json: false,
        to: "channel",
      }),
      wordsOfForm: () => undefined,
      complete: () => [],
    }),
    actorOf: async ({ id }) => ({ id, roles: ["expert"], owner: false, via: "memory" }),
    seal: { seal: JSON.stringify, open: JSON.parse },
    redact: () => (text) => text,
    clock,
    log: { info: () => {}, warn: () => {}, error: () => {} },
  });
  const press = async (key: string, button: Button | undefined) => {
    if (!button) throw new Error("there is no such button");
    await answering.take({
      key,
      account: { chat: "memory", id: key.split("'")[0] ?? "", name: "" },
      place: { channel: "C1", thread: null, direct: false, remote: "" },
      asking: { kind: "press", seal: answering.seal(button) },
    });
    while (!answering.resting) await settle();
  };
  return { answering, press, chat };
}

const shows = (key: string) => harness?.chat.shows(key) ?? "";

describe("a deployment", () => {
  test("is one message, which is edited as it waits, is deployed and is followed by another", async () => {
    harness = await startHarness({ files: files(APPROVED), hearsStart: true });
    const card = deploymentKey(await newest());
    expect(shows(card)).toMatch(/^Deployment request for environment production received, .*; it waits:\n/);
    expect(shows(card)).toContain("type: deploy production ");
    const { commit } = await newest();
    await harness.command(`deploy production ${commit}`, BEN);
    expect(shows(card)).toMatch(/^Environment production deployed successfully\n/);
    expect(shows(card)).toContain("ben approved it");

    const next = harness.repository.push(files(APPROVED, { "workflows/t0/fit.sh": "#!/bin/sh\n" }), "finer binning");
    await harness.follow();
    const other = deploymentKey(await newest());
    expect(shows(other)).not.toContain("type: rollback");
    await harness.command(`deploy production ${next}`, BEN);
    expect(shows(other)).toContain("type: rollback production");
    expect(shows(card)).toMatch(/^Environment production ran \w{8} until \w{8} took its place\.\n/);
    expect(shows(card)).not.toContain("type:");
    await harness.command("rollback production worse fits", { id: "ann" });
    expect(shows(other)).toMatch(/^Environment production does not run .* any more: rolled back by ann: worse fits\./);
    expect(shows(deploymentKey(await newest()))).toMatch(/deployed successfully: ann rolled it back\n/);
  });

  test("has its plan, who said yes and how long it took in the thread of its card, each once", async () => {
    harness = await startHarness({ files: files(APPROVED) });
    const first = await newest();
    await harness.command(`deploy production ${first.commit}`, BEN);
    const { commit, id } = await (async () => {
      harness?.repository.push(files(APPROVED, { "workflows/t0/fit.sh": "#!/bin/sh\n" }), "finer binning");
      await harness?.follow();
      return newest();
    })();
    await harness.pass(2 * 3_600_000);
    await harness.command(`deploy production ${commit}`, BEN);
    expect(harness.chat.under(`deployment ${id}`)).toEqual([
      expect.stringMatching(/1 workflow changed/),
      expect.stringMatching(/^ben asked for it and approved it\.$/),
      expect.stringMatching(/^It was checked and switched to in .*, after it had waited 2h\.$/),
    ]);
  });

  test("says what it waits for now, when somebody locks what it waits for", async () => {
    harness = await startHarness({ files: files("{}") });
    await harness.command("freeze production 8h: new people on shift", { id: "ann" });
    harness.repository.push(files("{}"), "second");
    await harness.follow();
    const card = deploymentKey(await newest());
    expect(shows(card)).toContain("frozen until");
    await harness.command("lock production looking for the bad run", BEN);
    expect(shows(card)).toContain("locked by ben: looking for the bad run");
    expect(shows(card)).toContain("unlock production");
  });

  test("tells all mistakes of its commit in the thread, and the first in the card", async () => {
    harness = await startHarness({ files: files("{}") });
    harness.repository.push(files("{}", { "runtypes.yaml": "physics: { filtre: x, worflows: [] }\n" }), "typos");
    await harness.follow();
    const card = deploymentKey(await newest());
    expect(shows(card)).toMatch(/^Environment production is not deployed: runtypes.yaml:1:12: unknown key "filtre"/);
    expect(harness.chat.under(card)).toEqual([expect.stringContaining('unknown key "worflows"')]);
  });

  test("whose card somebody deleted has a new one from the next change on, with its thread", async () => {
    harness = await startHarness({ files: files(APPROVED), hearsStart: true });
    const { id, commit } = await newest();
    const card = `deployment ${id}`;
    harness.chat.lose(card);
    await harness.command(`deploy production ${commit}`, BEN);
    await harness.pass(10_000);
    expect(shows(card)).toMatch(/^Environment production deployed successfully/);
    expect(harness.chat.under(`${card} anew`)).toContainEqual(
      expect.stringMatching(/^It was checked and switched to in /),
    );
  });

  test("is told when the chat is back, with its thread under it, as it stands by then", async () => {
    harness = await startHarness({ files: files("{}") });
    harness.chat.away = true;
    harness.repository.push(files("{}", { "workflows/t0/fit.sh": "#!/bin/sh\n" }), "finer binning");
    await harness.follow();
    const card = deploymentKey(await newest());
    expect(harness.chat.shows(card)).toBeUndefined();
    harness.chat.away = false;
    await harness.pass(60_000);
    expect(shows(card)).toMatch(/^Environment production deployed successfully/);
    expect(harness.chat.under(card)).toHaveLength(2);
    expect(harness.chat.calls.filter(({ key }) => key === card)).toHaveLength(1);
  });

  test("whose button is of an earlier state does nothing, and says who did what when", async () => {
    harness = await startHarness({ files: files(APPROVED), hearsStart: true });
    const { id, commit } = await newest();
    const shown = harness.chat.calls.findLast(({ key }) => key === `deployment ${id}`);
    const [approve] = buttonsIn(shown?.blocks ?? []);
    const { press, answering, chat } = anAnswering(harness);
    await press("cem's press", approve);
    expect(chat.answers.map((reply) => textOf(reply))).toEqual([]);
    expect((await newest()).state).toBe("deployed");
    await press("ben's press", approve);
    expect(chat.answers.map((reply) => textOf(reply))).toEqual([
      expect.stringMatching(
        /^This button is of an earlier state, and nothing was done: deployment \d+ is deployed now\. cem did that at .*: consented\.$/,
      ),
    ]);
    expect((await newest()).commit).toBe(commit);
    await answering.stop();
  });

  test("reads in the end as it stands, whatever happened in whatever order", async () => {
    const doing = often({
      push: 4,
      deploy: 6,
      rollback: 2,
      break: 1,
      lock: 1,
      unlock: 1,
      away: 1,
      back: 2,
      lose: 1,
      wait: 2,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(doing, { minLength: 6, maxLength: 14 }), async (story) => {
        const one = await startHarness({ files: files(APPROVED), hearsStart: true });
        harness = one;
        let count = 0;
        for (const step of story) {
          const [last] = await deployments();
          if (step === "push")
            one.repository.push(files(APPROVED, { "workflows/t0/fit.sh": `# ${++count}\n` }), "a fit");
          if (step === "break") one.repository.push(files(APPROVED, { "calops.yaml": `${++count}` }), "a typo");
          if (step === "deploy") await one.command(`deploy production ${last?.commit}`, BEN);
          if (step === "rollback") await one.command("rollback production worse fits", { id: "ann" });
          if (step === "lock" || step === "unlock") await one.command(`${step} production x`, { id: "ann" });
          if (step === "away" || step === "back") one.chat.away = step === "away";
          if (step === "lose" && last) one.chat.lose(deploymentKey(last));
          if (step === "wait") await one.pass(7_000);
          await one.follow();
        }
        one.chat.away = false;
        await one.pass(60_000);
        await one.pass(60_000);
        const lost = new Set(story.includes("lose") ? (await deployments()).map(deploymentKey) : []);
        for (const deployment of await deployments()) {
          const key = deploymentKey(deployment);
          // One that was deleted after its last change stays deleted.
          if (lost.has(key) && one.chat.shows(key) === undefined) continue;
          expect(one.chat.shows(key)).toBe(textOf({ blocks: deploymentCard(deployment) }));
        }
        await one.stop();
        harness = undefined;
      }),
      { numRuns: 10 },
    );
  }, 60_000);
});

describe("a group", () => {
  const CHAIN = 'tasks: { fit: { run: ["true"], retries: 0 }, check: { needs: [fit], run: ["true"] } }\n';
  const CARDS = (more = "") =>
    `experiment: Test\ndefaults: { backoff: 10s }\ncards: { channel: "#runs"${more} }\nruns: { attributes: { quality: string } }\n`;
  const carded = (more = "", others: Files = {}): Files =>
    configOf({ t0: CHAIN, reco: CHAIN }, { "calops.yaml": CARDS(more), "people.yaml": PEOPLE, ...others });
  const CARD = "group production prompt 8215";
  /** What a card says of the tasks of its group is gathered a little. */
  const GATHERED = 5_000;
  const cardErrands = async () =>
    (await harness?.store.queries.dueErrands(Number.MAX_SAFE_INTEGER, 1_000, ["card"])) ?? [];

  test("is one message with all its tasks over all workflows, which is edited as they go on", async () => {
    harness = await startHarness({ files: carded(), script: () => ({ exit: "never" }) });
    await harness.take({ run: 8215 });
    await harness.pass(GATHERED);
    expect(shows(CARD)).toMatch(/^run 8215, prompt: 0 of 4 done, 2 running\n/);
    expect(shows(CARD)).toContain("▸ t0/fit runs");
    expect(shows(CARD)).toMatch(/○ reco\/check waits: fit of 8215, which is processing/);
    for (const order of harness.executor.orders) harness.executor.end(order.key, 0);
    await harness.settle();
    harness.executor.perform(() => ({}));
    for (const order of harness.executor.orders) harness.executor.end(order.key, 0);
    await harness.pass(GATHERED);
    await harness.pass(GATHERED);
    for (const order of harness.executor.orders) harness.executor.end(order.key, 0);
    await harness.pass(GATHERED);
    await harness.pass(GATHERED);
    expect(shows(CARD)).toMatch(/^run 8215, prompt: 4 of 4 done\n/);
    expect(shows(CARD)).not.toContain("type:");
    expect(harness.chat.under(CARD)).toEqual(["All of it is done: 4 tasks."]);
    expect(harness.chat.texts.filter((text) => text.startsWith("#runs: run 8215"))).toHaveLength(1);
  });

  test("says what failed and why, in its card and once in the thread, and offers to retry just that", async () => {
    harness = await startHarness({ files: carded(), script: () => ({ exit: 1, log: "ERROR: no pulser" }) });
    await harness.take({ run: 8215 });
    for (let look = 0; look < 5; look++) await harness.pass(GATHERED);
    const failed = (await harness.tasks({ name: "fit" })).map(({ id }) => id);
    expect(shows(CARD)).toMatch(/^run 8215, prompt: 0 of 4 done, 2 failed\n/);
    expect(shows(CARD)).toMatch(/✗ t0\/fit failed: ./);
    expect(shows(CARD)).toContain(`type: retry ${failed.join(" ")} | why ${failed[0]} | logs ${failed[0]}`);
    expect(harness.chat.under(CARD)).toHaveLength(2);
    harness.executor.perform(() => ({}));
    await harness.command(`retry ${failed.join(" ")}`);
    for (let look = 0; look < 5; look++) await harness.pass(GATHERED);
    expect(shows(CARD)).toMatch(/^run 8215, prompt: 4 of 4 done\n/);
    expect(harness.chat.under(CARD)).toHaveLength(3);
  });

  test("has a message only where one is declared, and costs nothing where none is", async () => {
    const files = carded(', workflows: ["t*"], campaigns: [prompt]');
    harness = await startHarness({ files });
    await harness.take({ run: 8215 });
    expect((await cardErrands()).map(({ ref }) => ref)).toEqual(["production prompt 8215"]);
    await harness.pass(GATHERED);
    expect(shows(CARD)).toContain("t0/fit");
    expect(shows(CARD)).not.toContain("reco/fit");
    await harness.stop();

    harness = await startHarness({ files: configOf({ t0: CHAIN }) });
    await harness.take({ run: 8215 });
    expect(await harness.tasks()).toHaveLength(2);
    expect(await cardErrands()).toEqual([]);
  });

  test("is edited once for a burst of changes", async () => {
    harness = await startHarness({ files: carded() });
    await harness.take({ run: 8215 });
    await harness.pass(1_000);
    await harness.pass(1_000);
    expect(harness.chat.shows(CARD)).toBeUndefined();
    await harness.pass(GATHERED);
    const before = harness.chat.calls.filter(({ key }) => key === CARD).length;
    const ids = (await harness.tasks()).map(({ id }) => id);
    for (const id of ids) await harness.command(`reprocess ${id} --yes`);
    await harness.pass(GATHERED);
    expect(harness.chat.calls.filter(({ key }) => key === CARD).length - before).toBeLessThanOrEqual(2);
  });

  test("of a mirror is told in the mirrors' channel", async () => {
    const rules = 'mirrors: { channel: "#dev", branches: ["*"] }\n';
    harness = await startHarness({ files: carded("", { "environments.yaml": rules }) });
    await harness.take({ run: 8215 });
    harness.repository.push(carded("", { "environments.yaml": rules }), "a try", { branch: "try" });
    await harness.follow();
    await harness.pass(GATHERED);
    const cards = harness.chat.calls.filter(({ key }) => key === "group mirror/try prompt 8215");
    expect(new Set(cards.map(({ channel }) => channel))).toEqual(new Set(["#dev"]));
    expect(shows("group mirror/try prompt 8215")).toMatch(/^run 8215, prompt, mirror\/try: /);
  });

  test("reads in the end as its tasks stand, whatever happened in whatever order", async () => {
    const doing = often({
      done: 3,
      fail: 3,
      retry: 3,
      skip: 1,
      hold: 1,
      release: 1,
      take: 1,
      away: 1,
      back: 2,
      lose: 1,
      wait: 6,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(doing, { minLength: 6, maxLength: 14 }), async (story) => {
        const one = await startHarness({ files: carded(), script: () => ({ exit: "never" }) });
        harness = one;
        await one.take({ run: 8215 });
        for (const step of story) {
          const [last] = (await one.tasks()).filter(({ state }) => state === (step === "retry" ? "failed" : "held"));
          const order = one.executor.orders.at(-1);
          if (step === "take") await one.take({ run: 8215, quality: "good" });
          if ((step === "done" || step === "fail") && order) one.executor.end(order.key, step === "done" ? 0 : 1);
          await one.settle();
          if (["retry", "skip", "hold", "release"].includes(step) && last) {
            const why = step === "hold" || step === "skip" ? " look" : "";
            await one.command(`${step} ${last.id}${why}`);
          }
          if (step === "away" || step === "back") one.chat.away = step === "away";
          if (step === "lose") one.chat.lose(CARD);
          if (step === "wait") await one.pass(7_000);
        }
        one.chat.away = false;
        for (let look = 0; look < 4; look++) await one.pass(60_000);
        const tasks = await one.tasks();
        const shown = one.chat.shows(CARD);
        const of = { environment: "production", campaign: "prompt", groupKey: "8215" };
        // One that was deleted after its last change stays deleted.
        if (!story.includes("lose") || shown !== undefined)
          expect(shown).toBe(textOf({ blocks: groupCard(of, tasks, "run") }));
        await one.stop();
        harness = undefined;
      }),
      { numRuns: 10 },
    );
  }, 60_000);
});
