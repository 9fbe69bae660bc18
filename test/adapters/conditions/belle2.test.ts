/** Conditions that the server of Belle II keeps. */
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { belle2Options } from "../../../src/adapters/conditions/belle2/config.ts";
import { openBelle2 } from "../../../src/adapters/conditions/open.ts";
import type { TagChange } from "../../../src/core/conditions/change.ts";
import type { Iov } from "../../../src/core/conditions/iov.ts";
import { type Conditions, ConditionsUnavailable } from "../../../src/ports/conditions.ts";
import { aFakeBelle2, type FakeBelle2 } from "../../fakes/fake-belle2.ts";

let fake: FakeBelle2;
let data: string;
let token: string;
let conditions: Conditions;
let count = 0;
const opened: Conditions[] = [];

function open(timeout = "2s"): Conditions {
  const options = belle2Options.parse({ url: fake.url, token: { secret: "T" }, timeout });
  const one = openBelle2(options, { now: () => 7, declared: () => undefined, secret: () => token, data });
  opened.push(one);
  return one;
}

beforeEach(async () => {
  fake = await aFakeBelle2();
  token = fake.token;
  data = mkdtempSync(join(tmpdir(), "calops-belle2-"));
  conditions = open();
});
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
  await fake.server.close();
  rmSync(data, { recursive: true, force: true });
  expect(fake.server.complaints).toEqual([]);
});

const REF = { environment: "production", name: "prompt" };
const exp = (major: number, minor = 0) => ({ major, minor });
const change = (what: TagChange, name = "prompt") =>
  conditions.change({ tag: { ...REF, name }, change: what, key: `k${++count}`, by: "ann", why: null });
const create = (name = "prompt") => change({ kind: "create", description: "of May", upstream: null }, name);
async function keep(text: string, type = "t0"): Promise<string> {
  writeFileSync(join(data, "one"), text);
  return (await conditions.keep(type, join(data, "one"))).hash;
}
const iov = (payload: string, from: [number, number], until: [number, number] | null, type = "t0"): Iov => ({
  type,
  payload,
  from: exp(...from),
  until: until && exp(...until),
});
const put = (...iovs: Iov[]) => change({ kind: "put", iovs });
const state = (to: Extract<TagChange, { kind: "state" }>["to"]) => change({ kind: "state", to });

test("a payload is sent with its MD5 once, found after a restart, and has its bytes here", async () => {
  const hash = await keep("constants");
  expect(await keep("constants")).toBe(hash);
  const sent = fake.server.asked.filter(({ path }) => path.includes("/package/dbstore/module/t0/payload"));
  expect(sent).toHaveLength(1);
  const again = open();
  expect(await again.payload(hash)).toEqual({ hash, type: "t0", bytes: 9 });
  expect(await again.payloadsLike(hash.slice(0, 8), 3)).toMatchObject([{ hash }]);
  expect(readFileSync(await again.placeOf(hash), "utf8")).toBe("constants");
  expect(await again.types()).toEqual(["t0"]);
  expect(await again.payload("0".repeat(64))).toBeUndefined();
  await expect(again.placeOf("../../etc/passwd")).rejects.toThrow(/no payload/);
});

test("a payload of others is fetched from where the server says, without the token, and looked at", async () => {
  await create();
  const hash = await keep("constants");
  await put(iov(hash, [7, 1], null));
  rmSync(join(data, "conditions"), { recursive: true });
  const again = open();
  expect(await again.lookup(REF, exp(7, 5))).toEqual([iov(hash, [7, 1], null)]);
  expect(readFileSync(await again.placeOf(hash), "utf8")).toBe("constants");
  expect(fake.server.asked.at(-1)).toMatchObject({ path: expect.stringMatching(/^\/dbstore\//) });
  expect(fake.server.asked.at(-1)?.headers.authorization).toBeUndefined();
  rmSync(join(data, "conditions"), { recursive: true });
  fake.server.trouble({ status: 200, body: "other" }, ({ path }) => path.startsWith("/dbstore/"));
  await expect(again.placeOf(hash)).rejects.toThrow(ConditionsUnavailable);
});

describe("an open tag", () => {
  test("takes intervals that include their ends there, and tells them as they are here", async () => {
    expect(await create()).toMatchObject({ ok: true, tag: { state: "OPEN", description: "of May" } });
    const hash = await keep("a");
    expect(await put(iov(hash, [7, 10], [7, 20]), iov(hash, [8, 0], [9, 0]))).toMatchObject({ ok: true });
    expect(fake.laid.map(({ span }) => span)).toEqual([
      [7, 10, 7, 19],
      [8, 0, 8, -1],
    ]);
    expect(await conditions.iovs(REF)).toEqual([iov(hash, [7, 10], [7, 20]), iov(hash, [8, 0], [9, 0])]);
    expect(await conditions.lookup(REF, exp(7, 19))).toHaveLength(1);
    expect(await conditions.lookup(REF, exp(7, 20))).toEqual([]);
    expect(await conditions.lookup(REF, exp(8, 4_000))).toHaveLength(1);
    expect(await conditions.lookup({ ...REF, name: "nothing" }, exp(8))).toEqual([]);
  });

  test("shows what has the highest revision, so that a newer payload may lie upon an older one", async () => {
    await create();
    const [old, newer] = [await keep("old"), await keep("newer")];
    await put(iov(old, [7, 0], null));
    const report = { cut: [{ after: iov(old, [7, 0], [7, 5]) }, { after: iov(old, [7, 9], null) }] };
    expect(await put(iov(newer, [7, 5], [7, 9]))).toMatchObject({ ok: true, report });
    expect((await conditions.iovs(REF)).map(({ payload }) => payload)).toEqual([old, newer, old]);
    expect((await conditions.lookup(REF, exp(7, 6)))[0]?.payload).toBe(newer);
    expect(await put(iov(old, [7, 6], [7, 7]))).toMatchObject({ ok: false, reason: "unsupported" });
  });

  test("gives nothing away, and takes a payload as what it is alone", async () => {
    await create();
    const hash = await keep("a");
    await put(iov(hash, [7, 0], null));
    for (const what of [
      { kind: "empty" },
      { kind: "remove", type: "t0", span: { from: exp(7), until: null } },
      { kind: "put", iovs: [iov(hash, [7, 0], null, "gains")] },
    ] as const)
      expect(await change(what)).toMatchObject({ ok: false, reason: "unsupported" });
    expect(await put(iov("0".repeat(64), [7, 0], null))).toMatchObject({ reason: "unknown-payload" });
    expect(await conditions.iovs(REF)).toHaveLength(1);
  });

  test("is merged into another one, and cloned under its new name", async () => {
    for (const name of ["staging", "prompt"]) await create(name);
    const [a, b] = [await keep("a"), await keep("b", "gains")];
    await change({ kind: "put", iovs: [iov(a, [7, 0], null), iov(b, [7, 0], [8, 0], "gains")] }, "staging");
    const span = { from: exp(7, 3), until: null };
    const of = { ...REF, name: "staging" };
    expect(await change({ kind: "merge", of: [of], span })).toMatchObject({ ok: true });
    expect(await conditions.iovs(REF)).toEqual([iov(b, [7, 3], [8, 0], "gains"), iov(a, [7, 3], null)]);
    expect(await change({ kind: "clone", of: REF, description: "" }, "proc8")).toMatchObject({ ok: true });
    expect((await conditions.tags("production")).map(({ name }) => name)).toEqual(["proc8", "prompt", "staging"]);
    expect(await conditions.iovs({ ...REF, name: "proc8" })).toHaveLength(2);
    expect(await create("proc8")).toMatchObject({ reason: "already-there" });
  });
});

test("a running tag is updated at once: what was open is closed, and what comes after it added", async () => {
  await create();
  const [a, b] = [await keep("a"), await keep("b")];
  await put(iov(a, [7, 0], null));
  await state("RUNNING");
  expect(await change({ kind: "append", iovs: [iov(b, [7, 5], [8, 0]), iov(a, [8, 0], null)] })).toMatchObject({
    ok: true,
    report: { cut: [{ after: iov(a, [7, 0], [7, 5]) }], next: { t0: exp(8, 1) } },
  });
  const updates = fake.server.asked.filter(({ path }) => path.endsWith("/updateRunningPayloads"));
  expect(updates.map(({ body }) => body)).toEqual([
    [
      { operation: "MODIFY", data: [fake.laid[0]?.id, 7, 4] },
      { operation: "CREATE", data: [expect.any(Number), 7, 5, 7, -1] },
      { operation: "CREATE", data: [expect.any(Number), 8, 0, -1, -1] },
    ],
  ]);
  expect(await conditions.iovs(REF)).toHaveLength(3);
  expect(await change({ kind: "append", iovs: [iov(b, [7, 9], null)] })).toMatchObject({ reason: "used" });
});

test("a tag goes through its states, and is not what it was once it is published", async () => {
  await create();
  const hash = await keep("a");
  for (const to of ["TESTING", "VALIDATED", "PUBLISHED"] as const) expect(await state(to)).toMatchObject({ ok: true });
  expect(await put(iov(hash, [7, 0], null))).toMatchObject({ reason: "state" });
  expect(await state("OPEN")).toMatchObject({ reason: "state" });
  expect(await conditions.tag(REF)).toMatchObject({ state: "PUBLISHED" });
});

test("a change whose answer was lost is there once after it is asked for again", async () => {
  await create();
  const hash = await keep("a");
  fake.server.trouble("loses its answer", ({ path }) => path.includes("/payloadIov/"));
  await expect(put(iov(hash, [7, 0], null))).rejects.toThrow(ConditionsUnavailable);
  fake.server.trouble();
  expect(await put(iov(hash, [7, 0], null))).toMatchObject({ ok: true, report: { added: [], unchanged: 1 } });
  expect(fake.laid).toHaveLength(1);
});

test.each([
  ["a server in trouble", { status: 503, body: "" }],
  ["a page", { status: 200, body: "<html>" }],
  ["XML", { status: 200, body: "<globalTags/>" }],
  ["something else", { status: 200, body: '{"a":1}' }],
  ["a refusal", { status: 400, body: '{"code":400,"reason":"Bad Request","message":"no"}' }],
  ["an answer that breaks off", "breaks off"],
  ["a refused token", { status: 401, body: '{"code":401,"reason":"Unauthorized"}' }],
] as const)("%s is no answer: unknown, and nothing is changed", async (_, trouble) => {
  await create();
  const hash = await keep("a");
  fake.server.trouble(trouble);
  const all: (() => Promise<unknown>)[] = [
    () => conditions.tags("production"),
    () => conditions.tag(REF),
    () => conditions.lookup(REF, exp(7)),
    () => conditions.types(),
    () => put(iov(hash, [7, 0], null)),
    () => keep("b"),
  ];
  for (const one of all) {
    const error = await one().catch((failed: unknown) => failed);
    expect(error, String(one)).toBeInstanceOf(ConditionsUnavailable);
    expect((error as Error).message).not.toContain(token);
  }
  fake.server.trouble();
  expect(fake.laid).toEqual([]);
});

test("the doctor finds whether it answers", async () => {
  expect((await conditions.examine?.())?.map(({ state: how, found }) => [how, found.split(",")[0]])).toEqual([
    ["good", `the server at ${fake.url} answers`],
    ["unknown", "the server does not say what it may; tokens of Belle II end after an hour"],
  ]);
  fake.server.trouble("hangs");
  expect(await open("50ms").examine?.()).toMatchObject([{ state: "bad" }]);
});

test("MD5 is what it is called by there", async () => {
  await keep("constants");
  const [asked] = fake.server.asked.filter(({ path }) => path.endsWith("/checkPayloads"));
  expect(asked?.body).toEqual([{ name: "t0", checksum: createHash("md5").update("constants").digest("hex") }]);
});
