/** The groups that runs make, and the runs that they are made of. */
import { type Kysely, sql } from "kysely";
import type { GroupHome } from "../../../core/group/group.ts";
import type { Loads } from "../../../ports/loads.ts";
import { groupOf } from "../rows/groups.ts";
import { runOf } from "../rows/runs.ts";
import type { Schema } from "../schema.ts";
import { byChunks } from "./chunks.ts";

export function groupLoads(db: Kysely<Schema>) {
  const inHome = (home: GroupHome) =>
    db
      .selectFrom("run_groups")
      .selectAll()
      .where("environment", "=", home.environment)
      .where("campaign", "=", home.campaign)
      .where("workflow", "=", home.workflow);

  return {
    async groups(ids) {
      return (
        await byChunks(ids, (chunk) =>
          db.selectFrom("run_groups").selectAll().where("id", "in", chunk).orderBy("id").execute(),
        )
      ).map(groupOf);
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
  } satisfies Partial<Loads>;
}
