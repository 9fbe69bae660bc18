/**
 * The intervals of one type within a tag: ordered by their beginnings, none of them empty, no two of them sharing a moment.
 * Whatever is done to such a list gives such a list.
 */
import { compareEnds, covers, type Iov, isEmpty, type Span } from "./iov.ts";
import { BEGINNING, compareMoments, isBefore, type Moment } from "./moment.ts";

export type Intervals = readonly Iov[];

/** The one that holds at the moment. */
export function holdingAt(list: Intervals, moment: Moment): Iov | undefined {
  const next = firstWhere(list, (iov) => isBefore(moment, iov.from));
  const found = list[next - 1];
  return found && covers(found, moment) ? found : undefined;
}

/** Those that share a moment with the span, whole. */
export function within(list: Intervals, span: Span): Intervals {
  const [from, until] = touched(list, span);
  return list.slice(from, until);
}

/** What of them lies in the span, cut to it. */
export function cutTo(list: Intervals, span: Span): Intervals {
  return within(list, span)
    .map((iov) => ({ ...iov, ...common(iov, span) }))
    .filter((iov) => !isEmpty(iov));
}

/** Nothing holds in the span any more; what reaches into it ends before it, or begins after it. */
export function without(list: Intervals, span: Span): Intervals {
  if (isEmpty(span)) return list;
  const [from, until] = touched(list, span);
  const rest = list.slice(from, until).flatMap((iov) => outside(iov, span));
  return [...list.slice(0, from), ...rest, ...list.slice(until)];
}

/** These hold where they say, whatever held there before. They share no moment with each other. */
export function withThese(list: Intervals, iovs: Intervals): Intervals {
  const added = inOrder(iovs);
  const rest = list.flatMap((iov) =>
    within(added, iov).reduce<Iov[]>((pieces, span) => pieces.flatMap((piece) => outside(piece, span)), [iov]),
  );
  return inOrder([...rest, ...added]);
}

/** Where nothing holds, within the span. */
export function gapsIn(list: Intervals, span: Span): readonly Span[] {
  const gaps: Span[] = [];
  let reached: Moment | null = span.from;
  for (const { from, until } of within(list, span)) {
    if (reached !== null && isBefore(reached, from)) gaps.push({ from: reached, until: from });
    reached = until;
  }
  if (reached !== null && !isEmpty({ from: reached, until: span.until }))
    gaps.push({ from: reached, until: span.until });
  return gaps;
}

/** Two of them that share a moment; undefined where the list is as it should be. They need not be in order. */
export function overlapIn(iovs: readonly Iov[]): readonly [Iov, Iov] | undefined {
  const ordered = inOrder(iovs);
  for (const [index, iov] of ordered.entries()) {
    const next = ordered[index + 1];
    if (next && compareEnds(iov.until, next.from) > 0) return [iov, next];
  }
  return undefined;
}

export function inOrder(iovs: readonly Iov[]): Intervals {
  return [...iovs].sort((a, b) => compareMoments(a.from, b.from));
}

/** What two spans share; empty where they share nothing. */
export function common(a: Span, b: Span): Span {
  return {
    from: isBefore(a.from, b.from) ? b.from : a.from,
    until: compareEnds(a.until, b.until) < 0 ? a.until : b.until,
  };
}

/** What of it lies before the span, and what after it. */
function outside(iov: Iov, span: Span): Iov[] {
  const before = { from: BEGINNING, until: span.from };
  const after = span.until === null ? [] : [{ from: span.until, until: null }];
  return [before, ...after].map((side) => ({ ...iov, ...common(iov, side) })).filter((piece) => !isEmpty(piece));
}

/** From which to before which of the list share a moment with the span. */
function touched(list: Intervals, span: Span): [number, number] {
  if (isEmpty(span)) return [0, 0];
  const from = firstWhere(list, ({ until }) => compareEnds(until, span.from) > 0);
  const until = firstWhere(list, (iov) => compareEnds(span.until, iov.from) <= 0);
  return [from, Math.max(from, until)];
}

/** The first for which it is true; it must be so for all that follow, too. */
function firstWhere(list: Intervals, isTrue: (iov: Iov) => boolean): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const iov = list[middle];
    if (iov && isTrue(iov)) high = middle;
    else low = middle + 1;
  }
  return low;
}
