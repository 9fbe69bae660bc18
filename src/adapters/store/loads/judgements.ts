/** What results are judged by: those of earlier groups, and that of a run; and what was said of them. */
import type { Kysely } from "kysely";
import { PRODUCTION } from "../../../core/environment/environment.ts";
import type { Loads } from "../../../ports/loads.ts";
import { judgementOf } from "../rows/judgements.ts";
import { resultOf } from "../rows/tasks.ts";
import type { Schema } from "../schema.ts";

export function judgementLoads(db: Kysely<Schema>) {
  /** What the newest attempt of a task came to that counts. */
  const usable = () =>
    db
      .selectFrom("run_groups")
      .innerJoin("tasks", "tasks.group_id", "run_groups.id")
      .innerJoin("results", "results.task_id", "tasks.id")
      .selectAll("results")
      .select("run_groups.key")
      .where("results.attempt", "=", (inner) =>
        inner
          .selectFrom("results as newest")
          .select((eb) => eb.fn.max("newest.attempt").as("attempt"))
          .whereRef("newest.task_id", "=", "tasks.id")
          .where("newest.state", "=", "done"),
      );
  return {
    async judgement(taskId, attempt) {
      const row = await db
        .selectFrom("judgements")
        .selectAll()
        .where("task_id", "=", taskId)
        .where("attempt", "=", attempt)
        .executeTakeFirst();
      return row && judgementOf(row);
    },
    async earlierResults({ id, environment, campaign, workflow, firstRun }, task, limit) {
      const ofHome = usable()
        .where("run_groups.environment", "=", environment)
        .where("run_groups.campaign", "=", campaign)
        .where("run_groups.workflow", "=", workflow)
        .where("tasks.name", "=", task);
      const earlier =
        firstRun === null
          ? ofHome.where("run_groups.first_run", "is", null).where("run_groups.id", "<", id)
          : ofHome.where("run_groups.first_run", "<", firstRun).orderBy("run_groups.first_run", "desc");
      const rows = await earlier.orderBy("run_groups.id", "desc").limit(limit).execute();
      return rows.map((row) => ({ group: row.key, result: resultOf(row) }));
    },
    async resultOfRun(run, { workflow, task }, environment, campaign) {
      // By themselves, since a planner would rather look at every group of the workflow.
      const groups = await db.selectFrom("group_runs").select("group_id").where("run", "=", run).execute();
      if (groups.length === 0) return undefined;
      const rows = await usable()
        .select(["run_groups.campaign", "run_groups.environment"])
        .where(
          "run_groups.id",
          "in",
          groups.map((group) => group.group_id),
        )
        .where("run_groups.workflow", "=", workflow)
        .where("run_groups.environment", "in", [environment, PRODUCTION])
        .where("tasks.name", "=", task)
        .orderBy("results.ended_at", "desc")
        .execute();
      const found =
        rows.find((row) => row.campaign === campaign && row.environment === environment) ??
        rows.find((row) => row.campaign === campaign) ??
        rows.find((row) => row.environment === environment) ??
        rows[0];
      return found && { group: found.key, result: resultOf(found) };
    },
  } satisfies Partial<Loads>;
}
