import { afterEach, expect, test } from "vitest";
import { SCOPES } from "../../../../src/adapters/chat/slack/needs.ts";
import type { Finding } from "../../../../src/core/doctor/finding.ts";
import { aSlack, type Ground, type GroundOptions } from "./a-slack.ts";

let ground: Ground;
const opened = async (options: GroundOptions = {}): Promise<Ground> => {
  ground = await aSlack(options);
  return ground;
};
afterEach(() => ground.close());

const about = (findings: readonly Finding[], what: string) => findings.find((one) => one.about.includes(what));
const states = (findings: readonly Finding[]) => [...new Set(findings.map(({ state }) => state))];

test("all is well where it is, and there is nothing to do", async () => {
  const findings = await (await opened({ channels: ["#timing"] })).chat.examine();
  expect(states(findings)).toEqual(["good"]);
  expect(findings.map(({ fix }) => fix)).toEqual(findings.map(() => null));
  expect(about(findings, "bot token")?.found).toContain("Lab");
});

test("a token that Slack does not know is told with the secret that it belongs in", async () => {
  (await opened()).slack.botToken = "xoxb-another";
  expect(await ground.chat.examine()).toMatchObject([
    { about: "slack: the bot token", state: "bad", fix: expect.stringContaining("secret BOT") },
  ]);
});

test("each right that is missing is told with what does not work without it", async () => {
  await opened({ scopes: Object.keys(SCOPES).filter((one) => one !== "files:write") });
  expect(about(await ground.chat.examine(), "files:write")).toMatchObject({
    state: "bad",
    found: expect.stringContaining("pictures"),
    fix: expect.stringContaining("add files:write, and Reinstall"),
  });
});

test("a token of the app that opens no socket is told", async () => {
  (await opened()).slack.appToken = "xapp-another";
  expect(about(await ground.chat.examine(), "app token")).toMatchObject({
    state: "bad",
    fix: expect.stringContaining("connections:write"),
  });
});

test("a channel that calops is not in, and one that is nowhere, are told each with what to do", async () => {
  await opened({ channels: ["#timing", "#closed", "#nowhere", "@U0ADA"] });
  ground.slack.workspace.makeChannel("closed", { bot: false });
  const findings = await ground.chat.examine();
  expect(about(findings, "#timing")).toMatchObject({ state: "good" });
  expect(about(findings, "#closed")).toMatchObject({ state: "bad", fix: expect.stringContaining("/invite") });
  expect(about(findings, "#nowhere")).toMatchObject({ state: "bad", fix: expect.stringContaining("make #nowhere") });
});

test.each([
  [60_000, "doubtful"],
  [6 * 60_000, "bad"],
])("a clock that is %d ms off is told", async (ahead, state) => {
  (await opened()).slack.ahead = ahead;
  expect(about(await ground.chat.examine(), "clock")).toMatchObject({
    state,
    fix: expect.stringContaining("time server"),
  });
});

test("Slack that is away is unknown, and no fault of a token", async () => {
  (await opened()).slack.trouble("breaks off");
  expect(await ground.chat.examine()).toMatchObject([{ state: "unknown", fix: expect.stringContaining("HTTPS") }]);
});

test("no finding has a token in it", async () => {
  (await opened()).slack.botToken = "xoxb-another";
  ground.slack.appToken = "xapp-another";
  expect(JSON.stringify(await ground.chat.examine())).not.toMatch(/xoxb-\d|xapp-\d/);
});
