/** What a staging tag has for a running one, from a moment on. */
import { compareEnds, type Iov, isEmpty } from "./iov.ts";
import { compareMoments, type Moment } from "./moment.ts";

/**
 * What began earlier begins at `from`. What the running tag holds already, for as long, is left out, so that nothing is closed
 * and begun again for nothing.
 *
 * @param staging in any order; those of one type do not overlap
 * @param held what the running tag holds at `from`, one for each type at most
 */
export function toAppend(staging: readonly Iov[], from: Moment, held: readonly Iov[]): Iov[] {
  const byType = Map.groupBy(
    staging.map((iov) => (compareMoments(iov.from, from) < 0 ? { ...iov, from } : iov)).filter((iov) => !isEmpty(iov)),
    (iov) => iov.type,
  );
  return [...byType.keys()].sort().flatMap((type) => {
    const list = (byType.get(type) ?? []).sort((a, b) => compareMoments(a.from, b.from));
    const [first, second] = list;
    const already = held.find((iov) => iov.type === type);
    const same = first !== undefined && already?.until === null && already.payload === first.payload;
    const goesOn =
      first?.until === null || (second !== undefined && compareEnds(first?.until ?? null, second.from) === 0);
    return same && goesOn ? list.slice(1) : list;
  });
}
