/** What the engine reads, the same within a transaction and beside it. */
import { type Kysely, sql } from "kysely";
import type { GroupHome } from "../../core/group/group.ts";
import type { Loads } from "../../ports/store.ts";
import { alertOf, messageOf } from "./rows/alerts.ts";
import { groupOf } from "./rows/groups.ts";
import { attemptOf, jobOf } from "./rows/jobs.ts";
import { fromJsonOrNull } from "./rows/json.ts";
import { quarantinedOf, runOf } from "./rows/runs.ts";
import { taskOf } from "./rows/tasks.ts";
import type { Schema } from "./schema.ts";

export function loadsFrom(db: Kysely<Schema>): Loads {
  const inHome = (home: GroupHome) =>
    db
      .selectFrom("run_groups")
      .selectAll()
      .where("environment", "=", home.environment)
      .where("campaign", "=", home.campaign)
      .where("workflow", "=", home.workflow);

  return {
    async runs(numbers) {
      return (
        await byChunks(numbers, (chunk) =>
          db.selectFrom("runs").selectAll().where("number", "in", chunk).orderBy("number").execute(),
        )
      ).map(runOf);
    },
    async groups(ids) {
      return (
        await byChunks(ids, (chunk) =>
          db.selectFrom("run_groups").selectAll().where("id", "in", chunk).orderBy("id").execute(),
        )
      ).map(groupOf);
    },
    async tasks(ids) {
      return (
        await byChunks(ids, (chunk) =>
          db.selectFrom("tasks").selectAll().where("id", "in", chunk).orderBy("id").execute(),
        )
      ).map(taskOf);
    },
    async jobs(ids) {
      return (
        await byChunks(ids, (chunk) =>
          db.selectFrom("jobs").selectAll().where("id", "in", chunk).orderBy("id").execute(),
        )
      ).map(jobOf);
    },
    async attempts(keys) {
      const rows = await byChunks(keys, (chunk) =>
        db.selectFrom("attempts").selectAll().where("attempt_key", "in", chunk).where(liveState).execute(),
      );
      return rows.map(attemptOf);
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

    async groupByKey(home, key) {
      const row = await inHome(home).where("key", "=", key).executeTakeFirst();
      return row && groupOf(row);
    },
    async openGroup(home) {
      const row = await inHome(home)
        .where("state", "=", sql.lit("open"))
        .orderBy("id", "desc")
        .limit(1)
        .executeTakeFirst();
      return row && groupOf(row);
    },
    async openGroups(environment) {
      return (
        await db
          .selectFrom("run_groups")
          .selectAll()
          .where("environment", "=", environment)
          .where("state", "=", sql.lit("open"))
          .orderBy("id")
          .execute()
      ).map(groupOf);
    },
    async groupsOfRun(run) {
      const rows = await db
        .selectFrom("group_runs")
        .innerJoin("run_groups", "run_groups.id", "group_runs.group_id")
        .selectAll("run_groups")
        .where("group_runs.run", "=", run)
        .execute();
      return rows.map(groupOf);
    },
    async runsOfGroup(groupId) {
      return (
        await db.selectFrom("group_runs").select("run").where("group_id", "=", groupId).orderBy("run").execute()
      ).map((row) => row.run);
    },
    async troubledRuns(groupId) {
      const rows = await db
        .selectFrom("group_runs")
        .innerJoin("runs", "runs.number", "group_runs.run")
        .selectAll("runs")
        .where("group_runs.group_id", "=", groupId)
        .where(({ eb, or }) => or([eb("runs.hold", "is not", null), eb("runs.conflict", "is not", null)]))
        .execute();
      return rows.map(runOf);
    },
    async groupsToAbsorb(home) {
      return (
        await inHome(home)
          .where("state", "=", sql.lit("merged"))
          .where("merged_into", "is", null)
          .orderBy("id")
          .execute()
      ).map(groupOf);
    },
    async nextUnbegunGroup(group) {
      const row = await inHome(group)
        .where("id", ">", group.id)
        .where("state", "in", ["open", "closed"])
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom("tasks")
                .select("tasks.id")
                .whereRef("tasks.group_id", "=", "run_groups.id")
                .where("tasks.state", "not in", ["new", "held", "ready"]),
            ),
          ),
        )
        .orderBy("id")
        .limit(1)
        .executeTakeFirst();
      return row && groupOf(row);
    },
    async neighbourOf(group) {
      const beside = inHome(group).where("state", "in", ["open", "closed"]).limit(1);
      const row =
        (await beside.where("id", ">", group.id).orderBy("id").executeTakeFirst()) ??
        (await beside.where("id", "<", group.id).orderBy("id", "desc").executeTakeFirst());
      return row && groupOf(row);
    },
    async tasksOfGroup(groupId) {
      return (await db.selectFrom("tasks").selectAll().where("group_id", "=", groupId).orderBy("id").execute()).map(
        taskOf,
      );
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
    async readyTasks(environment, workflow, limit) {
      const rows = await db
        .selectFrom("tasks")
        .selectAll()
        .where("state", "=", "ready")
        .where(filtered("tasks.environment", environment))
        .where("workflow", "=", workflow)
        .orderBy("priority", "desc")
        .orderBy("id")
        .limit(limit)
        .execute();
      return rows.map(taskOf);
    },
    async jobsOfTask(taskId, attempt) {
      return (
        await db
          .selectFrom("jobs")
          .selectAll()
          .where("task_id", "=", taskId)
          .where("task_attempt", "=", attempt)
          .orderBy("iteration")
          .orderBy("job_index")
          .execute()
      ).map(jobOf);
    },
    async doneAttempts(tasks) {
      const found = [];
      for (const { id, attempt } of tasks) {
        const jobs = (
          await db
            .selectFrom("jobs")
            .selectAll()
            .where("task_id", "=", id)
            .where("task_attempt", "=", attempt)
            .where("state", "=", "done")
            .orderBy("iteration")
            .orderBy("job_index")
            .execute()
        ).map(jobOf);
        const attempts = await byChunks(
          jobs.map((job) => job.id),
          (chunk) =>
            db.selectFrom("attempts").selectAll().where("job_id", "in", chunk).where("state", "=", "done").execute(),
        );
        const byJob = new Map(attempts.map((row) => [row.job_id, attemptOf(row)]));
        found.push(...jobs.flatMap((job) => ({ job, attempt: byJob.get(job.id) })).filter(hasAttempt));
      }
      return found;
    },
    async idleJobs(lane, now, limit) {
      const rows = await db
        .selectFrom("jobs")
        .selectAll()
        .where("state", "=", sql.lit("idle"))
        .where("held", "=", sql.lit(0))
        .where("executor", "=", lane.executor)
        .where("environment", "=", lane.environment)
        .where("workflow", "=", lane.workflow)
        .where("priority", "=", lane.priority)
        .where("not_before", "<=", now)
        .orderBy("not_before")
        .orderBy("id")
        .limit(limit)
        .execute();
      return rows.map(jobOf);
    },
    async liveAttempts(executor) {
      let query = db.selectFrom("attempts").selectAll().where(liveState);
      if (executor !== undefined) query = query.where("executor", "=", executor);
      return (await query.execute()).map(attemptOf);
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
    async firingAlert(fingerprint) {
      const row = await db
        .selectFrom("alerts")
        .selectAll()
        .where("fingerprint", "=", fingerprint)
        .where("state", "=", sql.lit("firing"))
        .executeTakeFirst();
      return row && alertOf(row);
    },
    async alertsOfTask(taskId) {
      const rows = await db
        .selectFrom("alert_tasks")
        .innerJoin("alerts", "alerts.id", "alert_tasks.alert_id")
        .selectAll("alerts")
        .where("alert_tasks.task_id", "=", taskId)
        .where("alerts.state", "=", sql.lit("firing"))
        .execute();
      return rows.map(alertOf);
    },
    async message(key) {
      const row = await db.selectFrom("messages").selectAll().where("key", "=", key).executeTakeFirst();
      return row && messageOf(row);
    },
    async injectedInto(environment, run) {
      return (
        await db
          .selectFrom("injections")
          .select("campaign")
          .where("run", "=", run)
          .where("environment", "=", environment)
          .execute()
      ).map((row) => row.campaign);
    },
    async injectedRuns(environment, campaign) {
      return (
        await db
          .selectFrom("injections")
          .select("run")
          .where("environment", "=", environment)
          .where("campaign", "=", campaign)
          .orderBy("run")
          .execute()
      ).map((row) => row.run);
    },
    async quarantined(ids) {
      return (
        await byChunks(ids, (chunk) => db.selectFrom("quarantine").selectAll().where("id", "in", chunk).execute())
      ).map(quarantinedOf);
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
    async source(name) {
      const row = await db.selectFrom("sources").selectAll().where("name", "=", name).executeTakeFirst();
      return (
        row && {
          name,
          cursor: row.cursor,
          readAt: row.read_at,
          records: row.records,
          failures: row.failures,
          failure: row.failure,
        }
      );
    },
    async fact(name) {
      return (await db.selectFrom("facts").select("value").where("name", "=", name).executeTakeFirst())?.value;
    },
  };
}

/**
 * Nearly all tasks are in one environment and one campaign: a condition on these may filter, and must never be what a plan
 * begins with. The expression is one that no index has.
 */
export function filtered(column: "tasks.environment" | "tasks.campaign", value: string) {
  return sql<boolean>`${sql.ref(column)} || '' = ${value}`;
}

// Written out, not as parameters: only so does the planner see that the partial index serves.
const liveState = sql<boolean>`state in ('submitting', 'queued', 'running')`;

function hasAttempt<A, B>(pair: { job: A; attempt: B | undefined }): pair is { job: A; attempt: B } {
  return pair.attempt !== undefined;
}

/** Long lists of keys in pieces that both databases take. */
async function byChunks<Key, Row>(keys: readonly Key[], load: (chunk: Key[]) => Promise<Row[]>): Promise<Row[]> {
  if (keys.length === 0) return [];
  const rows: Row[] = [];
  for (let start = 0; start < keys.length; start += 500) rows.push(...(await load(keys.slice(start, start + 500))));
  return rows;
}
