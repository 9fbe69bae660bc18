import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { say } from "../../../../src/core/say.ts";
import type { HttpLine } from "../../../fakes/slack/line.ts";
import { bodyOf } from "../../../fakes/slack/line.ts";
import { aSlack, type Ground } from "./a-slack.ts";

const ADA = { channel: "#timing", user: "ada" };
const COMMAND = {
  command: "/cal",
  text: "deploy main",
  trigger_id: "1.2.3",
  user_id: "U0EVE",
  user_name: "eve",
  channel_id: "C0TIMING",
  channel_name: "timing",
  response_url: "http://127.0.0.1:1/",
  token: "t",
  team_id: "T0LAB",
};
const FORGED = bodyOf("slash_commands", COMMAND);

let ground: Ground;
let server: Server;
let line: HttpLine;
beforeEach(async () => {
  server = createServer((request, response) => ground.chat.listen?.(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ground = await aSlack({
    requestUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/chat/slack/events`,
  });
  line = ground.slack.http as HttpLine;
});
afterEach(async () => {
  await ground.close();
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
  expect(ground.slack.complaints).toEqual([]);
});

describe("what Slack signs", () => {
  test("is taken, and heard of within a second: commands, mentions, presses", async () => {
    const { slack, taken, chat, clock } = ground;
    const command = await slack.types("/cal status", ADA);
    const mention = await slack.mentions("runs", ADA);
    clock.pass(2_000);
    const { remoteRef } = await chat.deliver({
      key: "k",
      channel: "#timing",
      edition: 1,
      blocks: [{ kind: "buttons", buttons: [{ label: "Retry", words: ["retry", "17"] }] }],
      remoteRef: null,
      thread: null,
      unsure: false,
      place: null,
    });
    const press = await slack.presses(remoteRef ?? "", "Retry", "ada");
    for (const one of [command, mention, press]) expect(one.tookMs).toBeLessThan(1_000);
    expect(taken.map(({ asking }) => asking.kind)).toEqual(["line", "line", "press"]);
  });

  test("is not heard of before it is on disk", async () => {
    let written = false;
    ground.before = async () => {
      await new Promise((resolve) => setImmediate(resolve));
      written = true;
    };
    const { tookMs } = await ground.slack.mentions("status", ADA);
    expect([tookMs !== undefined, written]).toEqual([true, true]);
  });

  test("that could not be taken is told, so that it is asked again", async () => {
    ground.before = async () => {
      throw new Error("no disk");
    };
    await ground.slack.mentions("status", ADA);
    expect(ground.slack.shown("#timing", "ada").at(-1)).toMatchObject({
      text: expect.stringContaining("Ask again"),
      ephemeral: true,
    });
  });

  test("is answered at once where nothing can be taken", async () => {
    ground.refusing = [say`The disk is full.`];
    await ground.slack.types("/cal status", ADA);
    expect(ground.slack.shown("#timing", "ada")).toMatchObject([{ text: "The disk is full.", ephemeral: true }]);
  });

  test("may be its question whether somebody is there", async () => {
    const asked = { type: "application/json", text: JSON.stringify({ type: "url_verification", challenge: "3eZbr" }) };
    expect(await line.send(asked)).toEqual({ status: 200, text: '{"challenge":"3eZbr"}' });
  });
});

describe("is refused, and nothing is taken:", () => {
  afterEach(() => expect(ground.taken).toEqual([]));

  test("what somebody else signed", async () => {
    expect(await line.send(FORGED, { secret: "guess" })).toMatchObject({ status: 401 });
    expect(await line.send(FORGED, { secret: "0" })).toMatchObject({ status: 401 });
  });

  test("what nobody signed, or in another way", async () => {
    for (const signature of ["", "v0=", "v1=abc", "abc", "v0=undefined"])
      expect(await line.send(FORGED, { headers: { "x-slack-signature": signature } })).toMatchObject({ status: 401 });
    for (const at of ["", "abc", "1e9", "-1", "NaN"])
      expect(await line.send(FORGED, { headers: { "x-slack-request-timestamp": at } })).toMatchObject({ status: 401 });
  });

  test("what is six minutes old, or six minutes to come", async () => {
    const now = ground.clock.now();
    expect(await line.send(FORGED, { at: now - 6 * 60_000 })).toMatchObject({ status: 401 });
    expect(await line.send(FORGED, { at: now + 6 * 60_000 })).toMatchObject({ status: 401 });
  });

  test("what pretends to be a check of the connection", async () => {
    for (const check of ["ssl_check=1", "ssl_check=true", "ssl_check=1&ssl_check=0"]) {
      const body = { ...FORGED, text: `${check}&${FORGED.text}` };
      expect(await line.send(body, { secret: "guess" })).toMatchObject({ status: 401 });
    }
    // Signed it is one, and nothing beside it counts.
    expect(await line.send({ ...FORGED, text: `ssl_check=1&${FORGED.text}` })).toEqual({ status: 200, text: "" });
  });

  test("what was changed on its way", async () => {
    const { createHmac } = await import("node:crypto");
    const seconds = Math.floor(ground.clock.now() / 1_000);
    const mac = createHmac("sha256", "8f742231b10e8888abcd99yyyzzz85a5").update(`v0:${seconds}:${FORGED.text}`);
    const headers = { "x-slack-signature": `v0=${mac.digest("hex")}` };
    const changed = { ...FORGED, text: FORGED.text.replace("main", "evil") };
    expect(await line.send(changed, { headers })).toMatchObject({ status: 401 });
  });

  test("what is larger than anything that Slack sends", async () => {
    const large = { ...FORGED, text: `${FORGED.text}&more=${"x".repeat(1_000_001)}` };
    const sent = await line.send(large).catch(() => ({ status: 413 }));
    expect(sent).toMatchObject({ status: 413 });
  });
});

test("the same bytes again are refused, for as long as their time is good", async () => {
  const at = ground.clock.now();
  expect(await line.send(FORGED, { at })).toMatchObject({ status: 200 });
  expect(await line.send(FORGED, { at })).toMatchObject({ status: 401 });
  ground.clock.pass(4 * 60_000);
  expect(await line.send(FORGED, { at })).toMatchObject({ status: 401 });
  expect(ground.taken).toHaveLength(1);
});

test("nothing else is there", async () => {
  const { port } = server.address() as AddressInfo;
  for (const path of ["/chat/slack/", "/chat/slack/install", "/chat/slack/events/x"])
    expect((await fetch(`http://127.0.0.1:${port}${path}`, { method: "POST" })).status).toBe(404);
  expect((await fetch(`http://127.0.0.1:${port}/chat/slack/events`)).status).toBe(404);
});
