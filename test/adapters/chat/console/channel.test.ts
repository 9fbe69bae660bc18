import { appendFileSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openChannel } from "../../../../src/adapters/chat/console/channel.ts";
import { say } from "../../../../src/core/say.ts";
import { ChatError, type Delivery } from "../../../../src/ports/chat.ts";
import { handClock } from "../../../fakes/hand-clock.ts";
import { aDirectory } from "../../sources/a-directory.ts";

let directory: ReturnType<typeof aDirectory>;
let file: string;
beforeEach(() => {
  directory = aDirectory();
  file = directory.at("channel.jsonl");
});
afterEach(() => directory.remove());

const clock = handClock();
const open = () => openChannel(file, clock);
const a = (key: string, text: string, edition = 1): Delivery => ({
  key,
  channel: "#timing",
  edition,
  blocks: [say`${text}`],
  remoteRef: null,
  thread: null,
  unsure: false,
  place: null,
});
const recent = (count = 10) =>
  open()
    .recent(count)
    .map(({ key, edition, blocks: [block] }) => `${key} ${edition} ${block?.kind === "text" ? block.parts[0] : "?"}`);
const lines = () => readFileSync(file, "utf8").split("\n").length - 1;

describe("a channel", () => {
  test("has a message once, however often it is delivered and whoever opened it anew meanwhile", async () => {
    const channel = open();
    for (const again of [() => channel, () => channel, open]) {
      expect(await again().deliver(a("alert 1", "it failed"))).toEqual({ remoteRef: "alert 1" });
    }
    expect(lines()).toBe(1);
    expect(recent()).toEqual(["alert 1 1 it failed"]);
  });

  test("shows a message as it was updated last, behind what came before the update; the file keeps what it said", async () => {
    const channel = open();
    await channel.deliver(a("alert 1", "1 failed"));
    await channel.deliver(a("alert 2", "another"));
    await channel.deliver(a("alert 1", "3 failed", 3));
    await channel.deliver(a("alert 1", "2 failed", 2));
    expect(recent()).toEqual(["alert 2 1 another", "alert 1 3 3 failed"]);
    expect(recent(1)).toEqual(["alert 1 3 3 failed"]);
    expect(lines()).toBe(3);
  });

  test("tells its listeners of what is new, until it is closed", async () => {
    const channel = open();
    const heard: string[] = [];
    channel.onEntry((entry) => heard.push(`${entry.key} ${entry.edition}`));
    await channel.deliver(a("x", "1"));
    await channel.deliver(a("x", "1"));
    await channel.deliver(a("x", "2", 2));
    await channel.close();
    await channel.deliver(a("x", "3", 3));
    expect(heard).toEqual(["x 1", "x 2"]);
  });

  test("is for the eyes of whoever runs the bot", async () => {
    await open().deliver(a("x", "1"));
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test("loses nothing but the half line that was being written when the machine stopped", async () => {
    await open().deliver(a("x", "1"));
    appendFileSync(file, '{"key":"y","cha');
    await open().deliver(a("y", "2"));
    expect(recent()).toEqual(["x 1 1", "y 1 2"]);
  });

  test("loses nothing but a line that was damaged", async () => {
    writeFileSync(file, "\0\0\0\0\nnot JSON\n\n");
    await open().deliver(a("x", "1"));
    expect(recent()).toEqual(["x 1 1"]);
  });

  test("that is large is read from its end", async () => {
    const filler = `${JSON.stringify({ key: "old", edition: 1, blocks: [], filler: "x".repeat(1_000_000) })}\n`;
    for (let count = 0; count < 9; count++) appendFileSync(file, filler);
    await open().deliver(a("new", "1"));
    expect(recent(1)).toEqual(["new 1 1"]);
  });

  test.each(["/dev/full", "/nowhere/channel.jsonl"])("that cannot be written (%s) says so", async (path) => {
    file = path;
    const delivered = open().deliver(a("x", "1"));
    await expect(delivered).rejects.toThrow(ChatError);
    await expect(delivered).rejects.toThrow("the channel file cannot be written: ");
  });
});
