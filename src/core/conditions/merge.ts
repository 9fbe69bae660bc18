/** Several tags into one: at each moment and for each type what the first of them has, and where none has anything, what was there. */
import type { Contents } from "./contents.ts";
import { cutTo, gapsIn, holdingAt, type Intervals } from "./intervals.ts";
import { compareEnds, type Iov, type Span } from "./iov.ts";

/**
 * What is to be put into `target`. What it has already, with the same payload at the same moments, is not in it.
 * @param sources the first comes first
 */
export function mergedInto(target: Contents, sources: readonly Contents[], span: Span): readonly Iov[] {
  const types = [...new Set(sources.flatMap((source) => [...source.keys()]))].sort();
  return types.flatMap((type) => {
    const had = target.get(type) ?? [];
    return firstOf(
      sources.map((source) => source.get(type) ?? []),
      span,
    ).filter((iov) => !alreadyHolds(had, iov));
  });
}

function firstOf(lists: readonly Intervals[], span: Span): Iov[] {
  const taken: Iov[] = [];
  let open: readonly Span[] = [span];
  for (const list of lists) {
    taken.push(...open.flatMap((piece) => cutTo(list, piece)));
    open = open.flatMap((piece) => gapsIn(list, piece));
  }
  return taken;
}

function alreadyHolds(list: Intervals, iov: Iov): boolean {
  const there = holdingAt(list, iov.from);
  return there?.payload === iov.payload && compareEnds(iov.until, there.until) <= 0;
}
