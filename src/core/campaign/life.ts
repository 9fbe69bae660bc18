/**
 * The life of a campaign.
 *
 *   draft    -> running              started: its staging tags are emptied or copied, a snapshot is made, its runs are given to it
 *   running <-> paused               nothing new of it begins; what runs goes on
 *   running | paused -> finished     everything of it has ended and is signed, or somebody says that it is enough
 *   finished -> running              started anew, once a higher attempt is declared
 *   draft | finished -> archived     nobody works on it any more; what only the work needed may go
 *
 * What starting needs of the world is done after it, by an errand: until then it runs and nothing of it begins.
 */
import { become, type Decision, refuse } from "../decision.ts";
import { wake } from "../effect.ts";
import type { Instant } from "../time.ts";
import type { CampaignStanding } from "./campaign.ts";

/** @param attempt as it is declared now */
export function start(
  standing: CampaignStanding,
  { attempt, by }: { readonly attempt: number; readonly by: string },
  now: Instant,
): Decision<CampaignStanding, "already-started" | "archived" | "same-attempt"> {
  const { state } = standing;
  if (state === "archived") return refuse("archived");
  if (state === "running" || state === "paused") return refuse("already-started", state);
  if (state === "finished" && attempt <= standing.attempt) return refuse("same-attempt", String(standing.attempt));
  return become(
    standing,
    {
      state: "running",
      attempt,
      reason: null,
      by,
      prepared: false,
      trouble: null,
      startedAt: now,
      finishedAt: null,
      modifiedAt: now,
    },
    { event: "started", detail: { attempt } },
    [wake("campaign", campaignRef(standing), now)],
  );
}

/** Its tags are ready and its runs are in it. */
export function prepare(
  standing: CampaignStanding,
  attempt: number,
  detail: Readonly<Record<string, unknown>>,
  now: Instant,
): Decision<CampaignStanding, "not-awaited"> {
  if (!isAwaited(standing, attempt)) return refuse("not-awaited");
  return become(standing, { prepared: true, trouble: null, modifiedAt: now }, { event: "prepared", detail });
}

/** What its start needs of the world was not to be had; it is tried again. */
export function stumble(
  standing: CampaignStanding,
  attempt: number,
  why: string,
  now: Instant,
): Decision<CampaignStanding, "not-awaited" | "unchanged"> {
  if (!isAwaited(standing, attempt)) return refuse("not-awaited");
  if (standing.trouble === why) return refuse("unchanged");
  return become(standing, { trouble: why, modifiedAt: now }, { event: "not prepared", why });
}

export function pause(
  standing: CampaignStanding,
  by: string,
  why: string,
  now: Instant,
): Decision<CampaignStanding, "already-paused" | "not-running"> {
  if (standing.state === "paused") return refuse("already-paused", standing.by);
  if (standing.state !== "running") return refuse("not-running", standing.state);
  return become(standing, { state: "paused", reason: why, by, modifiedAt: now }, { event: "paused", why });
}

export function resume(standing: CampaignStanding, by: string, now: Instant): Decision<CampaignStanding, "not-paused"> {
  if (standing.state !== "paused") return refuse("not-paused", standing.state);
  return become(standing, { state: "running", reason: null, by, modifiedAt: now }, { event: "resumed" });
}

/** @param left what has not ended or is not signed, in words; empty where nothing is */
export function finish(
  standing: CampaignStanding,
  { by, left, force }: { readonly by: string; readonly left: readonly string[]; readonly force: string | undefined },
  now: Instant,
): Decision<CampaignStanding, "not-running" | "something-left"> {
  if (standing.state !== "running" && standing.state !== "paused") return refuse("not-running", standing.state);
  const open = standing.prepared ? left : ["it is not prepared yet", ...left];
  if (open.length > 0 && force === undefined) return refuse("something-left", open.join("; "));
  const reason = open.length === 0 ? null : `finished by ${by} with ${open.join(", ")}: ${force}`;
  return become(
    standing,
    { state: "finished", reason, by, finishedAt: now, modifiedAt: now },
    { event: "finished", ...(reason === null ? {} : { why: reason }) },
  );
}

/** Its constants are in the target tag. The same attempt is published once. */
export function publish(
  standing: CampaignStanding,
  by: string,
  detail: Readonly<Record<string, unknown>>,
  now: Instant,
): Decision<CampaignStanding, "not-finished" | "already-published"> {
  if (standing.state !== "finished") return refuse("not-finished", standing.state);
  if (standing.published?.attempt === standing.attempt) return refuse("already-published", standing.published.by);
  const published = { at: now, by, attempt: standing.attempt };
  return become(standing, { published, modifiedAt: now }, { event: "published", detail });
}

export function archive(
  standing: CampaignStanding,
  by: string,
  now: Instant,
): Decision<CampaignStanding, "already-archived" | "not-finished"> {
  if (standing.state === "archived") return refuse("already-archived", standing.by);
  if (standing.state !== "finished" && standing.state !== "draft") return refuse("not-finished", standing.state);
  return become(standing, { state: "archived", reason: null, by, modifiedAt: now }, { event: "archived" });
}

export function campaignRef({ environment, name }: Pick<CampaignStanding, "environment" | "name">): string {
  return `${environment}/${name}`;
}

/** The name of an environment may have slashes, that of a campaign has none. */
export function campaignOfRef(ref: string): { readonly environment: string; readonly name: string } {
  const between = ref.lastIndexOf("/");
  return { environment: ref.slice(0, between), name: ref.slice(between + 1) };
}

function isAwaited({ state, prepared, attempt }: CampaignStanding, of: number): boolean {
  return (state === "running" || state === "paused") && !prepared && attempt === of;
}
