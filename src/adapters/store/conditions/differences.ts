/**
 * Where two tags differ. Chunks that both have are the same in both and are never read, so the difference between a tag and its
 * clone costs what was changed since. Types are compared one by one, so that the bot goes on meanwhile.
 */
import { setImmediate as breathe } from "node:timers/promises";
import { type Kysely, sql } from "kysely";
import { type DifferentSpan, differentSpans, type TagDiff } from "../../../core/conditions/diff.ts";
import type { Iov, Span } from "../../../core/conditions/iov.ts";
import type { IovRow } from "../rows/conditions.ts";
import type { Schema } from "../schema.ts";
import { hashesOf } from "./numbers.ts";

type Filter = { readonly type?: string; readonly span?: Span };
type TypeSizes = { readonly id: number; readonly name: string; readonly before: number; readonly after: number };

/** Numbers of tags; 0 is the one that holds nothing. */
export async function differencesOf(
  db: Kysely<Schema>,
  before: number,
  after: number,
  { type, span }: Filter,
): Promise<TagDiff> {
  const all = await typesOf(db, before, after);
  const types = all.filter(({ name }) => type === undefined || name === type);
  const suspects = new Set(await typesWithOwnChunks(db, before, after));
  const spans: DifferentSpan[] = [];
  let sameTypes = 0;
  for (const { id, name } of types) {
    const found = suspects.has(id) ? await differencesOfType(db, before, after, { id, name }, span) : [];
    if (found.length === 0) sameTypes += 1;
    for (const one of found) spans.push(one);
    if (suspects.has(id)) await breathe();
  }
  return {
    spans: await named(db, spans),
    typesAdded: types.filter((each) => each.before === 0).map(({ name }) => name),
    typesRemoved: types.filter((each) => each.after === 0).map(({ name }) => name),
    sameTypes,
  };
}

/** Those that either has, by name. */
async function typesOf(db: Kysely<Schema>, before: number, after: number): Promise<readonly TypeSizes[]> {
  const { rows } = await sql<TypeSizes>`
    select t.id, t.name, cast(sum(case when c.tag = ${before} then c.size else 0 end) as bigint) as before,
      cast(sum(case when c.tag = ${after} then c.size else 0 end) as bigint) as after
    from tag_chunks c join payload_types t on t.id = c.type
    where c.tag in (${before}, ${after}) group by t.id, t.name`.execute(db);
  return rows.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function typesWithOwnChunks(db: Kysely<Schema>, before: number, after: number): Promise<readonly number[]> {
  const { rows } = await sql<{ type: number }>`
    select distinct c.type from tag_chunks c
    where c.tag in (${before}, ${after}) and ${isOwn(before, after)}`.execute(db);
  return rows.map(({ type }) => type);
}

/** The other tag does not have the chunk, too. */
function isOwn(before: number, after: number) {
  return sql`not exists (
    select 1 from tag_chunks d
    where d.chunk = c.chunk and d.tag = case when c.tag = ${before} then cast(${after} as bigint) else cast(${before} as bigint) end)`;
}

type Row = Omit<IovRow, "chunk"> & { readonly tag: number };

async function differencesOfType(
  db: Kysely<Schema>,
  before: number,
  after: number,
  type: { readonly id: number; readonly name: string },
  span: Span | undefined,
): Promise<readonly DifferentSpan[]> {
  const { rows } = await sql<Row>`
    select c.tag, i.from_major, i.from_minor, i.until_major, i.until_minor, i.payload
    from tag_chunks c join iovs i on i.chunk = c.chunk
    where c.tag in (${before}, ${after}) and c.type = ${type.id} and ${isOwn(before, after)}
    order by c.from_major, c.from_minor, i.from_major, i.from_minor`.execute(db);
  const [left, right] = withoutCommon(
    rows.filter(({ tag }) => tag === before),
    rows.filter(({ tag }) => tag === after),
  );
  const intervals = (list: readonly Row[]) => list.map((row) => intervalOf(row, type.name));
  return differentSpans(type.name, intervals(left), intervals(right), span);
}

/** An interval that both have says nothing about their difference. Both are in order. */
function withoutCommon(before: readonly Row[], after: readonly Row[]): [Row[], Row[]] {
  const [left, right]: [Row[], Row[]] = [[], []];
  let [i, j] = [0, 0];
  for (;;) {
    const [one, other] = [before[i], after[j]];
    if (!one && !other) return [left, right];
    const order = !one ? 1 : !other ? -1 : one.from_major - other.from_major || one.from_minor - other.from_minor;
    const same =
      order === 0 &&
      one?.payload === other?.payload &&
      one?.until_major === other?.until_major &&
      one?.until_minor === other?.until_minor;
    if (one && order <= 0) {
      if (!same) left.push(one);
      i += 1;
    }
    if (other && order >= 0) {
      if (!same) right.push(other);
      j += 1;
    }
  }
}

/** With the payload's number in the place of its hash. */
function intervalOf(row: Row, type: string): Iov {
  return {
    type,
    from: { major: row.from_major, minor: row.from_minor },
    until: row.until_major === null ? null : { major: row.until_major, minor: row.until_minor ?? 0 },
    payload: String(row.payload),
  };
}

async function named(db: Kysely<Schema>, spans: readonly DifferentSpan[]): Promise<readonly DifferentSpan[]> {
  const numbers = new Set(spans.flatMap(({ before, after }) => [before, after]).filter((number) => number !== null));
  const hashes = await hashesOf(db, [...numbers].map(Number));
  const nameOf = (number: string | null) => (number === null ? null : (hashes.get(Number(number)) ?? null));
  return spans.map((one) => ({ ...one, before: nameOf(one.before), after: nameOf(one.after) }));
}
