/** Tasks, what they made, and how their workflows stand. */
import type { Kysely } from "kysely";
import type { Queries, TaskFilter } from "../../../ports/queries.ts";
import { filtered } from "../loads/filtered.ts";
import { fromJsonOrNull } from "../rows/json.ts";
import { resultOf, taskOf } from "../rows/tasks.ts";
import type { Schema } from "../schema.ts";

export function taskQueries(db: Kysely<Schema>) {
  return {
    async taskPage(filter) {
      return (await tasksBy(db, filter).execute()).map(taskOf);
    },
    async tasksOfRuns(runs, environment) {
      if (runs.length === 0) return [];
      const rows = await db
        .selectFrom("group_runs")
        .innerJoin("tasks", "tasks.group_id", "group_runs.group_id")
        .selectAll("tasks")
        .select("group_runs.run as covered_run")
        .where("group_runs.run", "in", [...runs])
        .where(filtered("tasks.environment", environment))
        .orderBy("tasks.id")
        .execute();
      return rows.map((row) => ({ run: row.covered_run, task: taskOf(row) }));
    },
    async taskByName(environment, workflow, task, group, campaign) {
      let query = db
        .selectFrom("run_groups")
        .innerJoin("tasks", "tasks.group_id", "run_groups.id")
        .selectAll("tasks")
        .where("run_groups.workflow", "=", workflow)
        .where("run_groups.key", "=", group)
        .where("tasks.name", "=", task)
        .where(filtered("tasks.environment", environment));
      if (campaign !== undefined) query = query.where("run_groups.campaign", "=", campaign);
      const row = await query.orderBy("tasks.id", "desc").limit(1).executeTakeFirst();
      return row && taskOf(row);
    },
    async results(taskId) {
      return (
        await db.selectFrom("results").selectAll().where("task_id", "=", taskId).orderBy("attempt").execute()
      ).map(resultOf);
    },
    async lastResults(taskIds) {
      if (taskIds.length === 0) return [];
      const rows = await db
        .selectFrom("results")
        .selectAll()
        .where("task_id", "in", [...taskIds])
        .orderBy("attempt")
        .execute();
      return [...new Map(rows.map((row) => [row.task_id, resultOf(row)])).values()];
    },
    async usage() {
      return await db.selectFrom("usage").selectAll().execute();
    },
    async workflowStates(environment) {
      const rows = await db.selectFrom("workflow_states").selectAll().where("environment", "=", environment).execute();
      return rows.map((row) => ({
        environment,
        workflow: row.workflow,
        paused: fromJsonOrNull(row.paused),
        outcomes: row.outcomes,
        version: row.version,
      }));
    },
  } satisfies Partial<Queries>;
}

function tasksBy(db: Kysely<Schema>, filter: TaskFilter) {
  let query = db.selectFrom("tasks").selectAll("tasks").orderBy("tasks.id", "desc").limit(filter.limit);
  const { run } = filter;
  if (run !== undefined) {
    query = query.where("tasks.group_id", "in", ({ selectFrom }) =>
      selectFrom("group_runs").select("group_id").where("run", "=", run),
    );
  }
  if (filter.environment !== undefined) query = query.where(filtered("tasks.environment", filter.environment));
  if (filter.campaign !== undefined) query = query.where("tasks.campaign", "=", filter.campaign);
  if (filter.workflow !== undefined) query = query.where("tasks.workflow", "=", filter.workflow);
  if (filter.task !== undefined) query = query.where("tasks.name", "=", filter.task);
  if (filter.group !== undefined) query = query.where("tasks.group_key", "=", filter.group);
  if (filter.states) query = query.where("tasks.state", "in", [...filter.states]);
  // Ids are hexadecimal: every one that begins so lies below the prefix with a "g" behind it.
  if (filter.commit !== undefined)
    query = query
      .where("tasks.config_commit", ">=", filter.commit)
      .where("tasks.config_commit", "<", `${filter.commit}g`);
  if (filter.stale) query = query.where("tasks.stale_since", "is not", null);
  if (filter.before !== undefined) query = query.where("tasks.id", "<", filter.before);
  return query;
}
