/** Constants on their way into tags, those that tasks want, and those that they used. */
import { type Kysely, sql } from "kysely";
import { UNENDED_STATES } from "../../../core/task/task.ts";
import type { Loads } from "../../../ports/loads.ts";
import { constantUseOf, publicationOf, wantOf } from "../rows/publications.ts";
import type { Schema } from "../schema.ts";

export function publicationLoads(db: Kysely<Schema>) {
  return {
    async publications(taskId) {
      return (
        await db.selectFrom("publications").selectAll().where("task_id", "=", taskId).orderBy("attempt").execute()
      ).map(publicationOf);
    },
    async openPublications({ environment, campaign, workflow, task }) {
      const rows = await db
        .selectFrom("publications")
        .selectAll()
        .where("environment", "=", environment)
        .where("campaign", "=", campaign)
        .where("workflow", "=", workflow)
        .where("task", "=", task)
        .where("state", "in", [sql.lit("waiting"), sql.lit("publishing")])
        .orderBy("run")
        .execute();
      return rows.map(publicationOf);
    },
    async earliestUnended({ environment, campaign, workflow, task }, run) {
      const row = await db
        .selectFrom("tasks")
        .innerJoin("group_runs", "group_runs.group_id", "tasks.group_id")
        .select(({ fn }) => ["tasks.id", "tasks.state", fn.max("group_runs.run").as("newest")])
        .where("tasks.workflow", "=", workflow)
        .where("tasks.name", "=", task)
        .where("tasks.state", "in", [...UNENDED_STATES])
        .where("tasks.environment", "=", environment)
        .where("tasks.campaign", "=", campaign)
        .groupBy(["tasks.id", "tasks.state"])
        .having(({ fn }) => fn.max("group_runs.run"), "<", run)
        .orderBy("newest")
        .limit(1)
        .executeTakeFirst();
      return row && { run: Number(row.newest), taskId: row.id, what: row.state };
    },
    async wants(taskId) {
      return (await db.selectFrom("wants").selectAll().where("task_id", "=", taskId).orderBy("position").execute()).map(
        wantOf,
      );
    },
    async waitingWants(environment, tag, after, limit) {
      const rows = await db
        .selectFrom("wants")
        .selectAll()
        .where("environment", "=", environment)
        .where("tag", "=", tag)
        .where("waiting", "=", sql.lit(1))
        .where("task_id", ">", after)
        .orderBy("task_id")
        .limit(limit)
        .execute();
      return rows.map(wantOf);
    },
    async constantsUsed(taskId, attempt) {
      const rows = await db
        .selectFrom("constant_uses")
        .selectAll()
        .where("task_id", "=", taskId)
        .where("attempt", "=", attempt)
        .orderBy("type")
        .orderBy("from_major")
        .execute();
      return rows.map(constantUseOf);
    },
    async usesWithin({ environment, tag, type }, span, after, limit) {
      const within = db
        .selectFrom("constant_uses")
        .where("environment", "=", environment)
        .where("tag", "=", tag)
        .where("type", "=", type)
        .where(({ or, eb }) =>
          or([
            eb("until_major", "is", null),
            sql<boolean>`(until_major, until_minor) > (${span.from.major}, ${span.from.minor})`,
          ]),
        )
        .$if(span.until !== null, (query) =>
          query.where(sql<boolean>`(from_major, from_minor) < (${span.until?.major}, ${span.until?.minor})`),
        )
        .where("task_id", ">", after);
      const tasks = await within.select("task_id").distinct().orderBy("task_id").limit(limit).execute();
      const last = tasks.at(-1)?.task_id;
      if (last === undefined) return { uses: [], tasks: 0 };
      const rows = await within.selectAll().where("task_id", "<=", last).orderBy("task_id").execute();
      return { uses: rows.map(constantUseOf), tasks: tasks.length };
    },
    async usedUntil({ environment, tag, type }) {
      const last = await db
        .selectFrom("constant_uses")
        .select(["until_major", "until_minor"])
        .where("environment", "=", environment)
        .where("tag", "=", tag)
        .where("type", "=", type)
        .where("until_major", "is not", null)
        .orderBy("until_major", "desc")
        .orderBy("until_minor", "desc")
        .limit(1)
        .executeTakeFirst();
      return last && { major: Number(last.until_major), minor: Number(last.until_minor) };
    },
    async usesOf(payload, limit) {
      const rows = await db
        .selectFrom("constant_uses")
        .selectAll()
        .where("payload", "=", payload)
        .orderBy("task_id", "desc")
        .limit(limit)
        .execute();
      return rows.map(constantUseOf);
    },
  } satisfies Partial<Loads>;
}
