/**
 * A global tag as it is kept: a named set of payloads with their intervals. Each environment has its own; a mirror sees those of
 * production until it changes one, and then has its own copy of it.
 *
 *   OPEN      -> TESTING | RUNNING
 *   TESTING   -> VALIDATED | OPEN
 *   VALIDATED -> PUBLISHED | OPEN
 *   PUBLISHED -> INVALID            for ever
 *   RUNNING                         takes only what is later than anything that was used
 */
import type { Instant } from "../time.ts";

export const TAG_STATES = ["OPEN", "TESTING", "VALIDATED", "PUBLISHED", "RUNNING", "INVALID"] as const;
export type TagState = (typeof TAG_STATES)[number];

/** Which tag: a name, in the environment that asks or changes. */
export type TagRef = { readonly environment: string; readonly name: string };

export type GlobalTag = TagRef & {
  readonly state: TagState;
  readonly description: string;
  /** A staging tag feeds this one; null for one that feeds nothing. */
  readonly upstream: string | null;
  readonly createdAt: Instant;
  readonly modifiedAt: Instant;
  /** Counts its changes, so that "as it was shown" can be compared. */
  readonly version: number;
};
