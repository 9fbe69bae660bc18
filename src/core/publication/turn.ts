/** Whose turn it is: constants go into a tag in the order of their runs, with a bounded wait for those that come late. */
import type { Instant } from "../time.ts";
import type { Publication } from "./publication.ts";

/** The earliest run of the same task whose constants are still to come. */
export type Earlier = { readonly run: number; readonly taskId: number; readonly what: string };

export type Turn =
  | { readonly now: true }
  /** Looked at again at `until` at the latest, and whenever an earlier one ends. */
  | { readonly now: false; readonly why: string; readonly until: Instant };

export function turnOf(
  publication: Pick<Publication, "waitsUntil" | "run">,
  earlier: Earlier | undefined,
  now: Instant,
): Turn {
  if (!earlier || earlier.run >= publication.run || now >= publication.waitsUntil) return { now: true };
  return {
    now: false,
    why: `waits for run ${earlier.run}, which comes before it (task ${earlier.taskId} is ${earlier.what})`,
    until: publication.waitsUntil,
  };
}
