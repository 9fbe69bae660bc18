import { afterEach, describe, expect, test } from "vitest";
import type { Answer } from "../../src/core/command/command.ts";
import { textOf } from "../fakes/memory-chat.ts";
import { MemoryConditions } from "../fakes/memory-conditions.ts";
import { PROC8, put, standing, startCampaigns, withTags } from "./campaign-ground.ts";
import type { Harness } from "./harness.ts";

let harness: Harness;
afterEach(async () => {
  expect(harness.faults).toEqual([]);
  await harness.stop();
});

const TAGS = "tags: { target: prompt, staging: [stage] }\nmanager: calibration-manager\n";
const PEOPLE = `people:
  umberto: { name: Umberto, roles: [calibration-manager, expert] }
  ann: { name: Ann, roles: [expert] }
`;
const umberto = { id: "umberto", roles: ["calibration-manager", "expert"], owner: false, via: "terminal" };
const eve = { id: "eve", roles: ["expert"], owner: false, via: "terminal" };

/** Its runs 1 and 2 are through, and its staging tag has a payload for them. */
async function processed(conditions: MemoryConditions, text = PROC8) {
  harness = await startCampaigns({ proc8: text + TAGS }, { conditions }, { "people.yaml": PEOPLE });
  await harness.take({ run: 1 }, { run: 2 });
  await harness.command("campaign start proc8");
  const hash = await put(conditions, "stage", "workflow-text.ts", 1, null);
  return { h: harness, hash };
}
const prompt = { environment: "production", name: "prompt" };
const holds = async (conditions: MemoryConditions) =>
  (await conditions.iovs(prompt)).map(({ payload, from, until }) => [payload, from.major, until?.major ?? null]);
const said = (answer: Answer) => textOf({ blocks: answer.say });

describe("the constants of a campaign go into its target", () => {
  test("by its manager, who saw what that does; for its own runs; once", async () => {
    const conditions = new MemoryConditions();
    await withTags(conditions, "prompt");
    const [[old] = []] = await holds(conditions);
    const { h, hash } = await processed(conditions);
    expect(said(await h.command("campaign publish proc8", umberto))).toContain("is running. Finish it first");
    await h.command("campaign finish proc8");
    expect(said(await h.command("campaign publish proc8", eve))).toContain("by its manager, calibration-manager");

    const shown = await h.command("campaign publish proc8", umberto);
    expect(said(shown)).toContain("This merges what proc8 collected into prompt");
    expect(await holds(conditions)).toEqual([[old, 1, null]]);
    const { confirm } = shown.data as { confirm: string };
    expect((await h.command(`confirm ${confirm}`, umberto)).ok).toBe(true);
    expect(await holds(conditions)).toEqual([
      [hash, 1, 3],
      [old, 3, null],
    ]);
    expect(await standing(h, "proc8")).toMatchObject({ published: { by: "umberto", attempt: 1 } });
    expect(said(await h.command("campaign publish proc8", umberto))).toContain("were published already, by umberto");
  });

  test("asked anew where a tag moved since it was shown", async () => {
    const conditions = new MemoryConditions();
    await withTags(conditions, "prompt");
    const { h } = await processed(conditions);
    await h.command("campaign finish proc8");
    const shown = await h.command("campaign publish proc8", umberto);
    await put(conditions, "prompt", "groups.test.ts", 2, 3);
    const { confirm } = shown.data as { confirm: string };
    const again = await h.command(`confirm ${confirm}`, umberto);
    expect(said(again)).toContain("This has changed since you were asked, so nothing was done.");
    expect((await standing(h, "proc8"))?.published).toBeNull();
  });

  test("once also where the bot died behind the change and before it knew of it", async () => {
    const conditions = new MemoryConditions();
    await withTags(conditions, "prompt");
    const { h } = await processed(conditions);
    await h.command("campaign finish proc8");
    const key = "campaign production proc8 1 publish";
    const span = { from: { major: 1, minor: 0 }, until: { major: 3, minor: 0 } };
    const of = [{ environment: "production", name: "stage" }];
    await conditions.change({ tag: prompt, change: { kind: "merge", of, span }, key, by: "umberto", why: null });
    const version = (await conditions.tag(prompt))?.version;
    expect((await h.command("campaign publish proc8")).ok).toBe(true);
    expect((await conditions.tag(prompt))?.version).toBe(version);
    expect((await standing(h, "proc8"))?.published).toMatchObject({ by: "ann" });
  });

  test("only appended where it is a running one, and not at all where that would change what was used", async () => {
    const conditions = new MemoryConditions();
    await withTags(conditions, "prompt");
    const run = { kind: "state", to: "RUNNING" } as const;
    await conditions.change({ tag: prompt, change: run, key: "run", by: "ann", why: null });
    const { h } = await processed(conditions);
    await h.command("campaign finish proc8");
    const refused = await h.command("campaign publish proc8");
    expect(refused.ok).toBe(false);
    expect(said(refused)).toContain("too early");
    expect((await standing(h, "proc8"))?.published).toBeNull();
  });

  test("not while the store of conditions does not answer", async () => {
    const conditions = new MemoryConditions();
    await withTags(conditions, "prompt");
    const { h } = await processed(conditions);
    await h.command("campaign finish proc8");
    conditions.away = true;
    expect(said(await h.command("campaign publish proc8"))).toContain("does not answer, so nothing was published");
    conditions.away = false;
    expect((await h.command("campaign publish proc8")).ok).toBe(true);
  });
});

test("a campaign is not finished while constants that are signed are in no tag yet", async () => {
  const workflows = {
    "workflows/t0/workflow.yaml":
      "description: T0\nowner: ann\ntasks: { fit: { run: [fit], retries: 0, publish: { payload: t0, tag: staging, wait: 1h } } }\n",
  };
  const payload = {
    "t0.txt": "constants",
    "outputs.json": '{ "files": [], "payloads": [{ "type": "t0", "path": "t0.txt" }] }',
  };
  harness = await startCampaigns(
    { proc8: PROC8 + TAGS },
    { script: ({ facts }) => (facts.run?.number === 1 ? { exit: "never" } : { outputs: payload }) },
    { "people.yaml": PEOPLE, ...workflows },
  );
  await harness.take({ run: 1 }, { run: 2 });
  await harness.command("campaign start proc8");
  const refused = await harness.command("campaign finish proc8");
  expect(said(refused)).toContain("1 task under way; constants of 1 task on their way into a tag");
  const staging = { environment: "production", name: "stage" };
  expect(await harness.conditions.iovs(staging)).toEqual([]);
  await harness.pass(3_600_000);
  expect(await harness.conditions.iovs(staging)).toHaveLength(1);
  expect(said(await harness.command("campaign finish proc8"))).toContain("is not done: 1 task under way. ");
});
