/** A branch's configuration as its mirror runs it: nothing of it reaches production, whatever the branch says. */
import type { Campaign, Config } from "../config/config.ts";
import type { MirrorRules } from "./rules.ts";

/** Below whatever production may declare: mirrors get the places that nobody else wants. */
const LAST = Number.MIN_SAFE_INTEGER;

/**
 * Its messages go to the development channel, its jobs after all of production's, it reads no run source of its own and has no tickets, and what
 * a push made stale is made anew, since it is the head of the branch that is tried.
 */
export function asMirror(config: Config, { channel }: MirrorRules): Config {
  return {
    ...config,
    channel,
    cards: config.cards && { ...config.cards, channel },
    sources: {},
    tickets: undefined,
    campaigns: mapped(config.campaigns, (campaign) => ({ ...campaign, priority: 0, start: startOf(campaign) })),
    workflows: mapped(config.workflows, (workflow) => ({
      ...workflow,
      channel,
      priority: LAST,
      whenStale: "reprocess",
    })),
  };
}

/** What a mirror tries goes on without anybody: its prompt campaigns have their runs, few as they are, from the beginning. */
function startOf({ kind, start }: Campaign): Campaign["start"] {
  return kind === "prompt" && start !== undefined ? "at once" : start;
}

function mapped<Thing>(
  things: Readonly<Record<string, Thing>>,
  change: (thing: Thing) => Thing,
): Record<string, Thing> {
  return Object.fromEntries(Object.entries(things).map(([name, thing]) => [name, change(thing)]));
}
