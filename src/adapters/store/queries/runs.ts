/** Runs, and where they come from. */
import type { Kysely } from "kysely";
import type { Queries } from "../../../ports/queries.ts";
import { quarantinedOf, runOf } from "../rows/runs.ts";
import type { Schema } from "../schema.ts";
import { countAll } from "./counts.ts";

export function runQueries(db: Kysely<Schema>) {
  return {
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
  } satisfies Partial<Queries>;
}
