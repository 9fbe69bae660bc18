/**
 * A campaign that is asked for in a chat: checked as the file that it would be, within the whole configuration at the head of the
 * protected branch; shown with what it would cost; and, once that was confirmed, written as a branch and a pull request. It is
 * the same branch however often the same is asked for.
 */
import { estimate, type TaskWish } from "../../core/campaign/estimate.ts";
import { groupsOf } from "../../core/campaign/groups-of.ts";
import { campaignRef } from "../../core/campaign/life.ts";
import { type CampaignRequest, fileOf, yamlOf } from "../../core/campaign/request.ts";
import type { Actor } from "../../core/command/command.ts";
import { type Campaign, type Config, workflowsOf } from "../../core/config/config.ts";
import type { Kinds } from "../../core/config/kinds.ts";
import { readConfig } from "../../core/config/read-config.ts";
import { PRODUCTION, shortCommit, shortRef } from "../../core/environment/environment.ts";
import { constantJobs } from "../../core/job/split.ts";
import { code, say } from "../../core/say.ts";
import type { CampaignPlan, NotRequested, RequestedCampaign } from "../../ports/campaigns.ts";
import { type CodeHost, CodeHostError } from "../../ports/code-host.ts";
import { CannotPropose, type ConfigRepository, type Ref, RemoteAway } from "../../ports/config-repository.ts";
import type { Queries } from "../../ports/queries.ts";
import type { Engine } from "../engine.ts";
import type { Follower } from "../environments/follower.ts";
import { ConfigRefused, type LoadedRevisions } from "../environments/revisions.ts";

export type RequestingParts = {
  readonly engine: Engine;
  readonly queries: Queries;
  readonly repository: ConfigRepository;
  readonly revisions: LoadedRevisions;
  readonly follower: Pick<Follower, "look" | "refs" | "trouble">;
  readonly kinds: Kinds;
  readonly host: () => CodeHost | undefined;
};

/** So many runs are looked at for the plan; of more, it is reckoned up from these. */
const MOST_LOOKED_AT = 20_000;
const MOST_RUNS = 200_000;
/** Tasks that were done last, from which the cost of the next ones is reckoned. */
const REMEMBERED = 20;

type Planned = { readonly plan: CampaignPlan; readonly onto: Ref };

export async function planRequest(
  parts: RequestingParts,
  request: CampaignRequest,
): Promise<{ readonly ok: true; readonly plan: CampaignPlan } | NotRequested> {
  const found = await planned(parts, request);
  return "ok" in found ? found : { ok: true, plan: found.plan };
}

export async function openRequest(
  parts: RequestingParts,
  request: CampaignRequest,
  actor: Actor,
): Promise<RequestedCampaign | NotRequested> {
  const { engine, repository } = parts;
  const found = await planned(parts, request);
  if ("ok" in found) return found;
  const { plan, onto } = found;
  const branch = `calops/campaign-${request.name}-${engine.scene.digest(plan.yaml).slice(0, 8)}`;
  const people = engine.scene.people();
  const known = Object.hasOwn(people, actor.id) ? people[actor.id] : undefined;
  // In the name of who asked: whoever approves it must be somebody else, where the rules say so.
  const author = known
    ? { author: known.name, email: known.email ?? known.emails[0] ?? "calops@localhost" }
    : { author: "calops", email: "calops@localhost" };
  const title = `Campaign ${request.name}`;
  try {
    await repository.openProposal({
      branch,
      onto,
      files: { [plan.file]: plan.yaml },
      message: `${title}\n\nAsked for by ${actor.id}.\n`,
      author,
    });
  } catch (error) {
    if (error instanceof CannotPropose) return { ok: false, reason: "cannot-propose", detail: error.message };
    if (error instanceof RemoteAway) return { ok: false, reason: "unreachable", detail: error.message };
    throw error;
  }
  const pull = await pullFor(parts, { branch, into: shortRef(onto.name), title, plan, by: actor.id });
  await engine.do("request campaign", async (ledger) => {
    ledger.record(
      {
        kind: "campaign",
        ref: campaignRef({ environment: PRODUCTION, name: request.name }),
        event: "requested",
        detail: { branch, url: pull.url },
      },
      { by: actor.id },
    );
  });
  return { ok: true, plan, branch, ...pull };
}

type Wanted = {
  readonly branch: string;
  readonly into: string;
  readonly title: string;
  readonly plan: CampaignPlan;
  readonly by: string;
};

/** The branch is there already: a host that does not answer leaves opening the pull request to the person. */
async function pullFor(
  { host }: RequestingParts,
  { branch, into, title, plan, by }: Wanted,
): Promise<{ url: string | null; opened: boolean; trouble: string | null }> {
  const reached = host();
  if (!reached) return { url: null, opened: false, trouble: null };
  const text = [
    say`${by} asks for this campaign. It would be about ${plan.tasks} tasks and ${plan.jobs} jobs for ${plan.runs} runs.`,
    code(plan.yaml),
    say`Merged and deployed it is a draft: campaign start ${plan.name} starts it.`,
  ];
  try {
    const pull = await reached.openPull({ branch, into, title, text });
    return { url: pull.url, opened: true, trouble: null };
  } catch (error) {
    if (!(error instanceof CodeHostError)) throw error;
    return { url: reached.proposal(branch, into), opened: false, trouble: error.message };
  }
}

async function planned(parts: RequestingParts, request: CampaignRequest): Promise<Planned | NotRequested> {
  const { repository, revisions, follower } = parts;
  if ((await follower.look()) === "away") return { ok: false, reason: "unreachable", detail: follower.trouble };
  const { refs } = follower;
  const onto = refs?.branches.find(({ name }) => name === refs.head);
  if (!onto) return { ok: false, reason: "unreachable", detail: "nothing was seen of it yet" };
  try {
    await repository.fetch(onto);
    const { checkout } = await revisions.read(onto.commit);
    const files = await repository.read(checkout);
    const file = fileOf(request);
    if (files.texts.has(file)) return { ok: false, reason: "already-there", detail: file };
    const yaml = yamlOf(request);
    const texts = new Map([...files.texts, [file, yaml]]);
    const { config, issues } = readConfig({ ...files, texts }, parts.kinds);
    if (!config) return { ok: false, reason: "mistakes", issues, detail: yaml };
    const campaign = config.campaigns[request.name];
    if (!campaign) throw new Error(`${file} declares no campaign`);
    const cost = await costOf(parts, config, campaign);
    return { plan: { name: request.name, file, yaml, commit: onto.commit, ...cost }, onto };
  } catch (error) {
    if (error instanceof RemoteAway) return { ok: false, reason: "unreachable", detail: error.message };
    if (!(error instanceof ConfigRefused)) throw error;
    return { ok: false, reason: "head-has-mistakes", detail: shortCommit(onto.commit) };
  }
}

async function costOf({ engine, queries }: RequestingParts, config: Config, campaign: Campaign) {
  const numbers: number[] = [];
  for (const { from, to } of campaign.runs ?? []) numbers.push(...(await queries.runsBetween(from, to, MOST_RUNS)));
  const runs = await queries.runs(numbers.slice(0, MOST_LOOKED_AT));
  const factor = runs.length === 0 ? 0 : numbers.length / runs.length;
  const workflows = workflowsOf(config, campaign);
  const wishes: TaskWish[] = [];
  for (const workflow of workflows) {
    const count = Math.round(groupsOf(config, workflow, runs).groups * factor);
    for (const { name, split, combine, executor } of workflow.tasks) {
      const jobs = constantJobs(split);
      wishes.push({
        workflow: workflow.name,
        task: name,
        count,
        jobs: jobs === undefined ? undefined : jobs + (combine ? 1 : 0),
        history: await queries.taskCosts(PRODUCTION, workflow.name, name, REMEMBERED),
        executor: campaign.executor ?? executor,
      });
    }
  }
  const { executors } = engine;
  const places = (name: string) => {
    const found = executors.all.find((one) => one.name === name);
    return found && executors.limitOf(found);
  };
  return {
    runs: numbers.length,
    workflows: workflows.map(({ name }) => {
      const own = wishes.filter((wish) => wish.workflow === name);
      return { workflow: name, tasks: own.reduce((sum, { count }) => sum + count, 0) };
    }),
    ...estimate(wishes, places),
  };
}
