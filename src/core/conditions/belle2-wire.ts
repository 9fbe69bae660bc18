/** Intervals as Belle II writes them: experiment and run, both ends belong to it, and -1 stands for all that come. */
import { isEmpty, type Span } from "./iov.ts";

export type BelleSpan = {
  readonly expStart: number;
  readonly runStart: number;
  readonly expEnd: number;
  readonly runEnd: number;
};

export function spanToBelle({ from, until }: Span): BelleSpan {
  const begin = { expStart: from.major, runStart: from.minor };
  if (until === null) return { ...begin, expEnd: -1, runEnd: -1 };
  // Before run 0 there is the last run of the experiment before, whichever that is.
  if (until.minor === 0) return { ...begin, expEnd: until.major - 1, runEnd: -1 };
  return { ...begin, expEnd: until.major, runEnd: until.minor - 1 };
}

/** @returns undefined where it ends before it begins, or begins nowhere */
export function spanFromBelle({ expStart, runStart, expEnd, runEnd }: BelleSpan): Span | undefined {
  if (expStart < 0 || runStart < 0) return undefined;
  const until = expEnd < 0 ? null : runEnd < 0 ? { major: expEnd + 1, minor: 0 } : { major: expEnd, minor: runEnd + 1 };
  const span = { from: { major: expStart, minor: runStart }, until };
  return isEmpty(span) ? undefined : span;
}
