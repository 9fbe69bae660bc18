/** What commands and pages read. Every query here goes by an index and ends at a limit. */
import { type Kysely, sql } from "kysely";
import type { Made, Queries, TaskFilter } from "../../ports/queries.ts";
import type { LaneLoad } from "../../ports/store.ts";
import { dueErrandRows, errandOf } from "./errands.ts";
import { filtered } from "./loads/filtered.ts";
import { loadsFrom } from "./loads/loads.ts";
import { alertOf, historyOf, messageOf } from "./rows/alerts.ts";
import { deploymentOf } from "./rows/environments.ts";
import { groupOf } from "./rows/groups.ts";
import { attemptOf, jobOf, KEPT } from "./rows/jobs.ts";
import { fromJsonOrNull } from "./rows/json.ts";
import { quarantinedOf, runOf } from "./rows/runs.ts";
import { resultOf, taskOf } from "./rows/tasks.ts";
import type { Schema } from "./schema.ts";

export function queriesFrom(db: Kysely<Schema>): Queries {
  return {
    ...loadsFrom(db),

    async runPage({ limit, from, to, conflict }) {
      let query = db.selectFrom("runs").selectAll().orderBy("number", "desc").limit(limit);
      if (from !== undefined) query = query.where("number", ">=", from);
      if (to !== undefined) query = query.where("number", "<=", to);
      if (conflict) query = query.where("conflict", "is not", null);
      return (await query.execute()).map(runOf);
    },
    async runCounts() {
      const [runs, conflicts, quarantined] = await Promise.all([
        db.selectFrom("runs").select(countAll).executeTakeFirst(),
        db.selectFrom("runs").select(countAll).where("conflict", "is not", null).executeTakeFirst(),
        db.selectFrom("quarantine").select(countAll).executeTakeFirst(),
      ]);
      return {
        runs: Number(runs?.count ?? 0),
        conflicts: Number(conflicts?.count ?? 0),
        quarantined: Number(quarantined?.count ?? 0),
      };
    },
    async quarantine(limit) {
      return (await db.selectFrom("quarantine").selectAll().orderBy("last_seen_at", "desc").limit(limit).execute()).map(
        quarantinedOf,
      );
    },

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
    async runsOfGroups(groupIds) {
      const runs = new Map<number, number[]>(groupIds.map((id) => [id, []]));
      if (groupIds.length === 0) return runs;
      const rows = await db
        .selectFrom("group_runs")
        .selectAll()
        .where("group_id", "in", [...runs.keys()])
        .orderBy("run")
        .execute();
      for (const row of rows) runs.get(row.group_id)?.push(row.run);
      return runs;
    },
    async results(taskId) {
      return (
        await db.selectFrom("results").selectAll().where("task_id", "=", taskId).orderBy("attempt").execute()
      ).map(resultOf);
    },
    async jobPage(taskId, { limit, states, index, attempt }) {
      let query = db.selectFrom("jobs").selectAll().where("task_id", "=", taskId);
      if (attempt !== undefined) query = query.where("task_attempt", "=", attempt);
      if (states) query = query.where("state", "in", [...states]);
      if (index !== undefined) query = query.where("job_index", "=", index);
      return (
        await query
          .orderBy("task_attempt", "desc")
          .orderBy("iteration", "desc")
          .orderBy("job_index")
          .limit(limit)
          .execute()
      ).map(jobOf);
    },
    async attemptsOfJob(jobId) {
      return (await db.selectFrom("attempts").selectAll().where("job_id", "=", jobId).orderBy("number").execute()).map(
        attemptOf,
      );
    },
    async lastAttempts(jobIds) {
      if (jobIds.length === 0) return [];
      const rows = await db
        .selectFrom("attempts")
        .selectAll()
        .where("job_id", "in", [...jobIds])
        .where("number", "=", ({ selectFrom }) =>
          selectFrom("jobs").select("jobs.attempts").whereRef("jobs.id", "=", "attempts.job_id"),
        )
        .execute();
      return rows.map(attemptOf);
    },
    async attempt(jobId, number) {
      const row = await db
        .selectFrom("attempts")
        .selectAll()
        .where("job_id", "=", jobId)
        .where("number", "=", number)
        .executeTakeFirst();
      return row && attemptOf(row);
    },
    async openGroupsOf(environment, workflow) {
      let query = db
        .selectFrom("run_groups")
        .selectAll()
        .where("environment", "=", environment)
        .where("state", "=", sql.lit("open"));
      if (workflow !== undefined) query = query.where("workflow", "=", workflow);
      return (await query.orderBy("id").execute()).map(groupOf);
    },

    async tallies(environment) {
      let query = db.selectFrom("tallies").selectAll().where("count", "<>", 0);
      if (environment !== undefined) query = query.where("environment", "=", environment);
      return await query.execute();
    },
    async usage() {
      return await db.selectFrom("usage").selectAll().execute();
    },
    async lanes() {
      const lane = ["executor", "environment", "workflow", "priority"] as const;
      const idle = await db
        .selectFrom("jobs")
        .select(lane)
        .select(countAll)
        .where("state", "=", sql.lit("idle"))
        .where("held", "=", sql.lit(0))
        .groupBy(lane)
        .execute();
      const live = await db
        .selectFrom("jobs")
        .select(lane)
        .select(countAll)
        .where(sql<boolean>`state in ('submitting', 'queued', 'running')`)
        .groupBy(lane)
        .execute();
      const byName = new Map<string, LaneLoad>();
      const add = (row: (typeof idle)[number], load: { idle: number; live: number }) => {
        const { executor, environment, workflow, priority } = row;
        const name = JSON.stringify([executor, environment, workflow, priority]);
        const known = byName.get(name) ?? { executor, environment, workflow, priority, idle: 0, live: 0 };
        byName.set(name, { ...known, idle: known.idle + load.idle, live: known.live + load.live });
      };
      for (const row of idle) add(row, { idle: Number(row.count), live: 0 });
      for (const row of live) add(row, { idle: 0, live: Number(row.count) });
      return [...byName.values()];
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
    async deploymentPage({ limit, environment, states, commit }) {
      let query = db.selectFrom("deployments").selectAll().orderBy("id", "desc").limit(limit);
      if (environment !== undefined) query = query.where("environment", "=", environment);
      if (states) query = query.where("state", "in", [...states]);
      if (commit !== undefined) query = query.where("config_commit", "=", commit);
      return (await query.execute()).map(deploymentOf);
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
    async madeBy(commit) {
      const task = ["tasks.environment", "tasks.workflow", "tasks.name"] as const;
      const results = await db
        .selectFrom("results")
        .innerJoin("tasks", "tasks.id", "results.task_id")
        .select(task)
        .select(countAll)
        .where("results.config_commit", "=", commit)
        .groupBy(task)
        .execute();
      const underWay = await db
        .selectFrom("tasks")
        .select(task)
        .select(countAll)
        .where("config_commit", "=", commit)
        .where("state", "=", "processing")
        .groupBy(task)
        .execute();
      const made = new Map<string, Made>();
      const add = (row: (typeof results)[number], more: { results: number; underWay: number }) => {
        const { environment, workflow, name } = row;
        const key = JSON.stringify([environment, workflow, name]);
        const known = made.get(key) ?? { environment, workflow, task: name, results: 0, underWay: 0 };
        made.set(key, { ...known, results: known.results + more.results, underWay: known.underWay + more.underWay });
      };
      for (const row of results) add(row, { results: Number(row.count), underWay: 0 });
      for (const row of underWay) add(row, { results: 0, underWay: Number(row.count) });
      return [...made.values()];
    },
    async firingAlerts(environment) {
      let query = db.selectFrom("alerts").selectAll().where("state", "=", sql.lit("firing"));
      if (environment !== undefined) query = query.where("environment", "=", environment);
      return (await query.orderBy("last_at", "desc").limit(200).execute()).map(alertOf);
    },
    async sources() {
      const rows = await db.selectFrom("sources").selectAll().orderBy("name").execute();
      return rows.map((row) => ({
        name: row.name,
        cursor: row.cursor,
        readAt: row.read_at,
        records: row.records,
        failures: row.failures,
        failure: row.failure,
      }));
    },
    async injectionCounts(environment) {
      const rows = await db
        .selectFrom("injections")
        .select("campaign")
        .select(countAll)
        .where("environment", "=", environment)
        .groupBy("campaign")
        .execute();
      return rows.map((row) => ({ campaign: row.campaign, runs: Number(row.count) }));
    },
    async history({ limit, kind, without, ref, since }) {
      let query = db.selectFrom("history").selectAll();
      if (kind !== undefined) query = query.where("kind", "=", kind);
      if (without !== undefined) query = query.where("kind", "<>", without);
      if (ref !== undefined) query = query.where("ref", "=", ref);
      if (since !== undefined) query = query.where("at", ">=", since);
      return (await query.orderBy("seq", "desc").limit(limit).execute()).map(historyOf);
    },
    async unsentMessages(limit) {
      const rows = await db
        .selectFrom("messages")
        .selectAll()
        .where(({ eb, ref }) => eb("sent_edition", "<", ref("edition")))
        .orderBy("due_at")
        .limit(limit)
        .execute();
      return rows.map(messageOf);
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
    async commitsInUse() {
      return await db
        .selectFrom("tasks")
        .select(["environment", "config_commit as commit"])
        .distinct()
        .where("state", "=", "processing")
        .execute();
    },
    async attemptsEndedBefore(moment, kept, limit) {
      const rows = await db
        .selectFrom("attempts")
        .selectAll()
        .where(sql<boolean>`kept > 0 and ended_at is not null`)
        .where("kept", "=", KEPT.indexOf(kept))
        .where("ended_at", "<", moment)
        .orderBy("ended_at")
        .limit(limit)
        .execute();
      return rows.map(attemptOf);
    },
    async highestIds() {
      const highest = async (table: "run_groups" | "tasks" | "jobs" | "alerts" | "deployments") =>
        Number((await db.selectFrom(table).select("id").orderBy("id", "desc").limit(1).executeTakeFirst())?.id ?? 0);
      return {
        groups: await highest("run_groups"),
        tasks: await highest("tasks"),
        jobs: await highest("jobs"),
        alerts: await highest("alerts"),
        deployments: await highest("deployments"),
      };
    },
    async lastWrite() {
      return (await db.selectFrom("history").select("at").orderBy("seq", "desc").limit(1).executeTakeFirst())?.at;
    },
  };
}

/** More than this is not held by hand. */
const MOST_HELD = 500;

const countAll = sql<number>`count(*)`.as("count");

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
