/** Whether a commit may be deployed at all, and what people should know of it first: its mistakes, its signature, its history. */
import type { Issue } from "../../core/config/issue.ts";
import type { Deployment } from "../../core/deployment/deployment.ts";
import { branchOf, PRODUCTION, shortCommit, shortRef } from "../../core/environment/environment.ts";
import { keysOf } from "../../core/environment/keys.ts";
import { confirmations } from "../../core/plan/confirmations.ts";
import type { Plan } from "../../core/plan/plan.ts";
import type { ConfigRepository } from "../../ports/config-repository.ts";
import type { Queries } from "../../ports/queries.ts";
import type { Revision } from "../../ports/revisions.ts";
import type { Engine } from "../engine.ts";
import { planBetween } from "./plan-between.ts";
import { ConfigRefused, type LoadedRevisions } from "./revisions.ts";
import type { RulesInForce } from "./rules-in-force.ts";
import type { TagDriftParts } from "./tag-drift.ts";
import { issueSummary } from "./words.ts";

export type FitnessParts = TagDriftParts & {
  readonly engine: Engine;
  readonly queries: Queries;
  readonly repository: ConfigRepository;
  readonly revisions: LoadedRevisions;
  readonly rules: RulesInForce;
};

export type Fit = {
  readonly revision: Revision;
  readonly plan: Plan;
  /** Why a person has to look at it. */
  readonly confirmations: readonly string[];
};

/** A commit that is not to be deployed, with why. */
export class NotFit extends Error {
  readonly issues: readonly Issue[];

  constructor(why: string, issues: readonly Issue[] = []) {
    super(why);
    this.name = "NotFit";
    this.issues = issues;
  }
}

/** Rejects with `NotFit`. */
export async function checkFitness(parts: FitnessParts, deployment: Deployment): Promise<Fit> {
  const { revisions, engine } = parts;
  const { environment, commit, from, kind } = deployment;
  const revision = await load(parts, deployment);
  const isMirror = branchOf(environment) !== undefined;
  if (isMirror) await checkMirror(engine, revision);
  // What is rolled back to has run; a key that was taken away since must not keep people from it.
  else if (kind === "deploy") await checkSignature(parts, deployment);
  // Of a branch one wants to know how it differs from what everybody uses.
  const before = isMirror ? revisions.current(PRODUCTION).commit || null : from;
  const plan = await planBetween(parts, { from: before, to: commit }, PRODUCTION);
  if (kind === "rollback" || isMirror) return { revision, plan, confirmations: [] };
  return { revision, plan, confirmations: [...confirmations(plan), ...(await oddHistory(parts, deployment))] };
}

async function load({ revisions, rules }: FitnessParts, { environment, commit }: Deployment): Promise<Revision> {
  try {
    return await revisions.load(environment, commit, rules.rules.mirrors);
  } catch (error) {
    if (!(error instanceof ConfigRefused)) throw error;
    throw new NotFit(issueSummary(error.issues), error.issues);
  }
}

async function checkSignature({ repository, rules }: FitnessParts, { commit, ref }: Deployment): Promise<void> {
  const { signed } = rules.rules.production.requires;
  if (!signed) return;
  const people = Object.entries(rules.people).filter(
    ([, { roles }]) => signed.role === undefined || roles.includes(signed.role),
  );
  const keys = keysOf(Object.fromEntries(people));
  const tag = ref?.startsWith("refs/tags/") ? await repository.signature({ tag: ref }, keys) : undefined;
  const signature = tag?.kind === "good" ? tag : await repository.signature({ commit }, keys);
  if (signature.kind === "good") return;
  const whose = signed.role === undefined ? "a person of people.yaml" : `a person with the role ${signed.role}`;
  const told = [tag, signature].flatMap((one) => (one?.kind === "bad" ? [one.why] : []));
  throw new NotFit(
    `environments.yaml asks for a tag or commit that is signed with a key of ${whose}${told.length > 0 ? `: ${told.join("; ")}` : ", and neither is"}`,
  );
}

/** Its jobs run where production's do, if these can keep them apart. */
async function checkMirror({ executors }: Engine, { config, mirror }: Revision): Promise<void> {
  const ofTasks = Object.values(config.workflows).flatMap(({ tasks }) => tasks.map((task) => task.executor));
  const names = [...ofTasks, ...Object.values(config.campaigns).flatMap(({ executor }) => executor ?? [])];
  for (const name of new Set(names)) {
    const executor = executors.all.find((one) => one.name === name);
    if (!executor)
      throw new NotFit(
        `there is no executor ${name} in production, whose executors mirrors use; merge it first, or use another`,
      );
    const why = mirror?.isolated ? await executor.cannotIsolate() : undefined;
    if (why !== undefined)
      throw new NotFit(
        `executor ${name} cannot keep the jobs of a branch away from the bot: ${why}. Where whoever can push a branch may read all that the bot can, write isolation: none under mirrors in environments.yaml`,
      );
  }
}

/** What does not go forward, or is not what it was when it was deployed before, is for a person to look at. */
async function oddHistory(parts: FitnessParts, { environment, commit, ref, from }: Deployment): Promise<string[]> {
  const { repository, queries, rules } = parts;
  const odd: string[] = [];
  const follows = rules.rules.production.follow.kind === "branch" && ref !== null && !repository.plain;
  if (follows && from !== null && !(await repository.isWithin(from, commit)))
    odd.push(
      `the branch was rewritten: ${shortCommit(from)}, which runs, is not among the commits behind ${shortCommit(commit)}`,
    );
  const earlier = ref?.startsWith("refs/tags/") ? await queries.lastDeploymentBy(environment, ref) : undefined;
  if (ref !== null && earlier && earlier.commit !== commit)
    odd.push(`the tag ${shortRef(ref)} was moved after it had been deployed as ${shortCommit(earlier.commit)}`);
  return odd;
}
