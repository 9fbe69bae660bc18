/** What a bot that is started finds in force: the rules, and what each environment runs, without asking the remote. */
import { branchOf } from "../../core/environment/environment.ts";
import type { Log } from "../../ports/log.ts";
import type { Queries } from "../../ports/queries.ts";
import type { LoadedRevisions } from "./revisions.ts";
import { RULES_FACT, type RulesInForce } from "./rules-in-force.ts";

export type RecallParts = {
  readonly queries: Queries;
  readonly revisions: LoadedRevisions;
  readonly rules: RulesInForce;
  readonly log: Log;
};

export async function recall({ queries, revisions, rules, log }: RecallParts): Promise<void> {
  const known = await queries.fact(RULES_FACT);
  if (known) {
    const issues = await rules.take(known);
    if (issues.length > 0)
      log.warn({ commit: known, issues: issues.length }, "the rules in force cannot be read any more");
  }
  for (const { name, commit, archivedAt } of await queries.environments()) {
    if (commit === null || archivedAt !== null) continue;
    try {
      revisions.switchTo(name, await revisions.load(name, commit, rules.rules.mirrors));
    } catch (error) {
      if (branchOf(name) === undefined) throw error;
      log.warn(
        { environment: name, commit, error: (error as Error).message },
        "a mirror cannot go on; it waits for its branch",
      );
    }
  }
  for (const { environment, commit } of await queries.commitsInUse()) {
    await revisions
      .load(environment, commit, rules.rules.mirrors)
      .catch((error) =>
        log.warn(
          { environment, commit, error: (error as Error).message },
          "tasks that began on this commit wait: it cannot be read",
        ),
      );
  }
}
