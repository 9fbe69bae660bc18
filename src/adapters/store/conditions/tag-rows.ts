/** Tags as rows: which one is meant, copies of them, and what they are made of being let go. */
import { type Kysely, type Selectable, sql } from "kysely";
import type { GlobalTag, TagRef } from "../../../core/conditions/tag.ts";
import { PRODUCTION } from "../../../core/environment/environment.ts";
import { type TagRow, tagRow } from "../rows/conditions.ts";
import type { Schema } from "../schema.ts";

export type KnownTag = Selectable<TagRow>;

/** The environment's own, or production's. */
export async function seenTag(db: Kysely<Schema>, { environment, name }: TagRef): Promise<KnownTag | undefined> {
  const rows = await db
    .selectFrom("global_tags")
    .selectAll()
    .where("name", "=", name)
    .where("environment", "in", [environment, PRODUCTION])
    .execute();
  return rows.find((row) => row.environment === environment) ?? rows[0];
}

/** All that the environment sees, by name. */
export async function tagsSeen(db: Kysely<Schema>, environment: string): Promise<readonly KnownTag[]> {
  const rows = await db
    .selectFrom("global_tags")
    .selectAll()
    .where("environment", "in", [environment, PRODUCTION])
    .execute();
  const own = new Set(rows.filter((row) => row.environment === environment).map(({ name }) => name));
  return rows
    .filter((row) => row.environment === environment || !own.has(row.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A new tag with everything that another has, or with nothing. */
export async function addTag(db: Kysely<Schema>, tag: GlobalTag, of: KnownTag | undefined): Promise<KnownTag> {
  const sealed = of === undefined ? 0 : (await nextChunkNumber(db)) - 1;
  const row = await db.insertInto("global_tags").values(tagRow(tag, sealed)).returningAll().executeTakeFirstOrThrow();
  if (of === undefined) return row;
  await sql`insert into tag_chunks (tag, type, from_major, from_minor, chunk, size)
    select cast(${row.id} as bigint), type, from_major, from_minor, chunk, size from tag_chunks where tag = ${of.id}`.execute(
    db,
  );
  await db.updateTable("global_tags").set({ sealed }).where("id", "=", of.id).execute();
  return row;
}

export async function putTag(db: Kysely<Schema>, { id, sealed }: KnownTag, tag: GlobalTag): Promise<void> {
  await db.updateTable("global_tags").set(tagRow(tag, sealed)).where("id", "=", id).execute();
}

/** Numbers of chunks are given once, also when what they named is gone. */
export async function nextChunkNumber(db: Kysely<Schema>): Promise<number> {
  const { rows } = await sql<{ last: number }>`
    select (select coalesce(max(chunk), 0) from tag_chunks) as last
    union all select coalesce(max(sealed), 0) from global_tags`.execute(db);
  return Math.max(...rows.map(({ last }) => last)) + 1;
}

/** How many intervals it has of each type, by name. */
export async function countsOf(db: Kysely<Schema>, tag: number): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ name: string; size: number }>`
    select t.name, cast(sum(c.size) as bigint) as size from tag_chunks c join payload_types t on t.id = c.type
    where c.tag = ${tag} group by t.id, t.name`.execute(db);
  return new Map(rows.sort((a, b) => (a.name < b.name ? -1 : 1)).map(({ name, size }) => [name, size]));
}

export async function sizeOf(db: Kysely<Schema>, tag: number): Promise<number> {
  return (await countsOf(db, tag)).values().reduce((sum, size) => sum + size, 0);
}

/** Removes a tag, its history, and the chunks that no other tag has. */
export async function removeTag(db: Kysely<Schema>, tag: number): Promise<void> {
  await sql`delete from iovs where chunk in (select c.chunk from tag_chunks c where c.tag = ${tag}
    and not exists (select 1 from tag_chunks d where d.chunk = c.chunk and d.tag <> ${tag}))`.execute(db);
  await db.deleteFrom("tag_chunks").where("tag", "=", tag).execute();
  await db.deleteFrom("tag_changes").where("tag", "=", tag).execute();
  await db.deleteFrom("global_tags").where("id", "=", tag).execute();
}
