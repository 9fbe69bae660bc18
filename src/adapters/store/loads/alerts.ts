/** Alerts, what they speak of, what silences them, and who waits to be told something. */
import { type Kysely, sql } from "kysely";
import { ITSELF } from "../../../core/history.ts";
import type { Loads } from "../../../ports/loads.ts";
import { alertOf, alertTaskOf, silenceOf, subscriptionOf } from "../rows/alerts.ts";
import type { Schema } from "../schema.ts";

const RESOLVED = sql.lit("resolved");
/** More than this nobody reads. */
const MOST_FIRING = 500;
const MOST_OF_KIND = 50;
const MOST_SILENCES = 500;
const MOST_SUBSCRIPTIONS = 2_000;

export function alertLoads(db: Kysely<Schema>) {
  return {
    async alertsById(ids) {
      if (ids.length === 0) return [];
      const rows = await db
        .selectFrom("alerts")
        .selectAll()
        .where("id", "in", [...ids])
        .orderBy("id")
        .execute();
      return rows.map(alertOf);
    },
    async firingAlert(fingerprint) {
      const row = await db
        .selectFrom("alerts")
        .selectAll()
        .where("fingerprint", "=", fingerprint)
        .where("state", "<>", RESOLVED)
        .executeTakeFirst();
      return row && alertOf(row);
    },
    async firingKinds({ environment, workflow, task }) {
      const row = await db
        .selectFrom("alerts")
        .select((eb) => eb.fn.countAll().as("count"))
        .where("environment", "=", environment)
        .where("workflow", "=", workflow)
        .where("task", "=", task)
        .where("state", "<>", RESOLVED)
        .executeTakeFirst();
      return Number(row?.count ?? 0);
    },
    async alertsOfKind(fingerprint, since) {
      const rows = await db
        .selectFrom("alerts")
        .selectAll()
        .where("fingerprint", "=", fingerprint)
        .where("first_at", ">", since)
        .orderBy("first_at", "desc")
        .limit(MOST_OF_KIND)
        .execute();
      return rows.map(alertOf);
    },
    async alertsOfTask(taskId) {
      const known = await db
        .selectFrom("alert_tasks")
        .selectAll()
        .where("task_id", "=", taskId)
        .where("failing", "=", 1)
        .execute();
      if (known.length === 0) return [];
      const alerts = await db
        .selectFrom("alerts")
        .selectAll()
        .where(
          "id",
          "in",
          known.map((one) => one.alert_id),
        )
        .where("state", "<>", RESOLVED)
        .execute();
      return alerts.flatMap((row) => {
        const one = known.find((task) => task.alert_id === row.id);
        return one ? [{ alert: alertOf(row), known: alertTaskOf(one) }] : [];
      });
    },
    async alertTask(alert, task) {
      const row = await db
        .selectFrom("alert_tasks")
        .selectAll()
        .where("task_id", "=", task)
        .where("alert_id", "=", alert)
        .executeTakeFirst();
      return row && alertTaskOf(row);
    },
    async failingTasks(alert, limit) {
      const rows = await db
        .selectFrom("alert_tasks")
        .selectAll()
        .where("alert_id", "=", alert)
        .where("failing", "=", sql.lit(1))
        .orderBy("failed_at", "desc")
        .orderBy("task_id", "desc")
        .limit(limit)
        .execute();
      return rows.map(alertTaskOf).reverse();
    },
    async handlerOf(taskId, since) {
      const row = await db
        .selectFrom("history")
        .select("done_by")
        .where("kind", "=", "task")
        .where("ref", "=", String(taskId))
        .where("done_by", "<>", ITSELF)
        .where("at", ">=", since)
        .orderBy("seq", "desc")
        .limit(1)
        .executeTakeFirst();
      return row?.done_by;
    },
    async firingAlerts(environment) {
      let query = db.selectFrom("alerts").selectAll().where("state", "<>", RESOLVED);
      if (environment !== undefined) query = query.where("environment", "=", environment);
      return (await query.orderBy("last_at", "desc").orderBy("id", "desc").limit(MOST_FIRING).execute()).map(alertOf);
    },
    async silences(now) {
      const rows = await db
        .selectFrom("silences")
        .selectAll()
        .where("until", ">", now)
        .orderBy("id")
        .limit(MOST_SILENCES)
        .execute();
      return rows.map(silenceOf);
    },
    async silence(id) {
      const row = await db.selectFrom("silences").selectAll().where("id", "=", id).executeTakeFirst();
      return row && silenceOf(row);
    },
    async subscriptions() {
      const rows = await db
        .selectFrom("subscriptions")
        .selectAll()
        .where("told_at", "is", null)
        .orderBy("at")
        .limit(MOST_SUBSCRIPTIONS)
        .execute();
      return rows.map(subscriptionOf);
    },
    async isUnderWay(environment, workflow) {
      const row = await db
        .selectFrom("tasks")
        .select("id")
        .where("workflow", "=", workflow)
        .where("environment", "=", environment)
        .where("state", "in", ["new", "held", "ready", "processing", "awaiting-signoff"])
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },
  } satisfies Partial<Loads>;
}
