/** Jobs and their attempts. */
import { type Kysely, sql } from "kysely";
import type { Queries } from "../../../ports/queries.ts";
import { filtered } from "../loads/filtered.ts";
import { attemptOf, jobOf, KEPT } from "../rows/jobs.ts";
import type { Schema } from "../schema.ts";
import { countAll, together } from "./counts.ts";

export function jobQueries(db: Kysely<Schema>) {
  return {
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
    async taskCosts(environment, workflow, task, last) {
      const tasks = await db
        .selectFrom("tasks")
        .select(["id", "attempt", "started_at", "ended_at"])
        .where("workflow", "=", workflow)
        .where("name", "=", task)
        .where("state", "=", "done")
        .where(filtered("tasks.environment", environment))
        .orderBy("id", "desc")
        .limit(last)
        .execute();
      if (tasks.length === 0) return undefined;
      const sums = await db
        .selectFrom("attempts")
        .innerJoin("jobs", "jobs.id", "attempts.job_id")
        .innerJoin("tasks", "tasks.id", "jobs.task_id")
        .select(countAll)
        .select([
          sql<number>`sum(attempts.cpu_ms)`.as("cpu"),
          sql<number>`sum(attempts.ended_at - attempts.started_at)`.as("run"),
        ])
        .where(
          "jobs.task_id",
          "in",
          tasks.map(({ id }) => id),
        )
        .whereRef("jobs.task_attempt", "=", "tasks.attempt")
        .where("attempts.state", "=", "done")
        .executeTakeFirst();
      return {
        tasks: tasks.length,
        jobs: Number(sums?.count ?? 0),
        cpuMs: Number(sums?.cpu ?? 0),
        runMs: Number(sums?.run ?? 0),
        taskMs: tasks.reduce((sum, one) => sum + ((one.ended_at ?? 0) - (one.started_at ?? one.ended_at ?? 0)), 0),
      };
    },
    async supersededAttempts({ environment, campaign, keep, before, limit }) {
      const rows = await db
        .selectFrom("tasks")
        .innerJoin("jobs", "jobs.task_id", "tasks.id")
        .innerJoin("attempts", "attempts.job_id", "jobs.id")
        .selectAll("attempts")
        .select("tasks.workflow")
        .where("tasks.environment", "=", environment)
        .where("tasks.campaign", "=", campaign)
        .where(sql<boolean>`tasks.attempt > 1`)
        .where("tasks.state", "=", "done")
        .where(sql<boolean>`jobs.task_attempt < tasks.attempt - ${keep}`)
        .where("attempts.bytes", ">", 0)
        .where("attempts.ended_at", "<", before)
        .orderBy("attempts.job_id")
        .limit(limit)
        .execute();
      return rows.map((row) => ({ attempt: attemptOf(row), workflow: row.workflow }));
    },
    async workOfCampaign(environment, campaign, limit) {
      const rows = await db
        .selectFrom("attempts")
        .innerJoin("jobs", "jobs.id", "attempts.job_id")
        .innerJoin("tasks", "tasks.id", "jobs.task_id")
        .selectAll("attempts")
        .where(sql<boolean>`attempts.kept > 0 and attempts.ended_at is not null`)
        .where("attempts.kept", "=", KEPT.indexOf("work"))
        .where("tasks.environment", "=", environment)
        .where("tasks.campaign", "=", campaign)
        .orderBy("attempts.job_id")
        .limit(limit)
        .execute();
      return rows.map(attemptOf);
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
      return together({ idle, live });
    },
  } satisfies Partial<Queries>;
}
