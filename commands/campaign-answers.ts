/** Campaigns as commands show them, and why nothing was done about one. */
import { type CampaignStanding, freshStanding } from "../src/core/campaign/campaign.ts";
import { labelOf } from "../src/core/campaign/label.ts";
import { readTag, stagingTags } from "../src/core/campaign/tags.ts";
import { word } from "../src/core/command/args.ts";
import { type Answer, done, refused } from "../src/core/command/command.ts";
import { type Campaign, type Config, workflowsOf } from "../src/core/config/config.ts";
import { type Block, say } from "../src/core/say.ts";
import { choices } from "../src/core/text/nearest.ts";
import { iso } from "../src/core/time.ts";
import type { Context } from "./context.ts";

export const campaignArg = word("CAMPAIGN", "a campaign of the configuration");

export const CAMPAIGN_FIELDS =
  "{campaign, kind, state, attempt, label, reason, by, prepared, trouble, description, release, tag, target, staging, executor, manager, experts: {workflow: name}, startedAt, finishedAt, publishedAt}";

export type KnownCampaign = { readonly declared: Campaign; readonly standing: CampaignStanding };

export async function findCampaign(
  name: string,
  { config, queries, environment }: Pick<Context, "config" | "queries" | "environment">,
): Promise<KnownCampaign | undefined> {
  const declared = config && Object.hasOwn(config.campaigns, name) ? config.campaigns[name] : undefined;
  if (!declared) return undefined;
  return { declared, standing: (await queries.campaign(environment, name)) ?? freshStanding(environment, declared) };
}

export function noSuchCampaign(name: string, config: Config | null): Answer {
  return refused([say`There is no campaign ${name}; ${choices(name, Object.keys(config?.campaigns ?? {}))}.`]);
}

/** Whose the tasks of a workflow are within a campaign. */
export function expertsOf(config: Config, campaign: Campaign): Record<string, string> {
  return Object.fromEntries(
    workflowsOf(config, campaign).map(({ name, owner }) => [name, campaign.experts[name] ?? owner]),
  );
}

export function campaignJson({ declared, standing }: KnownCampaign, config: Config) {
  const moment = (at: number | null | undefined) => (at === null || at === undefined ? null : iso(at));
  return {
    campaign: declared.name,
    kind: declared.kind,
    state: standing.state,
    attempt: declared.attempt,
    label: labelOf(declared),
    reason: standing.reason,
    by: standing.by || null,
    prepared: standing.prepared,
    trouble: standing.trouble,
    description: declared.description ?? null,
    release: declared.release,
    tag: readTag(declared),
    target: declared.tags?.target ?? null,
    staging: stagingTags(declared),
    executor: declared.executor ?? null,
    manager: declared.manager ?? null,
    experts: expertsOf(config, declared),
    startedAt: moment(standing.startedAt),
    finishedAt: moment(standing.finishedAt),
    publishedAt: moment(standing.published?.at),
  };
}

/** What it became, for everybody to see. */
export function campaignMoved(what: Block, name: string, { state }: CampaignStanding): Answer {
  return done([what], { campaign: name, state });
}

/** `{campaign, state}` */
export const MOVED_FIELDS = "{campaign, state}";
