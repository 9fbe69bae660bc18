/**
 * An interval of validity: from when to when a payload is the one of its type. Within a tag, those of one type never overlap.
 */
import { compareMoments, type Moment, momentInWords } from "./moment.ts";

export type Span = {
  /** The first moment that belongs to it. */
  readonly from: Moment;
  /** The first moment that does not; null where it is open, so that it holds for everything to come. */
  readonly until: Moment | null;
};

export type Iov = Span & {
  /** The payload's type: `t0`, `pedestals`. */
  readonly type: string;
  /** SHA-256 of the payload's bytes, 64 hexadecimal digits. */
  readonly payload: string;
};

/** A payload as it is kept; its bytes lie in a file. */
export type Payload = {
  readonly hash: string;
  readonly type: string;
  readonly bytes: number;
};

/** Ends compare too: an open one is later than any moment. */
export function compareEnds(a: Moment | null, b: Moment | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return compareMoments(a, b);
}

export function isEmpty({ from, until }: Span): boolean {
  return compareEnds(until, from) <= 0;
}

export function covers({ from, until }: Span, moment: Moment): boolean {
  return compareMoments(from, moment) <= 0 && compareEnds(moment, until) < 0;
}

/** There is a moment that belongs to both. */
export function sharesMoment(a: Span, b: Span): boolean {
  return compareEnds(a.from, b.until) < 0 && compareEnds(b.from, a.until) < 0;
}

/** `from 8215`, `8215 to before 8230` */
export function spanInWords({ from, until }: Span): string {
  return until === null ? `from ${momentInWords(from)}` : `${momentInWords(from)} to before ${momentInWords(until)}`;
}
