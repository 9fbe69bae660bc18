import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as breathe } from "node:timers/promises";
import { expect, test } from "vitest";
import { MIGRATIONS } from "../../../src/adapters/store/migrations/index.ts";
import { openSqlite, readSqlite } from "../../../src/adapters/store/sqlite.ts";
import { storeContract } from "../../contracts/store.ts";
import { aTask } from "../../contracts/things.ts";

function ground() {
  const root = mkdtempSync(join(tmpdir(), "calops-store-"));
  const file = join(root, "calops.sqlite");
  return { file, open: () => openSqlite({ file, now: 1 }), clean: async () => rmSync(root, { recursive: true }) };
}

storeContract("SQLite", async () => ground());

test("a backup while transactions go on is a whole store", async () => {
  const { file, open, clean } = ground();
  const store = await open();
  let writing = true;
  const writes = (async () => {
    for (let id = 1; writing; id += 2) {
      await store.transact((tx) => tx.write({ put: { tasks: [aTask(id), aTask(id + 1)] } }));
      await breathe();
    }
  })();
  await store.backup(`${file}.backup`);
  writing = false;
  await writes;
  await store.close();
  const copy = readSqlite(`${file}.backup`);
  expect((await copy.queries.highestIds()).tasks % 2).toBe(0);
  copy.close();
  await clean();
});

test("a store of an older version is backed up and brought forward; one of a newer version is refused", async () => {
  const { file, open, clean } = ground();
  await (await open()).close();
  const next = { version: 2, statements: () => ["alter table tasks add column colour text"] };
  const migrated = await openSqlite({ file, now: 2, migrations: [...MIGRATIONS, next] });
  await migrated.close();
  expect(statSync(`${file}.before-migration-from-1`).size).toBeGreaterThan(0);
  await expect(open()).rejects.toThrow("the store has version 2 and this calops knows 1");
  const before = readSqlite(`${file}.before-migration-from-1`);
  expect(await before.queries.taskPage({ limit: 1 })).toEqual([]);
  before.close();
  await clean();
});

test("a migration that fails half-way has changed nothing", async () => {
  const { file, open, clean } = ground();
  await (await open()).close();
  const broken = { version: 2, statements: () => ["alter table tasks add column colour text", "this is not SQL"] };
  await expect(openSqlite({ file, now: 2, migrations: [...MIGRATIONS, broken] })).rejects.toThrow();
  const store = await open();
  await store.transact((tx) => tx.write({ put: { tasks: [aTask(1)] } }));
  await store.close();
  await clean();
});
