/** What is asked for in chats: written down, acknowledged, done once, answered once. */
import { afterEach, describe, expect, test } from "vitest";
import { Stopping } from "../../src/engine/stopping.ts";
import { ChatError } from "../../src/ports/chat.ts";
import { MemoryChat, textOf } from "../fakes/memory-chat.ts";
import { type Harness, startHarness } from "./harness.ts";
import { configOf } from "./workflow-text.ts";

const FILES = configOf({ t0: 'channel: "#timing"\ntasks: { calibrate: { run: ["true"] } }\n' });
let harness: Harness;
let room: MemoryChat;
afterEach(() => harness.stop());

async function begin(): Promise<void> {
  room = new MemoryChat("room");
  harness = await startHarness({
    files: { ...FILES, "calops.yaml": `${FILES["calops.yaml"]}chats: { room: {} }\n` },
    rooms: { room },
  });
  room.forget();
}

/** Somebody may do what experts may. */
async function beginAsExpert(): Promise<void> {
  await begin();
  harness.repository.push(
    {
      ...FILES,
      "calops.yaml": `${FILES["calops.yaml"]}chats: { room: {} }\n`,
      "people.yaml": "people: { ann: { name: Ann, roles: [expert], accounts: { room: U1 } } }\n",
    },
    "who is who",
  );
  await harness.follow();
  room.forget();
}

describe("a question", () => {
  test("is answered to the one who asked, and to nobody else", async () => {
    await begin();
    await room.ask("status");
    await harness.settle();
    expect(room.answers.map((reply) => [reply.account.id, textOf(reply).split("\n")[0]])).toEqual([
      ["U1", expect.stringContaining("Test: running")],
    ]);
    expect(room.calls).toEqual([]);
  });

  test("that comes twice is one question", async () => {
    await begin();
    await Promise.all([room.ask("status", { key: "k" }), room.ask("status", { key: "k" })]);
    await harness.settle();
    await room.ask("status", { key: "k" });
    await harness.settle();
    expect(room.answers).toHaveLength(1);
  });

  test("is answered by the next bot, when this one dies once it has acknowledged it", async () => {
    await begin();
    room.before = () => {
      throw new ChatError("the wire is cut");
    };
    await room.ask("status");
    room.before = () => {};
    harness = await harness.restart();
    await harness.settle();
    expect(room.answers).toHaveLength(1);
  });

  test("is answered when the chat takes answers again, in the time that it asks for", async () => {
    await begin();
    let calls = 0;
    room.before = () => {
      if (++calls === 1) throw new ChatError("too many", { retryAfterMs: 50 });
    };
    await room.ask("status");
    await harness.settle();
    expect(calls).toBe(2);
    expect(room.answers).toHaveLength(1);
  });

  test("of one account waits for the one before it, and of another does not", async () => {
    await begin();
    await Promise.all(["status", "runs", "tasks"].map((line) => room.ask(line)));
    await room.ask("workflows", { account: { chat: "room", id: "U2", name: "ben" } });
    await harness.settle();
    const lines = await harness.store.queries.history({ limit: 10, kind: "command" });
    const asked = lines.reverse().map((entry) => `${entry.by} ${entry.detail?.["line"]}`);
    expect(asked.filter((one) => one.startsWith("room:U1"))).toEqual([
      "room:U1 status",
      "room:U1 runs",
      "room:U1 tasks",
    ]);
    expect(asked).toContain("room:U2 workflows");
  });

  test("that nobody understands is answered with what to type, and an unfinished one with a form", async () => {
    await begin();
    await room.ask("satus");
    await room.ask("why");
    await harness.settle();
    expect(room.answers.map(textOf)).toEqual([expect.stringContaining("did you mean status")]);
    expect(room.forms.map((form) => [form.command, form.fields.map((field) => field.name)])).toEqual([
      ["why", ["arg_task"]],
    ]);
  });

  test("with control over nothing is refused, and told who may", async () => {
    await begin();
    await harness.take({ run: 1 });
    await room.ask("pause t0 noisy");
    await harness.settle();
    expect(room.answers.map(textOf)).toEqual([expect.stringContaining("shifter")]);
    expect(await harness.store.queries.history({ limit: 5, kind: "command" })).toMatchObject([
      { by: "room:U1", event: "not allowed" },
    ]);
  });
});

describe("what changes something", () => {
  test("is answered where everybody sees it, with who asked for it", async () => {
    await beginAsExpert();
    await room.ask("pause t0 noisy wires");
    await harness.settle();
    expect(room.answers).toEqual([]);
    expect(room.texts).toEqual([expect.stringMatching(/^=C1: ann: pause t0 noisy wires\n/)]);
  });

  test("is done once when the bot dies after it was done, and answered with what the history says", async () => {
    await beginAsExpert();
    const { engine } = harness.bot;
    const carryOn = engine.do.bind(engine);
    // The bot dies between what it did and what it says of it.
    engine.do = ((name: string, work: never) =>
      name === "answer" || name === "answered"
        ? Promise.reject(new Stopping())
        : carryOn(name, work)) as typeof engine.do;
    await room.ask("pause t0 noisy wires");
    while ((await harness.store.queries.workflowStates("production"))[0]?.paused == null)
      await new Promise(setImmediate);
    const store = harness.store;
    expect((await store.queries.openRequests(5)).map((one) => one.state)).toEqual(["begun"]);
    harness = await harness.restart();
    await harness.settle();
    expect(room.texts).toEqual([
      expect.stringMatching(/^=C1: ann: pause t0 noisy wires\ncalops was restarted while it did this/),
    ]);
    expect(room.texts[0]).toMatch(/workflow production\/t0 paused/);
    const paused = (await harness.store.queries.history({ limit: 50, kind: "workflow" })).filter(
      (one) => one.event === "paused",
    );
    expect(paused).toHaveLength(1);
  });
});

describe("something dangerous", () => {
  const results = async (runs: number) => {
    await beginAsExpert();
    await harness.take(...Array.from({ length: runs }, (_, index) => ({ run: index + 1 })));
    await harness.pass(0);
    room.forget();
  };

  test("shows what will happen, and is done once when the same person says yes", async () => {
    await results(5);
    await room.ask("reprocess --workflow t0");
    await harness.settle();
    expect(textOf(room.answers.at(-1) ?? { blocks: [] })).toMatch(/Nothing is done yet/);
    expect((await harness.tasks()).map((task) => task.attempt)).toEqual([1, 1, 1, 1, 1]);
    await room.press("Reprocess", { account: { chat: "room", id: "U9", name: "eve" } });
    await harness.settle();
    expect((await harness.tasks()).map((task) => task.attempt)).toEqual([1, 1, 1, 1, 1]);
    await Promise.all([room.press("Reprocess"), room.press("Reprocess")]);
    await harness.settle();
    expect((await harness.tasks()).map((task) => task.attempt)).toEqual([2, 2, 2, 2, 2]);
    expect(room.texts.filter((text) => text.includes("5 tasks start anew"))).toHaveLength(1);
    expect(room.answers.map(textOf).at(-1)).toContain("You have said yes to that before");
  });

  test("is shown anew where it has become something else", async () => {
    await results(5);
    await room.ask("reprocess --workflow t0");
    await harness.settle();
    await harness.take({ run: 6 });
    await harness.pass(0);
    await room.press("Reprocess");
    await harness.settle();
    expect(room.answers.map(textOf).at(-1)).toMatch(/^This has changed since you were asked[\s\S]*6: /);
    expect((await harness.tasks()).map((task) => task.attempt)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  test("is not done after ten minutes, nor when it was cancelled", async () => {
    await results(5);
    await room.ask("reprocess --workflow t0");
    await harness.settle();
    await room.press("Cancel");
    await room.press("Reprocess");
    await harness.settle();
    expect(room.answers.map(textOf).at(-1)).toContain("You have said no to that before");
    await room.ask("reprocess --workflow t0");
    await harness.settle();
    await harness.pass(11 * 60_000);
    await room.press("Reprocess");
    await harness.settle();
    expect(room.answers.map(textOf).at(-1)).toContain("shown too long ago");
    expect((await harness.tasks()).map((task) => task.attempt)).toEqual([1, 1, 1, 1, 1]);
  });
});

test("a button that nobody has sealed does nothing", async () => {
  await beginAsExpert();
  await room.ask({ kind: "press", seal: "bm90aGluZw.forged" });
  await harness.settle();
  expect(room.answers.map(textOf)).toEqual([expect.stringContaining("not one of calops")]);
});
