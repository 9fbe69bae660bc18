/**
 * Shifts by an iCalendar file, as shift planners write them: each with one person, once or every so many days or weeks. What is
 * read here is bounded, so that no file makes anybody wait.
 */
import ICAL from "ical.js";
import type { Instant } from "../time.ts";
import { type Wall, wallAt, whenWall } from "./wall.ts";

export type Calendar = {
  readonly shifts: readonly Shift[];
  readonly series: readonly Series[];
};

export type Shift = { readonly from: Instant; readonly until: Instant; readonly person: string };

export type Series = {
  readonly person: string;
  /** Its first shift, by the clock of the timezone. */
  readonly start: Wall;
  readonly lengthMs: number;
  readonly timezone: string;
  /** As iCalendar writes it, with moments by the same clock. */
  readonly rule: string;
  /** A rule without a count: it need not be followed from its beginning. */
  readonly periodMs: number | undefined;
  /** Shifts that do not take place, or were moved. */
  readonly except: readonly Wall[];
};

/** A shift is no longer than this. */
export const LONGEST_SHIFT_MS = 31 * 86_400_000;
/** A rule that counts its shifts has no more. */
export const MOST_COUNTED = 1_000;
/** How far one look goes into a rule: further than anybody needs. */
const MOST_STEPS = 2 * MOST_COUNTED;
const DAY_MS = 86_400_000;

/** The one that began last, where several go on. */
export function shiftAt(calendar: Calendar, at: Instant): Shift | undefined {
  return [...calendar.shifts, ...calendar.series.flatMap((series) => around(series, at))]
    .filter(({ from, until }) => from <= at && at < until)
    .reduce<Shift | undefined>((last, shift) => (last && last.from >= shift.from ? last : shift), undefined);
}

/** The next moment after `after` at which a shift begins or ends. */
export function nextChange(calendar: Calendar, after: Instant): Instant | undefined {
  let next: Instant | undefined;
  for (const { from, until } of [...calendar.shifts, ...calendar.series.flatMap((series) => around(series, after))])
    for (const at of [from, until]) if (at > after && (next === undefined || at < next)) next = at;
  return next;
}

/** Shifts of a series that go on at a moment, and the first that begins after it. */
function around(series: Series, at: Instant): Shift[] {
  const { start, lengthMs, timezone, rule, periodMs, except, person } = series;
  const wall = wallAt(at, timezone);
  // A day is enough for whatever clocks are set forward and back.
  const since = wall - lengthMs - DAY_MS;
  const skipped = periodMs === undefined ? 0 : Math.max(0, Math.floor((since - start) / periodMs)) * periodMs;
  const shifts: Shift[] = [];
  const dates = ICAL.Recur.fromString(rule).iterator(timeOf(start + skipped));
  for (let step = 0; step < MOST_STEPS; step++) {
    const date = dates.next() as ICAL.Time | null;
    if (!date) break;
    const begin = wallOf(date);
    if (begin < since || except.includes(begin)) continue;
    const from = whenWall(begin, timezone);
    shifts.push({ from, until: whenWall(begin + lengthMs, timezone), person });
    if (from > at) break;
  }
  return shifts;
}

export function wallOf(time: ICAL.Time): Wall {
  return Date.UTC(time.year, time.month - 1, time.day, time.hour, time.minute, time.second);
}

function timeOf(wall: Wall): ICAL.Time {
  return ICAL.Time.fromString(new Date(wall).toISOString().slice(0, 19), undefined as never);
}
