/** Accounts that people linked, and the codes by which they do. */
import type { Kysely } from "kysely";
import type { Loads } from "../../../ports/loads.ts";
import { linkCodeOf, linkedAccountOf } from "../rows/people.ts";
import type { Schema } from "../schema.ts";

export function peopleLoads(db: Kysely<Schema>) {
  return {
    async linkCode(digest) {
      const row = await db.selectFrom("link_codes").selectAll().where("digest", "=", digest).executeTakeFirst();
      return row && linkCodeOf(row);
    },
    async linkedAccount(chat, id) {
      const row = await db
        .selectFrom("linked_accounts")
        .selectAll()
        .where("chat", "=", chat)
        .where("account", "=", id)
        .executeTakeFirst();
      return row && linkedAccountOf(row);
    },
    async linkedAccounts() {
      const rows = await db
        .selectFrom("linked_accounts")
        .selectAll()
        .where("person", "is not", null)
        .orderBy("chat")
        .orderBy("account")
        .execute();
      return rows.map(linkedAccountOf);
    },
  } satisfies Partial<Loads>;
}
