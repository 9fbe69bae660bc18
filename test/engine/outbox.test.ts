/** Messages on their way: in order, the newest edition, each channel at its own pace, and none lost. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { say } from "../../src/core/say.ts";
import { ChatError, type Delivery } from "../../src/ports/chat.ts";
import { MemoryChat, textOf } from "../fakes/memory-chat.ts";
import { type Harness, startHarness } from "./harness.ts";
import { configOf } from "./workflow-text.ts";

const FILES = configOf({ t0: 'tasks: { calibrate: { run: ["true"] } }\n' });
let harness: Harness;
let room: MemoryChat;
beforeEach(async () => {
  room = new MemoryChat("room", 1_000);
  harness = await startHarness({
    files: { ...FILES, "calops.yaml": `${FILES["calops.yaml"]}chats: { room: {} }\n` },
    rooms: { room },
  });
  await harness.pass(5_000);
  room.forget();
});
afterEach(() => harness.stop());

const post = (key: string, channel: string, text = key, more = {}) =>
  harness.bot.engine.do("post", async (ledger) => ledger.post(key, channel, [say`${text}`], more));
const edit = (key: string, text: string, over = false) =>
  harness.bot.engine.do("edit", (ledger) => ledger.edit(key, [say`${text}`], { over }));
const told = (calls: readonly Delivery[] = room.calls) =>
  calls.map(({ channel, blocks: [block] }) => `${channel} ${block?.kind === "text" ? block.parts.join("") : "?"}`);

describe("a channel", () => {
  test("gets its messages in their order, and not more than one call in the chat's pace", async () => {
    for (const key of ["a", "b", "c"]) await post(key, "#t0");
    await harness.settle();
    expect(told()).toEqual(["#t0 a"]);
    await harness.pass(999);
    expect(told()).toEqual(["#t0 a"]);
    await harness.pass(1);
    expect(told()).toEqual(["#t0 a", "#t0 b"]);
    await harness.pass(1_000);
    expect(told()).toEqual(["#t0 a", "#t0 b", "#t0 c"]);
  });

  test("that has to wait keeps no other waiting", async () => {
    room.before = (what) => {
      if ("channel" in what && what.channel === "#slow") throw new ChatError("too many", { retryAfterMs: 30_000 });
    };
    for (let n = 0; n < 300; n++) await post(`slow ${n}`, "#slow");
    await post("quick", "#quick");
    await harness.settle();
    expect(told()).toEqual(["#quick quick"]);
    room.before = () => {};
    await harness.pass(29_999);
    expect(told()).toEqual(["#quick quick"]);
    await harness.pass(1);
    expect(told()).toEqual(["#quick quick", "#slow slow 0"]);
  });

  test("sees the newest of an edited message, and what is over for certain", async () => {
    await post("card", "#t0", "processing");
    await harness.settle();
    for (let percent = 1; percent <= 99; percent++) await edit("card", `${percent} %`);
    await edit("card", "done", true);
    await harness.settle();
    await harness.pass(5_000);
    expect(told()).toEqual(["#t0 processing", "#t0 done"]);
    expect(room.calls.map((call) => call.remoteRef)).toEqual([null, "card"]);
  });

  test("has what hangs from a message in its thread, once that is there", async () => {
    await post("card", "#t0");
    await post("detail", "#t0", "why", { thread: { under: "card" } });
    await harness.settle();
    await harness.pass(1_000);
    expect(room.calls.map(({ key, thread }) => [key, thread])).toEqual([
      ["card", null],
      ["detail", "card"],
    ]);
  });
});

describe("a message of which nobody knows whether it got there", () => {
  test("says so when it is sent again, by this bot and by the next", async () => {
    room.before = () => {
      throw new ChatError("the wire was cut");
    };
    await post("a", "#t0");
    await harness.settle();
    room.before = () => {};
    harness = await harness.restart();
    await harness.pass(60_000);
    expect(room.calls.map(({ key, unsure }) => [key, unsure])).toEqual([["a", true]]);
  });

  test("is sure again where the server has said that it did not take it", async () => {
    room.before = () => {
      throw new ChatError("too many", { retryAfterMs: 10 });
    };
    await post("a", "#t0");
    await harness.settle();
    room.before = () => {};
    await harness.pass(1_000);
    expect(room.calls.map(({ unsure }) => unsure)).toEqual([false]);
  });

  test("that is refused for what it is does not hold up those behind it", async () => {
    room.before = (what) => {
      if (what.key === "bad") throw new ChatError("invalid blocks", { hopeless: true });
    };
    await post("bad", "#t0");
    await post("good", "#t0");
    await harness.settle();
    await harness.pass(1_000);
    expect(told()).toEqual(["#t0 good"]);
    expect(harness.faults).toEqual([expect.stringContaining("the chat does not take a message")]);
    harness.faults.length = 0;
  });
});

test("an hour without the chat loses nothing and floods nobody", async () => {
  room.away = true;
  for (let minute = 0; minute < 60; minute++) {
    await post(`failure ${minute}`, "#t0");
    if (minute < 55) await edit(`failure ${minute}`, `failure ${minute}: resolved`, true);
    await harness.pass(60_000);
  }
  room.away = false;
  for (let second = 0; second < 120; second++) await harness.pass(1_000);
  expect(room.calls.length).toBeLessThanOrEqual(7);
  const all = room.texts.join("\n");
  for (let minute = 0; minute < 60; minute++)
    expect(all).toContain(`failure ${minute}${minute < 55 ? ": resolved" : ""}`);
  // What somebody can still act on is there by itself.
  expect(told().slice(-4)).toEqual(["#t0 failure 56", "#t0 failure 57", "#t0 failure 58", "#t0 failure 59"]);
});

test("a message that was told with others is told by itself when something comes of it", async () => {
  room.away = true;
  for (let n = 0; n < 20; n++) await post(`failure ${n}`, "#t0");
  await harness.pass(600_000);
  room.away = false;
  for (let second = 0; second < 30; second++) await harness.pass(1_000);
  room.forget();
  await edit("failure 3", "failure 3 again");
  await harness.pass(6_000);
  expect(room.calls.map(({ key, remoteRef }) => [key, remoteRef])).toEqual([["failure 3", null]]);
});

test("a channel that the chat finds only now keeps its pace under both its names", async () => {
  const found = Promise.withResolvers<void>();
  let known = false;
  room.nameOf = (channel) => (known && channel === "#t0" ? "=C1" : channel);
  const deliver = room.deliver.bind(room);
  room.deliver = async (delivery) => {
    known = true;
    await found.promise;
    return await deliver(delivery);
  };
  await post("a", "#t0");
  await post("b", "=C1");
  await post("c", "#t0");
  for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
  found.resolve();
  await harness.settle();
  const calls = room.calls.length;
  await harness.pass(999);
  expect(room.calls).toHaveLength(calls);
  await harness.pass(1);
  await harness.pass(1_000);
  expect(told()).toHaveLength(3);
});

test("a chat that takes nothing is told by status, until it does again", async () => {
  room.away = true;
  await post("a", "#t0");
  await harness.settle();
  const status = async () => textOf({ blocks: (await harness.command("status")).say });
  expect(await status()).toMatch(/chat room +messages wait: the server is away\. doctor tells what to do/);
  room.away = false;
  await harness.pass(60_000);
  expect(await status()).not.toContain("chat room");
});
