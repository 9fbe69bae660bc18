import { type CampaignStanding, freshStanding } from "../src/core/campaign/campaign.ts";
import { labelOf } from "../src/core/campaign/label.ts";
import { defineCommand, done } from "../src/core/command/command.ts";
import { type Campaign, workflowsOf } from "../src/core/config/config.ts";
import { right, say, table } from "../src/core/say.ts";
import type { Context } from "./context.ts";

export const campaigns = defineCommand({
  name: "campaigns",
  summary: "Processing passes: what they are for, and how far they are.",
  allow: "anyone",
  args: {},
  options: {},
  examples: ["campaigns"],
  json: "[{campaign, kind, state, attempt, label, description, release, tag, workflows, injected, tasks: {state: count}}]",
  async run(_given, { queries, config, environment }: Context) {
    const tallies = await queries.tallies(environment);
    const injections = await queries.injectionCounts(environment);
    const standings = new Map((await queries.campaigns(environment)).map((one) => [one.name, one]));
    const names = [...new Set([...Object.keys(config?.campaigns ?? {}), ...tallies.map((tally) => tally.campaign)])];
    const data = names.map((name) => {
      const declared = config?.campaigns[name];
      const tasks: Record<string, number> = {};
      for (const tally of tallies.filter((one) => one.campaign === name))
        tasks[tally.state] = (tasks[tally.state] ?? 0) + tally.count;
      const injected = injections.find((one) => one.campaign === name)?.runs ?? 0;
      return {
        campaign: name,
        kind: declared?.kind ?? null,
        state: stateOf(declared, standings.get(name), { tasks, injected }, environment),
        attempt: declared?.attempt ?? null,
        label: declared ? labelOf(declared) : null,
        description: declared?.description ?? null,
        release: declared?.release ?? null,
        tag: declared?.tag ?? null,
        workflows: declared && config ? workflowsOf(config, declared).map((workflow) => workflow.name) : [],
        injected,
        tasks,
      };
    });
    const rows = data.map((one) => {
      const total = Object.values(one.tasks).reduce((sum, count) => sum + count, 0);
      const ended = (one.tasks["done"] ?? 0) + (one.tasks["skipped"] ?? 0) + (one.tasks["merged"] ?? 0);
      return [
        one.campaign,
        one.kind,
        one.state,
        one.kind === "prompt" ? "as they come" : one.injected,
        total,
        total === 0 ? "" : `${Math.floor((100 * ended) / total)} %`,
        one.tasks["failed"] ?? 0,
        one.release,
        one.tag,
        one.description,
      ];
    });
    return done(
      [
        table(
          [
            "campaign",
            "kind",
            "state",
            right("runs"),
            right("tasks"),
            right("done"),
            right("failed"),
            "release",
            "tag",
            "",
          ],
          rows,
        ),
        say`campaign progress CAMPAIGN tells more of one; inject CAMPAIGN RUNS gives runs to a reprocessing.`,
      ],
      data,
    );
  },
});

/**
 * As it was brought there. Of one that says nothing of its start and that nobody moved it is computed: a prompt campaign runs;
 * a reprocessing is a draft until it has runs, and finished when nothing is left.
 */
function stateOf(
  declared: Campaign | undefined,
  standing: CampaignStanding | undefined,
  { tasks, injected }: { readonly tasks: Readonly<Record<string, number>>; readonly injected: number },
  environment: string,
): string {
  if (declared === undefined) return "not declared any more";
  if (standing !== undefined || declared.start !== undefined || declared.kind === "prompt")
    return (standing ?? freshStanding(environment, declared)).state;
  if (injected === 0) return "draft";
  const open = ["new", "held", "ready", "processing", "awaiting-signoff", "failed"];
  return open.some((state) => (tasks[state] ?? 0) > 0) ? "running" : "finished";
}
