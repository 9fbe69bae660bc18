/**
 * The recorded yes or no to what one attempt of a task came to, as it is stored. Its life is told in `life.ts`:
 *
 *   asked    -> approved | rejected | lapsed    by people, or by the declared rule; lapsed when the task is made anew
 *   approved -> revoked                         somebody takes it back: what was made from it is stale
 */

import type { Instant } from "../time.ts";
import type { Verdict } from "../validation/judgement.ts";

export const SIGNOFF_STATES = ["asked", "approved", "rejected", "lapsed", "revoked"] as const;
export type SignoffState = (typeof SIGNOFF_STATES)[number];

export type Signoff = {
  readonly id: number;
  readonly environment: string;
  readonly taskId: number;
  /** It is bound to this attempt and to nothing else. */
  readonly attempt: number;
  readonly state: SignoffState;
  /** Why it is in this state, in people's words. */
  readonly reason: string | null;
  /** What the thresholds said when it was asked; null where none are declared. */
  readonly verdict: Verdict | null;
  /** A digest of what was shown: whoever signs something else than this is told so. */
  readonly shown: string;
  /** The steps that are to be taken in this order, as the configuration had them when it was asked. */
  readonly steps: readonly SignoffStep[];
  readonly votes: readonly Vote[];
  readonly askedAt: Instant;
  readonly dueAt: Instant | null;
  readonly endedAt: Instant | null;
  readonly version: number;
};

export type SignoffStep = {
  readonly role: string;
  /** May sign in the role's place. */
  readonly deputies: readonly string[];
  readonly approvals: number;
};

export type Vote = {
  /** A person of people.yaml, or `calops` where the rule signed. */
  readonly by: string;
  readonly step: number;
  readonly vote: "approve" | "reject";
  readonly why: string | null;
  readonly at: Instant;
};
