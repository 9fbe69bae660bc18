/** What is asked for in chats about global tags, when the bot dies over it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Stopping } from "../../src/engine/stopping.ts";
import { MemoryChat } from "../fakes/memory-chat.ts";
import { type Harness, startHarness } from "./harness.ts";

const TYPES = "types: { t0: { description: Time zero } }\n";
const FILES = {
  "calops.yaml": "experiment: Test\nchats: { room: {} }\n",
  "people.yaml": "people: { ann: { name: Ann, roles: [expert], accounts: { room: U1 } } }\n",
  "tags/prompt.yaml": `description: For reconstruction\nstate: RUNNING\n${TYPES}`,
  "tags/staging.yaml": `description: On its way\nupstream: prompt\n${TYPES}`,
};
const PROMPT = { environment: "production", name: "prompt" };

let harness: Harness;
let room: MemoryChat;
beforeEach(async () => {
  room = new MemoryChat("room");
  harness = await startHarness({ files: FILES, rooms: { room } });
  await harness.settle();
  const file = join(harness.root, "one");
  writeFileSync(file, "one");
  const { hash } = await harness.conditions.keep("t0", file);
  const iovs = [{ type: "t0", payload: hash, from: { major: 3, minor: 0 }, until: null }];
  const tag = { environment: "production", name: "staging" };
  await harness.conditions.change({ tag, change: { kind: "put", iovs }, key: "before", by: "ann", why: null });
  room.forget();
});
afterEach(() => harness.stop());

async function asked(line: string): Promise<void> {
  await room.ask(line);
  await harness.settle();
}

/** From now on the bot dies over these units of work. */
function diesOver(...names: readonly string[]): void {
  const { engine } = harness.bot;
  const carryOn = engine.do.bind(engine);
  engine.do = ((name: string, work: never) =>
    names.includes(name) ? Promise.reject(new Stopping()) : carryOn(name, work)) as typeof engine.do;
}

const appends = async () => (await harness.conditions.history(PROMPT, 10)).filter(({ kind }) => kind === "append");
const told = async () =>
  (await harness.store.queries.history({ limit: 20, kind: "tag", ref: "production/prompt" })).filter(
    ({ event }) => event === "append",
  );

describe("a change of a tag that was confirmed", () => {
  test("is done once and answered once, when the bot dies between the tag and the history", async () => {
    await asked("gt append prompt staging --from 3");
    diesOver("tag", "answer", "answered");
    await room.ask("confirm ssssss");
    while ((await appends()).length === 0) await new Promise(setImmediate);
    expect(await told()).toEqual([]);
    harness = await harness.restart();
    await harness.settle();
    expect(await appends()).toHaveLength(1);
    expect(await told()).toMatchObject([{ by: "ann", detail: { added: 1 } }]);
    expect(room.texts).toEqual([expect.stringMatching(/ann: confirm ssssss\ncalops was restarted.*It is done, once/)]);
  });

  test("is done by the next bot, when this one dies before the tag", async () => {
    await asked("gt append prompt staging --from 3");
    const { conditions } = harness;
    const change = conditions.change;
    Object.assign(conditions, { change: () => Promise.reject(new Stopping()) });
    diesOver("answer", "answered");
    await room.ask("confirm ssssss");
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
    Object.assign(conditions, { change });
    expect(await appends()).toEqual([]);
    harness = await harness.restart();
    await harness.settle();
    expect(await appends()).toHaveLength(1);
    expect(room.texts).toEqual([expect.stringMatching(/ann: confirm ssssss\nprompt has now what staging holds/)]);
  });
});

describe("a running tag", () => {
  const RECO =
    'description: x\nowner: ann\ntasks: { make: { run: ["true"], constants: { tag: prompt, payloads: t0 } } }\n';
  const give = async (line: string) => {
    const answer = await harness.command(line, { id: "ann", via: "command-line", owner: true });
    return { ...answer, text: JSON.stringify(answer.say) };
  };

  test("takes nothing for runs that were processed with what it has, and says what it would take", async () => {
    expect((await give("gt append prompt staging --from 3")).text).toContain('"t0 4"');
    harness.repository.push({ ...FILES, "workflows/reco/workflow.yaml": RECO }, "reconstruction");
    await harness.follow();
    await harness.take({ run: 3 }, { run: 7 });
    expect(await harness.task("reco", "make", "7")).toMatchObject({ state: "done" });
    const file = join(harness.root, "two");
    writeFileSync(file, "two");
    const { hash } = await harness.conditions.keep("t0", file);
    expect((await give(`gt put staging ${hash} --from 5`)).ok).toBe(true);
    for (const line of ["gt append prompt staging --from 5", `gt put prompt ${hash} --from 7 --dry-run`]) {
      const refused = await give(line);
      expect([line, refused.ok]).toEqual([line, false]);
      expect(refused.text).toContain("t0 of prompt was used up to before 8");
    }
    expect(await harness.command("tasks --stale")).toMatchObject({ data: [] });
    expect((await give("gt append prompt staging --from 8")).text).toMatch(/from 3: \w+ ends at 8.*"t0 9"/);
    expect(await harness.task("reco", "make", "7")).toMatchObject({ state: "done", stale: null });
    const [first] = await harness.conditions.lookup(PROMPT, { major: 7, minor: 0 });
    const found = await give(`payload ${first?.payload.slice(0, 8)}`);
    expect(found.text).toMatch(/Made with it, the newest first.*task \d+, reco\/make of 7.*reco\/make of 3/);
    const which = await give("which reco/make@7");
    expect(which.text).toMatch(/Made with:.*t0 of prompt: [0-9a-f]{12}/);
    expect(which.data).toMatchObject({
      attempts: [
        { constants: [{ tag: "prompt", type: "t0", payload: first?.payload, changed: null }], published: null },
      ],
    });
    expect(found.data).toMatchObject({ tasks: [{ group: "7", attempt: 1, changed: null }, { group: "3" }] });
    expect((await give(`payload ${hash}`)).text).toContain("No task was made with it");
  });
});
