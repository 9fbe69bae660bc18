/** A PostgreSQL store that is looked at, on a real server, where `CALOPS_TEST_POSTGRES` names one. */
import pg from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../src/adapters/clock/system-clock.ts";
import { examinePostgres } from "../../src/adapters/store/examine-postgres.ts";
import { MIGRATIONS } from "../../src/adapters/store/migrations/index.ts";
import { openPostgres } from "../../src/adapters/store/postgres.ts";
import type { Clock } from "../../src/ports/clock.ts";

const server = process.env["CALOPS_TEST_POSTGRES"];
const LATEST = MIGRATIONS.at(-1)?.version ?? 0;
let count = 0;

describe.skipIf(server === undefined)("a PostgreSQL store", () => {
  let name: string;
  let url: string;
  const as = async (statement: string, at = server) => {
    const client = new pg.Client({ connectionString: at });
    await client.connect();
    await client.query(statement);
    await client.end();
  };
  beforeEach(async () => {
    name = `calops_doctor_${process.pid}_${++count}`;
    await as(`create database ${name}`);
    const address = new URL(server ?? "");
    address.pathname = `/${name}`;
    url = address.href;
  });
  afterEach(() => as(`drop database ${name} with (force)`));

  const open = () => openPostgres({ url, now: 1, backupFile: () => `/tmp/${name}.dump` });
  const find = async (about: string, at = url, clock: Clock = systemClock()) =>
    (await examinePostgres(at, clock)).find((one) => one.about === about);
  const with_ = (change: (address: URL) => void) => {
    const address = new URL(url);
    change(address);
    return address.href;
  };

  test("is good before the first start, and is not made by looking", async () => {
    expect(await find("the store: tables")).toMatchObject({
      state: "good",
      found: expect.stringContaining("has no tables yet"),
    });
    expect(await find("the store: tables")).toMatchObject({ found: expect.stringContaining("has no tables yet") });
    expect(await find("the store: rights")).toMatchObject({ state: "good" });
    expect(await find("the store: clock")).toMatchObject({ state: "good" });
    expect(await find("the store")).toMatchObject({
      state: "good",
      found: expect.stringMatching(/^PostgreSQL \d+\.\d+.* answers$/),
    });
  });

  test("is looked at beside the bot that has it", async () => {
    const store = await open();
    expect(await find("the store: tables")).toMatchObject({
      found: expect.stringContaining(`its tables have version ${LATEST}`),
    });
    await store.transact(async (tx) => tx.write({ put: { facts: [{ name: "after", value: "it" }] } }));
    await store.close();
  });

  test("of a newer calops is bad", async () => {
    await (await open()).close();
    await as(`insert into schema_version (version, migrated_at) values (${LATEST + 1}, 2)`, url);
    expect(await find("the store: tables")).toMatchObject({
      state: "bad",
      fix: expect.stringContaining("start the newer calops"),
    });
  });

  test("has a backup only by a pg_dump that is not older than it", async () => {
    expect(await find("the store: pg_dump")).toMatchObject({
      state: expect.stringMatching(/^(good|bad)$/),
      found: expect.stringMatching(/^(version \d+ is|it is not installed)/),
    });
  });

  test("whose clock is another is doubtful", async () => {
    const late: Clock = { ...systemClock(), now: () => Date.now() - 600_000 };
    expect(await find("the store: clock", url, late)).toMatchObject({
      state: "doubtful",
      found: expect.stringMatching(/is (10m|9m59s|10m1s) behind the server's$/),
    });
  });

  test("in which the user may make nothing is bad, and says what to grant", async () => {
    await as(`create role ${name}_reader login`);
    try {
      await as("revoke create on schema public from public", url);
      expect(
        await find(
          "the store: rights",
          with_((address) => {
            address.username = `${name}_reader`;
          }),
        ),
      ).toMatchObject({
        state: "bad",
        fix: `as the database's owner: GRANT CREATE ON SCHEMA public TO ${name}_reader;`,
      });
    } finally {
      await as(`drop role ${name}_reader`);
    }
  });

  test.each<[string, (address: URL) => void, RegExp, RegExp]>([
    [
      "that is not there",
      (address) => {
        address.pathname = "/none";
      },
      /has no database none$/,
      /^as its administrator: createdb --owner calops none$/,
    ],
    [
      "of which nobody knows the user",
      (address) => {
        address.username = "nobody";
        address.password = "hunter2";
      },
      /does not let nobody in/,
      /CALOPS_STORE/,
    ],
    [
      "that does not run",
      (address) => {
        address.port = "9";
      },
      /cannot be reached: ECONNREFUSED$/,
      /pg_isready -h 127.0.0.1 -p 9$/,
    ],
  ])("%s is bad, and says what to do", async (_what, change, found, fix) => {
    const finding = await find("the store", with_(change));
    expect(finding).toMatchObject({
      state: "bad",
      found: expect.stringMatching(found),
      fix: expect.stringMatching(fix),
    });
    expect(JSON.stringify(finding)).not.toContain("hunter2");
  });
});
