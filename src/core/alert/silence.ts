/**
 * A silence: while it lasts, nobody is told of the alerts that it matches. What happens goes on happening.
 *
 *   lasting -> over   somebody ends it, or its time is up
 */
import { become, type Decision, refuse } from "../decision.ts";
import { matches } from "../environment/matching.ts";
import { choices } from "../text/nearest.ts";
import type { Instant } from "../time.ts";
import type { Alert } from "./alert.ts";
import { SEVERITIES } from "./severity.ts";

export type Silence = {
  readonly id: number;
  /** All of them hold of what it matches. */
  readonly matchers: readonly Matcher[];
  readonly by: string;
  readonly at: Instant;
  /** Sooner than it was asked for where somebody ended it. */
  readonly until: Instant;
  readonly why: string;
  /** Who ended it before its time. */
  readonly endedBy: string | null;
};

export const MATCHED = ["workflow", "task", "environment", "severity", "text"] as const;
export type Matched = (typeof MATCHED)[number];

/** `*` stands for anything in the value; `text` is a part of the first error, in any case of its letters. */
export type Matcher = { readonly what: Matched; readonly value: string };

/** A silence that lasts for ever is a change of the configuration. */
export const LONGEST_SILENCE_MS = 30 * 86_400_000;

type Silenced = Pick<Alert, "environment" | "workflow" | "task" | "severity" | "evidence">;

export function silences(silence: Silence, alert: Silenced, now: Instant): boolean {
  return now < silence.until && silence.matchers.every((matcher) => fits(matcher, alert));
}

/** How long at least nobody is told of an alert; undefined where nothing silences it. */
export function silencedUntil(all: readonly Silence[], alert: Silenced, now: Instant): Instant | undefined {
  const until = all.filter((one) => silences(one, alert, now)).map((one) => one.until);
  return until.length === 0 ? undefined : Math.max(...until);
}

function fits({ what, value }: Matcher, { evidence, ...alert }: Silenced): boolean {
  if (what !== "text") return matches(value.replaceAll("*", "**"), alert[what]);
  const text = `${evidence.firstError ?? ""}\n${evidence.reason}`.toLowerCase();
  return text.includes(value.toLowerCase());
}

export function endSilence(silence: Silence, by: string, now: Instant): Decision<Silence, "over"> {
  if (silence.until <= now) return refuse("over", silence.endedBy ?? undefined);
  return become(silence, { until: now, endedBy: by }, { event: "unsilenced" });
}

/** `workflow=t0,text~disk full` -> what it means, or what to write instead. */
export function parseMatchers(
  text: string,
): readonly Matcher[] | { readonly problem: string; readonly instead: string } {
  const matchers: Matcher[] = [];
  for (const part of text.split(",").filter((one) => one.trim() !== "")) {
    const [, what = "", sign = "", value = ""] = /^\s*([a-z]+)\s*([=~])\s*(.*?)\s*$/.exec(part) ?? [];
    const known = MATCHED.find((one) => one === what);
    if (!known || value === "")
      return {
        problem: `"${part.trim()}" is not something that an alert has`,
        instead: what === "" || known ? EXAMPLE : choices(what, MATCHED),
      };
    if ((sign === "~") !== (known === "text"))
      return { problem: `${known} is asked for with ${known === "text" ? "~" : "="}`, instead: EXAMPLE };
    if (known === "severity" && !value.includes("*") && !SEVERITIES.some((one) => one === value))
      return { problem: `there is no severity ${value}`, instead: choices(value, SEVERITIES) };
    matchers.push({ what: known, value });
  }
  return matchers.length > 0 ? matchers : { problem: "nothing says which alerts", instead: EXAMPLE };
}

const EXAMPLE = "write for example workflow=t0 or workflow=t0,task=fit,text~disk";

export function matchersInWords(matchers: readonly Matcher[]): string {
  return matchers.map(({ what, value }) => `${what}${what === "text" ? "~" : "="}${value}`).join(",");
}
