/** What of campaigns is a person's: the workflows that they are the expert of, and what keeps their tasks. */
import { blockedOf } from "../src/core/campaign/progress.ts";
import { plural } from "../src/core/say.ts";
import { findCampaign } from "./campaign-answers.ts";
import type { Context } from "./context.ts";

export type MyPart = {
  readonly campaign: string;
  readonly workflow: string;
  /** Tasks that have not ended. */
  readonly open: number;
  /** The largest heap of those that wait, in words; null where nothing does. */
  readonly waiting: string | null;
};

const ENDED: readonly string[] = ["done", "skipped", "merged"];
/** So many tasks of a workflow are looked at for what keeps them. */
const LOOKED_AT = 200;

/** Of campaigns that run or are paused, and that name their experts. */
export async function campaignsOfMine(
  context: Pick<Context, "config" | "queries" | "environment">,
  isMine: (expert: string) => boolean,
): Promise<MyPart[]> {
  const { config, queries, environment } = context;
  const parts: MyPart[] = [];
  for (const { name, experts } of Object.values(config?.campaigns ?? {})) {
    const mine = Object.keys(experts).filter((workflow) => isMine(experts[workflow] ?? ""));
    const known = mine.length === 0 ? undefined : await findCampaign(name, context);
    if (known?.standing.state !== "running" && known?.standing.state !== "paused") continue;
    const tallies = (await queries.tallies(environment)).filter(({ campaign }) => campaign === name);
    for (const workflow of mine) {
      const open = tallies
        .filter((tally) => tally.workflow === workflow && !ENDED.includes(tally.state))
        .reduce((sum, { count }) => sum + count, 0);
      if (open === 0) continue;
      const states = ["failed", "awaiting-signoff", "held", "ready"] as const;
      const tasks = await queries.taskPage({ environment, campaign: name, workflow, states, limit: LOOKED_AT });
      const [first] = blockedOf(tasks, experts);
      const waiting = first ? `${plural(first.tasks, "task")} of ${first.task}: ${first.why}` : null;
      parts.push({ campaign: name, workflow, open, waiting });
    }
  }
  return parts;
}
