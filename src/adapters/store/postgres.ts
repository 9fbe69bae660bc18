/**
 * PostgreSQL, for an experiment that has a server and wants its store there. The same tables and statements as SQLite.
 * One calops writes: it holds an advisory lock on a connection of its own, and writes nothing while it has lost it.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { StoreUnavailable } from "../../ports/store.ts";
import { POSTGRES } from "./dialect.ts";
import { migrate } from "./migrate.ts";
import { MIGRATIONS } from "./migrations/index.ts";
import type { Migration } from "./migrations/migration.ts";
import type { Schema } from "./schema.ts";
import { StoreInUse } from "./sqlite.ts";
import { type OpenStore, storeFrom } from "./store.ts";

export type PostgresOptions = {
  /** `postgres://user:password@host:port/database` */
  readonly url: string;
  readonly now: number;
  /** Where the backup before a migration goes. */
  readonly backupFile: (fromVersion: number) => string;
  readonly migrations?: readonly Migration[];
};

// Moments and ids are whole numbers far below 2^53.
const types = {
  getTypeParser: (oid: number, format?: "text" | "binary") =>
    oid === pg.types.builtins.INT8
      ? (Number as (text: string) => number)
      : (pg.types.getTypeParser(oid, format) as (text: string) => unknown),
} as unknown as pg.CustomTypesConfig;

export async function openPostgres(options: PostgresOptions): Promise<OpenStore> {
  const shown = options.url.replace(/:[^:@/]*@/, ":***@");
  const pool = new pg.Pool({ connectionString: options.url, max: 6, types });
  pool.on("error", () => {
    // A connection that idles broke; the pool makes another, and whoever needs one now is told by its own query.
  });
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  let lock: pg.Client | undefined;
  try {
    lock = await takeLock(options.url, shown);
    await migrate(db, {
      migrations: options.migrations ?? MIGRATIONS,
      types: POSTGRES.types,
      now: options.now,
      backup: (version) => dump(options.url, options.backupFile(version)),
    });
    let held = true;
    const watch = (client: pg.Client) => {
      client.on("error", () => {
        held = false;
      });
      client.on("end", () => {
        held = false;
      });
    };
    watch(lock);
    return await storeFrom({
      dialect: POSTGRES,
      writer: db,
      reader: db,
      isUnavailable,
      async mayWrite() {
        if (held) return;
        lock = await takeLock(options.url, shown).catch((error) => {
          throw error instanceof StoreInUse
            ? error
            : new StoreUnavailable(`the store cannot be reached: ${(error as Error).message}`, error);
        });
        held = true;
        watch(lock);
      },
      backup: (file) => dump(options.url, file),
      close: async () => {
        await db.destroy();
        await lock?.end();
      },
    });
  } catch (error) {
    await db.destroy();
    await lock?.end();
    throw error;
  }
}

async function takeLock(url: string, shown: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ locked: boolean }>(
    "select pg_try_advisory_lock(hashtext('calops'), 1) as locked",
  );
  if (rows[0]?.locked) return client;
  await client.end();
  throw new StoreInUse(shown);
}

async function dump(url: string, file: string): Promise<void> {
  const { username, password, hostname, port, pathname } = new URL(url);
  const env = {
    ...process.env,
    PGHOST: hostname,
    PGPORT: port || "5432",
    PGUSER: decodeURIComponent(username),
    PGPASSWORD: decodeURIComponent(password),
    PGDATABASE: pathname.slice(1),
  };
  try {
    await promisify(execFile)("pg_dump", ["--format=custom", `--file=${file}`], { env });
  } catch (error) {
    throw new Error(
      `pg_dump could not write ${file}: ${(error as Error).message}; install PostgreSQL's client programs, or back up on the server`,
      { cause: error },
    );
  }
}

function isUnavailable(error: unknown): boolean {
  const { code = "", message = "" } = error as { code?: string; message?: string };
  return (
    /^(08|53|57P|58)/.test(code) ||
    /^(ECONN|EPIPE|ENOTFOUND|ETIMEDOUT|EHOSTUNREACH)/.test(code) ||
    /Connection terminated|timeout exceeded when trying to connect/.test(message)
  );
}
