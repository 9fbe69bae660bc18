/** How environments stand: what runs, what should, and everything that people laid over what git says. */
import { branchOf, type Environment, PRODUCTION, shortCommit } from "../../core/environment/environment.ts";
import { isFrozen } from "../../core/environment/life.ts";
import { taskInWords } from "../../core/task/task.ts";
import type { Instant } from "../../core/time.ts";
import type { ConfigRepository } from "../../ports/config-repository.ts";
import type { EnvironmentFacts, Overlay } from "../../ports/environments.ts";
import type { Queries } from "../../ports/queries.ts";
import type { RulesInForce } from "./rules-in-force.ts";

export type DescribeParts = {
  readonly queries: Queries;
  readonly repository: ConfigRepository;
  readonly rules: RulesInForce;
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
  const { queries, repository, rules } = parts;
  const [newest] = await queries.deploymentPage({ environment: environment.name, limit: 1 });
  const running = await queries.runningDeployment(environment.name);
  const pending = newest && newest.id !== running?.id && newest.state !== "superseded" ? newest : null;
  const commitOf = async (id: string | null | undefined) => (id ? ((await repository.commit(id)) ?? null) : null);
  return {
    environment,
    ...syncOf(environment, parts.answers(), pending?.reason ?? null),
    health: await healthOf(queries, environment.name),
    commit: await commitOf(environment.commit),
    targetCommit: await commitOf(environment.target?.commit),
    running: running ?? null,
    pending,
    overlays: await overlaysOf(queries, environment, parts.now()),
    rules: rules.rules,
  };
}

/** What cannot be seen is neither in step nor out of step. */
function syncOf(
  { target, trouble, commit, quarantine }: Environment,
  answers: boolean,
  pending: string | null,
): Pick<EnvironmentFacts, "sync" | "why"> {
  if (!answers) return { sync: "unknown", why: "the config repository does not answer" };
  if (target === null) return { sync: "unknown", why: trouble };
  if (commit === target.commit) return { sync: "synced", why: trouble };
  const bad = quarantine.find((one) => one.commit === target.commit);
  if (bad) return { sync: "out-of-sync", why: `${shortCommit(bad.commit)} was taken back by ${bad.by}: ${bad.why}` };
  return { sync: "out-of-sync", why: trouble ?? pending };
}

async function healthOf(queries: Queries, environment: string): Promise<EnvironmentFacts["health"]> {
  const tallies = await queries.tallies(environment);
  const has = (state: string) => tallies.some((tally) => tally.state === state && tally.count > 0);
  if (has("failed") || (await queries.firingAlerts(environment)).length > 0) return "degraded";
  const states = await queries.workflowStates(environment);
  if (states.some((state) => state.paused !== null)) return "paused";
  return has("processing") ? "progressing" : "healthy";
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
  if (branchOf(name) !== undefined) return overlays;
  for (const run of await queries.heldRuns())
    if (run.hold)
      overlays.push({ what: `run ${run.number} held`, ...run.hold, until: null, end: `release run:${run.number}` });
  return overlays;
}
