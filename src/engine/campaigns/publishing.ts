/** What a campaign collected goes into its target tag: shown before, and done once however often it is asked for. */
import { freshStanding } from "../../core/campaign/campaign.ts";
import { publish } from "../../core/campaign/life.ts";
import { campaignSpan, isManager, publishingChange } from "../../core/campaign/publishing.ts";
import { stagingTags } from "../../core/campaign/tags.ts";
import type { Actor } from "../../core/command/command.ts";
import type { ChangeRequest } from "../../core/conditions/change.ts";
import type { Campaign } from "../../core/config/config.ts";
import type { Campaigns, NotPublished } from "../../ports/campaigns.ts";
import { type Conditions, ConditionsUnavailable } from "../../ports/conditions.ts";
import type { Queries } from "../../ports/queries.ts";
import type { Engine } from "../engine.ts";

export type PublishingParts = {
  readonly engine: Engine;
  readonly queries: Queries;
};

/** More runs than this no campaign speaks of. */
const MOST_RUNS = 200_000;

type Shown = Awaited<ReturnType<Campaigns["publishing"]>>;
type Published = Awaited<ReturnType<Campaigns["publish"]>>;

export async function showPublishing(
  parts: PublishingParts,
  { environment, name, actor }: { environment: string; name: string; actor: Actor },
): Promise<Shown> {
  const found = await requestFor(parts, environment, name, actor);
  if (!found.ok) return found;
  const { conditions, request, version } = found;
  const would = await answered(() => conditions.change({ ...request, dryRun: true }));
  if (!would.ok) return would;
  return { ok: true, target: request.tag.name, kind: request.change.kind, report: would.report, basis: `${version}` };
}

export async function publishCampaign(
  parts: PublishingParts,
  { environment, name, actor }: { environment: string; name: string; actor: Actor },
): Promise<Published> {
  const found = await requestFor(parts, environment, name, actor);
  if (!found.ok) return found;
  const { declared, conditions, request } = found;
  // Under the key of this attempt: a bot that died behind it finds it done, and only writes down that it was.
  const done = await answered(() => conditions.change(request));
  if (!done.ok) return done;
  return await parts.engine.do("publish campaign", async (ledger) => {
    const { added, removed, cut } = done.report;
    const detail = { target: request.tag.name, added: added.length, removed: removed.length, cut: cut.length };
    const standing = await ledger.campaign(environment, declared);
    const published = ledger.campaigns.accept(publish(standing, actor.id, detail, ledger.now), { by: actor.id });
    if (!published.ok) return published;
    return { ok: true, standing: published.next, target: request.tag.name, report: done.report } as const;
  });
}

type Found = {
  readonly ok: true;
  readonly declared: Campaign;
  readonly conditions: Conditions;
  readonly request: ChangeRequest;
  /** How everything stands that it is made from. */
  readonly version: string;
};

async function requestFor(
  { engine, queries }: PublishingParts,
  environment: string,
  name: string,
  actor: Actor,
): Promise<Found | NotPublished> {
  const { config } = engine.scene.revisions.current(environment);
  const declared = Object.hasOwn(config.campaigns, name) ? config.campaigns[name] : undefined;
  if (!declared) return { ok: false, reason: "unknown-campaign" };
  const target = declared.tags?.target;
  if (target === undefined || stagingTags(declared).length === 0) return { ok: false, reason: "no-target" };
  if (!isManager(declared, actor)) return { ok: false, reason: "not-manager", detail: declared.manager ?? "" };
  const standing = (await queries.campaign(environment, name)) ?? freshStanding(environment, declared);
  const may = publish(standing, actor.id, {}, engine.now());
  if (!may.ok) return may;
  const { conditions } = engine.scene;

  const numbers = [];
  for (const { from, to } of declared.runs ?? []) numbers.push(...(await queries.runsBetween(from, to, MOST_RUNS)));
  const placed = campaignSpan(declared, await queries.runs(numbers), config.conditions);
  if (!placed.known) return { ok: false, reason: "tag-refused", detail: placed.why };
  const { span } = placed;
  return await answered(async () => {
    const tag = await conditions.tag({ environment, name: target });
    if (!tag) return { ok: false, reason: "tag-refused", detail: `there is no tag ${target}` } as const;
    const staging = [];
    const versions = [tag.version];
    for (const one of stagingTags(declared)) {
      const ref = { environment, name: one };
      versions.push((await conditions.tag(ref))?.version ?? -1);
      staging.push({ tag: ref, iovs: tag.state === "RUNNING" ? await conditions.iovs(ref, { span }) : [] });
    }
    const request: ChangeRequest = {
      tag: { environment, name: target },
      change: publishingChange(tag, staging, span),
      key: `campaign ${environment} ${name} ${standing.attempt} publish`,
      by: actor.id,
      why: `campaign ${name}, attempt ${standing.attempt}`,
    };
    return { ok: true, declared, conditions, request, version: `${standing.version} ${versions.join(" ")}` } as const;
  });
}

/** A tag that does not take it, and a store that does not answer, are told as one tells people. */
async function answered<Answer extends { readonly ok: true } | { readonly ok: false; readonly detail?: string }>(
  ask: () => Promise<Answer>,
): Promise<Extract<Answer, { ok: true }> | NotPublished> {
  try {
    const answer = await ask();
    if (answer.ok) return answer as Extract<Answer, { ok: true }>;
    return { ok: false, reason: "tag-refused", ...(answer.detail !== undefined && { detail: answer.detail }) };
  } catch (error) {
    if (error instanceof ConditionsUnavailable) return { ok: false, reason: "unavailable", detail: error.message };
    throw error;
  }
}
