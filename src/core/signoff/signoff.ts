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
  readonly campaign: string;
  readonly workflow: string;
  readonly task: string;
  readonly groupKey: string;
  readonly taskId: number;
  /** It is bound to this attempt and to nothing else. */
  readonly attempt: number;
  /** The config commit that the attempt was made on. */
  readonly commit: string;
  readonly state: SignoffState;
  /** Why it is in this state, in people's words. */
  readonly reason: string | null;
  /** What the thresholds said when it was asked; null where none are declared. */
  readonly verdict: Verdict | null;
  /** A digest of what was shown: whoever signs something else than this is told so. */
  readonly shown: string;
  /** The steps that are to be taken in this order, as the configuration had them when it was asked. */
  readonly steps: readonly SignoffStep[];
  /** Whether one person may sign in several steps. */
  readonly samePerson: boolean;
  /** Who made what is to be signed, and so may not sign it. */
  readonly authors: readonly string[];
  readonly votes: readonly Vote[];
  /** How often it was asked for again. */
  readonly reminders: number;
  readonly remindedAt: Instant | null;
  /** When it was brought to somebody else, and when they were told that it is late. */
  readonly escalatedAt: Instant | null;
  readonly overdueAt: Instant | null;
  readonly askedAt: Instant;
  /** Since when it is the turn of the present step. */
  readonly turnSince: Instant;
  readonly dueAt: Instant | null;
  readonly endedAt: Instant | null;
  readonly version: number;
};

export type SignoffStep = {
  /** A role, or a person. */
  readonly role: string;
  /** May sign in the role's place: roles and persons. */
  readonly deputies: readonly string[];
  readonly approvals: number;
};

export type Vote = {
  /** A person of people.yaml, or `calops` where the rule signed. */
  readonly by: string;
  /** From 0. */
  readonly step: number;
  readonly vote: "approve" | "reject";
  readonly why: string | null;
  readonly at: Instant;
};

/** `t0/calibrate of 8215`, or with its attempt where it is not the first. */
export function signoffInWords({ workflow, task, groupKey, attempt }: Signoff): string {
  return `${workflow}/${task} of ${groupKey}${attempt > 1 ? `, attempt ${attempt}` : ""}`;
}
