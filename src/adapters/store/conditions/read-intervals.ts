/** Intervals as they are read. Each answer is one statement, so nothing is seen half changed. */
import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Iov, Span } from "../../../core/conditions/iov.ts";
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
  if (types?.length === 0) return [];
  return await latest(db, tag, at, types, sql`and (i.until_major is null or ${after(at)})`);
}

/** The last of each type. */
export async function lastOfEach(db: Kysely<Schema>, tag: number, types?: readonly string[]): Promise<readonly Iov[]> {
  return await latest(db, tag, LAST, types, sql``);
}

async function latest(
  db: Kysely<Schema>,
  tag: number,
  at: Moment,
  types: readonly string[] | undefined,
  further: RawBuilder<unknown>,
): Promise<readonly Iov[]> {
  const among = types === undefined ? sql`` : sql`where t.name in (${sql.join(types)})`;
  const pair = ({ major, minor }: Moment) => sql`(${major}, ${minor})`;
  const latestBegun = (column: "from_major" | "from_minor") => sql`(
        select j.${sql.ref(column)} from iovs j
        where j.chunk = f.chunk and (j.from_major, j.from_minor) <= ${pair(at)}
        order by j.from_major desc, j.from_minor desc limit 1) as ${sql.ref(column)}`;
  // Step by step, each of them by an index: as one join, PostgreSQL asks for every interval of a chunk whether it is the latest.
  const { rows } = await sql<NamedIovRow>`
    with found as materialized (
      select t.name as type, (
        select c.chunk from tag_chunks c
        where c.tag = ${tag} and c.type = t.id and (c.from_major, c.from_minor) <= ${pair(at)}
        order by c.from_major desc, c.from_minor desc limit 1) as chunk
      from payload_types t ${among}),
    begun as materialized (select f.type, f.chunk, ${latestBegun("from_major")}, ${latestBegun("from_minor")} from found f)
    select b.type, i.from_major, i.from_minor, i.until_major, i.until_minor, p.hash
    from begun b
    join iovs i on i.chunk = b.chunk and i.from_major = b.from_major and i.from_minor = b.from_minor
    join payloads p on p.id = i.payload
    where 1 = 1 ${further}`.execute(db);
  return byType(rows.map(iovOf));
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
    select t.name as type, i.from_major, i.from_minor, i.until_major, i.until_minor, p.hash
    from tag_chunks c
    join payload_types t on t.id = c.type
    join iovs i on i.chunk = c.chunk
    join payloads p on p.id = i.payload
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
    select g.environment, g.name, t.name as type, i.from_major, i.from_minor, i.until_major, i.until_minor, p.hash
    from payloads p
    join iovs i on i.payload = p.id
    join tag_chunks c on c.chunk = i.chunk
    join global_tags g on g.id = c.tag
    join payload_types t on t.id = c.type
    where p.hash = ${hash}
    order by g.id, t.id, i.from_major, i.from_minor`.execute(db);
  return rows.map((row) => ({ tag: { environment: row.environment, name: row.name }, iov: iovOf(row) }));
}
