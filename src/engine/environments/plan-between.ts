/** What going from one commit to another would change in an environment, with what it touches there. */

import { type Plan, planOf } from "../../core/plan/plan.ts";
import type { Environments } from "../../ports/environments.ts";
import type { Queries } from "../../ports/queries.ts";
import { type ResolvingParts, resolve } from "./refs.ts";
import { ConfigRefused, type LoadedRevisions, type Reading } from "./revisions.ts";
import { type TagDriftParts, tagDriftOf } from "./tag-drift.ts";

export type PlanParts = ResolvingParts &
  TagDriftParts & { readonly queries: Queries; readonly revisions: LoadedRevisions };

/** Rejects with `ConfigRefused` when the commit that is gone to has mistakes. */
export async function planBetween(
  { queries, revisions, conditions }: Pick<PlanParts, "queries" | "revisions" | "conditions">,
  { from, to }: { readonly from: string | null; readonly to: string },
  environment: string,
): Promise<Plan> {
  const after = await revisions.read(to);
  const before = from === null ? undefined : await readOld(revisions, from);
  const tagDrift = await tagDriftOf({ conditions }, after.config, environment);
  return planOf(
    { before, after },
    { tasks: await queries.tallies(environment), ...(tagDrift !== null && { tagDrift }) },
  );
}

/** An older calops may have taken what this one refuses; then everything counts as new. */
async function readOld(revisions: LoadedRevisions, commit: string): Promise<Reading | undefined> {
  try {
    return await revisions.read(commit);
  } catch (error) {
    if (error instanceof ConfigRefused) return undefined;
    throw error;
  }
}

export async function planFor(
  parts: PlanParts,
  from: string | undefined,
  to: string | undefined,
  environment: string,
): ReturnType<Environments["plan"]> {
  const { queries, repository, follower } = parts;
  const looked = await follower.look();
  const [row] = await queries.environmentsNamed([environment]);
  const word = to ?? row?.target?.commit;
  if (word === undefined)
    return looked === "away"
      ? { ok: false, reason: "unreachable" }
      : { ok: false, reason: "nothing-to-deploy", detail: row?.trouble ?? "there is nothing to follow" };
  const wanted = await resolve(parts, word);
  if (!wanted.ok) return wanted;
  const running = async () => (row?.commit ? await repository.commit(row.commit) : undefined);
  const base = from === undefined ? { ok: true as const, commit: await running() } : await resolve(parts, from);
  if (!base.ok) return base;
  const before = base.commit ?? null;
  try {
    const plan = await planBetween(parts, { from: before?.id ?? null, to: wanted.commit.id }, environment);
    return { ok: true, from: before, to: wanted.commit, plan };
  } catch (error) {
    if (!(error instanceof ConfigRefused)) throw error;
    return { ok: false, reason: "mistakes", commit: wanted.commit.id, issues: error.issues };
  }
}
