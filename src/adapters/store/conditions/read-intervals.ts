/** Intervals as they are read. Each answer is one statement, so nothing is seen half changed. */
import { type Kysely, type RawBuilder, sql } from "kysely";
import { covers, type Iov, type Span } from "../../../core/conditions/iov.ts";
import type { Moment } from "../../../core/conditions/moment.ts";
import type { TagRef } from "../../../core/conditions/tag.ts";
import { iovOf, type NamedIovRow } from "../rows/conditions.ts";
import type { Schema } from "../schema.ts";

const LAST: Moment = { major: Number.MAX_SAFE_INTEGER, minor: Number.MAX_SAFE_INTEGER };

/** What holds at the moment, by type. */
export async function holdingAt(
  db: Kysely<Schema>,
  tag: number,
  at: Moment,
  types?: readonly string[],
): Promise<readonly Iov[]> {
  return (await latestOfEach(db, tag, at, types)).filter((iov) => covers(iov, at));
}

/** The last of each type. */
export async function lastOfEach(db: Kysely<Schema>, tag: number, types?: readonly string[]): Promise<readonly Iov[]> {
  return await latestOfEach(db, tag, LAST, types);
}

/**
 * The latest of each type that begins at the moment or before. Two steps by an index for each type, and the row as one text: as a
 * join, the row would be looked for twice, or, by PostgreSQL, every row of a chunk be asked whether it is the latest.
 */
async function latestOfEach(
  db: Kysely<Schema>,
  tag: number,
  at: Moment,
  types: readonly string[] | undefined,
): Promise<readonly Iov[]> {
  if (types?.length === 0) return [];
  const among = types === undefined ? sql`` : sql`where t.name in (${sql.join(types)})`;
  const { rows } = await sql<{ type: string; latest: string | null }>`
    with found as materialized (
      select t.name as type, (
        select c.chunk from tag_chunks c
        where c.tag = ${tag} and c.type = t.id and (c.from_major, c.from_minor) <= (${at.major}, ${at.minor})
        order by c.from_major desc, c.from_minor desc limit 1) as chunk
      from payload_types t ${among})
    select f.type, (
      select i.from_major || ' ' || i.from_minor || ' ' || i.hash || coalesce(' ' || i.until_major || ' ' || i.until_minor, '')
      from iovs i
      where i.chunk = f.chunk and (i.from_major, i.from_minor) <= (${at.major}, ${at.minor})
      order by i.from_major desc, i.from_minor desc limit 1) as latest
    from found f where f.chunk is not null`.execute(db);
  return byType(rows.flatMap(({ type, latest }) => (latest === null ? [] : unpacked(type, latest))));
}

function unpacked(type: string, text: string): Iov {
  const [fromMajor, fromMinor, payload = "", untilMajor, untilMinor] = text.split(" ");
  return {
    type,
    from: { major: Number(fromMajor), minor: Number(fromMinor) },
    until: untilMajor === undefined ? null : { major: Number(untilMajor), minor: Number(untilMinor) },
    payload,
  };
}

/** Databases have their own ideas of the order of words. Within a type they are in order already. */
function byType(iovs: readonly Iov[]): readonly Iov[] {
  const groups = [...Map.groupBy(iovs, ({ type }) => type)].sort(([a], [b]) => (a < b ? -1 : 1));
  return groups.flatMap(([, list]) => list);
}

function after({ major, minor }: Moment): RawBuilder<unknown> {
  return sql`(i.until_major, i.until_minor) > (${major}, ${minor})`;
}

/** Those that share a moment with the span, ordered by type and beginning. */
export async function intervalsIn(
  db: Kysely<Schema>,
  tag: number,
  filter: { readonly type?: string; readonly span?: Span },
): Promise<readonly Iov[]> {
  const { type, span } = filter;
  const { rows } = await sql<NamedIovRow>`
    select t.name as type, i.from_major, i.from_minor, i.until_major, i.until_minor, i.hash
    from tag_chunks c
    join payload_types t on t.id = c.type
    join iovs i on i.chunk = c.chunk
    where c.tag = ${tag} ${type === undefined ? sql`` : sql`and t.name = ${type}`} ${span ? touching(span) : sql``}
    order by c.type, c.from_major, c.from_minor, i.from_major, i.from_minor`.execute(db);
  return byType(rows.map(iovOf));
}

/** Chunks are passed over that end before the span, or begin after it. */
function touching({ from, until }: Span): RawBuilder<unknown> {
  const { major, minor } = from;
  const ends =
    until === null
      ? sql``
      : sql`and (c.from_major, c.from_minor) < (${until.major}, ${until.minor})
            and (i.from_major, i.from_minor) < (${until.major}, ${until.minor})`;
  return sql`
    and (c.from_major, c.from_minor) >= (
      select d.from_major, d.from_minor from tag_chunks d
      where d.tag = c.tag and d.type = c.type and (d.from_major, d.from_minor) <= (${major}, ${minor})
      order by d.from_major desc, d.from_minor desc limit 1)
    and (i.until_major is null or ${after(from)}) ${ends}`;
}

/** Every interval that has the payload, with the tag that it is in. */
export async function intervalsWith(
  db: Kysely<Schema>,
  hash: string,
): Promise<readonly { readonly tag: TagRef; readonly iov: Iov }[]> {
  const { rows } = await sql<NamedIovRow & TagRef>`
    select g.environment, g.name, t.name as type, i.from_major, i.from_minor, i.until_major, i.until_minor, i.hash
    from payloads p
    join iovs i on i.payload = p.id
    join tag_chunks c on c.chunk = i.chunk
    join global_tags g on g.id = c.tag
    join payload_types t on t.id = c.type
    where p.hash = ${hash}
    order by g.id, t.id, i.from_major, i.from_minor`.execute(db);
  return rows.map((row) => ({ tag: { environment: row.environment, name: row.name }, iov: iovOf(row) }));
}
