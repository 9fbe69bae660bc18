import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import type { Transaction } from "kysely";
import { expect, test } from "vitest";
import { conditionsIn } from "../../../src/adapters/store/conditions/conditions.ts";
import type { Schema } from "../../../src/adapters/store/schema.ts";
import { openSqlite, readSqlite } from "../../../src/adapters/store/sqlite.ts";
import type { TagChange } from "../../../src/core/conditions/change.ts";
import { ConditionsUnavailable } from "../../../src/ports/conditions.ts";
import { conditionsContract } from "../../contracts/conditions.ts";

const DAY_MS = 24 * 3600 * 1000;

async function ground(chunkSize?: number) {
  const root = mkdtempSync(join(tmpdir(), "calops-conditions-"));
  return {
    open: async () => {
      const store = await openSqlite({ file: join(root, "calops.sqlite"), now: 1 });
      const conditions = conditionsIn(store.database, {
        data: root,
        now: () => 1,
        ...(chunkSize === undefined ? {} : { chunkSize }),
      });
      return {
        ...conditions,
        close: async () => {
          await conditions.close();
          await store.close();
        },
      };
    },
    clean: async () => rmSync(root, { recursive: true, force: true }),
    lasts: true,
    examine: () => {
      const database = new Database(join(root, "calops.sqlite"), { readonly: true });
      const found = Object.entries(contradictions(chunkSize)).map(([what, query]) => [
        what,
        database.prepare(query).all(),
      ]);
      database.close();
      expect(Object.fromEntries(found)).toEqual(Object.fromEntries(found.map(([what]) => [what, []])));
    },
  };
}

test("an outcome is told interval by interval for 90 days, and then only that it was done", async () => {
  let now = 1;
  const { conditions, close, root } = await opened(() => now);
  const file = join(root, "constants");
  writeFileSync(file, "a");
  const { hash } = await conditions.keep("t0", file);
  const tag = { environment: "production", name: "prompt" };
  const ask = (key: string, change: TagChange) => conditions.change({ tag, change, key, by: "ann", why: null });
  const put: TagChange = {
    kind: "put",
    iovs: [{ type: "t0", from: { major: 1, minor: 0 }, until: null, payload: hash }],
  };
  await ask("k1", { kind: "create", description: "", upstream: null });
  const first = await ask("k2", put);
  now += 89 * DAY_MS;
  await ask("k3", { kind: "describe", description: "later", upstream: null });
  expect(await ask("k2", put)).toEqual(first);
  now += 2 * DAY_MS;
  await ask("k4", { kind: "describe", description: "much later", upstream: null });
  expect(await ask("k2", put)).toMatchObject({ ok: true, tag: { version: 4 }, report: { added: [], unchanged: 0 } });
  expect(await conditions.iovs(tag)).toHaveLength(1);
  await close();
});

test("what a bot left half written is swept away, and a file that was spoilt is written anew", async () => {
  const { conditions, close, root } = await opened(() => 1);
  const payloads = join(root, "conditions", "payloads");
  mkdirSync(payloads, { recursive: true });
  writeFileSync(join(payloads, "coming-of-a-dead-bot"), "ha");
  const file = join(root, "constants");
  writeFileSync(file, "a");
  const { hash } = await conditions.keep("t0", file);
  expect(readdirSync(payloads)).toEqual([hash.slice(0, 2)]);
  const place = await conditions.placeOf(hash);
  chmodSync(place, 0o644);
  writeFileSync(place, "spoilt");
  expect(await conditions.keep("t0", file)).toMatchObject({ hash });
  expect(readFileSync(place, "utf8")).toBe("a");
  await close();
});

test("a disk that is full is told as no answer, and has changed nothing", async () => {
  const { conditions, close, database } = await opened(() => 1);
  const tag = { environment: "production", name: "prompt" };
  const create: TagChange = { kind: "create", description: "", upstream: null };
  const ask = () => conditions.change({ tag, change: create, key: "k", by: "ann", why: null });
  database.full = true;
  await expect(ask()).rejects.toThrow(ConditionsUnavailable);
  expect(await conditions.tag(tag)).toBeUndefined();
  database.full = false;
  expect(await ask()).toMatchObject({ ok: true });
  await close();
});

test("where no bot runs everything can be read, and nothing changed", async () => {
  const { root, conditions, close } = await opened(() => 1);
  const tag = { environment: "production", name: "prompt" };
  const create: TagChange = { kind: "create", description: "", upstream: null };
  await conditions.change({ tag, change: create, key: "k", by: "ann", why: null });
  await close({ keep: true });
  const { database, close: closeReader } = readSqlite(join(root, "calops.sqlite"));
  const resting = conditionsIn(database, { data: root, now: () => 1 });
  expect(await resting.tags("production")).toMatchObject([{ name: "prompt" }]);
  await expect(resting.change({ tag, change: { kind: "empty" }, key: "l", by: "ann", why: null })).rejects.toThrow(
    ConditionsUnavailable,
  );
  closeReader();
  rmSync(root, { recursive: true });
});

/** A store of its own, on a disk that can be full. */
async function opened(now: () => number) {
  const root = mkdtempSync(join(tmpdir(), "calops-conditions-"));
  const store = await openSqlite({ file: join(root, "calops.sqlite"), now: 1 });
  const database = {
    ...store.database,
    full: false,
    write: <T>(work: (tx: Transaction<Schema>) => Promise<T>): Promise<T> =>
      store.database.write(async (tx) => {
        const done = await work(tx);
        if (database.full) throw Object.assign(new Error("database or disk is full"), { code: "SQLITE_FULL" });
        return done;
      }),
  };
  const conditions = conditionsIn(database, { data: root, now });
  const close = async ({ keep = false } = {}) => {
    await conditions.close();
    await store.close();
    if (!keep) rmSync(root, { recursive: true });
  };
  return { root, database, conditions, close };
}

/** Each finds what must not be in the tables. */
const contradictions = (chunkSize = 256) => ({
  "a chunk whose size is another": `select * from tag_chunks c
    where size <> (select count(*) from iovs i where i.chunk = c.chunk)`,
  "a chunk that begins elsewhere than its first interval": `select * from tag_chunks c
    where (from_major, from_minor) <> (0, 0) and (from_major, from_minor) not in (
      select from_major, from_minor from iovs i where i.chunk = c.chunk order by from_major, from_minor limit 1)`,
  "a chunk that should have been split": `select * from tag_chunks where size > ${chunkSize}`,
  "a type without a chunk that begins at the beginning": `select tag, type from tag_chunks group by tag, type
    having not max((from_major, from_minor) = (0, 0))`,
  "intervals that no tag has": "select * from iovs where chunk not in (select chunk from tag_chunks)",
  "a chunk above the seal of a tag that shares it": `select * from tag_chunks c join global_tags g on g.id = c.tag
    where c.chunk > g.sealed and exists (select 1 from tag_chunks d where d.chunk = c.chunk and d.tag <> c.tag)`,
});

conditionsContract("SQLite", () => ground(), 8);
// So small that what the sequences make is split, shared and copied all the time.
conditionsContract("SQLite, a few intervals to a chunk", () => ground(2), 25);
