import { optional, word } from "../src/core/command/args.ts";
import { defineCommand, refused } from "../src/core/command/command.ts";
import { say } from "../src/core/say.ts";
import { campaignArg, campaignMoved, findCampaign, MOVED_FIELDS, noSuchCampaign } from "./campaign-answers.ts";
import type { Context } from "./context.ts";
import { notRunning } from "./refusals.ts";

export const campaignFinish = defineCommand({
  name: "campaign finish",
  summary:
    "Say that a campaign is done: refused while something of it has not ended or is not signed, unless it is forced.",
  allow: "expert",
  args: { campaign: campaignArg },
  options: { force: optional(word("REASON", "finish it although something is left, and why; put it in quotes")) },
  examples: ["campaign finish rereco-2026", 'campaign finish rereco-2026 --force "the last two runs are bad"'],
  json: MOVED_FIELDS,
  async preview({ campaign, force }, context: Context) {
    const known = force === undefined ? undefined : await findCampaign(campaign, context);
    if (known?.standing.state !== "running" && known?.standing.state !== "paused") return undefined;
    return {
      say: [
        say`This finishes ${campaign} whatever of it is left: nothing of it begins any more. campaign progress ${campaign} shows what that is.`,
      ],
      basis: `${known.standing.version}`,
    };
  },
  async run({ campaign, force }, { campaigns, actor, config, environment }: Context) {
    if (!campaigns) return notRunning();
    const finished = await campaigns.finish(environment, campaign, actor.id, force);
    if (finished.ok) {
      const target = config?.campaigns[campaign]?.tags?.target;
      return campaignMoved(
        target === undefined
          ? say`Campaign ${campaign} is finished.`
          : say`Campaign ${campaign} is finished. Its constants go into ${target} with: campaign publish ${campaign}`,
        campaign,
        finished.standing,
      );
    }
    switch (finished.reason) {
      case "unknown-campaign":
        return noSuchCampaign(campaign, config);
      case "not-running":
        return refused([say`Campaign ${campaign} is ${finished.detail}, so there is nothing to finish.`]);
      case "something-left":
        return refused([
          say`Campaign ${campaign} is not done: ${finished.detail}. campaign progress ${campaign} shows who is waited for; campaign finish ${campaign} --force REASON finishes it all the same.`,
        ]);
    }
  },
});
