import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as breathe } from "node:timers/promises";
import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { MIGRATIONS } from "../../../src/adapters/store/migrations/index.ts";
import { openSqlite, readSqlite } from "../../../src/adapters/store/sqlite.ts";
import { storeContract } from "../../contracts/store.ts";
import { anEnvironment, aTask } from "../../contracts/things.ts";

/** What a later calops will add. */
const LATEST = MIGRATIONS.at(-1)?.version ?? 0;
const NEXT = LATEST + 1;

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
  const next = { version: NEXT, statements: () => ["alter table tasks add column colour text"] };
  const migrated = await openSqlite({ file, now: 2, migrations: [...MIGRATIONS, next] });
  await migrated.close();
  const backup = `${file}.before-migration-from-${LATEST}`;
  expect(statSync(backup).size).toBeGreaterThan(0);
  await expect(open()).rejects.toThrow(`the store has version ${NEXT} and this calops knows ${LATEST}`);
  const before = readSqlite(backup);
  expect(await before.queries.taskPage({ limit: 1 })).toEqual([]);
  before.close();
  await clean();
});

test("a migration that fails half-way has changed nothing", async () => {
  const { file, open, clean } = ground();
  await (await open()).close();
  const broken = { version: NEXT, statements: () => ["alter table tasks add column colour text", "this is not SQL"] };
  await expect(openSqlite({ file, now: 2, migrations: [...MIGRATIONS, broken] })).rejects.toThrow();
  const store = await open();
  await store.transact((tx) => tx.write({ put: { tasks: [aTask(1)] } }));
  await store.close();
  await clean();
});

describe("a store from before there were environments", () => {
  /** As the first calops left it. */
  async function old(facts: Readonly<Record<string, string>>) {
    const { file, open, clean } = ground();
    const store = await openSqlite({ file, now: 1, migrations: MIGRATIONS.slice(0, 1) });
    const put = { facts: Object.entries(facts).map(([name, value]) => ({ name, value })), tasks: [aTask(1)] };
    await store.transact((tx) => tx.write({ put }));
    await store.close();
    return { file, open, clean };
  }

  test("goes on with what production ran, which is a fact no more, and is backed up before", async () => {
    const { file, open, clean } = await old({ deployed: "c0ffee", horizon: "7" });
    const store = await open();
    expect(await store.queries.environments()).toEqual([anEnvironment("production", { commit: "c0ffee", version: 1 })]);
    expect(await store.queries.fact("deployed")).toBeUndefined();
    expect(await store.queries.fact("horizon")).toBe("7");
    expect(await store.queries.deploymentPage({ limit: 9 })).toEqual([]);
    expect(await store.queries.tasks([1])).toHaveLength(1);
    const [production] = await store.queries.environments();
    await store.transact((tx) =>
      tx.write({ put: { environments: production ? [{ ...production, commit: "beef" }] : [] } }),
    );
    await store.close();
    const before = readSqlite(`${file}.before-migration-from-1`);
    expect(await before.queries.fact("deployed")).toBe("c0ffee");
    before.close();
    const again = await open();
    expect(await again.queries.environments()).toMatchObject([{ commit: "beef", version: 2 }]);
    await again.close();
    await clean();
  });

  test("and with nothing deployed has no environment yet", async () => {
    const { open, clean } = await old({});
    const store = await open();
    expect(await store.queries.environments()).toEqual([]);
    await store.close();
    await clean();
  });
});

test("alerts from before people could take them are told, and speak of the tasks that are failed still", async () => {
  const { file, open, clean } = ground();
  const store = await openSqlite({ file, now: 1, migrations: MIGRATIONS.slice(0, 3) });
  const tasks = [
    aTask(1, { state: "failed", endedAt: 7 }),
    aTask(2, { name: "fit", state: "done" }),
    aTask(3, { name: "plot" }),
  ];
  await store.transact((tx) => tx.write({ put: { tasks }, wake: [{ errand: { kind: "settle", ref: "3" }, at: 1 }] }));
  await store.close();
  const raw = new Database(file);
  raw.exec(`insert into alerts values (1, 'f1', 'production', 't0', 'calibrate', 'firing', '[{"task":1,"attempt":1,"group":"1"}]', 9, 5, 6, null,
    '{"group":"1","reason":"it failed","firstError":null}', 4)`);
  raw.exec("insert into alert_tasks values (1, 1), (2, 1), (3, 1)");
  raw.close();
  const now = await open();
  expect(await now.queries.firingAlert("f1")).toMatchObject({
    state: "firing",
    severity: "warning",
    open: 2,
    count: 9,
    acknowledged: null,
    toldAt: 5,
    firingSince: 5,
    tasks: [{ task: 1, failedAt: 6 }],
  });
  expect(await now.queries.failingTasks(1, 9)).toMatchObject([{ task: 3 }, { task: 1, group: "1", failedAt: 7 }]);
  await now.close();
  await clean();
});
