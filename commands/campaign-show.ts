import { defineCommand, done } from "../src/core/command/command.ts";
import { fields, moment, say } from "../src/core/say.ts";
import { CAMPAIGN_FIELDS, campaignArg, campaignJson, findCampaign, noSuchCampaign } from "./campaign-answers.ts";
import type { Context } from "./context.ts";

export const campaignShow = defineCommand({
  name: "campaign show",
  summary: "One campaign: what it is for, by whom, with which tags, and where it is in its life.",
  allow: "anyone",
  args: { campaign: campaignArg },
  options: {},
  examples: ["campaign show rereco-2026"],
  json: CAMPAIGN_FIELDS,
  async run({ campaign }, context: Context) {
    const { config } = context;
    const known = await findCampaign(campaign, context);
    if (!config || !known) return noSuchCampaign(campaign, config);
    const { declared, standing } = known;
    const data = campaignJson(known, config);
    const experts = Object.entries(data.experts).map(([workflow, expert]) => `${workflow}: ${expert}`);
    return done(
      [
        say`Campaign ${campaign}${declared.description === undefined ? "" : `: ${declared.description}`}`,
        fields({
          state: standing.reason === null ? standing.state : `${standing.state}: ${standing.reason}`,
          "not prepared":
            standing.prepared || standing.state === "draft" ? null : (standing.trouble ?? "it is being prepared"),
          kind: declared.kind,
          attempt: declared.attempt,
          label: data.label,
          runs: declared.runs
            ? declared.runs.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(", ")
            : null,
          release: declared.release,
          tag: declared.snapshot ? `${data.tag}, a copy of ${declared.tag}` : data.tag,
          staging: data.staging.join(", ") || null,
          target: data.target,
          executor: data.executor,
          manager: data.manager,
          experts: experts.join(", ") || null,
          started: moment(standing.startedAt),
          finished: moment(standing.finishedAt),
          published: moment(standing.published?.at),
        }),
        say`How far it is: campaign progress ${campaign}`,
      ],
      data,
    );
  },
});
