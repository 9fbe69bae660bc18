/** How two tags differ: where, and in which payloads. What holds the same payload at the same moments is the same, however it is cut. */
import type { Intervals } from "./intervals.ts";
import { compareEnds, type Span } from "./iov.ts";
import { BEGINNING, compareMoments, isBefore, type Moment } from "./moment.ts";

export type DifferentSpan = Span & {
  readonly type: string;
  /** Hashes of payloads; null where nothing holds. */
  readonly before: string | null;
  readonly after: string | null;
};

export type TagDiff = {
  /** Ordered by type and beginning. */
  readonly spans: readonly DifferentSpan[];
  /** Types that only one of the two has, wherever. */
  readonly typesAdded: readonly string[];
  readonly typesRemoved: readonly string[];
  /** How many types are the same in both, within the span that was asked about. */
  readonly sameTypes: number;
};

/** Where the payloads of one type differ, within a span. */
export function differentSpans(
  type: string,
  before: Intervals,
  after: Intervals,
  { from, until: end }: Span = { from: BEGINNING, until: null },
): readonly DifferentSpan[] {
  const spans: DifferentSpan[] = [];
  const [one, other] = [walk(before), walk(after)];
  let at: Moment | null = from;
  while (at !== null && (end === null || isBefore(at, end))) {
    const [left, right]: [Held, Held] = [one(at), other(at)];
    const until: Moment | null = earliest([left.until, right.until, end]);
    if (left.payload !== right.payload) {
      const last = spans.at(-1);
      const piece = { type, from: at, until, before: left.payload, after: right.payload };
      const goesOn =
        last && compareEnds(last.until, at) === 0 && last.before === piece.before && last.after === piece.after;
      if (goesOn) spans[spans.length - 1] = { ...last, until };
      else spans.push(piece);
    }
    at = until;
  }
  return spans;
}

function earliest(ends: readonly (Moment | null)[]): Moment | null {
  return ends.reduce((a, b) => (compareEnds(a, b) <= 0 ? a : b), null);
}

type Held = { readonly payload: string | null; readonly until: Moment | null };

/** Answers what holds at a moment, and up to when; moments must be asked in order. */
function walk(list: Intervals): (at: Moment) => Held {
  let index = 0;
  return (at) => {
    for (let iov = list[index]; iov && compareEnds(iov.until, at) <= 0; iov = list[index]) index += 1;
    const iov = list[index];
    if (!iov) return { payload: null, until: null };
    if (compareMoments(at, iov.from) < 0) return { payload: null, until: iov.from };
    return { payload: iov.payload, until: iov.until };
  };
}
