/** Sign-offs, as people look for them. */
import type { Kysely } from "kysely";
import type { Queries } from "../../../ports/queries.ts";
import { filtered } from "../loads/filtered.ts";
import { signoffOf } from "../rows/signoffs.ts";
import type { Schema } from "../schema.ts";

export function signoffQueries(db: Kysely<Schema>) {
  return {
    async signoffPage({ limit, environment, campaign, workflow, task, states }) {
      let query = db.selectFrom("signoffs").selectAll().orderBy("id", "desc").limit(limit);
      if (environment !== undefined) query = query.where(filtered("signoffs.environment", environment));
      if (campaign !== undefined) query = query.where(filtered("signoffs.campaign", campaign));
      if (workflow !== undefined) query = query.where(filtered("signoffs.workflow", workflow));
      if (task !== undefined) query = query.where("task_id", "=", task);
      if (states) query = query.where("state", "in", [...states]);
      return (await query.execute()).map(signoffOf);
    },
  } satisfies Partial<Queries>;
}
