/** What a tag holds: the intervals of each type. A type without any is not in it. */
import { type Intervals, inOrder } from "./intervals.ts";
import type { Iov } from "./iov.ts";

export type Contents = ReadonlyMap<string, Intervals>;

/** From a list in any order; those of one type must not overlap. */
export function contentsOf(iovs: readonly Iov[]): Contents {
  const byType = Map.groupBy(iovs, (iov) => iov.type);
  return new Map([...byType.keys()].sort().map((type) => [type, inOrder(byType.get(type) ?? [])]));
}

/** Ordered by type and beginning. */
export function iovsOf(contents: Contents): readonly Iov[] {
  return [...contents.keys()].sort().flatMap((type) => contents.get(type) ?? []);
}
