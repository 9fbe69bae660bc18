/** Which commit a rollback goes to. */
import { type Refused, refuse } from "../decision.ts";
import type { Environment } from "../environment/environment.ts";
import type { Deployment } from "./deployment.ts";

export type Back = {
  readonly ok: true;
  /** The commit that runs, and is taken back. */
  readonly from: string;
  /** By which the commit ran that is gone back to. */
  readonly deployment: Deployment;
};

/**
 * The last good one, or one that a person names, as long as it has run. What was taken back before is not good.
 *
 * @param deployments of this environment, newest first
 */
export function backTo(
  { commit: from, quarantine }: Pick<Environment, "commit" | "quarantine">,
  deployments: readonly Deployment[],
  named: string | undefined,
): Back | Refused<"nothing-before" | "already-deployed" | "never-ran"> {
  if (from === null) return refuse("nothing-before");
  if (named === from) return refuse("already-deployed");
  const ran = deployments.filter(({ tookMs }) => tookMs !== null);
  if (named !== undefined) {
    const earlier = ran.find(({ commit }) => commit === named);
    return earlier ? { ok: true, from, deployment: earlier } : refuse("never-ran");
  }
  const bad = new Set([from, ...quarantine.map(({ commit }) => commit)]);
  const last = ran.find(({ state, commit }) => state === "superseded" && !bad.has(commit));
  return last ? { ok: true, from, deployment: last } : refuse("nothing-before");
}
