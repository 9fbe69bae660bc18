/** The same contract on a real PostgreSQL: where `CALOPS_TEST_POSTGRES` names a server on which databases may be made. CI starts one. */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { describe, expect, test } from "vitest";
import { conditionsIn } from "../../src/adapters/store/conditions/conditions.ts";
import { MIGRATIONS } from "../../src/adapters/store/migrations/index.ts";
import { openPostgres } from "../../src/adapters/store/postgres.ts";
import { conditionsContract } from "../contracts/conditions.ts";
import { storeContract } from "../contracts/store.ts";
import { aTask } from "../contracts/things.ts";

const server = process.env["CALOPS_TEST_POSTGRES"];
let count = 0;

async function ground() {
  const name = `calops_test_${process.pid}_${++count}`;
  const admin = async (statement: string) => {
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    await client.query(statement);
    await client.end();
  };
  await admin(`create database ${name}`);
  const url = new URL(server ?? "");
  url.pathname = `/${name}`;
  return {
    url: url.href,
    open: () => openPostgres({ url: url.href, now: 1, backupFile: (version) => `/tmp/${name}-${version}.dump` }),
    clean: () => admin(`drop database ${name} with (force)`),
    kill: () => admin(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`),
  };
}

if (server === undefined) {
  describe("the store on PostgreSQL", () => {
    test.skip("no server: CALOPS_TEST_POSTGRES names none, so these tests are left out", () => {});
  });
} else {
  storeContract("PostgreSQL", ground);

  conditionsContract(
    "PostgreSQL",
    async () => {
      const { open, clean } = await ground();
      const data = mkdtempSync(join(tmpdir(), "calops-postgres-"));
      return {
        open: async () => {
          const store = await open();
          const conditions = conditionsIn(store.database, { data, now: () => 1, chunkSize: 3 });
          return { ...conditions, close: () => conditions.close().then(() => store.close()) };
        },
        clean: () => clean().then(() => rmSync(data, { recursive: true })),
        lasts: true,
      };
    },
    20,
  );

  test("brings a store of the first version forward after a backup, with what production ran", async () => {
    const { url, open, clean } = await ground();
    const root = mkdtempSync(join(tmpdir(), "calops-postgres-"));
    const backupFile = (version: number) => join(root, `from-${version}.dump`);
    const old = await openPostgres({ url, now: 1, backupFile, migrations: MIGRATIONS.slice(0, 1) });
    await old.transact((tx) => tx.write({ put: { facts: [{ name: "deployed", value: "c0ffee" }] } }));
    await old.close();
    await (await openPostgres({ url, now: 2, backupFile })).close();
    expect(statSync(backupFile(1)).size).toBeGreaterThan(0);
    const store = await open();
    expect(await store.queries.environments()).toMatchObject([{ name: "production", commit: "c0ffee", version: 1 }]);
    expect(await store.queries.fact("deployed")).toBeUndefined();
    await store.close();
    rmSync(root, { recursive: true });
    await clean();
  });

  test("goes on after the server cut its connections, and has lost nothing that was committed", async () => {
    const { open, clean, kill } = await ground();
    const store = await open();
    await store.transact((tx) => tx.write({ put: { tasks: [aTask(1)] } }));
    await kill();
    for (let tries = 0; tries < 20; tries++) {
      try {
        await store.transact((tx) => tx.write({ put: { tasks: [aTask(2)] } }));
        break;
      } catch (error) {
        expect((error as Error).name).toBe("StoreUnavailable");
      }
    }
    expect((await store.queries.taskPage({ limit: 5 })).map((task) => task.id)).toEqual([2, 1]);
    await store.close();
    await clean();
  });
}
