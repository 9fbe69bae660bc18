/**
 * How far a campaign is, as it is stored; what it is for is declared in git, by the same name. Its life is told in `life.ts`.
 */
import type { Campaign } from "../config/config.ts";
import type { Instant } from "../time.ts";

export const CAMPAIGN_STATES = ["draft", "running", "paused", "finished", "archived"] as const;
export type CampaignState = (typeof CAMPAIGN_STATES)[number];

export type CampaignStanding = {
  readonly environment: string;
  readonly name: string;
  readonly state: CampaignState;
  /** The attempt that was started last, from 1; 0 for one that never was. */
  readonly attempt: number;
  /** Why it is in this state, in people's words. */
  readonly reason: string | null;
  /** Who brought it into this state. */
  readonly by: string;
  /** Its tags stand as they are to begin with, and its runs were given to it; nothing of it begins before. */
  readonly prepared: boolean;
  /** Why it could not be prepared when that was last tried. */
  readonly trouble: string | null;
  readonly startedAt: Instant | null;
  readonly finishedAt: Instant | null;
  /** When its constants went into the target tag, and who said so; null before. */
  readonly published: { readonly at: Instant; readonly by: string; readonly attempt: number } | null;
  readonly modifiedAt: Instant;
  readonly version: number;
};

/**
 * One of which nothing was ever decided. A campaign that says nothing of its start runs from the moment it is declared, and takes
 * the runs that come or are injected; all others are drafts until they are started.
 */
export function freshStanding(
  environment: string,
  { name, start, attempt }: Pick<Campaign, "name" | "start" | "attempt">,
): CampaignStanding {
  const running = start === undefined;
  return {
    environment,
    name,
    state: running ? "running" : "draft",
    attempt: running ? attempt : 0,
    reason: null,
    by: "",
    prepared: running,
    trouble: null,
    startedAt: null,
    finishedAt: null,
    published: null,
    modifiedAt: 0,
    version: 0,
  };
}

/** It takes runs. A paused one does, too: what came meanwhile is there when it goes on. */
export function takesRuns({ state }: Pick<CampaignStanding, "state">): boolean {
  return state === "running" || state === "paused";
}
