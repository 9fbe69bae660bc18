/**
 * What the thresholds of a task say of a result. The rule above all others: what is not known is never accepted. A metric that
 * is missing, a reference without a result, an expression without an answer ask for a person, in words that say so.
 */
import { judgeChannels } from "./judge-channels.ts";
import { judgeCondition } from "./judge-condition.ts";
import { type Judgement, worstOf } from "./judgement.ts";
import type { Seen } from "./seen.ts";
import type { Validation } from "./thresholds.ts";

export function judge({ thresholds, first }: Validation, seen: Seen): Pick<Judgement, "verdict" | "findings"> {
  const findings = thresholds.flatMap((threshold) =>
    threshold.kind === "condition" ? [judgeCondition(threshold, seen, first)] : judgeChannels(threshold, seen, first),
  );
  return { verdict: worstOf(findings.map(({ verdict }) => verdict)), findings };
}
