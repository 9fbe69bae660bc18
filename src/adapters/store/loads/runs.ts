/** Runs, and what is known of where they come from. */
import type { Kysely } from "kysely";
import type { Loads } from "../../../ports/loads.ts";
import { quarantinedOf, runOf } from "../rows/runs.ts";
import type { Schema } from "../schema.ts";
import { byChunks } from "./chunks.ts";

export function runLoads(db: Kysely<Schema>) {
  return {
    async runs(numbers) {
      return (
        await byChunks(numbers, (chunk) =>
          db.selectFrom("runs").selectAll().where("number", "in", chunk).orderBy("number").execute(),
        )
      ).map(runOf);
    },
    async lastRuns(limit) {
      return (await db.selectFrom("runs").select("number").orderBy("number", "desc").limit(limit).execute()).map(
        (row) => row.number,
      );
    },
    async runsBetween(from, to, limit) {
      const rows = await db
        .selectFrom("runs")
        .select("number")
        .where("number", ">=", from)
        .where("number", "<=", to)
        .orderBy("number")
        .limit(limit)
        .execute();
      return rows.map((row) => row.number);
    },
    async quarantined(ids) {
      return (
        await byChunks(ids, (chunk) => db.selectFrom("quarantine").selectAll().where("id", "in", chunk).execute())
      ).map(quarantinedOf);
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
  } satisfies Partial<Loads>;
}
