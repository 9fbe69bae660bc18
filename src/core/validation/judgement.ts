/** What the thresholds of a task said of its result. Kept with the numbers that it was made from, so that it can be read in a year. */
import type { Instant } from "../time.ts";

/** From best to worst. `accept`: within the limits; `ask`: a person must look; `veto`: it must not be used. */
export const VERDICTS = ["accept", "ask", "veto"] as const;
export type Verdict = (typeof VERDICTS)[number];

export type Judgement = {
  readonly taskId: number;
  readonly attempt: number;
  /** The worst of all findings; `accept` where there is none. */
  readonly verdict: Verdict;
  readonly findings: readonly ThresholdFinding[];
  /** The config commit whose thresholds these were. */
  readonly commit: string;
  readonly at: Instant;
};

export type ThresholdFinding = {
  /** The threshold's name in git. */
  readonly name: string;
  /** A channel of the detector, where the threshold is applied to each. */
  readonly channel?: string;
  readonly verdict: Verdict;
  /** In people's words: what was asked, and what came of it. */
  readonly detail: string;
  /** What its expression saw, by name. */
  readonly numbers: Readonly<Record<string, number>>;
};

export function worstOf(verdicts: readonly Verdict[]): Verdict {
  return VERDICTS[Math.max(0, ...verdicts.map((verdict) => VERDICTS.indexOf(verdict)))] ?? "accept";
}
