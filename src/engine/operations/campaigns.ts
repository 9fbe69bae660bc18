/** What people do with campaigns, each as one piece of work of the engine. */
import { type CampaignStanding, takesRuns } from "../../core/campaign/campaign.ts";
import { tasksLeft } from "../../core/campaign/left.ts";
import { archive, campaignRef, finish, pause, resume, start } from "../../core/campaign/life.ts";
import { stagingInUse } from "../../core/campaign/sharing.ts";
import { type Campaign, workflowsOf } from "../../core/config/config.ts";
import { type Decision, refuse } from "../../core/decision.ts";
import { plural } from "../../core/say.ts";
import type { Campaigns } from "../../ports/campaigns.ts";
import { type PublishingParts, publishCampaign, showPublishing } from "../campaigns/publishing.ts";
import { openRequest, planRequest, type RequestingParts } from "../campaigns/requesting.ts";
import { CALOPS, type Doer } from "../doer.ts";
import type { Ledger } from "../ledger.ts";
import type { Scene } from "../scene.ts";
import { ticketsOf } from "../tickets/campaign-tickets.ts";

export function campaignsOf(parts: PublishingParts & RequestingParts): Campaigns {
  const { engine } = parts;
  const { scene } = engine;
  return {
    start: (environment, name, by) =>
      engine.do("start campaign", async (ledger) => {
        const used = await tagInUse(ledger, scene, environment, name);
        return await move(ledger, scene, { environment, name, doer: { by } }, (standing, { attempt }) =>
          used !== undefined && !takesRuns(standing)
            ? refuse("tag-in-use", used)
            : start(standing, { attempt, by }, ledger.now),
        );
      }),
    pause: (environment, name, why, by) =>
      engine.do("pause campaign", (ledger) =>
        move(ledger, scene, { environment, name, doer: { by, why } }, (standing) =>
          pause(standing, by, why, ledger.now),
        ),
      ),
    resume: (environment, name, by) =>
      engine.do("resume campaign", (ledger) =>
        move(ledger, scene, { environment, name, doer: { by } }, (standing) => resume(standing, by, ledger.now)),
      ),
    finish: (environment, name, by, force) =>
      engine.do("finish campaign", async (ledger) => {
        const tasks = tasksLeft(await ledger.ask((loads) => loads.tallies(environment)), name);
        const left = [...tasks, ...(await onTheirWay(ledger, scene, environment, name))];
        return await move(ledger, scene, { environment, name, doer: { by } }, (standing) =>
          finish(standing, { by, left, force }, ledger.now),
        );
      }),
    planRequest: (request) => planRequest(parts, request),
    request: (request, actor) => openRequest(parts, request, actor),
    tickets: (environment, name) => ticketsOf(parts.queries, scene, environment, name),
    publishing: (environment, name, actor) => showPublishing(parts, { environment, name, actor }),
    publish: (environment, name, actor) => publishCampaign(parts, { environment, name, actor }),
    archive: (environment, name, by) =>
      engine.do("archive campaign", (ledger) =>
        move(ledger, scene, { environment, name, doer: { by } }, (standing) => archive(standing, by, ledger.now)),
      ),
  };
}

type Which = { readonly environment: string; readonly name: string; readonly doer: Doer };

async function move<Reason extends string>(
  ledger: Ledger,
  scene: Scene,
  { environment, name, doer }: Which,
  decide: (standing: CampaignStanding, declared: Campaign) => Decision<CampaignStanding, Reason>,
) {
  const { campaigns } = scene.revisions.current(environment).config;
  const declared = Object.hasOwn(campaigns, name) ? campaigns[name] : undefined;
  if (!declared) return { ok: false, reason: "unknown-campaign" } as const;
  const moved = ledger.campaigns.accept(decide(await ledger.campaign(environment, declared), declared), doer);
  if (!moved.ok) return moved;
  wakeCampaign(ledger, scene, environment, declared);
  return { ok: true, standing: moved.next } as const;
}

/** Tasks that wait behind a campaign look again. */
export function wakeCampaign(ledger: Ledger, scene: Scene, environment: string, campaign: Campaign): void {
  for (const workflow of workflowsOf(scene.revisions.current(environment).config, campaign))
    ledger.wake({ kind: "admit", ref: `${environment} ${workflow.name}` });
}

/** Which of its staging tags another campaign uses, in words. */
export async function tagInUse(
  ledger: Ledger,
  scene: Scene,
  environment: string,
  name: string,
): Promise<string | undefined> {
  const { campaigns } = scene.revisions.current(environment).config;
  const declared = Object.hasOwn(campaigns, name) ? campaigns[name] : undefined;
  if (!declared) return undefined;
  const others = [];
  for (const other of Object.values(campaigns))
    others.push({ declared: other, standing: await ledger.campaign(environment, other) });
  return stagingInUse(declared, others);
}

/** Campaigns that are to be started as soon as they are declared. Those that were before stay as they are. */
export async function startDeclared(ledger: Ledger, scene: Scene, environment: string): Promise<void> {
  for (const campaign of Object.values(scene.revisions.current(environment).config.campaigns)) {
    const standing = await ledger.campaign(environment, campaign);
    // Its declaration may have been away for a while.
    if (takesRuns(standing) && !standing.prepared) ledger.wake({ kind: "campaign", ref: campaignRef(standing) });
    if (campaign.start !== "at once") continue;
    ledger.campaigns.accept(start(standing, { attempt: campaign.attempt, by: CALOPS.by }, ledger.now), CALOPS);
  }
}

/** Constants that were signed and are in no tag yet, in words. */
async function onTheirWay(ledger: Ledger, scene: Scene, environment: string, campaign: string): Promise<string[]> {
  const { config } = scene.revisions.current(environment);
  const declared = Object.hasOwn(config.campaigns, campaign) ? config.campaigns[campaign] : undefined;
  let count = 0;
  for (const { name: workflow, tasks } of declared ? workflowsOf(config, declared) : [])
    for (const { name: task, publish } of tasks)
      if (publish)
        count += (await ledger.ask((loads) => loads.openPublications({ environment, campaign, workflow, task })))
          .length;
  return count === 0 ? [] : [`constants of ${plural(count, "task")} on their way into a tag`];
}
