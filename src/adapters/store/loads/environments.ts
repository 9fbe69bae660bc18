import { type Kysely, sql } from "kysely";
import type { Loads } from "../../../ports/loads.ts";
import { deploymentOf, environmentOf } from "../rows/environments.ts";
import type { Schema } from "../schema.ts";
import { byChunks } from "./chunks.ts";

export function environmentLoads(db: Kysely<Schema>) {
  const newest = (environment: string) =>
    db.selectFrom("deployments").selectAll().where("environment", "=", environment).orderBy("id", "desc").limit(1);
  return {
    async environmentsNamed(names) {
      const rows = await byChunks(names, (chunk) =>
        db.selectFrom("environments").selectAll().where("name", "in", chunk).orderBy("name").execute(),
      );
      return rows.map(environmentOf);
    },
    async environments() {
      return (await db.selectFrom("environments").selectAll().orderBy("name").execute()).map(environmentOf);
    },
    async deploymentsById(ids) {
      const rows = await byChunks(ids, (chunk) =>
        db.selectFrom("deployments").selectAll().where("id", "in", chunk).orderBy("id").execute(),
      );
      return rows.map(deploymentOf);
    },
    async openDeployments(environment) {
      const rows = await db
        .selectFrom("deployments")
        .selectAll()
        .where("environment", "=", environment)
        .where(sql<boolean>`state in ('requested', 'waiting')`)
        .orderBy("id")
        .execute();
      return rows.map(deploymentOf);
    },
    async lastDeploymentOf(environment, commit) {
      const row = await newest(environment).where("config_commit", "=", commit).executeTakeFirst();
      return row && deploymentOf(row);
    },
    async lastDeploymentBy(environment, ref) {
      const row = await newest(environment)
        .where("ref", "=", ref)
        .where("state", "in", ["deployed", "superseded", "rolled-back"])
        .where("took_ms", "is not", null)
        .executeTakeFirst();
      return row && deploymentOf(row);
    },
    async runningDeployment(environment) {
      const row = await newest(environment).where("state", "=", "deployed").executeTakeFirst();
      return row && deploymentOf(row);
    },
  } satisfies Partial<Loads>;
}
