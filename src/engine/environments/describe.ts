/** How environments stand: what runs, what should, and everything that people laid over what git says. */
import { matchersInWords } from "../../core/alert/silence.ts";
import { branchOf, type Environment, PRODUCTION, shortCommit } from "../../core/environment/environment.ts";
import { isFrozen } from "../../core/environment/life.ts";
import { matches } from "../../core/environment/matching.ts";
import { healthOf, syncOf } from "../../core/environment/standing.ts";
import { taskInWords } from "../../core/task/task.ts";
import type { Instant } from "../../core/time.ts";
import type { ConfigRepository } from "../../ports/config-repository.ts";
import type { EnvironmentFacts, Overlay } from "../../ports/environments.ts";
import type { Queries } from "../../ports/queries.ts";
import type { LoadedRevisions } from "./revisions.ts";
import type { RulesInForce } from "./rules-in-force.ts";
import { type TagDriftParts, tagDriftOf } from "./tag-drift.ts";

export type DescribeParts = TagDriftParts & {
  readonly queries: Queries;
  readonly repository: ConfigRepository;
  readonly rules: RulesInForce;
  readonly revisions: Pick<LoadedRevisions, "current">;
  readonly answers: () => boolean;
  readonly now: () => Instant;
};

export async function describe(parts: DescribeParts, name: string | undefined): Promise<EnvironmentFacts[]> {
  const all = await parts.queries.environments();
  const wanted = all.filter((one) => (name === undefined ? one.archivedAt === null : one.name === name));
  const facts: EnvironmentFacts[] = [];
  for (const environment of wanted.sort(productionFirst)) facts.push(await factsOf(parts, environment));
  return facts;
}

function productionFirst(a: Environment, b: Environment): number {
  return Number(b.name === PRODUCTION) - Number(a.name === PRODUCTION) || a.name.localeCompare(b.name);
}

async function factsOf(parts: DescribeParts, environment: Environment): Promise<EnvironmentFacts> {
  const { queries, repository, rules, revisions } = parts;
  const { name, commit, target } = environment;
  const commitOf = async (id: string | undefined) =>
    id === undefined ? null : ((await repository.commit(id)) ?? null);
  const states = await queries.workflowStates(name);
  return {
    environment,
    ...syncOf(environment, {
      answers: parts.answers(),
      last: target === null ? undefined : await queries.lastDeploymentOf(name, target.commit),
    }),
    health: healthOf({
      tallies: await queries.tallies(name),
      alerts: (await queries.firingAlerts(name)).length,
      paused: states.filter(({ paused }) => paused !== null).length,
    }),
    commit: await commitOf(commit ?? undefined),
    targetCommit: await commitOf(target?.commit),
    running: (await queries.runningDeployment(name)) ?? null,
    pending: (await queries.openDeployments(name)).at(-1) ?? null,
    overlays: await overlaysOf(queries, environment, parts.now()),
    tagDrift: commit === null ? [] : await tagDriftOf(parts, revisions.current(name).config, name),
    rules: rules.rules,
  };
}

async function overlaysOf(queries: Queries, environment: Environment, now: Instant): Promise<Overlay[]> {
  const { name, freeze, lock, quarantine } = environment;
  const overlays: Overlay[] = [];
  if (freeze && isFrozen(environment, now)) overlays.push({ what: "a freeze", ...freeze, end: `unfreeze ${name}` });
  if (lock) overlays.push({ what: "a lock", ...lock, until: null, end: `unlock ${name}` });
  for (const { commit, ...bad } of quarantine)
    overlays.push({
      what: `${shortCommit(commit)} taken back`,
      ...bad,
      until: null,
      end: `deploy ${name} ${shortCommit(commit)}`,
    });
  for (const { workflow, paused } of await queries.workflowStates(name))
    if (paused)
      overlays.push({ what: `workflow ${workflow} paused`, ...paused, until: null, end: `resume ${workflow}` });
  for (const task of await queries.heldTasks(name))
    if (task.hold)
      overlays.push({
        what: `task ${task.id}, ${taskInWords(task)}, held`,
        ...task.hold,
        until: null,
        end: `release ${task.id}`,
      });
  for (const { id, matchers, by, at, until, why } of await queries.silences(now))
    if (matchers.every(({ what, value }) => what !== "environment" || matches(value.replaceAll("*", "**"), name)))
      overlays.push({
        what: `alerts silenced where ${matchersInWords(matchers)}`,
        by,
        why,
        since: at,
        until,
        end: `unsilence ${id}`,
      });
  if (branchOf(name) !== undefined) return overlays;
  for (const run of await queries.heldRuns())
    if (run.hold)
      overlays.push({ what: `run ${run.number} held`, ...run.hold, until: null, end: `release run:${run.number}` });
  return overlays;
}
