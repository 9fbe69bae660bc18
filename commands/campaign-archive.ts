import { defineCommand, refused } from "../src/core/command/command.ts";
import { say } from "../src/core/say.ts";
import { campaignArg, campaignMoved, MOVED_FIELDS, noSuchCampaign } from "./campaign-answers.ts";
import type { Context } from "./context.ts";
import { notRunning } from "./refusals.ts";

export const campaignArchive = defineCommand({
  name: "campaign archive",
  summary: "Put a campaign away that is finished, or was never started: it cannot be started again.",
  allow: "expert",
  args: { campaign: campaignArg },
  options: {},
  examples: ["campaign archive rereco-2026"],
  json: MOVED_FIELDS,
  async run({ campaign }, { campaigns, actor, config, environment }: Context) {
    if (!campaigns) return notRunning();
    const archived = await campaigns.archive(environment, campaign, actor.id);
    if (archived.ok) return campaignMoved(say`Campaign ${campaign} is archived.`, campaign, archived.standing);
    switch (archived.reason) {
      case "unknown-campaign":
        return noSuchCampaign(campaign, config);
      case "already-archived":
        return refused([say`Campaign ${campaign} is archived already, by ${archived.detail}.`]);
      case "not-finished":
        return refused([say`Campaign ${campaign} is ${archived.detail}. Finish it first: campaign finish ${campaign}`]);
    }
  },
});
