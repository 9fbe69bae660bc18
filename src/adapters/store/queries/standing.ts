/** What stands until it is answered or let go, what is due, and what was. */
import { type Kysely, sql } from "kysely";
import type { Queries } from "../../../ports/queries.ts";
import { dueErrandRows, errandOf } from "../errands.ts";
import { filtered } from "../loads/filtered.ts";
import { alertOf } from "../rows/alerts.ts";
import { messageOf, requestOf } from "../rows/chats.ts";
import { historyOf } from "../rows/history.ts";
import { runOf } from "../rows/runs.ts";
import { taskOf } from "../rows/tasks.ts";
import type { Schema } from "../schema.ts";

/** More than this is not held by hand. */
const MOST_HELD = 500;

export function standingQueries(db: Kysely<Schema>) {
  return {
    async alertsBetween(from, to, limit) {
      const rows = await db
        .selectFrom("alerts")
        .selectAll()
        .where(({ or, and, eb }) =>
          or([
            and([eb("last_at", ">=", from), eb("last_at", "<", to)]),
            and([eb("resolved_at", ">=", from), eb("resolved_at", "<", to)]),
          ]),
        )
        .orderBy("first_at")
        .limit(limit)
        .execute();
      return rows.map(alertOf);
    },
    async history({ limit, kind, without, ref, since }) {
      let query = db.selectFrom("history").selectAll();
      if (kind !== undefined) query = query.where("kind", "=", kind);
      if (without !== undefined) query = query.where("kind", "<>", without);
      if (ref !== undefined) query = query.where("ref", "=", ref);
      if (since !== undefined) query = query.where("at", ">=", since);
      return (await query.orderBy("seq", "desc").limit(limit).execute()).map(historyOf);
    },
    async unsentMessages(each) {
      const rows = await db
        .with("unsent", (cte) =>
          cte
            .selectFrom("messages")
            .selectAll()
            .select((eb) =>
              eb.fn
                .agg<number>("row_number")
                .over((over) => over.partitionBy(["chat", "channel"]).orderBy("due_at").orderBy("created_at"))
                .as("place_in_line"),
            )
            .where(({ eb, ref }) => eb("sent_edition", "<", ref("edition"))),
        )
        .selectFrom("unsent")
        .selectAll()
        .where("place_in_line", "<=", each)
        .orderBy("due_at")
        .orderBy("created_at")
        .execute();
      return rows.map(messageOf);
    },
    async openRequests(limit) {
      const rows = await db
        .selectFrom("requests")
        .selectAll()
        .where("state", "<>", sql.lit("answered"))
        .orderBy("at")
        .limit(limit)
        .execute();
      return rows.map(requestOf);
    },
    async dueErrands(now, limit, kinds) {
      return (await dueErrandRows(db, now, limit, kinds)).map(errandOf);
    },
    async nextErrand(kinds) {
      const row = await db
        .selectFrom("errands")
        .select("due_at")
        .where("kind", "in", [...kinds])
        .orderBy("due_at")
        .limit(1)
        .executeTakeFirst();
      return row?.due_at;
    },
    async highestIds() {
      const highest = async (
        table: "run_groups" | "tasks" | "jobs" | "alerts" | "deployments" | "silences" | "signoffs",
      ) => Number((await db.selectFrom(table).select("id").orderBy("id", "desc").limit(1).executeTakeFirst())?.id ?? 0);
      return {
        groups: await highest("run_groups"),
        tasks: await highest("tasks"),
        jobs: await highest("jobs"),
        alerts: await highest("alerts"),
        deployments: await highest("deployments"),
        silences: await highest("silences"),
        signoffs: await highest("signoffs"),
      };
    },
    async lastWrite() {
      return (await db.selectFrom("history").select("at").orderBy("seq", "desc").limit(1).executeTakeFirst())?.at;
    },
    async heldTasks(environment) {
      const rows = await db
        .selectFrom("tasks")
        .selectAll()
        .where("hold", "is not", null)
        .where(filtered("tasks.environment", environment))
        .orderBy("id")
        .limit(MOST_HELD)
        .execute();
      return rows.map(taskOf);
    },
    async heldRuns() {
      const rows = await db
        .selectFrom("runs")
        .selectAll()
        .where("hold", "is not", null)
        .orderBy("number")
        .limit(MOST_HELD)
        .execute();
      return rows.map(runOf);
    },
  } satisfies Partial<Queries>;
}
