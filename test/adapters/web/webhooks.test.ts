import { createHmac } from "node:crypto";
import { request as httpRequest } from "node:http";
import Fastify, { type FastifyInstance } from "fastify";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { webhookRoutes } from "../../../src/adapters/web/webhook-routes.ts";
import type { WebhookKind } from "../../../src/core/environment/rules.ts";
import { type HandClock, handClock } from "../../fakes/hand-clock.ts";

const SECRET = "a-secret-of-some-length";
const NOTHING_HERE = "There is nothing at this address.\n";
const MB = 1024 * 1024;

let server: FastifyInstance;
let url: string;
let clock: HandClock;
let secrets: Partial<Record<WebhookKind, string>>;
let hurried: number;
let logged: { facts: Readonly<Record<string, unknown>>; message: string }[];

beforeEach(async () => {
  clock = handClock();
  secrets = { github: SECRET, gitlab: SECRET, gitea: SECRET, bitbucket: SECRET };
  hurried = 0;
  logged = [];
  const note = (facts: Readonly<Record<string, unknown>>, message: string) => void logged.push({ facts, message });
  server = Fastify({ logger: false, bodyLimit: 1_000, forceCloseConnections: true });
  server.post("/echo", async (request) => ({ parsed: request.body }));
  webhookRoutes(server, {
    secretOf: (kind) => secrets[kind],
    hurry: () => void hurried++,
    now: clock.now,
    log: { info: note, warn: note, error: note },
  });
  server.setNotFoundHandler(async (_, reply) => await reply.code(404).type("text/plain").send(NOTHING_HERE));
  url = await server.listen({ host: "127.0.0.1", port: 0 });
});
afterEach(() => server.close());

const signed = (body: string | Buffer, secret = SECRET) =>
  `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
const post = (kind: string, body: string | Buffer | null, headers: Record<string, string> = {}) =>
  fetch(`${url}/webhooks/${kind}`, { method: "POST", body: body as string | null, headers });
const push = (body: string | Buffer, headers: Record<string, string> = {}) =>
  post("github", body, { "x-hub-signature-256": signed(body), "content-type": "application/json", ...headers });

describe("a genuine webhook", () => {
  test.each<readonly [kind: string, headers: Record<string, string>]>([
    ["github", { "x-hub-signature-256": signed("{}") }],
    ["gitlab", { "x-gitlab-token": SECRET }],
    ["gitea", { "x-gitea-signature": signed("{}").slice(7) }],
    ["bitbucket", { "x-hub-signature": signed("{}") }],
  ])("from %s is taken at once, and hurries", async (kind, headers) => {
    const answer = await post(kind, "{}", headers);
    expect([answer.status, await answer.json(), hurried]).toEqual([202, { ok: true }, 1]);
  });

  test.each(["ping", "push", "issues"])("hurries whatever it is about: %s", async (event) => {
    expect((await push('{"zen":"Keep it simple."}', { "x-github-event": event })).status).toBe(202);
    expect(hurried).toBe(1);
  });

  test.each([
    "application/json",
    "application/json; charset=utf-8",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "text/plain",
    "application/vnd.anything+json",
    "a/b; =;;",
  ])("is taken as bytes, whatever they are said to be: %s", async (type) => {
    const bytes = Buffer.from([0xff, 0xfe, 0x00, 0x7b, 0x0d, 0x0a]);
    expect((await push(bytes, { "content-type": type })).status).toBe(202);
  });

  test("may have no body, and no type", async () => {
    expect((await post("github", null, { "x-hub-signature-256": signed("") })).status).toBe(202);
    const untyped = await raw({ "x-hub-signature-256": signed("{}"), "content-length": "2" }, ["{}"]);
    expect(untyped).toBe(202);
  });

  test("is as large as GitHub makes them, and no larger", async () => {
    const largest = Buffer.alloc(25 * MB, "x");
    expect((await push(largest)).status).toBe(202);
    const larger = Buffer.alloc(25 * MB + 1, "x");
    expect(await raw({ "x-hub-signature-256": signed(larger) }, [larger], "goes on")).toBe(413);
    expect(hurried).toBe(1);
  });

  test("of many at once hurries each time: it is for whoever follows to make one of them", async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, (_, index) => push(`{"n":${index}}`)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(hurried).toBe(30);
  });
});

describe("a webhook that is not", () => {
  test("is refused in a short sentence, and hurries nobody", async () => {
    const answer = await push("{}", { "x-hub-signature-256": signed("{}", "another") });
    expect([answer.status, await answer.json()]).toEqual([
      401,
      { error: "The secret or signature of this webhook is wrong." },
    ]);
    expect((await post("github", "{}")).status).toBe(401);
    expect((await push("{}", { "x-hub-signature-256": signed("{ }") })).status).toBe(401);
    expect(hurried).toBe(0);
  });

  test("is refused before its body came, where it shows nothing that could be right", async () => {
    expect(await raw({ "content-length": String(20 * MB) }, [], "goes on")).toBe(401);
  });

  test("may break off in the middle, which is nothing to speak of", async () => {
    const going = httpRequest(`${url}/webhooks/github`, {
      method: "POST",
      headers: { "x-hub-signature-256": signed("whole"), "content-length": "5" },
    });
    const gone = new Promise((resolve) => going.once("close", resolve));
    going.on("error", () => {});
    going.write("who");
    // It is being read once its first bytes have been taken.
    await new Promise((resolve) => server.server.once("request", resolve));
    going.destroy();
    await gone;
    expect((await push("{}")).status).toBe(202);
    expect([hurried, logged]).toEqual([1, []]);
  });

  test("is told to the log once a minute, with how many there were, and without what they were", async () => {
    const wrong = { "x-hub-signature-256": signed("{}", "a-wrong-secret") };
    for (let count = 0; count < 5; count++) await push("{}", wrong);
    expect(logged.map(({ facts }) => facts)).toEqual([{ kind: "github", refused: 1 }]);
    clock.pass(59_999);
    await push("{}", wrong);
    expect(logged).toHaveLength(1);
    clock.pass(1);
    await post("gitlab", "{}", { "x-gitlab-token": "another" });
    expect(logged[1]?.facts).toEqual({ kind: "gitlab", refused: 6 });
    expect(JSON.stringify(logged)).not.toMatch(/sha256|another|a-secret/);
  });
});

describe("where no webhook is expected", () => {
  const nothing = async (kind: string) => {
    const answer = await post(kind, "{}", { "x-hub-signature-256": signed("{}"), "x-gitlab-token": SECRET });
    return [answer.status, await answer.text()];
  };

  test.each(["svn", "", "GitHub", "github/", "__proto__", "constructor", "%00", "github%2f"])(
    "there is nothing, as at any other address: %s",
    async (kind) => {
      expect(await nothing(kind)).toEqual([404, NOTHING_HERE]);
    },
  );

  test("there is nothing of a kind without a declared secret, or with an empty one", async () => {
    secrets = { github: "" };
    expect(await nothing("github")).toEqual([404, NOTHING_HERE]);
    expect(await nothing("gitlab")).toEqual([404, NOTHING_HERE]);
    expect([hurried, logged]).toEqual([0, []]);
  });

  test("a webhook is only sent, not got", async () => {
    expect((await fetch(`${url}/webhooks/github`)).status).toBe(404);
  });
});

test("the rest of the server reads bodies as before", async () => {
  const answer = await fetch(`${url}/echo`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"a":1}',
  });
  expect(await answer.json()).toEqual({ parsed: { a: 1 } });
  const large = await fetch(`${url}/echo`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify("x".repeat(2_000)),
  });
  expect(large.status).toBe(413);
});

/** A request as nothing better than a socket would send it; the status of its answer. */
function raw(
  headers: Record<string, string>,
  chunks: readonly (string | Buffer)[],
  then: "ends" | "goes on" = "ends",
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    let status: number | undefined;
    const going = httpRequest(`${url}/webhooks/github`, { method: "POST", headers }, (answer) => {
      status = answer.statusCode;
      resolve(status);
      going.destroy();
    });
    going.on("error", (error) => (status === undefined ? reject(error) : undefined));
    going.flushHeaders();
    for (const chunk of chunks) going.write(chunk);
    if (then === "ends") going.end();
  });
}
