import { text } from "../src/core/command/args.ts";
import { defineCommand, refused } from "../src/core/command/command.ts";
import { say } from "../src/core/say.ts";
import { campaignArg, campaignMoved, MOVED_FIELDS, noSuchCampaign } from "./campaign-answers.ts";
import type { Context } from "./context.ts";
import { notRunning } from "./refusals.ts";

export const campaignPause = defineCommand({
  name: "campaign pause",
  summary: "Let nothing more of a campaign begin until it is resumed. What runs goes on.",
  allow: "expert",
  args: { campaign: campaignArg, reason: text("REASON", "why, for whoever asks") },
  options: {},
  examples: ["campaign pause rereco-2026 the alignment is looked at again"],
  json: MOVED_FIELDS,
  async run({ campaign, reason }, { campaigns, actor, config, environment }: Context) {
    if (!campaigns) return notRunning();
    const paused = await campaigns.pause(environment, campaign, reason, actor.id);
    if (paused.ok)
      return campaignMoved(
        say`Campaign ${campaign} is paused: ${reason}. It goes on with: campaign resume ${campaign}`,
        campaign,
        paused.standing,
      );
    if (paused.reason === "unknown-campaign") return noSuchCampaign(campaign, config);
    return refused([
      paused.reason === "already-paused"
        ? say`Campaign ${campaign} is paused already, by ${paused.detail}. It goes on with: campaign resume ${campaign}`
        : say`Campaign ${campaign} is ${paused.detail}, so there is nothing to pause.`,
    ]);
  },
});
