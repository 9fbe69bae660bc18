import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { examineSqlite } from "../../../src/adapters/store/examine-sqlite.ts";
import { MIGRATIONS } from "../../../src/adapters/store/migrations/index.ts";
import { openSqlite } from "../../../src/adapters/store/sqlite.ts";

let root: string;
let file: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "calops-store-"));
  file = join(root, "calops.sqlite");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const LATEST = MIGRATIONS.at(-1)?.version ?? 0;

describe("a SQLite store", () => {
  test("that is not there yet is made by the first start", () => {
    expect(examineSqlite(file)).toMatchObject([
      { state: "good", found: `there is none yet; calops start makes ${file}` },
    ]);
  });

  test("is looked at beside the bot that has it, and stays as it is", async () => {
    const store = await openSqlite({ file, now: 1 });
    expect(examineSqlite(file)).toMatchObject([
      {
        state: "good",
        found: expect.stringMatching(new RegExp(`^SQLite 3[\\d.]+, 1 MB; its tables have version ${LATEST}$`)),
      },
    ]);
    await store.transact(async (tx) => tx.write({ put: { facts: [{ name: "after", value: "it" }] } }));
    await store.close();
  });

  test("of an older calops is brought forward by the next start, and not by looking", async () => {
    await (await openSqlite({ file, now: 1, migrations: MIGRATIONS.slice(0, 1) })).close();
    const expected = [
      { state: "good", found: expect.stringContaining(`version 1, and the next start brings them to ${LATEST}`) },
    ];
    expect(examineSqlite(file)).toMatchObject(expected);
    expect(examineSqlite(file)).toMatchObject(expected);
  });

  test("of a newer calops is bad", async () => {
    const next = { version: LATEST + 1, statements: () => ["create table later (x integer)"] };
    await (await openSqlite({ file, now: 1, migrations: [...MIGRATIONS, next] })).close();
    expect(examineSqlite(file)).toMatchObject([
      {
        state: "bad",
        found: expect.stringContaining(`this calops knows ${LATEST}`),
        fix: expect.stringContaining("start the newer calops"),
      },
    ]);
  });

  test("that is damaged is bad, and goes back to the backup", () => {
    writeFileSync(file, "this is no database, and as long as one would be ".repeat(100));
    expect(examineSqlite(file)).toMatchObject([
      { state: "bad", found: expect.stringContaining("is damaged"), fix: expect.stringContaining("backup") },
    ]);
  });

  test.skipIf(process.getuid?.() === 0)("that another user owns is bad", async () => {
    await (await openSqlite({ file, now: 1 })).close();
    chmodSync(file, 0o400);
    expect(examineSqlite(file)).toMatchObject([{ state: "bad", fix: expect.stringContaining(`chown USER ${file}`) }]);
  });
});
