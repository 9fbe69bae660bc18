/** What a change did to the intervals of one type, told by what was there before and what is there after it. */
import type { ChangeReport } from "./change.ts";
import { common, type Intervals } from "./intervals.ts";
import { type Iov, isEmpty } from "./iov.ts";

export type Difference = Pick<ChangeReport, "added" | "removed" | "cut">;

/** @param given what was put there, as the same objects: no piece of something that was there before */
export function differenceOf(before: Intervals, after: Intervals, given: readonly Iov[] = []): Difference {
  const fresh = new Set(given);
  const gone = missingFrom(after, before);
  const come = missingFrom(before, after);
  const goneOf = Map.groupBy(gone, (iov) => iov.payload);
  const cut = come.flatMap((piece) => {
    if (fresh.has(piece)) return [];
    const whole = goneOf.get(piece.payload)?.find((iov) => !isEmpty(common(iov, piece)));
    return whole ? [{ before: whole, after: piece }] : [];
  });
  const pieces = new Set(cut.map(({ after: piece }) => piece));
  const wholes = new Set(cut.map(({ before: whole }) => whole));
  return {
    added: come.filter((iov) => !pieces.has(iov)),
    removed: gone.filter((iov) => !wholes.has(iov)),
    cut,
  };
}

/** Those of the second list that the first does not have just so. */
function missingFrom(list: Intervals, iovs: Intervals): Iov[] {
  const known = new Set(list.map(exactly));
  return iovs.filter((iov) => !known.has(exactly(iov)));
}

function exactly({ from, until, payload }: Iov): string {
  return `${from.major}.${from.minor} ${until === null ? "" : `${until.major}.${until.minor}`} ${payload}`;
}
