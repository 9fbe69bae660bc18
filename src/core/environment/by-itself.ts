/** What an environment takes up by itself of what is seen at the remote, and what it leaves to people. */
import type { Deployment } from "../deployment/deployment.ts";
import { branchOf, type Environment, PRODUCTION, shortRef, type Target } from "./environment.ts";
import { isOlder } from "./follow.ts";
import type { Follow } from "./rules.ts";

/** Why production stays on the tag that it runs: one that is taken away must not bring an older version back. */
export function whyNotBack(
  { name, ref, commit }: Pick<Environment, "name" | "ref" | "commit">,
  to: Target | null,
  follow: Follow,
): string | undefined {
  if (name !== PRODUCTION || follow.kind !== "tag" || to === null || commit === to.commit) return undefined;
  if (!ref?.startsWith("refs/tags/") || !isOlder(to.ref, ref, follow.pattern)) return undefined;
  return `${shortRef(ref)}, which runs, is no tag of the repository any more, and ${shortRef(to.ref)} is older. To go back to it: deploy ${PRODUCTION} ${shortRef(to.ref)}`;
}

/**
 * One attempt a commit: what was refused or taken back, or what a person went away from, comes again only by a person.
 *
 * @param last the newest deployment of this commit in this environment
 */
export function mayTry(
  { name, quarantine }: Pick<Environment, "name" | "quarantine">,
  commit: string,
  last: Pick<Deployment, "state" | "tookMs"> | undefined,
): boolean {
  if (quarantine.some((one) => one.commit === commit)) return false;
  if (!last || (last.state === "superseded" && last.tookMs === null)) return true;
  // A branch may go back and forth, and its mirror goes with it.
  return branchOf(name) !== undefined && last.state !== "failed";
}
