/** Payloads and types have numbers in the tables, and hashes and names everywhere else. */
import type { Kysely } from "kysely";
import type { Payload } from "../../../core/conditions/iov.ts";
import type { Schema } from "../schema.ts";

export async function payloadNumbers(db: Kysely<Schema>, hashes: readonly string[]): Promise<Map<string, number>> {
  const numbers = new Map<string, number>();
  for (const part of parts([...new Set(hashes)])) {
    const rows = await db.selectFrom("payloads").select(["id", "hash"]).where("hash", "in", part).execute();
    for (const { id, hash } of rows) numbers.set(hash, id);
  }
  return numbers;
}

export async function hashesOf(db: Kysely<Schema>, numbers: readonly number[]): Promise<Map<number, string>> {
  const hashes = new Map<number, string>();
  for (const part of parts(numbers)) {
    const rows = await db.selectFrom("payloads").select(["id", "hash"]).where("id", "in", part).execute();
    for (const { id, hash } of rows) hashes.set(id, hash);
  }
  return hashes;
}

/** Of all types, after those that nobody has named before were given theirs. */
export async function typeNumbers(db: Kysely<Schema>, names: readonly string[]): Promise<Map<string, number>> {
  const known = await allTypes(db);
  const fresh = [...new Set(names)].filter((name) => !known.has(name));
  if (fresh.length === 0) return known;
  for (const part of parts(fresh))
    await db
      .insertInto("payload_types")
      .values(part.map((name) => ({ name })))
      .execute();
  return await allTypes(db);
}

async function allTypes(db: Kysely<Schema>): Promise<Map<string, number>> {
  const rows = await db.selectFrom("payload_types").selectAll().execute();
  return new Map(rows.map(({ id, name }) => [name, id]));
}

export async function typeNames(db: Kysely<Schema>): Promise<readonly string[]> {
  return [...(await allTypes(db)).keys()].sort();
}

export async function payloadOf(db: Kysely<Schema>, hash: string): Promise<Payload | undefined> {
  return await selectPayloads(db).where("hash", "=", hash).executeTakeFirst();
}

export async function payloadsOf(db: Kysely<Schema>, hashes: readonly string[]): Promise<readonly Payload[]> {
  const found: Payload[] = [];
  for (const part of parts([...new Set(hashes)]))
    found.push(...(await selectPayloads(db).where("hash", "in", part).execute()));
  return found;
}

function selectPayloads(db: Kysely<Schema>) {
  return db
    .selectFrom("payloads")
    .innerJoin("payload_types", "payload_types.id", "payloads.type")
    .select(["hash", "payload_types.name as type", "bytes"]);
}

/** A hash has digits and letters up to f: whatever begins so comes before the same with a g behind it. */
export async function payloadsLike(db: Kysely<Schema>, beginning: string, limit: number): Promise<readonly Payload[]> {
  return await selectPayloads(db)
    .where("hash", ">=", beginning)
    .where("hash", "<", `${beginning}g`)
    .orderBy("hash")
    .limit(limit)
    .execute();
}

/** As many as a statement takes. */
function* parts<Thing>(things: readonly Thing[]): Generator<Thing[]> {
  for (let start = 0; start < things.length; start += 500) yield things.slice(start, start + 500);
}
