/** Changes that are more often a mistake than meant: a person says that they are. */
import { plural } from "../say.ts";
import { named } from "./naming.ts";
import type { Plan } from "./plan.ts";

/** Why a person must confirm a change; empty where nobody must. */
export function confirmations({ workflows, people }: Plan): string[] {
  const { before, removed } = workflows;
  return [
    ...(removed.length * 3 > before
      ? [`${removed.length} of ${plural(before, "workflow")} would be removed, more than a third: ${named(removed)}`]
      : []),
    ...people.emptied.map((role) => `nobody would have the role ${role} any more`),
  ];
}
