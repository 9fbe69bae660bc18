/** Brings the tables to the version that this program knows: forward only, after a backup, each step whole or not at all. */
import { type Kysely, sql } from "kysely";
import type { DialectTypes, Migration } from "./migrations/migration.ts";
import type { Schema } from "./schema.ts";

/** A store that a newer calops wrote; this one would not understand it. */
export class NewerStore extends Error {
  constructor(found: number, known: number) {
    super(
      `the store has version ${found} and this calops knows ${known}; start the newer calops, or restore the backup that it made before it migrated`,
    );
    this.name = "NewerStore";
  }
}

export type MigrationPlan = {
  readonly migrations: readonly Migration[];
  readonly types: DialectTypes;
  readonly now: number;
  /** Called once before the first step of a store that has something in it. */
  backup(fromVersion: number): Promise<void>;
};

/** The version that the store has now. */
export async function migrate(db: Kysely<Schema>, plan: MigrationPlan): Promise<number> {
  await sql`create table if not exists schema_version (version ${sql.raw(plan.types.int)} primary key, migrated_at ${sql.raw(plan.types.int)} not null)`.execute(
    db,
  );
  const current = await versionOf(db);
  const known = plan.migrations.at(-1)?.version ?? 0;
  if (current > known) throw new NewerStore(current, known);
  const steps = plan.migrations.filter((step) => step.version > current);
  if (steps.length > 0 && current > 0) await plan.backup(current);
  for (const step of steps) {
    await db.transaction().execute(async (tx) => {
      // The number first: of two processes that migrate at once, the second fails here and has changed nothing.
      await tx.insertInto("schema_version").values({ version: step.version, migrated_at: plan.now }).execute();
      for (const statement of step.statements(plan.types)) await sql.raw(statement).execute(tx);
    });
  }
  return known;
}

async function versionOf(db: Kysely<Schema>): Promise<number> {
  const row = await db
    .selectFrom("schema_version")
    .select((eb) => eb.fn.max("version").as("version"))
    .executeTakeFirst();
  return Number(row?.version ?? 0);
}
