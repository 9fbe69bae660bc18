/** A bot whose conditions others read and change over REST: what nopayloadclient put there is there after a restart. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { nopayloadclient, type Told } from "../adapters/web/hsf/ground.ts";
import { startBot, temporary } from "./calops.ts";

const TOKEN = "a-token-of-some-length";
const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const one of undo.splice(0).reverse()) await one();
});

function ground(rest: string) {
  const { directory, remove } = temporary();
  undo.push(remove);
  const config = join(directory, "config");
  mkdirSync(join(config, "workflows", "hello"), { recursive: true });
  writeFileSync(join(config, "calops.yaml"), `experiment: Service\n${rest}`);
  const workflow = "description: A test\nowner: nobody\ntasks: { work: { run: [./job.sh] } }\n";
  writeFileSync(join(config, "workflows/hello/workflow.yaml"), workflow);
  writeFileSync(join(config, "workflows/hello/job.sh"), "#!/bin/sh\n", { mode: 0o755 });
  return async () => {
    const bot = await startBot(["--config", config, "--data", join(directory, "data")], { HSF_TOKEN: TOKEN });
    undo.push(() => bot.stop());
    return bot;
  };
}

async function ask(url: string, method: string, path: string, body?: unknown): Promise<Told> {
  const headers = { "content-type": "application/json", authorization: `Bearer ${TOKEN}` };
  const answer = await fetch(`${url}/hsf/${path}`, {
    method,
    headers: method === "GET" ? {} : headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, text, body: answer.status === 404 ? undefined : JSON.parse(text) };
}

function clientOf(url: string) {
  return nopayloadclient({
    get: (path) => ask(url, "GET", path),
    post: (path, body) => ask(url, "POST", path, body),
    put: (path, body) => ask(url, "PUT", path, body),
  });
}

test("what nopayloadclient put into a tag is found after a restart of the bot, and the token is told nowhere", async () => {
  const start = ground("conditions: { rest: { token: { secret: HSF_TOKEN } } }\n");
  const bot = await start();
  const client = clientOf(bot.url);
  await client.createGlobalTag("prompt");
  await client.createPayloadType("t0");
  await client.insertPayload("prompt", "t0", ["t0/ab/cd/abcd_a.txt", "abcd"], [0, 10]);
  expect(await bot.stop()).toBe(0);
  expect(`${bot.output()}${bot.errors()}`).not.toContain(TOKEN);
  const again = await start();
  expect(await clientOf(again.url).getUrlDict("prompt", 0, 11)).toEqual({ t0: "t0/ab/cd/abcd_a.txt" });
});

test("nothing is served, or nothing is changed, where nobody declared it", async () => {
  const closed = await ground("")();
  expect((await ask(closed.url, "GET", "globalTags")).status).toBe(404);
  const readOnly = await ground("conditions: { rest: {} }\n")();
  expect(await ask(readOnly.url, "GET", "globalTags")).toMatchObject({ status: 200, body: [] });
  expect((await ask(readOnly.url, "POST", "gt", { name: "prompt", status: "unlocked" })).status).toBe(403);
});
