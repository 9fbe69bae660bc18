import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { examineWeb, type WebExamination } from "../../../src/adapters/web/examine.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function aServer(listener: RequestListener): Promise<{ url: string; port: number }> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port };
}

const health =
  (body: object, status = 200): RequestListener =>
  (request, response) =>
    void response.writeHead(request.url === "/health" ? status : 404).end(JSON.stringify(body));
const OURS = health({ ok: true, stalled: null, is: "me" });

const examine = (more: Partial<WebExamination>) =>
  examineWeb({
    host: "127.0.0.1",
    port: 8470,
    listening: undefined,
    publicUrl: undefined,
    is: "me",
    wanted: [],
    ...more,
  });
const addressWith = async (publicUrl: string, more: Partial<WebExamination> = {}) => {
  const { url } = await aServer(OURS);
  return (await examine({ listening: url, publicUrl, ...more })).filter(
    ({ about }) => about === "the address for others",
  );
};

describe("the port", () => {
  test("is good where the bot answers itself", async () => {
    const { url } = await aServer(OURS);
    expect((await examine({ listening: url }))[0]).toMatchObject({ state: "good", found: `the bot listens at ${url}` });
  });

  test("is bad where the bot says that it decides nothing", async () => {
    const { url } = await aServer(health({ ok: false, stalled: "the disk is full", is: "me" }, 503));
    expect((await examine({ listening: url }))[0]).toMatchObject({
      state: "bad",
      found: expect.stringContaining("decides nothing: the disk is full"),
    });
  });

  test("is bad where something else is there already, and the other can be found", async () => {
    const { port } = await aServer(OURS);
    expect((await examine({ port }))[0]).toMatchObject({
      state: "bad",
      fix: expect.stringContaining(`ss -tlnp 'sport = :${port}'`),
    });
  });

  test("is bad where this machine has no such address", async () => {
    expect((await examine({ host: "192.0.2.1", port: 0 }))[0]).toMatchObject({
      state: "bad",
      found: "192.0.2.1 is no address of this machine",
    });
  });

  test("is good where nobody listens yet", async () => {
    const { port } = await aServer(OURS);
    await new Promise((resolve) => servers.pop()?.close(resolve));
    expect((await examine({ port }))[0]).toMatchObject({
      state: "good",
      found: `127.0.0.1:${port} is free for the bot`,
    });
  });
});

describe("the address for others", () => {
  test("is not needed by who sits at this machine, and doubtful where others are to reach it", async () => {
    expect((await examine({ port: 0 }))[1]).toMatchObject({
      state: "good",
      found: expect.stringContaining("only this machine reaches"),
    });
    expect((await examine({ port: 0, wanted: ["slack", "webhooks of github"] }))[1]).toMatchObject({
      state: "doubtful",
      found: expect.stringContaining("slack, webhooks of github"),
      fix: expect.stringContaining("CALOPS_PUBLIC_URL"),
    });
  });

  test("is good where it leads to this bot", async () => {
    const { url } = await aServer(OURS);
    expect(await addressWith(`${url}/`)).toMatchObject([{ state: "good", found: `${url}/ leads to this bot` }]);
  });

  test.each<[string, RequestListener, string]>([
    ["another calops", health({ ok: true, stalled: null, is: "somebody else" }), "another calops answers there"],
    [
      "some other program",
      (_request, response) => void response.end("<html>hello</html>"),
      "it answers 200, and not as calops does",
    ],
    [
      "a sign-in page",
      (_request, response) => void response.writeHead(302, { location: "https://sso.example.org/login" }).end(),
      "it leads on to https://sso.example.org/login",
    ],
    [
      "a proxy without a bot",
      (_request, response) => void response.writeHead(502).end("Bad Gateway"),
      "it answers 502, and not as calops does",
    ],
  ])("is bad where it leads to %s", async (_what, listener, why) => {
    const { url } = await aServer(listener);
    expect(await addressWith(url)).toMatchObject([
      {
        state: "bad",
        found: `${url} does not lead to this bot: ${why}`,
        fix: expect.stringContaining(`curl ${url}/health`),
      },
    ]);
  });

  test("is doubtful where it is not reached from here: others may get there", async () => {
    const { url } = await aServer(OURS);
    await new Promise((resolve) => servers.pop()?.close(resolve));
    expect(await addressWith(url)).toMatchObject([
      { state: "doubtful", found: expect.stringContaining("ECONNREFUSED") },
    ]);
  });

  test("is bad where it is none", async () => {
    expect(await addressWith("calops.example.org")).toMatchObject([
      { state: "bad", fix: expect.stringContaining("https://") },
    ]);
  });

  test("is doubtful without encryption", async () => {
    const { url } = await aServer(OURS);
    expect(await examine({ listening: url, publicUrl: url, wanted: ["mattermost"] })).toContainEqual(
      expect.objectContaining({ about: "the address for others: encryption", state: "doubtful" }),
    );
  });
});
