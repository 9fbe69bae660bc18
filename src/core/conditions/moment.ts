/**
 * A place in data taking, as conditions know it: a pair of whole numbers that are never negative, compared like the words of a
 * dictionary. What they are is the experiment's own: run and luminosity block, experiment and run (Belle II), run and nothing.
 */
export type Moment = { readonly major: number; readonly minor: number };

export const BEGINNING: Moment = { major: 0, minor: 0 };

/** Later than any that there is: what holds here holds for everything to come. */
export const AT_LAST: Moment = { major: Number.MAX_SAFE_INTEGER, minor: Number.MAX_SAFE_INTEGER };

export function compareMoments(a: Moment, b: Moment): number {
  return a.major - b.major || a.minor - b.minor;
}

export function isBefore(a: Moment, b: Moment): boolean {
  return compareMoments(a, b) < 0;
}

/** The first moment after this one: the next minor number. */
export function following({ major, minor }: Moment): Moment {
  return { major, minor: minor + 1 };
}

/** `8215`, or `8215.12` */
export function momentInWords({ major, minor }: Moment): string {
  return minor === 0 ? String(major) : `${major}.${minor}`;
}

const WRITTEN = /^(\d{1,15})(?:[.,](\d{1,15}))?$/;

/** `8215`, `8215.12` or `8215,12`; undefined for anything else. */
export function readMoment(text: string): Moment | undefined {
  const found = WRITTEN.exec(text);
  return found ? { major: Number(found[1]), minor: Number(found[2] ?? 0) } : undefined;
}
