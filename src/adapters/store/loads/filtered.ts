import { sql } from "kysely";

/**
 * Nearly all tasks are in one environment and one campaign: a condition on these may filter, and must never be what a plan
 * begins with. The expression is one that no index has.
 */
export function filtered(column: `${"tasks" | "signoffs"}.${"environment" | "campaign" | "workflow"}`, value: string) {
  return sql<boolean>`${sql.ref(column)} || '' = ${value}`;
}
