/** Which runs belong together. */
import { type Kysely, sql } from "kysely";
import type { Queries } from "../../../ports/queries.ts";
import { groupOf } from "../rows/groups.ts";
import type { Schema } from "../schema.ts";

export function groupQueries(db: Kysely<Schema>) {
  return {
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
    async openGroupsOf(environment, workflow) {
      let query = db
        .selectFrom("run_groups")
        .selectAll()
        .where("environment", "=", environment)
        .where("state", "=", sql.lit("open"));
      if (workflow !== undefined) query = query.where("workflow", "=", workflow);
      return (await query.orderBy("id").execute()).map(groupOf);
    },
  } satisfies Partial<Queries>;
}
