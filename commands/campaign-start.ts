import { stepInWords, type TagStep, tagSteps } from "../src/core/campaign/beginning.ts";
import { labelOf } from "../src/core/campaign/label.ts";
import { defineCommand, refused } from "../src/core/command/command.ts";
import { workflowsOf } from "../src/core/config/config.ts";
import { list, plural, say } from "../src/core/say.ts";
import {
  campaignArg,
  campaignMoved,
  expertsOf,
  findCampaign,
  MOVED_FIELDS,
  noSuchCampaign,
} from "./campaign-answers.ts";
import type { Context } from "./context.ts";
import { notRunning } from "./refusals.ts";

/** More are counted as "more than". */
const MOST_COUNTED = 100_000;

export const campaignStart = defineCommand({
  name: "campaign start",
  summary: "Start a campaign: its staging tags are emptied or copied, and its runs are given to it.",
  allow: "expert",
  args: { campaign: campaignArg },
  options: {},
  examples: ["campaign start rereco-2026"],
  json: MOVED_FIELDS,
  async preview({ campaign }, context: Context) {
    const { config, environment, queries, conditions } = context;
    const known = await findCampaign(campaign, context);
    if (!config || !known) return undefined;
    const { declared, standing } = known;
    if (standing.state !== "draft" && standing.state !== "finished") return undefined;
    const tags = await conditions.tags(environment);
    const steps = tagSteps(environment, declared, new Set(tags.map(({ name }) => name)));
    let runs = 0;
    for (const { from, to } of declared.runs ?? []) runs += (await queries.runsBetween(from, to, MOST_COUNTED)).length;
    const workflows = workflowsOf(config, declared);
    const experts = Object.entries(expertsOf(config, declared));
    return {
      say: [
        say`This starts ${campaign}, attempt ${declared.attempt}, marked ${labelOf(declared)}:`,
        list([
          ...(await Promise.all(steps.map((step) => withCount(step, conditions)))),
          declared.runs
            ? `${runs >= MOST_COUNTED ? `more than ${runs}` : plural(runs, "known run")} of its range ${runs === 1 ? "is" : "are"} given to ${plural(workflows.length, "workflow")}`
            : "runs come by themselves or are injected",
          `tasks are for: ${experts.map(([workflow, expert]) => `${workflow} ${expert}`).join(", ") || "nobody"}`,
          ...(declared.executor === undefined ? [] : [`all its jobs run on ${declared.executor}`]),
        ]),
      ],
      basis: JSON.stringify([
        declared,
        standing.version,
        runs,
        steps.map(({ key, tag }) => [key, tags.find((one) => one.name === tag.name)?.version ?? null]),
      ]),
    };
  },
  async run({ campaign }, { campaigns, actor, config, environment }: Context) {
    if (!campaigns) return notRunning();
    const started = await campaigns.start(environment, campaign, actor.id);
    if (started.ok)
      return campaignMoved(
        say`Campaign ${campaign} is started. campaign progress ${campaign} shows how far it is.`,
        campaign,
        started.standing,
      );
    switch (started.reason) {
      case "unknown-campaign":
        return noSuchCampaign(campaign, config);
      case "already-started":
        return refused([
          say`Campaign ${campaign} is ${started.detail} already. campaign progress ${campaign} shows how far it is.`,
        ]);
      case "archived":
        return refused([say`Campaign ${campaign} is archived. Declare another under a new name in campaigns/.`]);
      case "same-attempt":
        return refused([
          say`Campaign ${campaign} was finished with attempt ${started.detail}. To process its runs anew, declare a higher attempt in campaigns/${campaign}.yaml.`,
        ]);
      case "tag-in-use":
        return refused([
          say`Campaign ${campaign} was not started: ${started.detail}. Finish and publish that one first, or declare another staging tag.`,
        ]);
    }
  },
});

/** What is emptied is told with how much that is. */
async function withCount(step: TagStep, conditions: Context["conditions"]): Promise<string> {
  if (step.change.kind !== "empty") return stepInWords(step);
  const counts = [...(await conditions.counts(step.tag)).values()];
  return `${stepInWords(step)}: it holds ${plural(
    counts.reduce((sum, count) => sum + count, 0),
    "interval",
  )}`;
}
