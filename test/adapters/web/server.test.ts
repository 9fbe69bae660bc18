import { appendFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { identityOf, openAccess } from "../../../src/adapters/web/access.ts";
import { logPath, outputPath } from "../../../src/adapters/web/addresses.ts";
import { openServer } from "../../../src/adapters/web/server.ts";
import { workspaceIn } from "../../../src/adapters/workspace/workspace.ts";
import type { Actor } from "../../../src/core/command/command.ts";
import { redactor } from "../../../src/core/text/redact.ts";
import { type Harness, startHarness } from "../../engine/harness.ts";
import { configOf } from "../../engine/workflow-text.ts";
import { MemoryConditions } from "../../fakes/memory-conditions.ts";

let harness: Harness;
let server: Awaited<ReturnType<typeof openServer>>;
let access: ReturnType<typeof openAccess>;
let given: { words: readonly string[]; actor: Actor }[];
let stalled: string | null;

beforeEach(async () => {
  harness = await startHarness({
    files: configOf({ t0: 'tasks: { a: { run: ["true"] } }\n' }),
    script: () => ({
      exit: "never",
      log: 'line 1\n<script>alert("x")</script>\n',
      outputs: { "plot.svg": "<svg/>", "deep/a.root": "data" },
    }),
  });
  await harness.take({ run: 8215 });
  access = openAccess(join(harness.root, "access.json"));
  given = [];
  stalled = null;
  server = await openServer({
    host: "127.0.0.1",
    port: 0,
    queries: harness.store.queries,
    workspace: workspaceIn(harness.root),
    access,
    redact: () => redactor(["hunter2-the-secret"]),
    log: { info: () => {}, warn: () => {}, error: () => {} },
    desk: {
      answer: async (words, actor) => {
        given.push({ words, actor });
        return { ok: true, say: [], data: 7, json: false, to: "asker" };
      },
      wordsOfForm: () => undefined,
      complete: () => [],
    },
    backup: async () => {},
    chatListener: () => undefined,
    webhooks: { secretOf: () => undefined, hurry: () => {}, now: () => 0 },
    hsf: { conditions: new MemoryConditions(), served: () => undefined, now: () => 0, url: () => null },
    health: () => ({ stalled }),
  });
});
afterEach(async () => {
  await server.close();
  await harness.stop();
});

const log = () => logPath(access, { workflow: "t0", task: "a", group: "8215", jobId: 1, attempt: 1 });
const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${server.url}${path}`, { headers, redirect: "manual" });
const directory = () => join(harness.root, harness.executor.orders[0]?.directory ?? "");

describe("a log", () => {
  test("is a page at an address that names what it is, and nothing that a job wrote is markup in it", async () => {
    expect(log()).toMatch(/^\/logs\/t0-a-8215-1-1\.log\?k=.{22}$/);
    const page = await get(log());
    expect(page.status).toBe(200);
    expect(page.headers.get("content-security-policy")).toMatch(/default-src 'none'.*script-src 'nonce-/);
    expect(page.headers.get("content-security-policy")).not.toContain("data:");
    const html = await page.text();
    expect(html).toContain("t0/a of 8215, job 0, attempt 1");
    expect(html).not.toContain("alert(");
  });

  test("is plain text as a whole", async () => {
    const raw = await get(`${log()}&raw`);
    expect(raw.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(raw.headers.get("x-content-type-options")).toBe("nosniff");
    expect(await raw.text()).toBe('line 1\n<script>alert("x")</script>\n');
  });

  test("is live while the job runs, goes on where a reader left, and ends with the job", async () => {
    const response = await get(`${log()}&follow`, { accept: "text/event-stream", "last-event-id": "7" });
    const reader = (response.body as ReadableStream<Uint8Array>)
      .pipeThrough(new TextDecoderStream() as unknown as ReadableWritablePair<string, Uint8Array>)
      .getReader();
    let text = "";
    const readUntil = async (sign: string) => {
      while (!text.includes(sign)) {
        const { done, value } = await reader.read();
        if (done) break;
        text += value;
      }
    };
    await readUntil("alert");
    expect(text).not.toContain("line 1");
    appendFileSync(join(directory(), "log"), "\u001b[31mred\u001b[0m line\n");
    await readUntil("red");
    expect(text).toContain("red line");
    harness.executor.end(harness.executor.orders[0]?.key ?? "", 0);
    await harness.settle();
    await readUntil("event: end");
    expect(text).toContain('data: {"state":"done"}');
  });

  test("shows no secret that a job wrote into it, neither whole nor live, though it was written in two pieces", async () => {
    appendFileSync(join(directory(), "log"), "password is hunter2-");
    const live = await get(`${log()}&follow`);
    appendFileSync(join(directory(), "log"), "the-secret, she said\nexport DB_PASSWORD=abc12345");
    harness.executor.end(harness.executor.orders[0]?.key ?? "", 0);
    await harness.settle();
    for (const text of [await live.text(), await (await get(`${log()}&raw`)).text()]) {
      expect(text).toContain("password is ***, she said\nexport DB_PASSWORD=***");
    }
  });

  test.each([
    "/logs/t0-a-8215-1-1.log",
    "/logs/t0-a-8215-1-1.log?k=wrong",
    "/logs/..%2f..%2faccess.json?k=x",
    "/logs/x-99-1.log?k=",
    "/logs/t0-a-8215-2-1.log?k=SAME",
  ])("is not shown without its key: %s", async (path) => {
    const answer = await get(path.replace("SAME", new URL(log(), server.url).searchParams.get("k") ?? ""));
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain("There is nothing at this address");
  });
});

describe("an output file", () => {
  const output = (path: string) => outputPath(access, { jobId: 1, attempt: 1, path });

  test("is shown in a box in which it can do nothing, or downloaded", async () => {
    const plot = await get(output("plot.svg"));
    expect([plot.status, plot.headers.get("content-type"), plot.headers.get("content-security-policy")]).toEqual([
      200,
      "image/svg+xml",
      "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    ]);
    const root = await get(output("deep/a.root"));
    expect([await root.text(), root.headers.get("content-disposition")]).toEqual(["data", "attachment"]);
  });

  test.each(["../job.json", "..%2f..%2f..%2faccess.json", "link", "/etc/passwd", "deep", "none"])(
    "that is not inside the outputs is not there: %s",
    async (path) => {
      symlinkSync(join(harness.root, "access.json"), join(directory(), "out/link"));
      const key = new URL(output("x"), server.url).searchParams.get("k");
      expect((await get(`/outputs/1/1/${path}?k=${key}`)).status).toBe(404);
    },
  );
});

describe("a command over HTTP", () => {
  const post = (body: unknown, token?: string) =>
    fetch(`${server.url}/api/commands`, {
      method: "POST",
      headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) },
      body: JSON.stringify(body),
    });

  test("is given with the token of the data directory", async () => {
    const answer = await post({ words: ["status"], by: "ann" }, access.token);
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { ok: true, say: [], data: 7, json: false, to: "asker" },
    ]);
    expect(given).toMatchObject([{ words: ["status"], actor: { id: "ann", owner: true, via: "command-line" } }]);
  });

  test("is refused without it, with a wrong one, and with a body that is no command", async () => {
    expect((await post({ words: ["status"], by: "ann" })).status).toBe(401);
    expect((await post({ words: ["status"], by: "ann" }, "wrong")).status).toBe(401);
    expect((await post({ words: ["status"] }, access.token)).status).toBe(400);
    expect((await post({ words: ["x".repeat(2_000_000)], by: "ann" }, access.token)).status).toBe(413);
    expect(given).toEqual([]);
  });
});

test("health says whether the bot can do its work", async () => {
  expect((await get("/health")).status).toBe(200);
  stalled = "the disk is full";
  const ill = await get("/health");
  expect([ill.status, await ill.json()]).toEqual([
    503,
    { ok: false, stalled: "the disk is full", is: identityOf(access) },
  ]);
});

test("a port that is in use is told with what to do", async () => {
  const port = Number(new URL(server.url).port);
  const again = openServer({
    host: "127.0.0.1",
    port,
    queries: harness.store.queries,
    workspace: workspaceIn(harness.root),
    access,
    redact: () => redactor(["hunter2-the-secret"]),
    log: { info: () => {}, warn: () => {}, error: () => {} },
    desk: {
      answer: async () => ({ ok: true, say: [], data: null, json: false, to: "asker" }),
      wordsOfForm: () => undefined,
      complete: () => [],
    },
    backup: async () => {},
    chatListener: () => undefined,
    webhooks: { secretOf: () => undefined, hurry: () => {}, now: () => 0 },
    hsf: { conditions: new MemoryConditions(), served: () => undefined, now: () => 0, url: () => null },
    health: () => ({ stalled: null }),
  });
  await expect(again).rejects.toThrow(`port ${port} on 127.0.0.1 is in use`);
});
