/**
 * What is given out in the place of a line or a file that cannot be read. It is no run, so the engine puts it into
 * quarantine, where people see it: what is broken is neither lost nor in the way of the records around it.
 */
export type Unreadable = {
  /** The beginning of what stands there. */
  readonly unreadable: string;
  readonly file: string;
  /** The line, counted from 1; left out when the file as a whole is meant. */
  readonly line?: number;
  readonly why: string;
};

const SHOWN_CHARACTERS = 200;

export function unreadable(
  text: string,
  place: { readonly file: string; readonly line?: number },
  why: string,
): Unreadable {
  return { unreadable: text.slice(0, SHOWN_CHARACTERS), ...place, why };
}
