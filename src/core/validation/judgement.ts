/** What the thresholds of a task said of its result. Kept with the numbers that it was made from, so that it can be read in a year. */
import { plural } from "../say.ts";
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
  /** What its numbers were compared with. */
  readonly compared: Compared;
  /** The config commit whose thresholds these were. */
  readonly commit: string;
  readonly at: Instant;
};

export type Compared = {
  /** Null where there is none. */
  readonly previous: Source | null;
  readonly reference: Source | null;
  /** So many earlier results. */
  readonly history: number;
};

/** Whose result it was. */
export type Source = { readonly group: string; readonly task: number; readonly attempt: number };

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

/** Of what is not accepted, the worst first: `shift: metrics.shift > 100 holds (metrics.shift 120), and 1 other`. */
export function findingsInWords(findings: readonly ThresholdFinding[]): string {
  const [first, ...others] = thresholdsIn(findings)
    .filter((finding) => finding.verdict !== "accept")
    .sort((a, b) => VERDICTS.indexOf(b.verdict) - VERDICTS.indexOf(a.verdict));
  const more = others.length > 0 ? `, and ${plural(others.length, "other")}` : "";
  return first ? `${first.name}: ${first.detail}${more}` : "a threshold asks for a person";
}

/** `accepted by 2 thresholds`, `vetoed by shift: ...` */
export function verdictInWords({ verdict, findings }: Pick<Judgement, "verdict" | "findings">): string {
  if (verdict === "accept") return `accepted by ${plural(thresholdsIn(findings).length, "threshold")}`;
  return `${verdict === "veto" ? "vetoed" : "not accepted"} by ${findingsInWords(findings)}`;
}

/** Channels are told of by their threshold. */
function thresholdsIn(findings: readonly ThresholdFinding[]): ThresholdFinding[] {
  return findings.filter(({ channel }) => channel === undefined);
}
