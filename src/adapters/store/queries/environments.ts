/** Deployments, and what came of their commits. */
import { type Kysely, sql } from "kysely";
import type { Queries } from "../../../ports/queries.ts";
import { deploymentOf } from "../rows/environments.ts";
import type { Schema } from "../schema.ts";
import { countAll, together } from "./counts.ts";

export function environmentQueries(db: Kysely<Schema>) {
  return {
    async deploymentPage({ limit, environment, states, commit }) {
      let query = db.selectFrom("deployments").selectAll().orderBy("id", "desc").limit(limit);
      if (environment !== undefined) query = query.where("environment", "=", environment);
      if (states) query = query.where("state", "in", [...states]);
      if (commit !== undefined) query = query.where("config_commit", "=", commit);
      return (await query.execute()).map(deploymentOf);
    },
    async madeBy(commit) {
      const task = ["tasks.environment", "tasks.workflow", "tasks.name as task"] as const;
      const by = ["tasks.environment", "tasks.workflow", "tasks.name"] as const;
      const results = await db
        .selectFrom("results")
        .innerJoin("tasks", "tasks.id", "results.task_id")
        .select(task)
        .select(countAll)
        .where("results.config_commit", "=", commit)
        .groupBy(by)
        .execute();
      const underWay = await db
        .selectFrom("tasks")
        .select(task)
        .select(countAll)
        .where("config_commit", "=", commit)
        .where("state", "=", "processing")
        .groupBy(by)
        .execute();
      return together({ results, underWay });
    },
    async commitsInUse() {
      const publishing = await db
        .selectFrom("publications")
        .innerJoin("tasks", "tasks.id", "publications.task_id")
        .select(["tasks.environment", "tasks.config_commit as commit"])
        .distinct()
        .where("publications.state", "in", [sql.lit("waiting"), sql.lit("publishing")])
        .execute();
      const underWay = await db
        .selectFrom("tasks")
        .select(["environment", "config_commit as commit"])
        .distinct()
        .where("state", "in", ["processing", "awaiting-signoff"])
        .execute();
      return [...underWay, ...publishing];
    },
  } satisfies Partial<Queries>;
}
