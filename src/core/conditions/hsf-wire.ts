/**
 * Intervals and states in the words of nopayloaddb, the HSF reference implementation: the same whether calops answers or asks.
 * docs/hsf.md tells where they were read.
 */
import { type Iov, isEmpty, type Span } from "./iov.ts";
import type { TagState } from "./tag.ts";

/** What stands for "no end": the largest of 64 bits. A number of JavaScript comes close to it and no more. */
const OPEN = "9223372036854775807";

/** An interval as it comes: numbers from the largest safe one on stand for no end. */
export type WireSpan = {
  readonly major_iov: number;
  readonly minor_iov: number;
  readonly major_iov_end: number;
  readonly minor_iov_end: number;
};

/** A number that is written into JSON digit by digit. */
export type Digits = object;
const { rawJSON } = JSON as unknown as { rawJSON(text: string): Digits };
const NO_END = rawJSON(OPEN);

/** The ends are the first moment that does not belong to it, here and there. */
export function spanToWire({ from, until }: Span): Record<keyof WireSpan, number | Digits> {
  return {
    major_iov: from.major,
    minor_iov: from.minor,
    major_iov_end: until?.major ?? NO_END,
    minor_iov_end: until?.minor ?? NO_END,
  };
}

/**
 * Where only the minor end is open the whole major number belongs to it. The reference takes 0 with an open minor end for open,
 * too: experiments that count by minor numbers alone write it.
 *
 * @returns undefined where it ends before it begins, or begins nowhere
 */
export function spanFromWire(wire: WireSpan): Span | undefined {
  const { major_iov, minor_iov, major_iov_end, minor_iov_end } = wire;
  if (isFar(major_iov) || isFar(minor_iov)) return undefined;
  const span = {
    from: { major: major_iov, minor: minor_iov },
    until: endFrom(major_iov, major_iov_end, minor_iov_end),
  };
  return isEmpty(span) ? undefined : span;
}

function endFrom(begin: number, major: number, minor: number): Span["until"] {
  if (isFar(major)) return null;
  if (!isFar(minor)) return { major, minor };
  return major === 0 && begin === 0 ? null : { major: major + 1, minor: 0 };
}

/** Too large to be told apart from its neighbours. */
export function isFar(number: number): boolean {
  return number >= Number.MAX_SAFE_INTEGER;
}

/** What may be done to a tag in the reference: everything, only append, nothing. */
const STATUS: Readonly<Record<TagState, string>> = {
  OPEN: "unlocked",
  TESTING: "TESTING",
  VALIDATED: "VALIDATED",
  PUBLISHED: "frozen",
  RUNNING: "locked",
  INVALID: "INVALID",
};

export const STATUSES: readonly string[] = Object.values(STATUS);

export function statusOf(state: TagState): string {
  return STATUS[state];
}

/** The reference's word, or the state's own name; undefined for anything else. */
export function stateOfStatus(status: string): TagState | undefined {
  const states = Object.keys(STATUS) as TagState[];
  return states.find((state) => STATUS[state] === status || state === status);
}

/**
 * Intervals that all begin somewhere and end nowhere, as `bulk_piov` has them: each holds until the next one of its type begins,
 * be it one of them or one that is there. Of two that begin at once the later in the list holds.
 *
 * @param there the beginnings of those of the same type that are there already
 */
export function untilTheNext(iovs: readonly Iov[], there: readonly Iov[]): readonly Iov[] {
  const byBeginning = new Map(iovs.map((iov) => [beginningOf(iov), iov]));
  const begins = [...byBeginning.values(), ...there.filter((iov) => !byBeginning.has(beginningOf(iov)))].sort(
    (a, b) => a.from.major - b.from.major || a.from.minor - b.from.minor,
  );
  return begins.flatMap((iov, index) =>
    byBeginning.get(beginningOf(iov)) === iov ? [{ ...iov, until: begins[index + 1]?.from ?? null }] : [],
  );
}

function beginningOf({ from }: Iov): string {
  return `${from.major} ${from.minor}`;
}
