/**
 * How a new account becomes a person's. A code is shown to whoever asks in the new account; typed in an account that is the
 * person's already, it says that both are theirs.
 *
 *   offered -> used       within its time, once
 *   offered -> offered    another is asked for in the same account, and the one before is worth nothing
 */
import type { Account } from "../chat/request.ts";
import { become, type Decision, refuse } from "../decision.ts";
import type { Instant } from "../time.ts";

export type LinkCode = {
  /** The new account; each has one code at most. */
  readonly account: Account;
  /** The code itself is kept nowhere. */
  readonly digest: string;
  readonly until: Instant;
  readonly usedAt: Instant | null;
};

/** An account that is a person's by a code; those of people.yaml are not among them. */
export type LinkedAccount = {
  readonly chat: string;
  readonly id: string;
  /** Null where it is nobody's any more. */
  readonly person: string | null;
  readonly since: Instant;
};

export const CODE_LENGTH = 8;
const CODE_LASTS_MS = 15 * 60_000;

/** Wrong codes that one may type within the time that a code lasts. */
const GUESSES = 5;

export function offerCode(account: Account, digest: string, now: Instant): LinkCode {
  return { account, digest, until: now + CODE_LASTS_MS, usedAt: null };
}

export function useCode(code: LinkCode, now: Instant): Decision<LinkCode, "unknown-code"> {
  // Whether a code was right once is nobody's business.
  if (code.usedAt !== null || now > code.until) return refuse("unknown-code");
  return become(code, { usedAt: now }, { event: "used" });
}

export function guessesTooMuch(wrong: number): boolean {
  return wrong >= GUESSES;
}

/** Wrong codes before this moment count no more. */
export function guessesSince(now: Instant): Instant {
  return now - CODE_LASTS_MS;
}
