/** What marks everything that a campaign makes: `p.2-v1.3`. */
import type { Campaign } from "../config/config.ts";
import { fill } from "../template.ts";

/** The names that may stand in a label. */
export const LABEL_PLACES = ["campaign", "attempt", "release", "tag"] as const;

/** It stands in the names of files. */
export const LABEL = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,79}$/;

export function labelOf({ name, attempt, release, tag, label }: Campaign): string {
  const values: Record<(typeof LABEL_PLACES)[number], string> = {
    campaign: name,
    attempt: String(attempt),
    release,
    tag,
  };
  return fill(label, values);
}
