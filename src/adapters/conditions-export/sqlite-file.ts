/**
 * A tag as one SQLite file, with the bytes of its payloads, for work without a network. Its tables are described in
 * `docs/conditions.md`: others read them, so they are only ever added to.
 *
 * The next file is made from the one before, so that only payloads that are new are written.
 */
import { randomUUID } from "node:crypto";
import { constants, copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as breathe } from "node:timers/promises";
import Database from "better-sqlite3";
import type { Iov } from "../../core/conditions/iov.ts";
import type { GlobalTag } from "../../core/conditions/tag.ts";
import type { FilesWritten } from "./files.ts";
import { checkBytes, digestOf } from "./payload-bytes.ts";
import { segment } from "./segment.ts";
import { HALF_DONE, sweepHalfDone } from "./sweep.ts";

/** Says that a file is such an export, and which tables it has. */
const APPLICATION_ID = 0x63616c6f;
const LAYOUT = 1;

const TABLES = `
  create table tag (name text primary key, state text not null, description text not null, version integer not null, modified_at text not null);
  create table payloads (hash text primary key, bytes integer not null, content blob not null);
  create table iovs (
    type text not null, from_major integer not null, from_minor integer not null, until_major integer, until_minor integer,
    payload text not null references payloads (hash),
    primary key (type, from_major, from_minor)) without rowid;
  pragma application_id = ${APPLICATION_ID};
  pragma user_version = ${LAYOUT};`;

export async function writeSqlite(
  directory: string,
  tag: GlobalTag,
  iovs: readonly Iov[],
  placeOf: (hash: string) => Promise<string>,
): Promise<FilesWritten> {
  const place = join(directory, `${segment(tag.name)}.sqlite`);
  if (isOf(place, tag)) return { place, written: 0, changed: false };
  mkdirSync(directory, { recursive: true });
  sweepHalfDone(directory);
  const coming = join(directory, `${HALF_DONE}${randomUUID()}`);
  try {
    const database = begin(coming, place);
    try {
      const written = await fill(database, tag, iovs, placeOf);
      database.close();
      renameSync(coming, place);
      return { place, written, changed: true };
    } finally {
      database.close();
    }
  } finally {
    rmSync(coming, { force: true });
  }
}

/** Whether the file has this tag just as it is. */
function isOf(file: string, tag: GlobalTag): boolean {
  const database = existing(file);
  if (!database) return false;
  try {
    const row = database.prepare("select name, state, description, version, modified_at from tag").get();
    return JSON.stringify(row) === JSON.stringify(rowOf(tag));
  } finally {
    database.close();
  }
}

/** The file as an export of this layout; undefined where it is none. */
function existing(file: string): Database.Database | undefined {
  if (!existsSync(file)) return undefined;
  let database: Database.Database | undefined;
  try {
    database = new Database(file, { readonly: true });
    const isOurs =
      database.pragma("application_id", { simple: true }) === APPLICATION_ID &&
      database.pragma("user_version", { simple: true }) === LAYOUT;
    if (isOurs) return database;
  } catch {
    // Something else lies there, or half of something: it is written anew.
  }
  database?.close();
  return undefined;
}

function begin(coming: string, before: string): Database.Database {
  const earlier = existing(before);
  earlier?.close();
  if (earlier) copyFileSync(before, coming, constants.COPYFILE_FICLONE);
  const database = new Database(coming);
  // Nobody sees it before it is whole, so there is nothing to roll back to.
  database.pragma("journal_mode = off");
  database.pragma("synchronous = full");
  if (!earlier) database.exec(TABLES);
  return database;
}

async function fill(
  database: Database.Database,
  tag: GlobalTag,
  iovs: readonly Iov[],
  placeOf: (hash: string) => Promise<string>,
): Promise<number> {
  database.exec("begin; delete from tag; delete from iovs");
  const row = rowOf(tag);
  database
    .prepare("insert into tag values (?, ?, ?, ?, ?)")
    .run(row.name, row.state, row.description, row.version, row.modified_at);
  const knows = database.prepare("select 1 from payloads where hash = ?");
  const keep = database.prepare("insert into payloads values (?, ?, ?)");
  const put = database.prepare("insert into iovs values (?, ?, ?, ?, ?, ?)");
  let written = 0;
  for (const [count, { type, from, until, payload }] of iovs.entries()) {
    if (knows.get(payload) === undefined) {
      const content = readFileSync(await placeOf(payload));
      checkBytes(payload, digestOf(content));
      keep.run(payload, content.length, content);
      written += 1;
    }
    put.run(type, from.major, from.minor, until?.major ?? null, until?.minor ?? null, payload);
    if (count % 200 === 199) await breathe();
  }
  database.exec("delete from payloads where hash not in (select payload from iovs); commit");
  return written;
}

function rowOf({ name, state, description, version, modifiedAt }: GlobalTag) {
  return { name, state, description, version, modified_at: new Date(modifiedAt).toISOString() };
}
