/** What going from one commit to another would change in an environment, with what it touches there. */

import { type Plan, planOf } from "../../core/plan/plan.ts";
import { type ConfigRepository, RemoteAway } from "../../ports/config-repository.ts";
import type { Environments } from "../../ports/environments.ts";
import type { Queries } from "../../ports/queries.ts";
import type { Follower } from "./follower.ts";
import { meantBy } from "./refs.ts";
import { ConfigRefused, type LoadedRevisions, type Reading } from "./revisions.ts";

export type PlanParts = {
  readonly queries: Queries;
  readonly revisions: LoadedRevisions;
  readonly repository: ConfigRepository;
  readonly follower: Follower;
};

/** Rejects with `ConfigRefused` when the commit that is gone to has mistakes. */
export async function planBetween(
  { queries, revisions }: Pick<PlanParts, "queries" | "revisions">,
  { from, to }: { readonly from: string | null; readonly to: string },
  environment: string,
): Promise<Plan> {
  const after = await revisions.read(to);
  const before = from === null ? undefined : await readOld(revisions, from);
  return planOf({ before, after }, { tasks: await queries.tallies(environment) });
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

type PlanAnswer = Awaited<ReturnType<Environments["plan"]>>;

export async function planFor(
  parts: PlanParts,
  from: string | undefined,
  to: string | undefined,
  environment: string,
): Promise<PlanAnswer> {
  const { queries, repository, revisions, follower } = parts;
  const looked = await follower.look();
  const [row] = await queries.environmentsNamed([environment]);
  if (to === undefined && !row?.target)
    return looked === "away"
      ? { ok: false, reason: "unreachable" }
      : { ok: false, reason: "nothing-to-deploy", detail: row?.trouble ?? "there is nothing to follow" };
  const wanted = await resolve(parts, to ?? row?.target?.commit ?? "");
  if (!wanted.ok) return wanted;
  const base = from === undefined ? (row?.commit ?? null) : null;
  const old = from === undefined ? (base === null ? undefined : await repository.commit(base)) : undefined;
  const named = from === undefined ? undefined : await resolve(parts, from);
  if (named && !named.ok) return named;
  const before = named?.commit ?? old ?? null;
  try {
    const plan = await planBetween(
      { queries, revisions },
      { from: before?.id ?? null, to: wanted.commit.id },
      environment,
    );
    return { ok: true, from: before, to: wanted.commit, plan };
  } catch (error) {
    if (!(error instanceof ConfigRefused)) throw error;
    return { ok: false, reason: "mistakes", commit: wanted.commit.id, issues: error.issues };
  }
}

export async function resolve(
  { repository, follower }: Pick<PlanParts, "repository" | "follower">,
  word: string,
): Promise<Awaited<ReturnType<Environments["resolve"]>>> {
  try {
    const meaning = await meantBy(word, repository, follower.refs);
    if (meaning.kind === "found") return { ok: true, commit: meaning.commit, ref: meaning.ref };
    if (meaning.kind === "ambiguous") return { ok: false, reason: "ambiguous-ref", detail: meaning.names.join(" or ") };
  } catch (error) {
    if (!(error instanceof RemoteAway)) throw error;
  }
  return { ok: false, reason: "unknown-ref", detail: word };
}
