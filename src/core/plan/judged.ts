/** Changes of what decides whether something passes: a threshold, a requirement. */

export type Direction =
  /** More passes than before. */
  | "looser"
  | "stricter"
  /** It is written otherwise, and as much passes. */
  | "same"
  /** Other things pass; whether more or fewer does not show in how it is written. */
  | "changed";

export type JudgedChange = {
  /** Whose it is: `t0/calibrate`, `t0`, `run type physics`, `production`. */
  readonly of: string;
  /** Its key, as it stands in the file: `select`, `repeat.until`. */
  readonly what: string;
  /** Null where nothing was asked before. */
  readonly from: string | null;
  /** Null where nothing is asked any more. */
  readonly to: string | null;
  readonly direction: Direction;
};

export type Judged = Pick<JudgedChange, "of" | "what">;

/** What is asked for, in words; nothing where it is not. */
export function given<Form>(form: Form | undefined, inWords: (form: Form) => string): string[] {
  return form === undefined ? [] : [inWords(form)];
}

/** Something that is asked for or is not: without it more passes. */
export function asked(judged: Judged, before: readonly string[], after: readonly string[]): JudgedChange[] {
  return [
    ...before
      .filter((one) => !after.includes(one))
      .map((from) => ({ ...judged, from, to: null, direction: "looser" as const })),
    ...after
      .filter((one) => !before.includes(one))
      .map((to) => ({ ...judged, from: null, to, direction: "stricter" as const })),
  ];
}

/** Two forms of something that is asked for, with which of them lets all through that the other does. */
export function judge(
  judged: Judged,
  { from, to }: { readonly from: string; readonly to: string },
  passes: { readonly allOfBefore: boolean; readonly allOfAfter: boolean },
): JudgedChange {
  const { allOfBefore, allOfAfter } = passes;
  const direction = allOfBefore ? (allOfAfter ? "same" : "looser") : allOfAfter ? "stricter" : "changed";
  return { ...judged, from, to, direction };
}

/** A number that must be reached: more passes where it is lower. */
export function least(
  judged: Judged,
  before: number,
  after: number,
  inWords: (value: number) => string = String,
): JudgedChange[] {
  if (before === after) return [];
  const direction = after < before ? "looser" : "stricter";
  return [{ ...judged, from: inWords(before), to: inWords(after), direction }];
}

/** One of two words, of which one lets more pass. */
export function ranked<Word extends string>(judged: Judged, from: Word, to: Word, loose: Word): JudgedChange[] {
  return from === to ? [] : [{ ...judged, from, to, direction: to === loose ? "looser" : "stricter" }];
}
