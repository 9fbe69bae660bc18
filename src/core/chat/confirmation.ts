/**
 * Something dangerous that a person is to say yes to, after they have seen what it would do: they alone, once, for a while, and
 * only as long as everything stands as it was shown.
 */
import { become, type Decision, refuse } from "../decision.ts";
import type { Instant } from "../time.ts";

export type Confirmation = {
  /** What people type, and buttons carry. */
  readonly id: string;
  readonly words: readonly string[];
  readonly by: string;
  /** How everything stood that it depends on. */
  readonly basis: string;
  readonly at: Instant;
  readonly until: Instant;
  /** The request that used it. The same request may go on after a crash. */
  readonly usedBy: string | null;
  readonly outcome: "confirmed" | "cancelled" | null;
};

export const CONFIRM_WITHIN_MS = 10 * 60_000;

export function askToConfirm(of: Pick<Confirmation, "id" | "words" | "by" | "basis">, now: Instant): Confirmation {
  return { ...of, at: now, until: now + CONFIRM_WITHIN_MS, usedBy: null, outcome: null };
}

/** @param request the key of what says yes or no */
export function decideOn(
  confirmation: Confirmation,
  outcome: "confirmed" | "cancelled",
  by: string,
  request: string,
  now: Instant,
): Decision<Confirmation, "somebody-else" | "confirmed-before" | "cancelled-before" | "too-late"> {
  if (confirmation.by !== by) return refuse("somebody-else", confirmation.by);
  if (confirmation.outcome !== null && confirmation.usedBy !== request)
    return refuse(confirmation.outcome === "confirmed" ? "confirmed-before" : "cancelled-before");
  if (now > confirmation.until && confirmation.usedBy === null) return refuse("too-late");
  return become(confirmation, { outcome, usedBy: request }, { event: outcome });
}
