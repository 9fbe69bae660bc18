/** Tickets in somebody else's tracker. */
import type { Kysely } from "kysely";
import type { Loads } from "../../../ports/loads.ts";
import { ticketOf } from "../rows/tickets.ts";
import type { Schema } from "../schema.ts";
import { byChunks } from "./chunks.ts";

export function ticketLoads(db: Kysely<Schema>) {
  return {
    async tickets(keys) {
      const rows = await byChunks(keys, (chunk) =>
        db.selectFrom("tickets").selectAll().where("key", "in", chunk).orderBy("key").execute(),
      );
      return rows.map(ticketOf);
    },
  } satisfies Partial<Loads>;
}
