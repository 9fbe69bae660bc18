/**
 * What the start of a campaign needs of the world, done after it: its tags are made ready, and then its runs are given to it in
 * one unit of work. Every step has a key, so that a bot that dies in between begins again and does nothing twice.
 */
import { tagSteps } from "../../core/campaign/beginning.ts";
import { takesRuns } from "../../core/campaign/campaign.ts";
import { countIn } from "../../core/campaign/left.ts";
import { campaignOfRef, prepare, stumble } from "../../core/campaign/life.ts";
import type { Campaign } from "../../core/config/config.ts";
import { branchOf } from "../../core/environment/environment.ts";
import { type Block, plural, say } from "../../core/say.ts";
import { ConditionsUnavailable } from "../../ports/conditions.ts";
import type { Queries } from "../../ports/queries.ts";
import { CALOPS } from "../doer.ts";
import type { Engine } from "../engine.ts";
import type { Ledger } from "../ledger.ts";
import { tagInUse, wakeCampaign } from "../operations/campaigns.ts";
import { reprocessTasks } from "../operations/reprocess.ts";

export type PreparingParts = {
  readonly engine: Engine;
  readonly queries: Queries;
};

const AGAIN_MS = 60_000;
/** So many tasks of an attempt before are taken up anew at a time. */
const BITE = 500;
/** More runs than this are not given to a campaign at once. */
const MOST_RUNS = 200_000;

export async function prepareCampaign(parts: PreparingParts, ref: string): Promise<void> {
  const { engine, queries } = parts;
  const { environment, name } = campaignOfRef(ref);
  const declared = declaredCampaign(engine, environment, name);
  const standing = await queries.campaign(environment, name);
  const errand = { kind: "campaign", ref } as const;
  if (!declared || !standing || standing.prepared || !takesRuns(standing)) {
    await engine.do("no campaign", async (ledger) => {
      await ledger.transaction.finishErrand(errand);
      // It was started while this was looked at.
      const now = declared && (await ledger.campaign(environment, declared));
      if (now && takesRuns(now) && !now.prepared) ledger.wake(errand);
    });
    return;
  }
  const other =
    declared.attempt === standing.attempt
      ? undefined
      : `attempt ${standing.attempt} was started, and attempt ${declared.attempt} is declared by now; finish it with --force, and start it again`;
  const used = await engine.do("look at tags", (ledger) => tagInUse(ledger, engine.scene, environment, name));
  const busy = await underWay(queries, environment, declared);
  const trouble = other ?? used ?? busy ?? (await readyTags(parts, environment, declared, standing.by));
  if (trouble === undefined && (await beginAnew(parts, environment, declared, standing.by)) === "more") {
    await engine.do("begin anew", async (ledger) => ledger.wake(errand));
    return;
  }
  await engine.do("prepare campaign", async (ledger) => {
    await ledger.transaction.finishErrand(errand);
    const now = await ledger.campaign(environment, declared);
    const { channel } = engine.scene.revisions.current(environment).config;
    const tell = (key: string, block: Block) => ledger.post(`campaign ${ref} ${now.attempt} ${key}`, channel, [block]);
    if (trouble !== undefined) {
      const stumbled = ledger.campaigns.accept(stumble(now, now.attempt, trouble, ledger.now), CALOPS);
      ledger.wake(errand, ledger.now + AGAIN_MS);
      if (stumbled.ok)
        tell(
          `trouble ${trouble}`,
          say`Campaign ${name} was started and cannot be prepared: ${trouble}. It is tried again every minute, and nothing of it begins before.`,
        );
      return;
    }
    const prepared = ledger.campaigns.accept(prepare(now, declared.attempt, {}, ledger.now), CALOPS);
    if (!prepared.ok) {
      if (takesRuns(now) && !now.prepared) ledger.wake(errand);
      return;
    }
    const runs = await giveRuns(ledger, environment, declared, now.by);
    tell(
      "prepared",
      say`Campaign ${name}, attempt ${now.attempt}, begins${runs === 0 ? "" : ` with ${plural(runs, "run")}`}. How far it is: campaign progress ${name}`,
    );
    wakeCampaign(ledger, engine.scene, environment, declared);
  });
}

/** What an earlier attempt has not ended yet, in words. */
async function underWay(queries: Queries, environment: string, campaign: Campaign): Promise<string | undefined> {
  if (campaign.attempt === 1) return undefined;
  const tasks = countIn(await queries.tallies(environment), campaign.name, ["processing"]);
  return tasks === 0
    ? undefined
    : `${plural(tasks, "task")} of the attempt before ${tasks === 1 ? "is" : "are"} under way`;
}

/** Everything that an earlier attempt made is made anew, in bites. Nothing of it begins before the campaign is prepared. */
async function beginAnew(
  { engine, queries }: PreparingParts,
  environment: string,
  { name, attempt }: Campaign,
  by: string,
): Promise<"more" | "all"> {
  if (attempt === 1) return "all";
  const states = ["done", "failed", "skipped", "awaiting-signoff"] as const;
  const tasks = await queries.taskPage({ environment, campaign: name, states, limit: BITE });
  const ids = tasks.map(({ id }) => id);
  const why = `attempt ${attempt} of campaign ${name}`;
  await engine.do("begin anew", (ledger) => reprocessTasks(ledger, engine.scene, ids, why, by));
  return tasks.length === BITE ? "more" : "all";
}

/** Why they cannot be made ready; undefined once they are. */
async function readyTags(
  { engine }: PreparingParts,
  environment: string,
  campaign: Campaign,
  by: string,
): Promise<string | undefined> {
  if (!campaign.snapshot && campaign.tags === undefined) return undefined;
  const { conditions } = engine.scene;
  try {
    const existing = new Set((await conditions.tags(environment)).map((tag) => tag.name));
    for (const { tag, change, key } of tagSteps(environment, campaign, existing)) {
      const changed = await conditions.change({ tag, change, key, by, why: `campaign ${campaign.name} begins` });
      if (!changed.ok) return `${tag.name}: ${changed.detail}`;
    }
    return undefined;
  } catch (error) {
    if (error instanceof ConditionsUnavailable) return `the store of conditions does not answer: ${error.message}`;
    throw error;
  }
}

/** All runs that are known of the declared range, and those that were injected while it was a draft. */
async function giveRuns(ledger: Ledger, environment: string, campaign: Campaign, by: string): Promise<number> {
  const numbers = new Set(await ledger.ask((loads) => loads.injectedRuns(environment, campaign.name)));
  // A mirror has the runs that its rules give it, and those that somebody injects.
  const own = branchOf(environment) !== undefined && campaign.kind === "prompt" ? [] : (campaign.runs ?? []);
  for (const { from, to } of own)
    for (const run of await ledger.ask((loads) => loads.runsBetween(from, to, MOST_RUNS))) {
      if (numbers.has(run)) continue;
      numbers.add(run);
      // To a prompt campaign of production they come by themselves; to all others they are given.
      ledger.put("injections", { environment, campaign: campaign.name, run, by, at: ledger.now });
    }
  for (const run of numbers) ledger.wake({ kind: "run", ref: String(run) });
  return numbers.size;
}

function declaredCampaign(engine: Engine, environment: string, name: string): Campaign | undefined {
  const { revisions } = engine.scene;
  if (!revisions.environments.includes(environment)) return undefined;
  const { campaigns } = revisions.current(environment).config;
  return Object.hasOwn(campaigns, name) ? campaigns[name] : undefined;
}
