import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { listenForDates } from "../../../src/adapters/clock/server-dates.ts";
import { systemClock } from "../../../src/adapters/clock/system-clock.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A server whose clock is so far from ours. */
async function aServer(offMs: number, headers: Record<string, string> = {}): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { date: new Date(Date.now() + offMs).toUTCString(), ...headers }).end("{}");
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function heard(url: string, counts: (host: string) => boolean = () => true) {
  const dates = listenForDates(systemClock(), counts);
  await (await fetch(url)).text();
  dates.stop();
  return dates.readings();
}

test("how far this machine is from a server is heard in whatever is asked of it", async () => {
  const [reading] = await heard(await aServer(-90_000));
  expect(reading?.of).toBe("127.0.0.1");
  expect(reading?.unsureMs).toBeGreaterThanOrEqual(500);
  expect(Math.abs((reading?.aheadMs ?? 0) - 90_000)).toBeLessThanOrEqual((reading?.unsureMs ?? 0) + 1);
});

test("what a server in between had kept does not tell the time", async () => {
  expect(await heard(await aServer(-90_000, { age: "90" }))).toEqual([]);
});

test("hosts that do not count are not heard, and nothing is after the end", async () => {
  const url = await aServer(0);
  expect(await heard(url, (host) => host !== "127.0.0.1")).toEqual([]);
  const dates = listenForDates(systemClock(), () => true);
  dates.stop();
  await (await fetch(url)).text();
  expect(dates.readings()).toEqual([]);
});
