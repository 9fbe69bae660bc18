import { defineCommand, done, refused } from "../src/core/command/command.ts";
import type { ChangeReport } from "../src/core/conditions/change.ts";
import { spanInWords } from "../src/core/conditions/iov.ts";
import { momentInWords } from "../src/core/conditions/moment.ts";
import { type Block, list, plural, say } from "../src/core/say.ts";
import type { NotPublished } from "../src/ports/campaigns.ts";
import { campaignArg, noSuchCampaign } from "./campaign-answers.ts";
import type { Context } from "./context.ts";
import { notRunning } from "./refusals.ts";

/** What is longer than this is looked at with gt diff. */
const SHOWN = 20;

export const campaignPublish = defineCommand({
  name: "campaign publish",
  summary: "The manager's sign-off: the constants of a finished campaign go from its staging tags into its target tag.",
  allow: "expert",
  args: { campaign: campaignArg },
  options: {},
  examples: ["campaign publish rereco-2026"],
  json: "{campaign, state, target, added, removed, cut}",
  async preview({ campaign }, { campaigns, actor, environment }: Context) {
    const shown = await campaigns?.publishing(environment, campaign, actor);
    if (!shown?.ok) return undefined;
    const { target, kind, report, basis } = shown;
    return {
      say: [
        say`This ${kind === "append" ? "appends" : "merges"} what ${campaign} collected ${kind === "append" ? "to" : "into"} ${target}: ${reportInWords(report)}.`,
        ...reportLines(report),
      ],
      basis,
    };
  },
  async run({ campaign }, { campaigns, actor, config, environment }: Context) {
    if (!campaigns) return notRunning();
    const published = await campaigns.publish(environment, campaign, actor);
    if (!published.ok)
      return published.reason === "unknown-campaign"
        ? noSuchCampaign(campaign, config)
        : refused([whyNot(campaign, published)]);
    const { target, report, standing } = published;
    return done(
      [say`The constants of ${campaign} are in ${target}: ${reportInWords(report)}.`, ...reportLines(report)],
      {
        campaign,
        state: standing.state,
        target,
        added: report.added.length,
        removed: report.removed.length,
        cut: report.cut.length,
      },
    );
  },
});

function reportInWords({ added, removed, cut }: ChangeReport): string {
  if (added.length + removed.length + cut.length === 0) return "nothing changes there";
  return `${plural(added.length, "interval")} added, ${removed.length} taken out, ${cut.length} cut`;
}

function reportLines({ added, removed, cut, next }: ChangeReport): Block[] {
  const lines = [
    ...added.map((iov) => `+ ${iov.type} ${spanInWords(iov)}: ${iov.payload.slice(0, 12)}`),
    ...cut.map(({ before, after }) => `~ ${before.type} ${spanInWords(before)}, now ${spanInWords(after)}`),
    ...removed.map((iov) => `- ${iov.type} ${spanInWords(iov)}: ${iov.payload.slice(0, 12)}`),
  ];
  const nexts = Object.entries(next).map(([type, moment]) => `${type} ${momentInWords(moment)}`);
  return [
    ...(lines.length === 0 ? [] : [list(lines.slice(0, SHOWN))]),
    ...(lines.length > SHOWN ? [say`And ${lines.length - SHOWN} more.`] : []),
    ...(nexts.length === 0 ? [] : [say`Next possible: ${nexts.join(", ")}.`]),
  ];
}

function whyNot(campaign: string, { reason, detail }: NotPublished): Block {
  switch (reason) {
    case "unknown-campaign":
      return say`There is no campaign ${campaign}.`;
    case "not-finished":
      return say`Campaign ${campaign} is ${detail}. Finish it first: campaign finish ${campaign}`;
    case "already-published":
      return say`The constants of ${campaign} were published already, by ${detail}. Those of another attempt can be, once that is finished.`;
    case "no-target":
      return say`Campaign ${campaign} collects no constants for another tag: campaigns/${campaign}.yaml has no tags with staging and target.`;
    case "not-manager":
      return say`The constants of ${campaign} are published by its manager, ${detail}.`;
    case "tag-refused":
      return say`Nothing was published: ${detail}.`;
    case "unavailable":
      return say`The store of conditions does not answer, so nothing was published: ${detail}. Try again later.`;
  }
}
