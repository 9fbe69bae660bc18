/**
 * How runs are put together before a workflow processes them, and when a group is complete.
 *
 *   run         each run by itself; complete at once
 *   fill        all runs of one fill; complete when a later fill began
 *   runs N      N runs in the order in which they come; complete at the Nth
 *   luminosity  runs until their luminosity adds up to an amount; complete when it is reached
 *   span        all runs that began within one stretch of time; complete when a run began after it
 *   ranges      explicit ranges of run numbers (buckets); complete when a run beyond the range came
 *   tick        no runs: a workflow that runs by the clock; complete at once
 *
 * A grace time completes any of them once no run has joined for so long, and a person can close one by hand at any time.
 */
import type { RunInterval } from "../config/values.ts";
import { momentOf } from "../expression/expression.ts";
import type { Values } from "../expression/types.ts";
import { type Instant, iso } from "../time.ts";

export type Grouping =
  | { readonly by: "run" }
  | { readonly by: "fill"; readonly graceMs?: number | undefined }
  | { readonly by: "runs"; readonly count: number; readonly graceMs?: number | undefined }
  | { readonly by: "luminosity"; readonly amount: number; readonly graceMs?: number | undefined }
  | { readonly by: "span"; readonly lengthMs: number; readonly graceMs?: number | undefined }
  | {
      readonly by: "ranges";
      readonly ranges: Readonly<Record<string, readonly RunInterval[]>>;
      readonly graceMs?: number | undefined;
    }
  | { readonly by: "tick"; readonly cron: string; readonly timezone: string };

/** A run as grouping sees it. */
export type GroupedRun = { readonly number: number; readonly attributes: Values };

/**
 * The key of the group that a run belongs to, or undefined where the order of arrival decides (`runs`, `luminosity`),
 * or a reason why it cannot be said yet.
 */
export type Place =
  | { readonly kind: "key"; readonly key: string }
  | { readonly kind: "next-open" }
  | { readonly kind: "none"; readonly why: string };

export function placeOf(grouping: Grouping, run: GroupedRun): Place {
  switch (grouping.by) {
    case "run":
      return { kind: "key", key: String(run.number) };
    case "fill": {
      const fill = run.attributes["fill"];
      return typeof fill === "number"
        ? { kind: "key", key: `fill-${fill}` }
        : { kind: "none", why: "its fill is not known yet" };
    }
    case "span": {
      const start = momentOf(run.attributes, "start");
      if (start === undefined) return { kind: "none", why: "its start is not known yet" };
      return { kind: "key", key: spanKey(start, grouping.lengthMs) };
    }
    case "ranges": {
      const found = Object.entries(grouping.ranges).find(([, parts]) =>
        parts.some((r) => run.number >= r.from && run.number <= r.to),
      );
      return found ? { kind: "key", key: found[0] } : { kind: "none", why: "no range of the workflow holds it" };
    }
    case "runs":
    case "luminosity":
      return { kind: "next-open" };
    case "tick":
      return { kind: "none", why: "the workflow runs by the clock" };
  }
}

/** What the members of a group add up to; kept as they join, so that a group of ten thousand runs costs no more than one of two. */
export type GroupContent = {
  readonly key: string;
  readonly count: number;
  /** In the unit of the attribute `luminosity`. */
  readonly luminosity: number;
  /** When a run last joined. */
  readonly changedAt: Instant;
};

/** The newest of everything that was taken, whether the workflow takes it or not: what tells that a group cannot grow any more. */
export type Horizon = { readonly fill?: number; readonly start?: Instant; readonly run?: number };

export type Completion =
  | { readonly complete: true; readonly why: string }
  /** Not yet; `at` is when the grace time will be over. */
  | { readonly complete: false; readonly missing: string; readonly at?: Instant };

/** Whether a group is complete, and if not, what it waits for. */
export function completion(grouping: Grouping, group: GroupContent, horizon: Horizon, now: Instant): Completion {
  const rule = closingRule(grouping, group, horizon);
  if (rule.complete || grouping.by === "run" || grouping.by === "tick" || grouping.graceMs === undefined) return rule;
  const over = group.changedAt + grouping.graceMs;
  if (now >= over) return { complete: true, why: "no run joined within the grace time" };
  return { ...rule, at: over };
}

function closingRule(grouping: Grouping, group: GroupContent, horizon: Horizon): Completion {
  switch (grouping.by) {
    case "run":
    case "tick":
      return { complete: true, why: "it is one by itself" };
    case "fill": {
      const fill = Number(group.key.replace("fill-", ""));
      return (horizon.fill ?? 0) > fill
        ? { complete: true, why: `fill ${horizon.fill} began` }
        : { complete: false, missing: `the next fill after ${fill}` };
    }
    case "runs":
      return group.count >= grouping.count
        ? { complete: true, why: `${grouping.count} runs are together` }
        : { complete: false, missing: `${grouping.count - group.count} more of ${grouping.count} runs` };
    case "luminosity": {
      const sum = group.luminosity;
      return sum >= grouping.amount
        ? { complete: true, why: `luminosity ${round(sum)} of ${grouping.amount} is reached` }
        : { complete: false, missing: `luminosity: ${round(sum)} of ${grouping.amount} so far` };
    }
    case "span": {
      const end = spanEnd(group.key, grouping.lengthMs);
      return (horizon.start ?? 0) >= end
        ? { complete: true, why: `a run began after ${iso(end)}` }
        : { complete: false, missing: `a run that began after ${iso(end)}` };
    }
    case "ranges": {
      const last = Math.max(...(grouping.ranges[group.key] ?? []).map((r) => r.to));
      return (horizon.run ?? 0) > last
        ? { complete: true, why: `run ${horizon.run} lies beyond ${last}` }
        : { complete: false, missing: `a run beyond ${last}` };
    }
  }
}

/**
 * The run of a group that is one run. Where another had not enough data and was merged into it there are more, and the
 * group is still the one that it is named for.
 */
export function ownRun<Run extends { readonly number: number }>(
  grouping: Grouping,
  key: string,
  runs: readonly Run[],
): Run | undefined {
  return grouping.by === "run" ? (runs.find((run) => String(run.number) === key) ?? runs[0]) : undefined;
}

/** The luminosity of a run, in the unit of the attribute; a run whose luminosity is not known counts nothing. */
export function luminosityOf(attributes: Values): number {
  return typeof attributes["luminosity"] === "number" ? attributes["luminosity"] : 0;
}

/** A horizon that has seen one more run. */
export function widen(horizon: Horizon, run: GroupedRun): Horizon {
  const fill = run.attributes["fill"];
  const start = momentOf(run.attributes, "start");
  return {
    ...horizon,
    ...(typeof fill === "number" ? { fill: Math.max(horizon.fill ?? fill, fill) } : {}),
    ...(start !== undefined ? { start: Math.max(horizon.start ?? start, start) } : {}),
    run: Math.max(horizon.run ?? run.number, run.number),
  };
}

/** Spans are counted from 1970 so that they do not depend on who came first; the key is the moment at which one begins. */
function spanKey(start: Instant, lengthMs: number): string {
  return iso(Math.floor(start / lengthMs) * lengthMs)
    .replace(/[:.]/g, "")
    .replace("000Z", "Z");
}

function spanEnd(key: string, lengthMs: number): Instant {
  const [, date, h, m, s, ms = "000"] = /^(\d{4}-\d{2}-\d{2})T(\d{2})(\d{2})(\d{2})(\d{3})?Z$/.exec(key) ?? [];
  return Date.parse(`${date}T${h}:${m}:${s}.${ms}Z`) + lengthMs;
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
