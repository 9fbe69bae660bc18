/** Sign-offs, and who had a hand in what is to be signed. */
import type { Kysely } from "kysely";
import type { Loads } from "../../../ports/loads.ts";
import { signoffOf } from "../rows/signoffs.ts";
import type { Schema } from "../schema.ts";
import { byChunks } from "./chunks.ts";

export function signoffLoads(db: Kysely<Schema>) {
  return {
    async signoffs(ids) {
      const rows = await byChunks(ids, (chunk) =>
        db.selectFrom("signoffs").selectAll().where("id", "in", chunk).orderBy("id").execute(),
      );
      return rows.map(signoffOf);
    },
    async lastSignoffOf(taskId) {
      const row = await db
        .selectFrom("signoffs")
        .selectAll()
        .where("task_id", "=", taskId)
        .orderBy("id", "desc")
        .limit(1)
        .executeTakeFirst();
      return row && signoffOf(row);
    },
    async remadeBy(taskId) {
      const row = await db
        .selectFrom("history")
        .select("done_by")
        .where("kind", "=", "task")
        .where("ref", "=", String(taskId))
        .where("event", "=", "reprocessed")
        .orderBy("seq", "desc")
        .limit(1)
        .executeTakeFirst();
      return row?.done_by;
    },
  } satisfies Partial<Loads>;
}
