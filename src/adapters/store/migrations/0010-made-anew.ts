/** Tasks that were made anew are few, and the only ones of which retention of outputs looks for more. */
import type { Migration } from "./migration.ts";

export const madeAnew: Migration = {
  version: 10,
  statements: () => ["create index tasks_made_anew on tasks (campaign, id) where attempt > 1"],
};
