/** What people can do with campaigns. Each resolves once it is on disk. */
import type { CampaignStanding } from "../core/campaign/campaign.ts";
import type { Estimate } from "../core/campaign/estimate.ts";
import type { CampaignRequest } from "../core/campaign/request.ts";
import type { Actor } from "../core/command/command.ts";
import type { ChangeReport, TagChange } from "../core/conditions/change.ts";
import type { Issue } from "../core/config/issue.ts";
import type { Ticket } from "../core/ticket/ticket.ts";
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
  /** What would come of a request: nothing is changed. */
  planRequest(request: CampaignRequest): Promise<Done<{ plan: CampaignPlan }> | NotRequested>;
  /** Writes it as a branch and a pull request. The same request again is the same branch. */
  request(request: CampaignRequest, actor: Actor): Promise<RequestedCampaign | NotRequested>;
  /** What `publish` would do: nothing is changed. */
  publishing(
    environment: string,
    name: string,
    actor: Actor,
  ): Promise<Done<{ target: string; kind: TagChange["kind"]; report: ChangeReport; basis: string }> | NotPublished>;
  /** The manager's word: what the staging tags hold goes into the target tag. Done once for each attempt. */
  publish(
    environment: string,
    name: string,
    actor: Actor,
  ): Promise<Done<{ standing: CampaignStanding; target: string; report: ChangeReport }> | NotPublished>;
  /** Its tickets, that of the whole first; none where no tracker is configured, and before it was started. */
  tickets(environment: string, name: string): Promise<readonly Ticket[]>;
  archive(environment: string, name: string, by: string): Promise<Moved<"already-archived" | "not-finished">>;
}

/** What a campaign that somebody asks for would be, and about what it would cost. */
export type CampaignPlan = Estimate & {
  readonly name: string;
  readonly file: string;
  readonly yaml: string;
  /** The head of the protected branch, on which it would stand. */
  readonly commit: string;
  /** Those that are known of its range. */
  readonly runs: number;
  readonly workflows: readonly { readonly workflow: string; readonly tasks: number }[];
};

export type RequestedCampaign = Done<{
  readonly plan: CampaignPlan;
  readonly branch: string;
  /** The pull request, or the page where a person opens it; null where nothing is reviewed anywhere. */
  readonly url: string | null;
  readonly opened: boolean;
  /** Why it could not be opened. */
  readonly trouble: string | null;
}>;

export type NotRequested =
  | Refusal<"unreachable" | "head-has-mistakes" | "already-there" | "cannot-propose">
  | (Refusal<"mistakes"> & { readonly issues: readonly Issue[] });

export type NotPublished = Refusal<
  | "unknown-campaign"
  | "not-finished"
  | "already-published"
  | "no-target"
  | "not-manager"
  /** The target tag does not take it; `detail` says why. */
  | "tag-refused"
  | "unavailable"
>;

type Moved<Reason extends string> = Done<{ standing: CampaignStanding }> | Refusal<Reason | "unknown-campaign">;
