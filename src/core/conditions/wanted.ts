/** Constants that a task needs before it may begin: which types, in which tag, and how they are to hold for its runs. */
import { compareEnds, covers, type Iov, type Span } from "./iov.ts";
import { type Moment, momentInWords } from "./moment.ts";

export const HOLDING = ["valid", "from-run", "newer"] as const;
/**
 * `valid`: one holds at every moment of the runs. `from-run`: and one begins with the first of them, so that none is a leftover from
 * before. `newer`: one begins after the last of them, so that those that hold for the runs are final.
 */
export type Holding = (typeof HOLDING)[number];

export type ConditionsRule = {
  /** `tag`, `staging`, `target` of the campaign, or a tag by its own name. */
  readonly tag: string;
  readonly types: readonly string[];
  readonly holding: Holding;
};

/** Where to look for what is wanted. */
export function searchSpan(holding: Holding, span: Span): Span {
  return holding === "newer" ? { from: span.until ?? span.from, until: null } : span;
}

/** What is missing, type by type, in people's words; none where the rule holds. */
export function missing(
  { types, holding }: Pick<ConditionsRule, "types" | "holding">,
  span: Span,
  found: readonly Iov[],
): string[] {
  return types.flatMap((type) => {
    const ofType = found.filter((iov) => iov.type === type);
    const why = whyNot(ofType, holding, span);
    return why === undefined ? [] : [`${type} ${why}`];
  });
}

function whyNot(iovs: readonly Iov[], holding: Holding, span: Span): string | undefined {
  if (holding === "newer")
    return iovs.some((iov) => compareEnds(iov.from, span.until) >= 0)
      ? undefined
      : `has nothing that begins after ${momentInWords(span.from)}`;
  const hole = firstHole(iovs, span);
  if (hole) return `has none at ${momentInWords(hole)}`;
  if (holding === "from-run" && !iovs.some((iov) => compareEnds(iov.from, span.from) === 0))
    return `has none that begins with ${momentInWords(span.from)}`;
  return undefined;
}

/** The first moment of the span that no interval covers. */
function firstHole(iovs: readonly Iov[], span: Span): Moment | undefined {
  let at: Moment | null = span.from;
  while (at !== null && compareEnds(at, span.until) < 0) {
    const moment: Moment = at;
    const next = iovs.find((iov) => covers(iov, moment));
    if (!next) return moment;
    at = next.until;
  }
  return undefined;
}
