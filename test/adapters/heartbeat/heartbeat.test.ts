import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { openHeartbeat } from "../../../src/adapters/heartbeat/heartbeat.ts";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

type Answer = (asked: string[]) => { readonly status: number; readonly headers?: Record<string, string> } | "nothing";

async function answering(answer: Answer): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const listening = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const given = answer(asked);
    if (given !== "nothing") response.writeHead(given.status, given.headers).end("ok");
  });
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(listening.address() as AddressInfo).port}/ping/hunter2`, asked };
}

test("a beat asks for the address once", async () => {
  const { url, asked } = await answering(() => ({ status: 200 }));
  await openHeartbeat().beat(url);
  expect(asked).toEqual(["GET /ping/hunter2"]);
});

test("one that is not taken says why, without its address, and is led nowhere else", async () => {
  const { url, asked } = await answering(() => ({ status: 302, headers: { location: "/elsewhere" } }));
  await expect(openHeartbeat().beat(url)).rejects.toThrow(/^it answered 302$/);
  expect(asked).toHaveLength(1);
});

test.each([
  ["http://127.0.0.1:1/hunter2", /^it did not answer \(ECONNREFUSED\)$|^it did not answer$/],
  ["no address hunter2", /^what the secret says is no web address$/],
])("an address where nobody is (%s) is not told in what is said of it", async (url, why) => {
  const error: Error = await openHeartbeat()
    .beat(url)
    .then(
      () => new Error("it beat"),
      (found) => found,
    );
  expect(error.message).toMatch(why);
  expect(`${error.message} ${error.stack} ${JSON.stringify(error.cause ?? null)}`).not.toContain("hunter2");
});

test("whoever does not answer is not waited for", async () => {
  const { url } = await answering(() => "nothing");
  await expect(openHeartbeat(50).beat(url)).rejects.toThrow("it did not answer in time");
});
