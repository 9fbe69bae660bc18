import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { Answer } from "../../src/core/command/command.ts";
import { textOf } from "../fakes/memory-chat.ts";
import { MemoryConditions } from "../fakes/memory-conditions.ts";
import { campaignFiles, held, PROC8, put, standing, startCampaigns, states, T0, withTags } from "./campaign-ground.ts";
import { type Harness, type HarnessOptions, startHarness } from "./harness.ts";
import { configOf } from "./workflow-text.ts";

let harness: Harness | undefined;
afterEach(async () => {
  expect(harness?.faults ?? []).toEqual([]);
  await harness?.stop();
  harness = undefined;
});

const said = (answer: Answer) => textOf({ blocks: answer.say });
const start = async (campaigns: Record<string, string>, more: Partial<HarnessOptions> = {}) => {
  harness = await startCampaigns(campaigns, more);
  return harness;
};

describe("a campaign that is started by hand", () => {
  test("takes no runs before, then those of its range, each once, and marks what it makes", async () => {
    const h = await start({ proc8: PROC8 });
    await h.take({ run: 1 }, { run: 2 }, { run: 9 });
    expect(await h.tasks()).toEqual([]);
    expect((await h.command("campaign start proc8")).ok).toBe(true);
    expect(await states(h)).toEqual([
      ["proc8", "1", "done"],
      ["proc8", "2", "done"],
    ]);
    expect(h.executor.orders[0]?.command).toEqual(["fit", "p.1-v1.3", "none", "1"]);
    expect(h.executor.orders[0]?.facts).toMatchObject({ label: "p.1-v1.3", campaignAttempt: 1, campaign: "proc8" });
    expect(h.executor.orders[0]?.env).toMatchObject({ CALOPS_LABEL: "p.1-v1.3", CALOPS_CAMPAIGN_ATTEMPT: "1" });
    const [job] = (await h.command(`jobs ${(await h.tasks())[0]?.id}`)).data as { label: string }[];
    expect(job?.label).toBe("p.1-v1.3");
    expect((await h.command("campaign start proc8")).ok).toBe(false);
    expect(h.executor.orders).toHaveLength(2);
  });

  test("is the same after a bot died in the middle of its start", async () => {
    const conditions = new MemoryConditions();
    conditions.away = true;
    let h = await start({ proc8: `${PROC8}tags: { staging: stage }\n` }, { conditions });
    await h.take({ run: 1 });
    await h.command("campaign start proc8");
    expect(await standing(h, "proc8")).toMatchObject({ state: "running", prepared: false });
    expect((await standing(h, "proc8"))?.trouble).toContain("the store of conditions does not answer");
    expect(await h.tasks()).toEqual([]);
    h = await h.restart();
    harness = h;
    conditions.away = false;
    await h.pass(60_000);
    expect(await standing(h, "proc8")).toMatchObject({ state: "running", prepared: true, trouble: null });
    expect(await states(h)).toEqual([["proc8", "1", "done"]]);
    expect((await conditions.tags("production")).map(({ name }) => name)).toEqual(["stage"]);
  });

  test("shows what it will do before it does it, and does it when that is confirmed", async () => {
    const conditions = new MemoryConditions();
    const h = await start({ proc8: `${PROC8}tags: { staging: [stage] }\nexperts: { t0: ann }\n` }, { conditions });
    await h.take({ run: 1 }, { run: 2 });
    const shown = await h.command("campaign start proc8", { via: "terminal" });
    const text = said(shown);
    for (const words of [
      "stage is made, empty",
      "2 known runs of its range are given to 1 workflow",
      "t0 ann",
      "p.1-v1.3",
    ])
      expect(text).toContain(words);
    expect((await standing(h, "proc8"))?.state).toBeUndefined();
    const { confirm } = shown.data as { confirm: string };
    expect((await h.command(`confirm ${confirm}`, { via: "terminal" })).ok).toBe(true);
    expect((await standing(h, "proc8"))?.state).toBe("running");
  });
});

describe("when a campaign begins", () => {
  test("its staging tags are emptied once, and its jobs read a copy of the running tag", async () => {
    const conditions = new MemoryConditions();
    await withTags(conditions, "stage", "prompt");
    const tags = "tag: prompt\nsnapshot: true\ntags: { target: prompt, staging: [stage] }\n";
    const h = await start({ proc8: PROC8 + tags }, { conditions });
    await h.take({ run: 1 });
    expect(await held(conditions, "stage")).toBe(1);
    await h.command("campaign start proc8");
    expect(await held(conditions, "stage")).toBe(0);
    expect(await held(conditions, "prompt")).toBe(1);
    expect(await held(conditions, "prompt-proc8-1")).toBe(1);
    expect(h.executor.orders[0]?.facts.tag).toBe("prompt-proc8-1");
  });

  test("one whose staging tag another campaign uses is refused, until that is over", async () => {
    const conditions = new MemoryConditions();
    const tags = "tags: { staging: stage }\n";
    const h = await start({ proc8: PROC8 + tags, proc9: PROC8 + tags }, { conditions });
    await h.command("campaign start proc8");
    const refused = await h.command("campaign start proc9");
    expect(said(refused)).toContain("stage is used by campaign proc8, which is running");
    await h.command("campaign finish proc8");
    expect((await h.command("campaign start proc9")).ok).toBe(true);
  });

  test("one that is to start at once does when it is deployed, and once", async () => {
    const h = await start({});
    await h.take({ run: 2 });
    const files = configOf(
      { t0: T0 },
      {
        "campaigns/prompt.yaml": "kind: prompt\nworkflows: []\n",
        "campaigns/proc8.yaml": PROC8.replace("manual", "at once"),
      },
    );
    h.repository.push(files, "add proc8");
    await h.follow();
    expect(await standing(h, "proc8")).toMatchObject({ state: "running", attempt: 1, by: "calops", prepared: true });
    expect(await states(h)).toEqual([["proc8", "2", "done"]]);
    h.repository.push({ ...files, "workflows/t0/note": "x" }, "something else");
    await h.follow();
    expect(await standing(h, "proc8")).toMatchObject({ version: 2 });
  });
});

describe("a campaign that is paused", () => {
  test("begins nothing, keeps no other campaign from anything, and goes on where it was", async () => {
    const h = await start({ proc8: PROC8, proc9: PROC8 });
    await h.command("campaign start proc8");
    await h.command("campaign start proc9");
    await h.command("campaign pause proc8 the alignment is looked at");
    await h.take({ run: 1 });
    await h.command("inject proc8 1");
    await h.command("inject proc9 1");
    expect(await states(h)).toEqual([
      ["proc8", "1", "ready"],
      ["proc9", "1", "done"],
    ]);
    const [task] = await h.tasks();
    expect(task?.waiting).toMatchObject([
      { lock: "campaign", detail: "campaign proc8 is paused by ann: the alignment is looked at", owner: "ann" },
    ]);
    expect(said(await h.command(`why ${task?.id}`))).toContain("campaign resume proc8");
    const progress = (await h.command("campaign progress proc8")).data;
    expect(progress).toMatchObject({
      state: "paused",
      total: 1,
      ended: 0,
      waiting: [{ waitsFor: "ann", tasks: 1 }],
      forecast: { known: false, why: "nothing of it begins at the moment" },
    });
    await h.command("campaign resume proc8");
    expect(await states(h)).toEqual([
      ["proc8", "1", "done"],
      ["proc9", "1", "done"],
    ]);
  });

  test("does not stand before another one at a limit of their workflow", async () => {
    const files = configOf(
      { t0: `limits: { tasks: 1 }\n${T0}` },
      { "campaigns/low.yaml": "kind: reprocessing\n", "campaigns/high.yaml": "kind: reprocessing\npriority: 9\n" },
    );
    let going = true;
    const h = await startHarness({ files, script: () => (going ? { exit: "never" } : {}) });
    harness = h;
    await h.take({ run: 1 }, { run: 2 });
    await h.command("campaign pause high look");
    await h.command("inject low 1-2");
    await h.command("inject high 1-2");
    const done = async () => (await states(h)).filter(([, , state]) => state === "processing" || state === "done");
    expect(await done()).toEqual([["low", "1", "processing"]]);
    going = false;
    for (const { key } of h.executor.orders) h.executor.end(key, 0);
    await h.settle();
    expect(await done()).toEqual([
      ["low", "1", "done"],
      ["low", "2", "done"],
    ]);
  });
});

describe("a campaign is finished", () => {
  test("once nothing of it is left, or for a reason; then nothing more begins", async () => {
    const h = await start({ proc8: PROC8 }, { script: ({ facts }) => (facts.run?.number === 2 ? { exit: 1 } : {}) });
    await h.take({ run: 1 }, { run: 2 });
    await h.command("campaign start proc8");
    const refused = await h.command("campaign finish proc8");
    expect(refused.ok).toBe(false);
    expect(said(refused)).toContain("1 task failed");
    expect((await h.command('campaign finish proc8 --force "run 2 is bad"')).ok).toBe(true);
    expect(await standing(h, "proc8")).toMatchObject({
      state: "finished",
      reason: "finished by ann with 1 task failed: run 2 is bad",
    });
    await h.take({ run: 3 });
    await h.command("inject proc8 3");
    expect(await h.tasks()).toHaveLength(2);
    expect((await h.command("campaign archive proc8")).ok).toBe(true);
    expect((await h.command("campaign start proc8")).ok).toBe(false);
    const history = (await h.store.queries.history({ limit: 20, kind: "campaign", ref: "production/proc8" })).reverse();
    expect(history.map(({ event }) => event)).toEqual(["started", "prepared", "finished", "injected", "archived"]);
  });
});

test("a higher attempt makes everything anew, marked as such, once nothing of the one before is under way", async () => {
  const h = await start(
    { proc8: PROC8 },
    { script: ({ facts }) => (facts.run?.number === 2 ? { exit: "never" } : {}) },
  );
  await h.take({ run: 1 }, { run: 2 });
  await h.command("campaign start proc8");
  await h.command('campaign finish proc8 --force "run 2 hangs"');
  expect(said(await h.command("campaign start proc8"))).toContain("declare a higher attempt");
  h.repository.push(campaignFiles({ proc8: `${PROC8}attempt: 2\n` }), "attempt 2");
  await h.follow();
  expect((await h.command("campaign start proc8")).ok).toBe(true);
  expect((await standing(h, "proc8"))?.trouble).toBe("1 task of the attempt before is under way");
  for (const { key } of h.executor.orders.filter(({ facts }) => facts.run?.number === 2)) h.executor.end(key, 0);
  h.executor.perform(() => ({}));
  await h.settle();
  await h.pass(60_000);
  expect((await h.tasks()).map(({ attempt, state }) => [attempt, state])).toEqual([
    [2, "done"],
    [2, "done"],
  ]);
  expect(h.executor.orders.slice(2).map(({ facts }) => [facts.label, facts.campaignAttempt])).toEqual([
    ["p.2-v1.3", 2],
    ["p.2-v1.3", 2],
  ]);
});

test("an expert of a campaign sees in mine what of it is theirs, and what keeps it", async () => {
  const h = await start({ proc8: `${PROC8}experts: { t0: ann }\n` }, { script: () => ({ exit: 1 }) });
  await h.take({ run: 1 }, { run: 2 });
  await h.command("campaign start proc8");
  await h.pass(60_000);
  const mine = async (id: string) => (await h.command("mine", { id, owner: false })).data as { campaigns: unknown };
  expect((await mine("ann")).campaigns).toEqual([
    { campaign: "proc8", workflow: "t0", open: 2, waiting: expect.stringMatching(/^2 tasks of fit: /) },
  ]);
  expect((await mine("eve")).campaigns).toEqual([]);
});

test("outputs of superseded attempts go but for the last that are to be kept, and nothing else", async () => {
  const h = await start(
    { proc8: `${PROC8}keep: 1\n`, proc9: PROC8 },
    { script: () => ({ outputs: { "result.txt": "constants", "metrics.json": '{"x": 1}' } }) },
  );
  await h.take({ run: 1 });
  await h.command("campaign start proc8");
  await h.command("campaign start proc9");
  const tasks = (await h.tasks()).map(({ id }) => id);
  for (const why of ["second", "third"]) await h.command(`reprocess ${tasks.join(" ")} --why ${why}`);
  const outputs = async () =>
    h.executor.orders
      .map(({ directory, facts }) => [
        facts.campaign,
        facts.task.attempt,
        existsSync(join(h.root, directory, "out/result.txt")),
      ])
      .sort();
  const all = (first: boolean) =>
    ["proc8", "proc9"].flatMap((campaign) =>
      [1, 2, 3].map((attempt) => [campaign, attempt, first || campaign === "proc9" || attempt > 1]),
    );
  expect(await outputs()).toEqual(all(true));
  const usage = async () => (await h.store.queries.usage()).reduce((sum, { bytes }) => sum + bytes, 0);
  const before = await usage();
  await h.pass(3_600_000);
  expect(await outputs()).toEqual(all(true));
  await h.pass(7 * 86_400_000);
  expect(await outputs()).toEqual(all(false));
  expect(await usage()).toBe((before / 6) * 5);
});

test("working directories of an archived campaign go at once, those of others when it is their time", async () => {
  const h = await start({ proc8: PROC8, proc9: PROC8 }, { script: () => ({ exit: 1 }) });
  await h.take({ run: 1 });
  for (const name of ["proc8", "proc9"]) {
    await h.command(`campaign start ${name}`);
    await h.command(`campaign finish ${name} --force "only a test"`);
  }
  await h.command("campaign archive proc8");
  await h.pass(3_600_000);
  const kept = await Promise.all(
    (await h.tasks()).map(async ({ id, campaign }) => {
      const [job] = await h.store.queries.jobsOfTask(id, 1);
      return [campaign, (await h.store.queries.attemptsOfJob(job?.id ?? 0)).map((attempt) => attempt.kept)];
    }),
  );
  expect(kept).toEqual([
    ["proc8", ["log"]],
    ["proc9", ["work"]],
  ]);
});

test("a campaign says in its channel that it begins, whatever attempt is its first", async () => {
  const h = await start({ proc8: `${PROC8}attempt: 2\n` });
  await h.take({ run: 1 });
  await h.command("campaign start proc8");
  expect(h.chat.texts.at(-1)).toContain("Campaign proc8, attempt 2, begins with 1 run.");
  expect(await states(h)).toEqual([["proc8", "1", "done"]]);
  h.faults.length = 0;
});

test("a start that was overtaken by a higher attempt waits for a person, and says so", async () => {
  const conditions = new MemoryConditions();
  conditions.away = true;
  const tags = "tags: { staging: stage }\n";
  const h = await start({ proc8: PROC8 + tags }, { conditions });
  await h.take({ run: 1 });
  await h.command("campaign start proc8");
  expect(h.chat.texts.at(-1)).toContain("Campaign proc8 was started and cannot be prepared: the store of conditions");
  h.repository.push(campaignFiles({ proc8: `${PROC8}${tags}attempt: 2\n` }), "attempt 2");
  await h.follow();
  conditions.away = false;
  await h.pass(60_000);
  expect((await standing(h, "proc8"))?.trouble).toContain("attempt 1 was started, and attempt 2 is declared by now");
  expect(await h.tasks()).toEqual([]);
  await h.command('campaign finish proc8 --force "attempt 2 came"');
  await h.command("campaign start proc8");
  expect(await standing(h, "proc8")).toMatchObject({ state: "running", attempt: 2, prepared: true });
  expect(await states(h)).toEqual([["proc8", "1", "done"]]);
  h.faults.length = 0;
});

test("two campaigns at once have their own tasks, tags, labels and ends", async () => {
  const conditions = new MemoryConditions();
  await withTags(conditions, "prompt", "stage8", "stage9");
  const of = (stage: string) =>
    `${PROC8.replace("p.", `${stage}.`)}tag: prompt\nsnapshot: true\ntags: { target: prompt, staging: [${stage}] }\n`;
  const h = await start({ proc8: of("stage8"), proc9: of("stage9") }, { conditions });
  await h.take({ run: 1 }, { run: 2 });
  await h.command("campaign start proc8");
  expect([await held(conditions, "stage8"), await held(conditions, "stage9")]).toEqual([0, 1]);
  await h.command("campaign start proc9");
  await put(conditions, "stage8", "workflow-text.ts", 1, null);
  expect(await states(h)).toEqual(
    ["proc8", "proc8", "proc9", "proc9"].map((name, index) => [name, String((index % 2) + 1), "done"]),
  );
  expect(new Set(h.executor.orders.map(({ facts }) => `${facts.label} ${facts.tag}`))).toEqual(
    new Set(["stage8.1-v1.3 prompt-proc8-1", "stage9.1-v1.3 prompt-proc9-1"]),
  );
  await h.command("campaign finish proc8");
  expect((await h.command("campaign publish proc8")).ok).toBe(true);
  const prompt = await conditions.iovs({ environment: "production", name: "prompt" });
  expect(prompt.map(({ from, until }) => [from.major, until?.major ?? null])).toEqual([
    [1, 3],
    [3, null],
  ]);
  expect(await held(conditions, "prompt-proc9-1")).toBe(1);
  expect(await held(conditions, "stage9")).toBe(0);
  expect(await standing(h, "proc9")).toMatchObject({ state: "running", published: null });
  await h.command(
    `reprocess ${(await h.tasks())
      .filter(({ campaign }) => campaign === "proc9")
      .map(({ id }) => id)
      .join(" ")} --why again`,
  );
  expect((await h.tasks()).map(({ campaign, attempt }) => [campaign, attempt])).toEqual([
    ["proc8", 1],
    ["proc8", 1],
    ["proc9", 2],
    ["proc9", 2],
  ]);
});
