/**
 * SQLite in one file of the data directory: WAL, every commit on disk before it counts (`synchronous=FULL`).
 * One process writes: it keeps a lock that the kernel gives back when the process dies, however it dies.
 */
import { existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { type DatabaseConnection, Kysely, SqliteDialect, SqliteDriver } from "kysely";
import type { ReadDatabase } from "./database.ts";
import { SQLITE } from "./dialect.ts";
import { migrate } from "./migrate.ts";
import { MIGRATIONS } from "./migrations/index.ts";
import type { Migration } from "./migrations/migration.ts";
import { queriesFrom } from "./queries/queries.ts";
import type { Schema } from "./schema.ts";
import { type OpenStore, storeFrom } from "./store.ts";

export type SqliteOptions = {
  readonly file: string;
  readonly now: number;
  /** The steps to migrate by; all that there are by default. */
  readonly migrations?: readonly Migration[];
};

/** Another calops has the store. */
export class StoreInUse extends Error {
  constructor(file: string) {
    super(`another calops is running on ${file}; stop it, or use another --data directory`);
    this.name = "StoreInUse";
  }
}

export async function openSqlite(options: SqliteOptions): Promise<OpenStore> {
  mkdirSync(dirname(options.file), { recursive: true });
  const unlock = lock(options.file);
  try {
    const writer = open(options.file, {});
    const db = kyselyOn(writer);
    await migrate(db, {
      migrations: options.migrations ?? MIGRATIONS,
      types: SQLITE.types,
      now: options.now,
      backup: async (version) => vacuumInto(writer, `${options.file}.before-migration-from-${version}`),
    });
    const reader = open(options.file, { readonly: true });
    return await storeFrom({
      dialect: SQLITE,
      writer: db,
      reader: kyselyOn(reader),
      isUnavailable,
      backup: (file) => backupSqlite(options.file, file),
      close: async () => {
        reader.close();
        writer.close();
        unlock();
      },
    });
  } catch (error) {
    unlock();
    throw error;
  }
}

/** Reads a store that no bot has open, or one that a bot is writing: what is committed, and nothing is changed. */
export function readSqlite(file: string): {
  queries: ReturnType<typeof queriesFrom>;
  database: ReadDatabase;
  close(): void;
} {
  const connection = open(file, { readonly: true, fileMustExist: true });
  const reader = kyselyOn(connection);
  return { queries: queriesFrom(reader), database: { reader, isUnavailable }, close: () => connection.close() };
}

/** A consistent copy of a store, whether a bot writes to it meanwhile or not. */
export async function backupSqlite(file: string, target: string): Promise<void> {
  const source = open(file, { readonly: true, fileMustExist: true });
  try {
    // Held in one snapshot: otherwise every commit meanwhile would begin the copy anew, and a busy store would never be copied.
    source.exec("begin");
    source.prepare("select count(*) from sqlite_schema").get();
    await source.backup(target);
  } finally {
    source.close();
  }
}

/** A database of its own, held in an exclusive transaction as long as the process lives: the kernel's lock behind it needs no cleaning up. */
function lock(file: string): () => void {
  const holder = new Database(join(dirname(file), "lock.sqlite"), { timeout: 0 });
  try {
    holder.pragma("journal_mode = delete");
    holder.exec("begin exclusive");
  } catch (error) {
    holder.close();
    if ((error as { code?: string }).code?.startsWith("SQLITE_BUSY")) throw new StoreInUse(file);
    throw error;
  }
  return () => holder.close();
}

function open(file: string, options: { readonly?: boolean; fileMustExist?: boolean }): Database.Database {
  const database = new Database(file, { timeout: 5_000, ...options });
  if (!options.readonly) {
    database.pragma("journal_mode = wal");
    database.pragma("synchronous = full");
    database.pragma("foreign_keys = on");
  }
  database.pragma("trusted_schema = off");
  database.pragma("cache_size = -16000");
  database.pragma("temp_store = memory");
  return database;
}

/** Statements are prepared once for each text. */
function kyselyOn(database: Database.Database): Kysely<Schema> {
  const prepared = new Map<string, Database.Statement>();
  const caching = {
    prepare(text: string) {
      const known = prepared.get(text);
      if (known) return known;
      if (prepared.size >= 500) prepared.clear();
      const statement = database.prepare(text);
      prepared.set(text, statement);
      return statement;
    },
    close: () => database.close(),
  };
  const config = { database: caching as unknown as Database.Database };
  class Driver extends SqliteDriver {
    /** A transaction that the disk did not let through, SQLite has rolled back itself; and a second time would be a mistake that hides the first. */
    override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
      if (database.inTransaction) await super.rollbackTransaction(connection);
    }
  }
  class Dialect extends SqliteDialect {
    override createDriver(): Driver {
      return new Driver(config);
    }
  }
  return new Kysely<Schema>({ dialect: new Dialect(config) });
}

function vacuumInto(database: Database.Database, file: string): void {
  if (!existsSync(file)) database.prepare("vacuum into ?").run(file);
}

function isUnavailable(error: unknown): boolean {
  const code = (error as { code?: string }).code ?? "";
  return ["SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_BUSY"].some((known) =>
    code.startsWith(known),
  );
}
