/** Tasks, by what they are made from and by what they wait for. */
import type { Kysely } from "kysely";
import { type TaskState, UNENDED_STATES } from "../../../core/task/task.ts";
import type { Loads } from "../../../ports/loads.ts";
import { fromJsonOrNull } from "../rows/json.ts";
import { taskOf } from "../rows/tasks.ts";
import type { Schema } from "../schema.ts";
import { byChunks } from "./chunks.ts";
import { filtered } from "./filtered.ts";

export function taskLoads(db: Kysely<Schema>) {
  return {
    async tasks(ids) {
      return (
        await byChunks(ids, (chunk) =>
          db.selectFrom("tasks").selectAll().where("id", "in", chunk).orderBy("id").execute(),
        )
      ).map(taskOf);
    },
    async workflowState(environment, workflow) {
      const row = await db
        .selectFrom("workflow_states")
        .selectAll()
        .where("environment", "=", environment)
        .where("workflow", "=", workflow)
        .executeTakeFirst();
      return (
        row && {
          environment,
          workflow,
          paused: fromJsonOrNull(row.paused),
          outcomes: row.outcomes,
          version: row.version,
        }
      );
    },
    async tasksOfGroup(groupId) {
      return (await db.selectFrom("tasks").selectAll().where("group_id", "=", groupId).orderBy("id").execute()).map(
        taskOf,
      );
    },
    async tasksByKey({ environment, campaign }, key, workflows) {
      const rows = await db
        .selectFrom("run_groups")
        .innerJoin("tasks", "tasks.group_id", "run_groups.id")
        .selectAll("tasks")
        .where("run_groups.environment", "=", environment)
        .where("run_groups.campaign", "=", campaign)
        .where("run_groups.workflow", "in", [...workflows])
        .where("run_groups.key", "=", key)
        .orderBy("tasks.id")
        .execute();
      return rows.map(taskOf);
    },
    async covering(groupId, need, environment, campaign) {
      const rows = await db
        .selectFrom("group_runs as ours")
        .innerJoin("group_runs as theirs", "theirs.run", "ours.run")
        .innerJoin("tasks", "tasks.group_id", "theirs.group_id")
        .selectAll("tasks")
        .select("ours.run as covered_run")
        .where("ours.group_id", "=", groupId)
        .where("tasks.workflow", "=", need.workflow)
        .where("tasks.name", "=", need.task)
        .where(filtered("tasks.environment", environment))
        .where(filtered("tasks.campaign", campaign))
        .where("tasks.state", "<>", "merged")
        .orderBy("tasks.id")
        .execute();
      const byTask = new Map<number, { row: (typeof rows)[number]; runs: number[] }>();
      for (const row of rows) {
        const entry = byTask.get(row.id) ?? { row, runs: [] };
        entry.runs.push(row.covered_run);
        byTask.set(row.id, entry);
      }
      return [...byTask.values()].map(({ row, runs }) => ({ task: taskOf(row), runs }));
    },
    async statesOverGroup(groupId, need, environment, campaign) {
      const rows = await db
        .selectFrom("group_runs as ours")
        .innerJoin("group_runs as theirs", "theirs.run", "ours.run")
        .innerJoin("tasks", "tasks.group_id", "theirs.group_id")
        .select(["ours.run", "tasks.state"])
        .distinct()
        .where("ours.group_id", "=", groupId)
        .where("tasks.workflow", "=", need.workflow)
        .where("tasks.name", "=", need.task)
        .where(filtered("tasks.environment", environment))
        .where(filtered("tasks.campaign", campaign))
        .where("tasks.state", "<>", "merged")
        .orderBy("ours.run")
        .execute();
      return rows.map(({ run, state }) => ({ run, state: state as TaskState }));
    },
    async statesOverCampaign(environment, campaign, need) {
      const rows = await db
        .selectFrom("injections")
        .innerJoin("group_runs", "group_runs.run", "injections.run")
        .innerJoin("tasks", "tasks.group_id", "group_runs.group_id")
        .select(["injections.run", "tasks.state"])
        .distinct()
        .where("injections.environment", "=", environment)
        .where("injections.campaign", "=", campaign)
        .where("tasks.workflow", "=", need.workflow)
        .where("tasks.name", "=", need.task)
        .where(filtered("tasks.environment", environment))
        .where(filtered("tasks.campaign", campaign))
        .where("tasks.state", "<>", "merged")
        .orderBy("injections.run")
        .execute();
      return rows.map(({ run, state }) => ({ run, state: state as TaskState }));
    },
    async tasksTouching(groupId, need, environment) {
      const rows = await db
        .selectFrom("group_runs as ours")
        .innerJoin("group_runs as theirs", "theirs.run", "ours.run")
        .innerJoin("tasks", "tasks.group_id", "theirs.group_id")
        .select("tasks.id")
        .distinct()
        .where("ours.group_id", "=", groupId)
        .where("tasks.workflow", "=", need.workflow)
        .where("tasks.name", "=", need.task)
        .where(filtered("tasks.environment", environment))
        .execute();
      return rows.map((row) => row.id);
    },
    async waitingTasks(environment) {
      return (
        await db
          .selectFrom("tasks")
          .select("id")
          .where("state", "in", ["new", "held", "ready"])
          .where(filtered("tasks.environment", environment))
          .execute()
      ).map((row) => row.id);
    },
    async tasksAfter(environment, workflow, after, limit) {
      const rows = await db
        .selectFrom("tasks")
        .selectAll()
        .where("workflow", "=", workflow)
        .where("id", ">", after)
        .where(filtered("tasks.environment", environment))
        .orderBy("id")
        .limit(limit)
        .execute();
      return rows.map(taskOf);
    },
    async unfinishedTasks(environment, limit) {
      const rows = await db
        .selectFrom("tasks")
        .selectAll()
        .where("state", "in", [...UNENDED_STATES])
        .where(filtered("tasks.environment", environment))
        .orderBy("id")
        .limit(limit)
        .execute();
      return rows.map(taskOf);
    },
    async tallies(environment) {
      let query = db.selectFrom("tallies").selectAll().where("count", "<>", 0);
      if (environment !== undefined) query = query.where("environment", "=", environment);
      return await query.execute();
    },
    async readyTasks(environment, workflow, limit, without) {
      let query = db
        .selectFrom("tasks")
        .selectAll()
        .where("state", "=", "ready")
        .where(filtered("tasks.environment", environment))
        .where("workflow", "=", workflow)
        .orderBy("priority", "desc")
        .orderBy("id")
        .limit(limit);
      if (without.length > 0) query = query.where("campaign", "not in", [...without]);
      return (await query.execute()).map(taskOf);
    },
    async lastDone(environment, workflow, task) {
      const row = await db
        .selectFrom("tasks")
        .selectAll()
        .where("workflow", "=", workflow)
        .where("name", "=", task)
        .where("state", "=", "done")
        .where(filtered("tasks.environment", environment))
        .orderBy("id", "desc")
        .limit(1)
        .executeTakeFirst();
      return row && taskOf(row);
    },
  } satisfies Partial<Loads>;
}
