/** Errands that are due, in the order in which they are to be run. */
import type { Kysely, Selectable } from "kysely";
import type { ErrandKind } from "../../core/effect.ts";
import type { Instant } from "../../core/time.ts";
import type { DueErrand } from "../../ports/loads.ts";
import type { Schema } from "./schema.ts";

export type ErrandRow = Selectable<Schema["errands"]>;

export async function dueErrandRows(
  db: Kysely<Schema>,
  now: Instant,
  limit: number,
  kinds: readonly ErrandKind[],
): Promise<ErrandRow[]> {
  return await db
    .selectFrom("errands")
    .selectAll()
    .where("due_at", "<=", now)
    .where("kind", "in", [...kinds])
    .orderBy("rank")
    .orderBy("seq")
    .limit(limit)
    .execute();
}

export const errandOf = (row: ErrandRow): DueErrand => ({
  kind: row.kind as ErrandKind,
  ref: row.ref,
  at: row.due_at,
});
