/** The store on either database: one writer, transactions one after the other, reads beside them. */
import { randomUUID } from "node:crypto";
import type { Kysely, Transaction as SqlTransaction } from "kysely";
import { StaleWrite, type Store, StoreUnavailable, type Transaction } from "../../ports/store.ts";
import { type Database, rootOf } from "./database.ts";
import type { Dialect } from "./dialect.ts";
import { dueErrandRows, errandOf } from "./errands.ts";
import { loadsFrom } from "./loads/loads.ts";
import { queriesFrom } from "./queries/queries.ts";
import type { Schema } from "./schema.ts";
import { writeChanges } from "./write.ts";

export type StoreParts = Pick<Database, "reader" | "isUnavailable"> & {
  readonly dialect: Dialect;
  readonly writer: Kysely<Schema>;
  /** Awaited before each transaction; rejects where this process must not write any more. */
  mayWrite?(): Promise<void>;
  backup(file: string): Promise<void>;
  close(): Promise<void>;
};

/** A store, with the database that it stands on. */
export type OpenStore = Store & { readonly database: Database };

export async function storeFrom(parts: StoreParts): Promise<OpenStore> {
  const { writer, reader, dialect, isUnavailable } = parts;
  const write: Database["write"] = async (work) => {
    await parts.mayWrite?.();
    return await writer.transaction().execute(work);
  };
  return {
    instance: await instanceOf(writer),
    database: { reader, write, isUnavailable },
    queries: queriesFrom(reader),
    async transact(work) {
      try {
        return await write((tx) => work(transactionOf(tx, dialect)));
      } catch (error) {
        const root = rootOf(error);
        if (root instanceof StaleWrite) throw root;
        if (!isUnavailable(root)) throw error;
        throw new StoreUnavailable(`the store cannot be written: ${root.message}`, error);
      }
    },
    backup: parts.backup,
    close: parts.close,
  };
}

function transactionOf(tx: SqlTransaction<Schema>, dialect: Dialect): Transaction {
  return {
    ...loadsFrom(tx),
    write: (changes) => writeChanges(tx, dialect, changes),
    async takeErrands(now, limit, kinds) {
      const rows = await dueErrandRows(tx, now, limit, kinds);
      if (rows.length > 0)
        await tx
          .deleteFrom("errands")
          .where(
            "seq",
            "in",
            rows.map((row) => row.seq),
          )
          .execute();
      return rows.map(errandOf);
    },
    async finishErrand(errand) {
      await tx.deleteFrom("errands").where("kind", "=", errand.kind).where("ref", "=", errand.ref).execute();
    },
    async forgetAnswered(before) {
      await tx.deleteFrom("requests").where("state", "=", "answered").where("at", "<", before).execute();
      await tx.deleteFrom("confirmations").where("until", "<", before).execute();
    },
    async advanceSchedule(byMs, now) {
      await tx
        .updateTable("errands")
        .set((eb) => ({ due_at: eb("due_at", "-", byMs) }))
        .where("due_at", ">", now)
        .execute();
      await tx
        .updateTable("jobs")
        .set((eb) => ({ not_before: eb("not_before", "-", byMs) }))
        .where("state", "=", "idle")
        .where("not_before", ">", now)
        .execute();
      await tx
        .updateTable("messages")
        .set((eb) => ({ due_at: eb("due_at", "-", byMs) }))
        .where("due_at", ">", now)
        .execute();
    },
  };
}

async function instanceOf(db: Kysely<Schema>): Promise<string> {
  await db
    .insertInto("facts")
    .values({ name: "instance", value: randomUUID().slice(0, 8) })
    .onConflict((c) => c.column("name").doNothing())
    .execute();
  return (await db.selectFrom("facts").select("value").where("name", "=", "instance").executeTakeFirstOrThrow()).value;
}
