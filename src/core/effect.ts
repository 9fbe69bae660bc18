/**
 * What a decision asks for beyond its own thing. Effects are committed with it and carried out afterwards, at least once;
 * each names what it is about, so that carrying it out twice is the same as once.
 */
import type { Instant } from "./time.ts";

/**
 * Things that the engine looks at again, each by its own stage. The pair of kind and ref is the key: asking twice is asking once.
 *
 *   run         a run is new or changed: group it, find what went stale
 *   tick        a workflow runs by the clock
 *   group       a group may be complete
 *   signoff     a sign-off may be due: reminded, brought to somebody else, over; or what was shown has moved
 *   task        a task may move: locks, limits, jobs that ended
 *   dependents  a task ended or began anew: tell those that need it
 *   stage       a data set of a campaign may be complete: tell those that wait for it
 *   admit       a place came free in a workflow: tasks that are ready may begin
 *   dispatch    an executor may take jobs
 *   renew       a stale result whose workflow wants it made anew
 *   settle      a task that had failed is so no longer: its alert may be resolved
 *   alert       a task failed for good: look what it says, and tell people
 *   ask         a lock asks outside
 *   tidy        retention of logs and working directories
 *   deploy      a deployment may go on
 *   version     a workflow of an environment makes its results otherwise now: those that it has may be stale
 *   retire      a mirror was archived: its tasks are ended
 *   propose     a branch has a new head, or its mirror new results: tell those who review it
 *   status      a deployment moved: tell it at its commit
 *   revert      a commit was taken back: open a branch that takes it back in git, too
 *   watch       an alert may be told, repeated or brought to somebody else
 *   hand-over   one shift takes over from another
 *   subscribed  a run or a workflow may have ended that somebody asked about
 *   tags        a configuration was deployed: global tags that it declares are made
 *   want        a task wants constants: look whether they hold for its runs
 *   publish     a task left payloads for a global tag, and it may be their turn
 *   constants   a stretch of a global tag holds otherwise now: who waits for it, and whose results used it
 *   take-out    constants whose sign-off was revoked: out of their tag
 *   plots       pictures of what is to be signed are looked for
 *   card        tasks of a group moved: its message says so
 *   campaign-tickets   something of a campaign moved: its tickets follow
 *   ticket      a ticket is to be made, moved, linked or written into in its tracker
 *   campaign    a campaign was started: its tags are made ready and its runs are given to it
 */
export const ERRAND_KINDS = [
  "run",
  "tick",
  "group",
  "signoff",
  "task",
  "dependents",
  "stage",
  "admit",
  "dispatch",
  "renew",
  "settle",
  "alert",
  "ask",
  "tidy",
  "deploy",
  "version",
  "retire",
  "propose",
  "status",
  "revert",
  "watch",
  "hand-over",
  "subscribed",
  "tags",
  "take-out",
  "plots",
  "card",
  "campaign",
  "publish",
  "constants",
  "want",
  "campaign-tickets",
  "ticket",
] as const;
export type ErrandKind = (typeof ERRAND_KINDS)[number];

/** Errands that need to ask the world first, and are run beside the turns. */
export const OUTSIDE_ERRANDS: readonly ErrandKind[] = [
  "alert",
  "hand-over",
  "ask",
  "tidy",
  "plots",
  "take-out",
  "deploy",
  "propose",
  "status",
  "revert",
  "campaign",
  "tags",
  "want",
  "publish",
  "constants",
  "ticket",
];

export function isOutside(kind: ErrandKind): boolean {
  return OUTSIDE_ERRANDS.includes(kind);
}

export type Errand = { readonly kind: ErrandKind; readonly ref: string };

/** Errands that are due together are run in this order: all runs are in their groups before any group is looked at. */
export function rankOf(kind: ErrandKind): number {
  return ERRAND_KINDS.indexOf(kind);
}

export type Effect =
  | { readonly do: "wake"; readonly errand: Errand; readonly at: Instant }
  | { readonly do: "cancel"; readonly executor: string; readonly key: string };

export function wake(kind: ErrandKind, ref: string | number, at: Instant): Effect {
  return { do: "wake", errand: { kind, ref: String(ref) }, at };
}
