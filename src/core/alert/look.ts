/** What is to be told of an alert at a moment, and when to look at it again. */
import type { Instant } from "../time.ts";
import type { Alert } from "./alert.ts";
import type { Route, Step } from "./rules.ts";

export type Due =
  /** The time is up that somebody took for it. */
  | { readonly do: "lapse" }
  /** It is told in its channel, for the first time in this round. */
  | { readonly do: "tell" }
  /** Nobody took it for long. */
  | { readonly do: "remind" }
  | { readonly do: "escalate"; readonly step: Step };

export type Look = {
  /** To be done now; then it is looked at once more. */
  readonly due: Due | undefined;
  /** Where nothing is due: when something may be; undefined where nothing ever will. */
  readonly next: Instant | undefined;
};

/** @param silencedUntil how long the silences last that match it; undefined where none does */
export function lookAt(
  alert: Alert,
  { repeatMs, escalate }: Route,
  silencedUntil: Instant | undefined,
  now: Instant,
): Look {
  if (alert.state === "resolved") return { due: undefined, next: undefined };
  if (alert.acknowledged) {
    const { until } = alert.acknowledged;
    return until <= now ? { due: { do: "lapse" }, next: undefined } : { due: undefined, next: until };
  }
  if (silencedUntil !== undefined && silencedUntil > now) return { due: undefined, next: silencedUntil };
  if (alert.toldAt === null) return { due: { do: "tell" }, next: undefined };
  const step = escalate[alert.steps];
  const stepAt = step && alert.firingSince + step.afterMs;
  if (step && stepAt !== undefined && stepAt <= now) return { due: { do: "escalate", step }, next: undefined };
  const repeatAt = repeatMs === undefined ? undefined : alert.toldAt + repeatMs;
  if (repeatAt !== undefined && repeatAt <= now) return { due: { do: "remind" }, next: undefined };
  const moments = [stepAt, repeatAt].filter((at) => at !== undefined);
  return { due: undefined, next: moments.length === 0 ? undefined : Math.min(...moments) };
}
