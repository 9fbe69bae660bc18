/** Constants that a task wants before it begins, as one question to whoever keeps them, with what was found. */
import type { Instant } from "../time.ts";
import type { Iov, Span } from "./iov.ts";
import type { ConditionsRule } from "./wanted.ts";

/** The number of the want that a task's `constants` are; those of its locks count from 0. */
export const OWN_CONSTANTS = -1;

export type Want = {
  readonly taskId: number;
  /** Which of the task's wants: the position of the lock, or `OWN_CONSTANTS`. */
  readonly position: number;
  readonly attempt: number;
  readonly environment: string;
  /** The tag's own name. */
  readonly tag: string;
  readonly types: readonly string[];
  readonly holding: ConditionsRule["holding"];
  /** The runs of its group. */
  readonly span: Span;
  readonly state: "open" | "closed" | "unknown";
  /** In people's words. */
  readonly detail: string;
  /** For `OWN_CONSTANTS` that are there: what its jobs are given. */
  readonly found: readonly Found[];
  readonly askedAt: Instant;
  /** How often in a row nobody answered. */
  readonly failures: number;
  /** The task has not begun yet: whatever changes in the tag may matter to it. */
  readonly waiting: boolean;
  /** Goes up when it is to be asked anew: an answer to an earlier round is none. */
  readonly round: number;
};

export type Found = Iov & {
  /** The absolute path of its bytes. */
  readonly place: string;
};

/** One payload that an attempt of a task was made with. */
export type ConstantUse = {
  readonly taskId: number;
  readonly attempt: number;
  readonly environment: string;
  readonly tag: string;
  readonly type: string;
  readonly payload: string;
  /** Where it held. */
  readonly iov: Span;
  /** The runs that it was used for. */
  readonly span: Span;
  readonly place: string;
  /** What holds now instead, in people's words; null where it still holds. */
  readonly changed: string | null;
};

export function usesOf(want: Want): ConstantUse[] {
  const { taskId, attempt, environment, tag, span } = want;
  return want.found.map(({ type, payload, from, until, place }) => ({
    taskId,
    attempt,
    environment,
    tag,
    type,
    payload,
    iov: { from, until },
    span,
    place,
    changed: null,
  }));
}

/** It asks for the same as before, so what was found still counts. */
export function sameWant(a: Want, b: Want): boolean {
  const asked = ({ attempt, environment, tag, types, holding, span }: Want) =>
    JSON.stringify([attempt, environment, tag, types, holding, span.from, span.until]);
  return asked(a) === asked(b);
}

/** The tag changed: whatever was found may hold no more. */
export function anew(want: Want): Want {
  return { ...want, state: "unknown", detail: "the tag changed, and is asked again", found: [], round: want.round + 1 };
}

/** What holds in place of what an attempt was made with, type by type; null where everything is as it was. */
export function changeInWords(
  { tag, type }: Pick<ConstantUse, "tag" | "type">,
  used: readonly string[],
  now: readonly string[],
): string | null {
  const gone = used.filter((payload) => !now.includes(payload));
  const come = now.filter((payload) => !used.includes(payload));
  if (gone.length === 0 && come.length === 0) return null;
  const names = (payloads: readonly string[]) =>
    payloads.length === 0 ? "nothing" : payloads.map((payload) => payload.slice(0, 12)).join(", ");
  return gone.length === 0
    ? `${type} of ${tag} holds ${names(come)} besides`
    : `${type} of ${tag} is ${names(come)} where it was ${names(gone)}`;
}

const REVOKED = "its sign-off was revoked by";

/** Why what was made with constants must not be used: whoever signed them, or may, has taken it back. */
export function revokedInWords(by: string, why: string): string {
  return `${REVOKED} ${by}: ${why}`;
}

/** Whatever a tag holds: constants that were revoked are not as they should be. */
export function isRevoked({ changed }: Pick<ConstantUse, "changed">): boolean {
  return changed?.includes(REVOKED) ?? false;
}

/** When to ask again where nothing says that something changed: more rarely while nobody answers. */
export function askAgainAt({ failures }: Want, now: Instant): Instant {
  return now + EVERY_MS * Math.min(SLOWEST, 2 ** failures);
}

/** Whatever calops itself changes is told; this is for what others change in a server of theirs. */
const EVERY_MS = 300_000;
const SLOWEST = 12;
