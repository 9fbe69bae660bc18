/** What people can do with campaigns. Each resolves once it is on disk. */
import type { CampaignStanding } from "../core/campaign/campaign.ts";
import type { Done, Refusal } from "./operations.ts";

export interface Campaigns {
  /** What its tags and its runs need is done after it, by itself. */
  start(
    environment: string,
    name: string,
    by: string,
  ): Promise<Moved<"already-started" | "archived" | "same-attempt" | "tag-in-use">>;
  pause(environment: string, name: string, why: string, by: string): Promise<Moved<"already-paused" | "not-running">>;
  resume(environment: string, name: string, by: string): Promise<Moved<"not-paused">>;
  /** @param force why it is finished although something is left; refused then where it is undefined */
  finish(
    environment: string,
    name: string,
    by: string,
    force?: string,
  ): Promise<Moved<"not-running" | "something-left">>;
  archive(environment: string, name: string, by: string): Promise<Moved<"already-archived" | "not-finished">>;
}

type Moved<Reason extends string> = Done<{ standing: CampaignStanding }> | Refusal<Reason | "unknown-campaign">;
