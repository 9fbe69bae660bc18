/** Jobs and their attempts. */
import { type Kysely, sql } from "kysely";
import type { Loads } from "../../../ports/loads.ts";
import { attemptOf, jobOf } from "../rows/jobs.ts";
import type { Schema } from "../schema.ts";
import { byChunks } from "./chunks.ts";

export function jobLoads(db: Kysely<Schema>) {
  return {
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
  } satisfies Partial<Loads>;
}

// Written out, not as parameters: only so does the planner see that the partial index serves.
const liveState = sql<boolean>`state in ('submitting', 'queued', 'running')`;

function hasAttempt<A, B>(pair: { job: A; attempt: B | undefined }): pair is { job: A; attempt: B } {
  return pair.attempt !== undefined;
}
