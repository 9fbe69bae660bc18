/** Changes that are more often a mistake than meant: a person says that they are. */
import { plural } from "../say.ts";
import type { JudgedChange } from "./judged.ts";
import { named } from "./naming.ts";
import { widerRights } from "./people-change.ts";
import type { Plan } from "./plan.ts";
import { UNKNOWN } from "./rights-change.ts";

/** Why a person must confirm a change; empty where nobody must. */
export function confirmations({ workflows, people, settings, from }: Plan): string[] {
  const { before, removed } = workflows;
  return [
    ...(removed.length * 3 > before
      ? [`${removed.length} of ${plural(before, "workflow")} would be removed, more than a third: ${named(removed)}`]
      : []),
    ...(from === null ? [] : settings)
      .filter(({ what }) => /^conditions\.(major|minor)$/.test(what))
      .map(
        ({ what, from, to }) =>
          `runs would be other moments for the conditions, and what tags hold keeps the moments it has: ${what} ${from} -> ${to}`,
      ),
    ...widerRights(people).flatMap(confirmationOf),
    ...people.emptied.map((role) => `nobody would have the role ${role} any more`),
  ];
}

function confirmationOf({ of, what, from, to }: JudgedChange): string[] {
  if (of === UNKNOWN) return [`${of} could see more: ${what} ${from} -> ${to}`];
  return what === "commands" && to === "all" ? [`the ${of} would give every command`] : [];
}
