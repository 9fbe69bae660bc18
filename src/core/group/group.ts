/**
 * The unit that a workflow processes, put together from runs as its grouping says.
 *
 *   open   -> closed   complete, or closed by hand; it keeps its runs, and a late one makes its results stale
 *   closed -> merged   there was not enough data in it: its runs go into the next group of the workflow
 */
import { become, type Decision, refuse } from "../decision.ts";
import { wake } from "../effect.ts";
import type { Instant } from "../time.ts";
import { type GroupContent, type GroupedRun, luminosityOf } from "./grouping.ts";

export type Group = GroupContent & {
  readonly id: number;
  readonly environment: string;
  readonly campaign: string;
  readonly workflow: string;
  readonly state: "open" | "closed" | "merged";
  readonly firstRun: number | null;
  readonly lastRun: number | null;
  readonly openedAt: Instant;
  readonly closedAt: Instant | null;
  /** Why it was closed, in people's words. */
  readonly closedWhy: string | null;
  /** The group that took its runs; null while that one has not come yet. */
  readonly mergedInto: number | null;
  readonly version: number;
};

export type GroupHome = { readonly environment: string; readonly campaign: string; readonly workflow: string };

export function openGroup(id: number, home: GroupHome, key: string, now: Instant): Group {
  return {
    id,
    ...home,
    key,
    state: "open",
    count: 0,
    luminosity: 0,
    firstRun: null,
    lastRun: null,
    openedAt: now,
    changedAt: now,
    closedAt: null,
    closedWhy: null,
    mergedInto: null,
    version: 0,
  };
}

export function join(group: Group, run: GroupedRun, now: Instant): Decision<Group, "merged"> {
  if (group.state === "merged") return refuse("merged");
  const late = group.state === "closed";
  return become(
    group,
    {
      count: group.count + 1,
      luminosity: group.luminosity + luminosityOf(run.attributes),
      firstRun: Math.min(group.firstRun ?? run.number, run.number),
      lastRun: Math.max(group.lastRun ?? run.number, run.number),
      changedAt: now,
    },
    { event: late ? "joined late" : "joined", detail: { run: run.number } },
    [wake("group", group.id, now)],
  );
}

/** A run that the workflow does not select any more leaves a group that is still open. */
export function leave(group: Group, run: GroupedRun, now: Instant): Decision<Group, "closed"> {
  if (group.state !== "open") return refuse("closed");
  const change = {
    count: group.count - 1,
    luminosity: group.luminosity - luminosityOf(run.attributes),
    changedAt: now,
  };
  return become(group, change, { event: "left", detail: { run: run.number } }, [wake("group", group.id, now)]);
}

/** The luminosity of a member is known better now. */
export function revalue(group: Group, difference: number, now: Instant): Group {
  return { ...group, luminosity: group.luminosity + difference, changedAt: now };
}

export function close(group: Group, why: string, now: Instant): Decision<Group, "already-closed"> {
  if (group.state !== "open") return refuse("already-closed");
  return become(group, { state: "closed", closedAt: now, closedWhy: why }, { event: "closed", why });
}

/** `into` is null while the group that will take its runs has not come yet. */
export function absorb(
  group: Group,
  into: Group | null,
  now: Instant,
): Decision<Group, "still-open" | "already-merged"> {
  if (group.state === "open") return refuse("still-open");
  if (group.state === "merged" && group.mergedInto !== null) return refuse("already-merged");
  const why = into ? `not enough data: merged into ${into.key}` : "not enough data: waits for the next group";
  return become(
    group,
    { state: "merged", mergedInto: into?.id ?? null, closedAt: group.closedAt ?? now },
    { event: "merged", why },
  );
}
