/** What a nopayloaddb does that no store of calops does: it is away, it is old, others write to it, and it takes no for an answer. */
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hsfOptions } from "../../../src/adapters/conditions/hsf/config.ts";
import { openHsf } from "../../../src/adapters/conditions/open.ts";
import type { TagChange } from "../../../src/core/conditions/change.ts";
import { type Conditions, ConditionsUnavailable } from "../../../src/ports/conditions.ts";
import { aFakeNopayloaddb, type FakeNopayloaddb } from "../../fakes/fake-nopayloaddb.ts";

let fake: FakeNopayloaddb;
let data: string;
let conditions: Conditions;
let token: string;
let count = 0;
const opened: Conditions[] = [];

const REF = { environment: "production", name: "prompt" };
const at = (major: number, minor = 0) => ({ major, minor });
const MAX = 2 ** 63;

function open(more: object = {}): Conditions {
  const payloads = { directory: join(data, "payloads") };
  const options = hsfOptions.parse({ url: fake.url, token: { secret: "T" }, payloads, timeout: "2s", ...more });
  const declared = (name: string) => (name === "staging" ? { description: "feeds", upstream: "prompt" } : undefined);
  const one = openHsf(options, { now: () => 7, declared, secret: () => token, data });
  opened.push(one);
  return one;
}

beforeEach(async () => {
  fake = await aFakeNopayloaddb();
  token = fake.token;
  data = mkdtempSync(join(tmpdir(), "calops-outside-"));
  conditions = open();
});
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
  await fake.server.close();
  rmSync(data, { recursive: true, force: true });
  expect(fake.server.complaints).toEqual([]);
});

const change = (what: TagChange, name = "prompt", more: { key?: string } = {}) =>
  conditions.change({ tag: { ...REF, name }, change: what, key: more.key ?? `k${++count}`, by: "ann", why: null });
const create = (name = "prompt") => change({ kind: "create", description: "", upstream: null }, name);
async function keep(text: string, type = "t0"): Promise<string> {
  writeFileSync(join(data, "one"), text);
  return (await conditions.keep(type, join(data, "one"))).hash;
}
const put = (payload: string, from: number, until: number | null, type = "t0") =>
  change({ kind: "put", iovs: [{ type, payload, from: at(from), until: until === null ? null : at(until) }] });
const foreign = (from: number, until: number | null, name = "a") => ({
  payload_url: `t0/${name}.txt`,
  checksum: "900150983cd24fb0d6963f7d28e17f72",
  major_iov: from,
  minor_iov: 0,
  major_iov_end: until ?? MAX,
  minor_iov_end: until === null ? MAX : 0,
});

describe("what others wrote", () => {
  test("is found by an identity of address and checksum, and its file where the address leads", async () => {
    await create();
    fake.insert("prompt", "t0", foreign(5, null));
    const file = join(data, "payloads/t0/a.txt");
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, "abc");
    const [iov] = await conditions.lookup(REF, at(9));
    expect(iov?.payload).toMatch(/^[0-9a-f]{64}$/);
    expect(await conditions.iovs(REF)).toEqual([iov]);
    expect(await conditions.payload(iov?.payload ?? "")).toEqual({ hash: iov?.payload, type: "t0", bytes: 3 });
    expect(readFileSync(await conditions.placeOf(iov?.payload ?? ""), "utf8")).toBe("abc");
    expect((await open().lookup(REF, at(9)))[0]).toEqual(iov);
  });

  test("never leads out of the directory of payloads", async () => {
    await create();
    fake.insert("prompt", "t0", { ...foreign(5, null), payload_url: "../one" });
    writeFileSync(join(data, "one"), "secret");
    const [iov] = await conditions.lookup(REF, at(9));
    await expect(conditions.placeOf(iov?.payload ?? "")).rejects.toThrow(/no payload/);
  });

  test("holds until the next one begins where it overlaps, and not any more where it has ended", async () => {
    await create();
    fake.insert("prompt", "t0", foreign(5, null, "a"));
    fake.insert("prompt", "t0", foreign(9, 12, "b"));
    expect((await conditions.iovs(REF)).map(({ from, until }) => [from.major, until?.major])).toEqual([
      [5, 9],
      [9, 12],
    ]);
    expect(await conditions.lookup(REF, at(8))).toHaveLength(1);
    expect(await conditions.lookup(REF, at(12))).toEqual([]);
  });

  test("is read from servers that say no sizes yet", async () => {
    await create();
    await put(await keep("x"), 5, null);
    const before = await conditions.lookup(REF, at(9));
    fake.beOld();
    expect(await conditions.lookup(REF, at(9))).toEqual(before);
  });
});

describe("a change", () => {
  test("leaves nothing without a length where it begins with what was there, since that could be looked up", async () => {
    await create();
    const [a, b] = [await keep("a"), await keep("b")];
    await put(a, 5, 20);
    expect(await put(b, 5, 10)).toMatchObject({ ok: true });
    expect((await conditions.lookup(REF, at(5)))[0]?.payload).toBe(b);
    const there = fake.piovs.filter(({ list }) => list !== null);
    expect(there.map(({ major_iov, major_iov_end }) => [major_iov, major_iov_end]).sort()).toEqual([
      [10, 20],
      [5, 10],
    ]);
  });

  test("that broke off in the middle is whole once it is asked for again", async () => {
    await create();
    const [a, b] = [await keep("a"), await keep("b")];
    const iovs = [a, b].map((payload, index) => ({ type: "t0", payload, from: at(index), until: at(index + 1) }));
    let attached = 0;
    fake.server.trouble("breaks off", ({ path }) => path.endsWith("piov_attach") && ++attached === 2);
    await expect(change({ kind: "put", iovs }, "prompt", { key: "publish" })).rejects.toThrow(ConditionsUnavailable);
    fake.server.trouble();
    expect(await change({ kind: "put", iovs }, "prompt", { key: "publish" })).toMatchObject({ ok: true });
    expect(await conditions.iovs(REF)).toEqual(iovs);
  });

  test("whose answer was lost is there once after it is asked for again", async () => {
    await create();
    const a = await keep("a");
    fake.server.trouble("loses its answer", ({ path }) => path.endsWith("piov_attach"));
    await expect(put(a, 5, null)).rejects.toThrow(ConditionsUnavailable);
    fake.server.trouble();
    expect(await put(a, 5, null)).toMatchObject({ ok: true, report: { added: [], unchanged: 1 } });
    expect(await conditions.iovs(REF)).toHaveLength(1);
  });

  test("that came to something else is no success", async () => {
    await create();
    const a = await keep("a");
    let meddled = false;
    fake.server.before(({ path }) => {
      if (!path.endsWith("piov_attach") || meddled) return;
      meddled = true;
      fake.insert("prompt", "t0", foreign(1, 2));
    });
    await expect(put(a, 5, null)).rejects.toThrow(/did something else with prompt than it was asked for/);
  });

  test("that such a server cannot keep is refused as unsupported", async () => {
    await create();
    const a = await keep("a");
    const unsupported = { ok: false, reason: "unsupported" };
    const mirror = { environment: "mirror/fix", name: "prompt" };
    const of = { change: { kind: "empty" } as const, key: "m", by: "ann", why: null };
    expect(await conditions.change({ ...of, tag: mirror })).toMatchObject(unsupported);
    expect(await conditions.tags("mirror/fix")).toMatchObject([{ environment: "production", name: "prompt" }]);
    expect(await change({ kind: "describe", description: "x", upstream: null })).toMatchObject(unsupported);
    expect(await change({ kind: "create", description: "", upstream: "prompt" }, "other")).toMatchObject(unsupported);
    expect(await change({ kind: "create", description: "", upstream: "prompt" }, "staging")).toMatchObject({
      ok: true,
      tag: { upstream: "prompt", description: "feeds" },
    });
    fake.statuses.splice(0, 9, "unlocked", "locked");
    expect(await change({ kind: "state", to: "TESTING" })).toMatchObject(unsupported);
    await put(a, 5, null);
    await change({ kind: "state", to: "RUNNING" });
    const append = (from: number, until: number | null): TagChange => ({
      kind: "append",
      iovs: [{ type: "t0", payload: a, from: at(from), until: until === null ? null : at(until) }],
    });
    expect(await change(append(9, 10))).toMatchObject(unsupported);
    expect(await change(append(9, null))).toMatchObject({ ok: true, report: { cut: [{ after: { until: at(9) } }] } });
    expect(await conditions.iovs(REF)).toHaveLength(2);
  });
});

describe("no answer", () => {
  beforeEach(async () => {
    await create();
    await put(await keep("a"), 5, null);
  });

  test.each([
    ["a server in trouble", { status: 503, body: "" }, /answered with 503/],
    ["a page instead of JSON", { status: 500, body: "<h1>Server Error (500)</h1>" }, /no JSON/],
    ["something else", { status: 200, body: '{"tags": []}' }, /something else than a nopayloaddb answers/],
    ["an answer that breaks off", "breaks off", /broke off/],
    ["a refused token", { status: 403, body: '{"detail":"access_token expired"}' }, /refuses .* look at the token/],
    ["a redirect", { status: 302, headers: { location: "http://127.0.0.1:1/" }, body: "" }, /redirect/],
  ] as const)("is %s: unknown, and nothing is changed", async (_, trouble, why) => {
    const before = JSON.stringify(fake.piovs);
    fake.server.trouble(trouble);
    const all: (() => Promise<unknown>)[] = [
      () => conditions.tags("production"),
      () => conditions.tag(REF),
      () => conditions.lookup(REF, at(9)),
      () => conditions.iovs(REF),
      () => conditions.types(),
      () => change({ kind: "empty" }),
    ];
    for (const one of all) {
      const error = await one().catch((failed: unknown) => failed);
      expect(error, String(one)).toBeInstanceOf(ConditionsUnavailable);
      expect((error as Error).message).toMatch(why);
      expect((error as Error).message).not.toContain(token);
    }
    fake.server.trouble();
    expect(JSON.stringify(fake.piovs)).toBe(before);
  });

  test("is one that does not come in time, or that nobody waits for any more", async () => {
    fake.server.trouble("hangs");
    await expect(open({ timeout: "50ms" }).tag(REF)).rejects.toThrow(/did not answer within/);
    const waiting = open();
    const asked = waiting.tag(REF);
    await waiting.close();
    await expect(asked).rejects.toThrow(ConditionsUnavailable);
  });

  test("is there where the secret is not set", async () => {
    const options = hsfOptions.parse({ url: fake.url, token: { secret: "T" }, payloads: { directory: data } });
    const secret = () => {
      throw new Error("the secret T is not set");
    };
    const closed = openHsf(options, { now: () => 7, declared: () => undefined, secret, data });
    opened.push(closed);
    await expect(closed.tag(REF)).rejects.toThrow(ConditionsUnavailable);
  });
});

describe("payloads on the web", () => {
  const read = () => open({ payloads: { url: `${fake.server.origin}/files/` } });

  test("are fetched once, and looked at", async () => {
    await create();
    const hash = await keep("abc");
    await put(hash, 5, null);
    const web = read();
    await web.lookup(REF, at(9));
    fake.server.trouble({ status: 200, body: "abc" }, ({ path }) => path.startsWith("/files/"));
    expect(readFileSync(await web.placeOf(hash), "utf8")).toBe("abc");
    const asked = fake.server.asked.length;
    expect(readFileSync(await web.placeOf(hash), "utf8")).toBe("abc");
    expect(fake.server.asked).toHaveLength(asked);
    await expect(web.keep("t0", join(data, "one"))).rejects.toThrow(/nothing can be kept/);
  });

  test("with other bytes than their checksum are no payloads", async () => {
    await create();
    const hash = await keep("abc");
    await put(hash, 5, null);
    const web = read();
    await web.lookup(REF, at(9));
    fake.server.trouble({ status: 200, body: "other" }, ({ path }) => path.startsWith("/files/"));
    await expect(web.placeOf(hash)).rejects.toThrow(/other bytes/);
  });
});

test("a payload is kept under its SHA-256, and that is its checksum there", async () => {
  await create();
  const hash = await keep("abc");
  expect(hash).toBe(createHash("sha256").update("abc").digest("hex"));
  await put(hash, 5, null);
  expect(fake.piovs).toMatchObject([
    { payload_url: `t0/sha256/${hash.slice(0, 2)}/${hash}`, checksum: `sha256:${hash}` },
  ]);
  await expect(conditions.keep("../t0", join(data, "one"))).resolves.toMatchObject({ type: "t0" });
  writeFileSync(join(data, "one"), "another");
  await expect(conditions.keep("../..", join(data, "one"))).rejects.toThrow(/no name of a payload type/);
});

describe("the doctor", () => {
  const findings = async (one = conditions) =>
    (await one.examine?.())?.map(({ about, state, found }) => [about.replace("conditions server", ""), state, found]);

  test("finds a server that answers, and a token that may change something", async () => {
    await create();
    await keep("a");
    expect(await findings()).toEqual([
      ["", "good", `the nopayloaddb at ${fake.url} answers, with 1 global tag`],
      [": the token", "good", "it may change something"],
      [": payloads", "good", `${join(data, "payloads")} can be read and written`],
    ]);
  });

  test("finds a token that is refused, a directory that is not there, statuses that are missing", async () => {
    token = "wrong";
    fake.statuses.splice(2, 1);
    expect(await findings()).toEqual([
      ["", "good", `the nopayloaddb at ${fake.url} answers, with 0 global tags`],
      [": statuses", "doubtful", "it has no frozen, so no tag gets there"],
      [": the token", "bad", "the server refuses it, so nothing is published there"],
      [": payloads", "bad", `${join(data, "payloads")} is not there`],
    ]);
  });

  test("finds a server that is away", async () => {
    fake.server.trouble({ status: 502 });
    expect((await findings())?.[0]).toMatchObject(["", "bad", expect.stringContaining("502")]);
  });

  test("finds a server that counts the ends of intervals in another way", async () => {
    const mode = ({ path }: { path: string }) => path.includes("user_settings");
    fake.server.trouble({ status: 200, body: { CDB_IOV_MODE: "discrete" } }, mode);
    expect((await findings())?.map(([about, state]) => [about, state])).toContainEqual([": how it counts", "bad"]);
  });
});
