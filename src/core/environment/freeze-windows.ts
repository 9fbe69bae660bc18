/** The freeze windows of `environments.yaml`: stretches in which nothing is deployed to production. */
import { Cron } from "croner";
import type { Instant } from "../time.ts";
import type { FreezeWindow } from "./rules.ts";

/** A time in which nothing is deployed: a window, or one of its turns. */
export type FrozenTime = {
  readonly from: Instant;
  /** The first moment at which it is over. */
  readonly until: Instant;
  readonly reason: string;
};

/** Windows that follow each other without a gap are put together for so many; longer than that, nobody plans ahead. */
const MOST_IN_A_ROW = 500;

/**
 * Until when deployments wait, with the reason that holds now; undefined where they do not have to. A window that begins
 * before this one is over goes on with it.
 */
export function frozenUntil(
  windows: readonly FreezeWindow[],
  now: Instant,
): { readonly until: Instant; readonly reason: string } | undefined {
  const first = openAt(windows, now);
  if (!first) return undefined;
  let { until } = first;
  for (let count = 0; count < MOST_IN_A_ROW; count++) {
    const next = openAt(windows, until);
    if (!next) break;
    until = next.until;
  }
  return { until, reason: first.reason };
}

/** The window that begins next after `now`; undefined where none ever does. */
export function nextFreeze(windows: readonly FreezeWindow[], now: Instant): FrozenTime | undefined {
  return windows
    .flatMap((window) => {
      const from = "cron" in window ? nextMoment(window, now) : window.from > now ? window.from : undefined;
      if (from === undefined) return [];
      return [{ from, until: "cron" in window ? from + window.lengthMs : window.until, reason: window.reason }];
    })
    .reduce<FrozenTime | undefined>((next, freeze) => (next && next.from <= freeze.from ? next : freeze), undefined);
}

/** Of the windows that are open at a moment, the one that stays so the longest. */
function openAt(windows: readonly FreezeWindow[], at: Instant): FrozenTime | undefined {
  return windows
    .flatMap((window) => freezeAt(window, at) ?? [])
    .reduce<FrozenTime | undefined>(
      (longest, freeze) => (longest && longest.until >= freeze.until ? longest : freeze),
      undefined,
    );
}

function freezeAt(window: FreezeWindow, at: Instant): FrozenTime | undefined {
  if (!("cron" in window)) return window.from <= at && at < window.until ? window : undefined;
  const from = lastMoment(window, at);
  if (from === undefined || from + window.lengthMs <= at) return undefined;
  return { from, until: from + window.lengthMs, reason: window.reason };
}

type Recurring = Extract<FreezeWindow, { readonly cron: string }>;

function nextMoment(window: Recurring, after: Instant): Instant | undefined {
  return cronOf(window).nextRun(new Date(after))?.getTime();
}

/** The last moment of the schedule that is not after `at`. */
function lastMoment(window: Recurring, at: Instant): Instant | undefined {
  return cronOf(window)
    .previousRuns(1, new Date(at + 1))[0]
    ?.getTime();
}

function cronOf({ cron, timezone }: Recurring): Cron {
  return new Cron(cron, { timezone, mode: "5-part" });
}
