/**
 * A run as calops knows it. It comes from a run source and changes when the source says something new.
 *
 *   (unknown) -> taken     its first record passes the declared rules
 *   taken     -> taken     a later record says something else; history keeps what it said before
 *   taken     -> conflict  a record contradicts an earlier one in an attribute that never changes; nothing new is
 *                          started on it until a person says which is right
 *   conflict  -> taken     released
 */

import type { Values } from "../expression/types.ts";
import type { Hold } from "../hold.ts";
import type { Instant } from "../time.ts";

export type Run = {
  readonly number: number;
  readonly source: string;
  /** By attribute, as JSON holds them: timestamps are ISO texts. */
  readonly attributes: Values;
  /** Two records contradict each other. */
  readonly conflict: { readonly why: string; readonly since: Instant } | null;
  readonly hold: Hold | null;
  readonly firstSeenAt: Instant;
  readonly changedAt: Instant;
  readonly version: number;
};

/** What expressions may read of a run: its attributes, its number, and its duration where both ends are known. */
export function valuesOf(run: { readonly number: number; readonly attributes: Values }): Values {
  const { start, end } = run.attributes;
  const length =
    typeof start === "string" && typeof end === "string"
      ? { duration: (Date.parse(end) - Date.parse(start)) / 1_000 }
      : {};
  return { ...length, ...run.attributes, number: run.number };
}
