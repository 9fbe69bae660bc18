/** What stands until it is answered: messages, questions to the outside, facts of the bot. */
import type { Kysely } from "kysely";
import type { Loads } from "../../../ports/loads.ts";
import { confirmationOf, messageOf, requestOf } from "../rows/chats.ts";
import type { Schema } from "../schema.ts";

export function standingLoads(db: Kysely<Schema>) {
  return {
    async message(key, chat) {
      const row = await db
        .selectFrom("messages")
        .selectAll()
        .where("key", "=", key)
        .where("chat", "=", chat)
        .executeTakeFirst();
      return row && messageOf(row);
    },
    async messages(key) {
      return (await db.selectFrom("messages").selectAll().where("key", "=", key).orderBy("chat").execute()).map(
        messageOf,
      );
    },
    async request(key) {
      const row = await db.selectFrom("requests").selectAll().where("key", "=", key).executeTakeFirst();
      return row && requestOf(row);
    },
    async confirmation(id) {
      const row = await db.selectFrom("confirmations").selectAll().where("id", "=", id).executeTakeFirst();
      return row && confirmationOf(row);
    },
    async question(key) {
      const row = await db.selectFrom("questions").selectAll().where("key", "=", key).executeTakeFirst();
      return (
        row && {
          key,
          state: row.state as "open" | "closed" | "unknown",
          detail: row.detail,
          askedAt: row.asked_at,
          failures: row.failures,
          spec: row.spec,
        }
      );
    },
    async askersOf(question) {
      return (await db.selectFrom("askers").select("task_id").where("question", "=", question).execute()).map(
        (row) => row.task_id,
      );
    },
    async fact(name) {
      return (await db.selectFrom("facts").select("value").where("name", "=", name).executeTakeFirst())?.value;
    },
  } satisfies Partial<Loads>;
}
