/** A change of intervals, written into the chunks of one tag. Chunks that other tags share are copied first, and only those. */
import { type Kysely, sql } from "kysely";
import type { Iov } from "../../../core/conditions/iov.ts";
import { BEGINNING, compareMoments, isBefore, type Moment } from "../../../core/conditions/moment.ts";
import type { Difference } from "../../../core/conditions/report.ts";
import type { IovRow } from "../rows/conditions.ts";
import type { Schema } from "../schema.ts";

export type Writing = {
  readonly db: Kysely<Schema>;
  readonly tag: number;
  /** Chunks with a number up to this one may be shared with others. */
  readonly sealed: number;
  /** Numbers by hash and name, of all that occur. */
  readonly payloads: ReadonlyMap<string, number>;
  readonly types: ReadonlyMap<string, number>;
  /** A chunk that grows beyond this many intervals is split. */
  readonly chunkSize: number;
  /** The next number that no chunk ever had. */
  nextChunk: number;
};

type Chunk = { from: Moment; chunk: number; size: number };
/** What is to go, by its beginning, and what is to come. */
type Edits = { readonly gone: readonly Moment[]; readonly come: readonly Iov[] };

export async function writeDifference(writing: Writing, { added, removed, cut }: Difference): Promise<void> {
  // What is cut into several pieces goes once.
  const gone = Map.groupBy(new Set([...removed, ...cut.map(({ before }) => before)]), ({ type }) => type);
  const come = Map.groupBy([...added, ...cut.map(({ after }) => after)], ({ type }) => type);
  for (const type of new Set([...gone.keys(), ...come.keys()])) {
    const edits = { gone: (gone.get(type) ?? []).map(({ from }) => from), come: come.get(type) ?? [] };
    await writeType(writing, numberOf(writing.types, type), edits);
  }
}

async function writeType(writing: Writing, type: number, { gone, come }: Edits): Promise<void> {
  const moments = [...gone, ...come.map(({ from }) => from)].sort(compareMoments);
  const [first = BEGINNING, last = BEGINNING] = [moments[0], moments.at(-1)];
  const found = await chunksBetween(writing, type, first, last);
  const chunks = found.length > 0 ? found : [await firstChunk(writing, type)];
  const goneOf = Map.groupBy(gone, (moment) => lastBegun(chunks, moment));
  const comeOf = Map.groupBy(come, ({ from }) => lastBegun(chunks, from));
  for (const chunk of chunks) {
    const edits = { gone: goneOf.get(chunk) ?? [], come: comeOf.get(chunk) ?? [] };
    if (edits.gone.length + edits.come.length > 0) await writeChunk(writing, type, { ...chunk }, edits);
  }
  await forgetEmpty(writing, type);
}

async function writeChunk(writing: Writing, type: number, chunk: Chunk, { gone, come }: Edits): Promise<void> {
  const { db, tag } = writing;
  const stays = new Set(come.map(({ from }) => keyOf(from)));
  const replaced = new Set(gone.map(keyOf));
  const removed = gone.filter((moment) => !stays.has(keyOf(moment)));
  const size = chunk.size - removed.length + come.filter(({ from }) => !replaced.has(keyOf(from))).length;
  await makeOwn(writing, type, chunk, size > 0);
  for (const part of parts(removed)) {
    const keys = part.map(({ major, minor }) => sql`(cast(${major} as bigint), cast(${minor} as bigint))`);
    await sql`delete from iovs where chunk = ${chunk.chunk} and (from_major, from_minor) in (values ${sql.join(keys)})`.execute(
      db,
    );
  }
  for (const part of parts(come))
    await db
      .insertInto("iovs")
      .values(part.map((iov) => rowOf(chunk.chunk, iov, numberOf(writing.payloads, iov.payload))))
      .onConflict((conflict) =>
        conflict.columns(["chunk", "from_major", "from_minor"]).doUpdateSet((eb) => ({
          until_major: eb.ref("excluded.until_major"),
          until_minor: eb.ref("excluded.until_minor"),
          payload: eb.ref("excluded.payload"),
          hash: eb.ref("excluded.hash"),
        })),
      )
      .execute();
  const begins = isFirst(chunk) || removed.length === 0 || size === 0 ? chunk.from : await beginningOf(db, chunk.chunk);
  await db
    .updateTable("tag_chunks")
    .set({ size, from_major: begins.major, from_minor: begins.minor })
    .where("tag", "=", tag)
    .where("type", "=", type)
    .where("from_major", "=", chunk.from.major)
    .where("from_minor", "=", chunk.from.minor)
    .execute();
  if (size > writing.chunkSize) await split(writing, type, { ...chunk, from: begins, size });
}

/** Copies a chunk that others may share; where nothing of it is to stay, a new number is enough. */
async function makeOwn(writing: Writing, type: number, chunk: Chunk, withContents: boolean): Promise<void> {
  if (chunk.chunk > writing.sealed) return;
  const { db, tag } = writing;
  const shared = chunk.chunk;
  chunk.chunk = writing.nextChunk++;
  if (withContents)
    await sql`insert into iovs (chunk, from_major, from_minor, until_major, until_minor, payload, hash)
      select cast(${chunk.chunk} as bigint), from_major, from_minor, until_major, until_minor, payload, hash from iovs where chunk = ${shared}`.execute(
      db,
    );
  await db
    .updateTable("tag_chunks")
    .set({ chunk: chunk.chunk })
    .where("tag", "=", tag)
    .where("type", "=", type)
    .where("chunk", "=", shared)
    .execute();
  // Whoever shared it may be gone by now.
  await sql`delete from iovs where chunk = ${shared} and not exists (select 1 from tag_chunks where chunk = ${shared})`.execute(
    db,
  );
}

async function split(writing: Writing, type: number, chunk: Chunk): Promise<void> {
  const { db, tag } = writing;
  const rows = await db
    .selectFrom("iovs")
    .select(["from_major", "from_minor"])
    .where("chunk", "=", chunk.chunk)
    .orderBy("from_major")
    .orderBy("from_minor")
    .execute();
  // Not quite full, so that what is put in between does not split them again at once.
  const pieces = Math.ceil(rows.length / Math.max(1, Math.floor(writing.chunkSize * 0.75)));
  const each = Math.ceil(rows.length / pieces);
  // From the end, so that each piece is the end of what is left.
  for (let start = (pieces - 1) * each; start > 0; start -= each) {
    const from = rows[start];
    if (!from) continue;
    const number = writing.nextChunk++;
    await sql`update iovs set chunk = ${number}
      where chunk = ${chunk.chunk} and (from_major, from_minor) >= (${from.from_major}, ${from.from_minor})`.execute(
      db,
    );
    await db
      .insertInto("tag_chunks")
      .values({ tag, type, ...from, chunk: number, size: Math.min(each, rows.length - start) })
      .execute();
  }
  await db
    .updateTable("tag_chunks")
    .set({ size: Math.min(each, rows.length) })
    .where("tag", "=", tag)
    .where("chunk", "=", chunk.chunk)
    .execute();
}

/** The chunk in which the first moment lies, and all after it up to the last. */
async function chunksBetween({ db, tag }: Writing, type: number, first: Moment, last: Moment): Promise<Chunk[]> {
  const { rows } = await sql<{ from_major: number; from_minor: number; chunk: number; size: number }>`
    select from_major, from_minor, chunk, size from tag_chunks
    where tag = ${tag} and type = ${type} and (from_major, from_minor) <= (${last.major}, ${last.minor})
      and (from_major, from_minor) >= (
        select from_major, from_minor from tag_chunks
        where tag = ${tag} and type = ${type} and (from_major, from_minor) <= (${first.major}, ${first.minor})
        order by from_major desc, from_minor desc limit 1)
    order by from_major, from_minor`.execute(db);
  return rows.map((row) => ({
    from: { major: row.from_major, minor: row.from_minor },
    chunk: row.chunk,
    size: row.size,
  }));
}

async function firstChunk(writing: Writing, type: number): Promise<Chunk> {
  const chunk = { from: BEGINNING, chunk: writing.nextChunk++, size: 0 };
  await writing.db
    .insertInto("tag_chunks")
    .values({ tag: writing.tag, type, from_major: 0, from_minor: 0, chunk: chunk.chunk, size: 0 })
    .execute();
  return chunk;
}

/** Chunks with nothing in them go; the first stays as long as others come after it, since it says what holds before them. */
async function forgetEmpty({ db, tag }: Writing, type: number): Promise<void> {
  const ofType = sql`tag = ${tag} and type = ${type}`;
  await sql`delete from tag_chunks where ${ofType} and size = 0
    and ((from_major, from_minor) > (0, 0) or not exists (
      select 1 from tag_chunks other where other.tag = ${tag} and other.type = ${type} and other.size > 0))`.execute(
    db,
  );
}

async function beginningOf(db: Kysely<Schema>, chunk: number): Promise<Moment> {
  const row = await db
    .selectFrom("iovs")
    .select(["from_major", "from_minor"])
    .where("chunk", "=", chunk)
    .orderBy("from_major")
    .orderBy("from_minor")
    .limit(1)
    .executeTakeFirstOrThrow();
  return { major: row.from_major, minor: row.from_minor };
}

function lastBegun(chunks: readonly Chunk[], moment: Moment): Chunk | undefined {
  let low = 0;
  let high = chunks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const chunk = chunks[middle];
    if (chunk && isBefore(moment, chunk.from)) high = middle;
    else low = middle + 1;
  }
  return chunks[low - 1];
}

function rowOf(chunk: number, { from, until, payload: hash }: Iov, payload: number): IovRow {
  return {
    chunk,
    from_major: from.major,
    from_minor: from.minor,
    until_major: until?.major ?? null,
    until_minor: until?.minor ?? null,
    payload,
    hash,
  };
}

function isFirst({ from }: Chunk): boolean {
  return from.major === 0 && from.minor === 0;
}

function numberOf(numbers: ReadonlyMap<string, number>, name: string): number {
  const number = numbers.get(name);
  if (number === undefined) throw new Error(`${name} has no number`);
  return number;
}

function keyOf({ major, minor }: Moment): string {
  return `${major}.${minor}`;
}

/** As many as a statement takes. */
function* parts<Thing>(things: readonly Thing[]): Generator<readonly Thing[]> {
  for (let start = 0; start < things.length; start += 100) yield things.slice(start, start + 100);
}
