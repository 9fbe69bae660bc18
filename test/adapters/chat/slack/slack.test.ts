import { afterEach, beforeEach, expect, test } from "vitest";
import { aSlack, type Ground } from "./a-slack.ts";

let ground: Ground;
beforeEach(async () => {
  ground = await aSlack();
});
afterEach(async () => {
  await ground.close();
  expect(ground.slack.complaints).toEqual([]);
});

test("a slash command is one request, and is acknowledged once it was taken", async () => {
  const { slack, taken } = ground;
  const { tookMs } = await slack.types("/cal status t0", { channel: "#timing", user: "ada" });
  expect(tookMs).toBeLessThan(1_000);
  expect(taken).toMatchObject([
    { account: { chat: "slack", name: "ada" }, asking: { kind: "line", line: "status t0" } },
  ]);
});
