import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { slackOptions } from "../../../../src/adapters/chat/slack/config.ts";
import { GLOBAL_SHORTCUT, MESSAGE_SHORTCUT } from "../../../../src/adapters/chat/slack/needs.ts";
import { openSlack } from "../../../../src/adapters/chat/slack/slack.ts";
import type { Place } from "../../../../src/core/chat/request.ts";
import { type Block, buttons, code, picture, say } from "../../../../src/core/say.ts";
import type { Delivery } from "../../../../src/ports/chat.ts";
import { aSlack, type Ground, partsOf, SECRETS } from "./a-slack.ts";

let ground: Ground;
beforeEach(async () => {
  ground = await aSlack({ pageSize: 2 });
});
afterEach(async () => {
  await ground.close();
  expect(ground.slack.complaints).toEqual([]);
});

const ADA = { channel: "#timing", user: "ada" };
const deliver = (more: Partial<Delivery> = {}) => {
  ground.clock.pass(2_000);
  return ground.chat.deliver({
    key: "a message",
    channel: "#timing",
    edition: 1,
    blocks: [say`A message.`],
    remoteRef: null,
    thread: null,
    unsure: false,
    place: null,
    ...more,
  });
};
const lines = () => ground.taken.map(({ asking }) => (asking.kind === "line" ? asking.line : asking.kind));
const answer = async (blocks: readonly Block[], place = ground.taken.at(-1)?.place as Place) => {
  ground.clock.pass(2_000);
  const account = ground.taken.at(-1)?.account ?? { chat: "slack", id: "U0ADA", name: "ada" };
  await ground.chat.answer({ key: "an answer", account, place, blocks });
};

const takesShortcut = async (callback: string, message?: string) => {
  await ground.slack.persons.takesShortcut(callback, "ada", message);
  await vi.waitFor(() => expect(ground.slack.persons.form("ada")).toBeDefined(), { interval: 5 });
};

describe("what people type", () => {
  test("is acknowledged within a second, and only once it was taken", async () => {
    let written = false;
    ground.before = async () => {
      await new Promise((resolve) => setImmediate(resolve));
      written = true;
    };
    const { tookMs } = await ground.slack.types("/cal status t0", ADA);
    expect(written).toBe(true);
    expect(tookMs).toBeLessThan(1_000);
    expect(lines()).toEqual(["status t0"]);
  });

  test("is understood as its writer saw it, whatever a telephone made of it", async () => {
    await ground.slack.types("/cal retry 17 —all “because of ada’s fix” &lt;3 <https://x.org|x.org>", ADA);
    expect(lines()).toEqual(['retry 17 --all "because of ada\'s fix" <3 x.org']);
  });

  test("after a mention is the line, not the words before it, and nothing that stands in code", async () => {
    const bot = "<@U0CALOPS>";
    for (const text of [
      `hey ${bot} status`,
      `${bot}: why 17\nand more`,
      `\`\`\`\n${bot} deploy\n\`\`\`\n${bot} runs`,
      `status ${bot}`,
    ])
      await ground.slack.persons.writes(text, ADA);
    expect(lines()).toEqual(["status", "why 17", "runs", "status"]);
  });

  test("is nothing where a bot wrote it, calops itself, or somebody who edits what they wrote", async () => {
    await ground.slack.persons.mentions("status", ADA, { bot_id: "B0OTHER" });
    await ground.slack.persons.mentions("status", ADA, { user: "U0CALOPS" });
    await ground.slack.persons.mentions("status", ADA, { edited: { user: "U0ADA", ts: "1.1" } });
    await ground.slack.persons.writes("status", { channel: "@ada", user: "ada" }, { subtype: "message_changed" });
    expect(lines()).toEqual([]);
  });

  test("by another command is answered with the one that calops has", async () => {
    await ground.slack.types("/calops status", ADA);
    expect(ground.taken).toEqual([]);
    expect(ground.slack.shown("#timing", "ada").at(-1)?.text).toContain("calops listens to /cal");
  });

  test("is asked again at once where it failed inside", async () => {
    ground.before = async () => {
      throw new Error("no disk");
    };
    await ground.slack.types("/cal status", ADA);
    expect(ground.slack.shown("#timing", "ada").at(-1)?.text).toContain("nothing was taken");
    await ground.slack.mentions("status", ADA);
    expect(ground.slack.shown("#timing", "ada").at(-1)).toMatchObject({ ephemeral: true });
  });

  test("twice, since Slack did not hear, is one request", async () => {
    const { slack, taken } = ground;
    const command = await slack.types("/cal status", ADA);
    const mention = await slack.mentions("status", ADA);
    const { remoteRef } = await deliver({ blocks: [buttons({ label: "Retry", words: ["retry", "17"] })] });
    const press = await slack.presses(remoteRef ?? "", "Retry", "ada");
    for (const brought of [command, mention, press]) {
      await slack.sockets.again(brought);
      expect(brought).toMatchObject({ times: 2, tookMs: expect.any(Number) });
    }
    expect(taken).toHaveLength(3);
  });
});

describe("forms of shortcuts", () => {
  test("from anywhere: a line to type, answered in direct messages", async () => {
    await takesShortcut(GLOBAL_SHORTCUT);
    expect(ground.slack.persons.form("ada")).toMatchObject({ fields: ["Command"] });
    await ground.slack.fills("ada", { Command: "status t0" });
    expect(lines()).toEqual(["status t0"]);
    await answer([say`All is well.`]);
    expect(ground.slack.shown("@ada", "ada").at(-1)?.text).toContain("All is well.");
  });

  test("from a message: answered in its thread", async () => {
    const { remoteRef } = await deliver();
    await ground.slack.types("/cal help", ADA);
    await takesShortcut(MESSAGE_SHORTCUT, remoteRef ?? "");
    await ground.slack.fills("ada", { Command: "why 17" });
    expect(ground.taken.at(-1)).toMatchObject({ place: { thread: remoteRef }, asking: { line: "why 17" } });
    await answer([say`Since then.`]);
    expect(ground.slack.shown("#timing", "ada").at(-1)).toMatchObject({ thread: remoteRef, ephemeral: true });
  });

  test("stay with what is wrong, where nothing could be taken", async () => {
    await takesShortcut(GLOBAL_SHORTCUT);
    ground.refusing = [say`The disk is full.`];
    const { ack } = await ground.slack.fills("ada", { Command: "status" });
    expect(ack).toMatchObject({ response_action: "errors", errors: { line: "The disk is full." } });
    expect(ground.slack.persons.form("ada")).toBeDefined();
  });
});

describe("a home page", () => {
  test("shows what waits for its owner, and its buttons answer in direct messages", async () => {
    await ground.slack.persons.opensHome("ada");
    expect(ground.taken).toMatchObject([{ asking: { kind: "home" }, account: { id: "U0ADA" } }]);
    await answer([say`One task waits for you.`, buttons({ label: "Approve", words: ["approve", "17"] })]);
    expect(ground.slack.persons.home("ada")).toEqual({ text: "One task waits for you.", buttons: ["Approve"] });
    await ground.slack.presses("home", "Approve", "ada");
    expect(ground.taken.at(-1)).toMatchObject({ asking: { kind: "press" } });
    await answer([say`Approved.`]);
    expect(ground.slack.persons.home("ada")?.text).toBe("One task waits for you.");
    expect(ground.slack.shown("@ada", "ada").at(-1)?.text).toContain("Approved.");
  });
});

describe("messages", () => {
  test("find their channel on any page of the list, which is asked for once", async () => {
    for (const name of ["a", "b", "c", "d"]) ground.slack.workspace.makeChannel(name);
    await deliver({ channel: "#d" });
    const asked = ground.slack.called("conversations.list").length;
    expect(asked).toBe(3);
    await deliver({ channel: "#a", key: "another" });
    expect(ground.slack.called("conversations.list")).toHaveLength(asked);
    expect(ground.slack.shown("#d", "ada")).toHaveLength(1);
  });

  test("are found further back among others", async () => {
    const first = await deliver();
    for (const key of ["1", "2", "3", "4"]) await deliver({ key });
    expect(await deliver({ unsure: true })).toEqual(first);
    expect(ground.slack.shown("#timing", "ada")).toHaveLength(5);
  });

  test("are posted beside their thread, where that is gone", async () => {
    const { remoteRef } = await deliver();
    ground.slack.deletes(remoteRef ?? "");
    await deliver({ key: "reply", thread: remoteRef });
    expect(ground.slack.shown("#timing", "ada")).toMatchObject([{ thread: null }]);
  });

  test("show no previews, and carry their key for calops alone", async () => {
    await deliver();
    const [args] = ground.slack.called("chat.postMessage");
    expect(args).toMatchObject({ unfurl_links: "false", unfurl_media: "false" });
    expect(JSON.parse(String(args?.["metadata"]))).toEqual({
      event_type: "calops_message",
      event_payload: { key: "a message" },
    });
  });

  test("for a channel that is closed to calops say what to do, and may get there later", async () => {
    ground.slack.workspace.makeChannel("closed", { bot: false });
    await expect(deliver({ channel: "#closed" })).rejects.toMatchObject({
      hopeless: false,
      message: expect.stringContaining("/invite"),
    });
  });

  test("that answer somebody there get in by their own way", async () => {
    ground.slack.workspace.makeChannel("closed", { bot: false });
    await ground.slack.types("/cal retry 17", { channel: "#closed", user: "ada" });
    const place = ground.taken[0]?.place as Place;
    expect(await deliver({ channel: `=${place.channel}`, place })).toEqual({ remoteRef: null });
    expect(ground.slack.shown("#closed", "bob")).toMatchObject([{ text: "A message.", ephemeral: false }]);
  });

  test("that Slack refuses in their form are told in plain words, and that is logged", async () => {
    ground.slack.trouble({ error: "invalid_blocks" }, "chat.postMessage");
    await expect(deliver()).rejects.toMatchObject({ hopeless: true });
    expect(ground.logged.join()).toContain("only without its form");
    const [, plain] = ground.slack.called("chat.postMessage");
    expect(plain).toMatchObject({ text: "A message." });
    expect(plain).not.toHaveProperty("blocks");
  });

  test("never show a token, whatever goes wrong", async () => {
    for (const trouble of ["breaks off", { status: 503 }, { error: "invalid_auth" }] as const) {
      ground.slack.trouble(trouble);
      const failure = (await deliver().catch((error: unknown) => error)) as Error;
      expect(failure.message + ground.logged.join()).not.toMatch(/xox|xapp|8f742231/);
    }
  });
});

describe("pictures", () => {
  const PLOT = picture(Buffer.from("a plot").toString("base64"), "overview");

  test("stand in the thread of their message, once", async () => {
    const { remoteRef } = await deliver({ blocks: [say`A card.`] });
    const plotted = { key: "plot", thread: remoteRef, blocks: [say`Its plot:`, PLOT] };
    const sent = await deliver(plotted);
    await deliver({ ...plotted, ...sent, edition: 2 });
    expect(ground.slack.workspace.files).toMatchObject([{ title: "overview", thread: remoteRef?.split(":")[1] }]);
    expect(String(ground.slack.workspace.files[0]?.bytes)).toBe("a plot");
  });

  test("of an answer for one person stand in their direct messages", async () => {
    await ground.slack.types("/cal chart overview", ADA);
    await answer([PLOT]);
    expect(ground.slack.shown("@ada", "ada").map(({ text }) => text)).toEqual(["[file: overview]"]);
    expect(ground.slack.shown("#timing", "ada").at(-1)).toMatchObject({ ephemeral: true });
  });

  test("that Slack does not take cost no message", async () => {
    ground.slack.trouble({ error: "file_uploads_disabled" }, "files.getUploadURLExternal");
    await deliver({ blocks: [PLOT] });
    expect(ground.slack.shown("#timing", "ada")).toMatchObject([{ text: "[picture: overview]" }]);
  });
});

describe("sockets", () => {
  test("are two, so that one that Slack takes back leaves no gap; others are opened at once", async () => {
    const { slack } = ground;
    slack.sockets.refresh();
    await slack.types("/cal status", ADA);
    await slack.connected();
    await slack.types("/cal runs", ADA);
    expect(lines()).toEqual(["status", "runs"]);
  });

  test("that break are opened again, and what was brought by them is brought again", async () => {
    const { slack, taken } = ground;
    slack.sockets.deaf = true;
    ground.before = async () => slack.sockets.drop();
    const lost = await slack.mentions("status", ADA);
    expect(lost.tookMs).toBeUndefined();
    ground.before = async () => {};
    slack.sockets.deaf = false;
    await slack.sockets.again(lost);
    expect(lost.tookMs).toBeLessThan(1_000);
    expect(taken).toHaveLength(1);
  });

  test("are not waited for: a bot starts while Slack is away, and a token that was revoked ends nothing", async () => {
    ground.slack.appToken = "xapp-another";
    ground.slack.sockets.drop();
    const options = { "bot-token": { secret: "BOT" }, "app-token": { secret: "APP" }, api: "http://127.0.0.1:1/" };
    const chat = openSlack(slackOptions.parse(options), partsOf(ground, SECRETS));
    await chat.close();
    await deliver();
    expect(ground.slack.shown("#timing", "ada")).toHaveLength(1);
  });
});

test("a secret that is empty is refused at the start, with its name", () => {
  const options = slackOptions.parse({ "bot-token": { secret: "BOT" }, "app-token": { secret: "APP" } });
  expect(() => openSlack(options, partsOf(ground, { ...SECRETS, APP: " " }))).toThrow(/the secret APP is empty/);
  expect(() => openSlack(options, partsOf(ground, {}))).toThrow(/BOT is not set/);
});

test("an address for answers that was used up is not asked again", async () => {
  await ground.slack.types("/cal status", ADA);
  for (let count = 0; count < 7; count++) await answer([code(String(count))]);
  expect(ground.slack.called("response_url")).toHaveLength(5);
  expect(ground.slack.called("chat.postEphemeral")).toHaveLength(2);
});
