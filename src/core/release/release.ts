/**
 * The hold on what is made of a group in bulk, as it is stored: one a group, from the first time that somebody looks at it.
 * Its life is told in `life.ts`.
 */
import type { Instant } from "../time.ts";

export const RELEASE_STATES = ["waiting", "announced", "released"] as const;
export type ReleaseState = (typeof RELEASE_STATES)[number];

export type Release = {
  readonly groupId: number;
  readonly state: ReleaseState;
  /** Why it is released, in people's words. */
  readonly reason: string | null;
  /** What people added to it. */
  readonly extraMs: number;
  /** When it ends, from its announcement on: then it is locked in, whatever is deployed meanwhile. */
  readonly endsAt: Instant | null;
  /** What was asked for by fewer people than it needs. */
  readonly wishes: readonly Wish[];
  readonly releasedAt: Instant | null;
  readonly version: number;
};

/** Somebody wants it longer by `byMs`, or over at once when that is null. */
export type Wish = {
  readonly byMs: number | null;
  readonly by: string;
  readonly why: string;
  readonly at: Instant;
};

export function freshRelease(groupId: number): Release {
  return {
    groupId,
    state: "waiting",
    reason: null,
    extraMs: 0,
    endsAt: null,
    wishes: [],
    releasedAt: null,
    version: 0,
  };
}

/** What a hold is judged by, beside its rule. */
export type ReleaseFacts = {
  /** The group is complete: no run will join it, so its end will not move. */
  readonly complete: boolean;
  /** The end of the newest run of the group; undefined while it is not known. */
  readonly newestEnd: Instant | undefined;
  /** Since when there is something that it holds. */
  readonly since: Instant;
  /** How many results are to be signed before it can end early. */
  readonly toSign: number;
  readonly unsigned: readonly Unsigned[];
};

/** A result that is not signed yet, and whose turn it is. `standing`: how far it is, which changes while people look. */
export type Unsigned = { readonly what: string; readonly standing: string; readonly by: string };
