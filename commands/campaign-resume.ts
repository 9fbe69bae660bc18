import { defineCommand, refused } from "../src/core/command/command.ts";
import { say } from "../src/core/say.ts";
import { campaignArg, campaignMoved, MOVED_FIELDS, noSuchCampaign } from "./campaign-answers.ts";
import type { Context } from "./context.ts";
import { notRunning } from "./refusals.ts";

export const campaignResume = defineCommand({
  name: "campaign resume",
  summary: "Let a campaign go on that was paused.",
  allow: "expert",
  args: { campaign: campaignArg },
  options: {},
  examples: ["campaign resume rereco-2026"],
  json: MOVED_FIELDS,
  async run({ campaign }, { campaigns, actor, config, environment }: Context) {
    if (!campaigns) return notRunning();
    const resumed = await campaigns.resume(environment, campaign, actor.id);
    if (resumed.ok) return campaignMoved(say`Campaign ${campaign} goes on.`, campaign, resumed.standing);
    if (resumed.reason === "unknown-campaign") return noSuchCampaign(campaign, config);
    return refused([say`Campaign ${campaign} is not paused: it is ${resumed.detail}.`]);
  },
});
