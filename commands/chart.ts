import type { Drawing } from "../src/core/chart/drawing.ts";
import { count, optional, word } from "../src/core/command/args.ts";
import { type Answer, defineCommand, done, refused } from "../src/core/command/command.ts";
import { type Block, picture, say } from "../src/core/say.ts";
import type { Context } from "./context.ts";
import { overviewChart } from "./overview-chart.ts";
import { trendChart } from "./trend-chart.ts";

const OVERVIEW = "overview";

export const chart = defineCommand({
  name: "chart",
  summary: "A picture: how all workflows stand on the newest runs, or how a metric went from group to group.",
  allow: "anyone",
  args: {
    what: word("WHAT", `${OVERVIEW}, or the workflow whose results are shown`),
    metric: optional(word("METRIC", "what its jobs wrote into metrics.json; where it is left out, which there are")),
  },
  options: {
    task: optional(word("TASK", "the task of the workflow, where several write this metric")),
    campaign: optional(word("CAMPAIGN", "only what was made in this one; the newest of any where nothing is said")),
    runs: optional(count("so many of the newest runs, or groups; 30 where nothing is said")),
  },
  examples: ["chart overview", "chart overview --runs 100 --campaign prompt", "chart t0 max_shift_ps --runs 100"],
  json: "for overview {environment, campaign, at, runs: [number], rows: [{workflow, task, cells: [{run, id, group, state, stale}]}]}, otherwise {environment, campaign, workflow, task, metric, at, limits: [{sign, value, text}], points: [{id, group, attempt, state, value, stale, endedAt}]}",
  async run({ what, metric, task, campaign, runs = 30 }, context: Context) {
    if (campaign !== undefined) {
      const known = await campaignsOf(context);
      if (!known.includes(campaign))
        return refused([
          say`There is no campaign ${campaign}; there ${known.length === 0 ? "is none" : `are ${known.join(", ")}`}.`,
        ]);
    }
    // A workflow may be called overview, too; then its metric tells which is meant.
    const charted =
      what === OVERVIEW && metric === undefined
        ? await overviewChart({ campaign, limit: runs }, context)
        : await trendChart({ workflow: what, metric, task, campaign, limit: runs }, context);
    return "drawing" in charted ? await pictured(charted, context) : charted;
  },
});

/** A chart with the same facts in words, for those who see no pictures. */
export type Charted = {
  readonly drawing: Drawing;
  /** What stands where the picture cannot be shown. */
  readonly title: string;
  readonly words: readonly [first: Block, ...more: Block[]];
  readonly data: unknown;
};

async function pictured({ drawing, title, words: [first, ...more], data }: Charted, context: Context): Promise<Answer> {
  // A program draws by itself, from the data.
  if (context.json) return done([first, ...more], data);
  const painted = await context.painter.paint(drawing);
  const shown = painted.ok
    ? picture(painted.png, title)
    : say`There is no picture: ${painted.why}. The same command with --json gives the data.`;
  return done([first, shown, ...more], data);
}

async function campaignsOf({ queries, config, environment }: Context): Promise<string[]> {
  const used = await queries.tallies(environment);
  return [...new Set([...Object.keys(config?.campaigns ?? {}), ...used.map(({ campaign }) => campaign)])].sort();
}
