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
  /** After so long it comes again the same way: it need not be followed from its beginning. */
  readonly periodMs: number;
  /** Shifts that do not take place, or were moved. */
  readonly except: readonly Wall[];
};

/** A shift is no longer than this. */
export const LONGEST_SHIFT_MS = 31 * 86_400_000;
/** A rule that counts its shifts has no more. */
export const MOST_COUNTED = 400;
/** How far one look goes into a rule that does not end: past the longest shift of all that can go on at once. */
const MOST_STEPS = 500;
const DAY_MS = 86_400_000;

/** The one that began last, where several go on. */
export function shiftAt({ shifts, series }: Calendar, at: Instant): Shift | undefined {
  let last: Shift | undefined;
  const look = (shift: Shift) => {
    if (shift.from <= at && at < shift.until && (!last || shift.from > last.from)) last = shift;
  };
  shifts.forEach(look);
  for (const one of series) around(one, at).forEach(look);
  return last;
}

/** The next moment after `after` at which a shift begins or ends. */
export function nextChange({ shifts, series }: Calendar, after: Instant): Instant | undefined {
  let next = Number.POSITIVE_INFINITY;
  const look = ({ from, until }: Shift) => {
    if (from > after && from < next) next = from;
    if (until > after && until < next) next = until;
  };
  shifts.forEach(look);
  for (const one of series) around(one, after).forEach(look);
  return next === Number.POSITIVE_INFINITY ? undefined : next;
}

/** All shifts of a rule that counts them. */
export function counted(series: Omit<Series, "periodMs">): Shift[] {
  const shifts: Shift[] = [];
  for (const begin of datesOf(series.rule, series.start, MOST_COUNTED))
    if (!series.except.includes(begin)) shifts.push(shiftOf(series, begin));
  return shifts;
}

/** Shifts of a series that go on at a moment, and the first that begins after it. */
function around(series: Series, at: Instant): Shift[] {
  const { start, lengthMs, timezone, rule, periodMs, except } = series;
  // A day is enough for whatever clocks are set forward and back.
  const since = wallAt(at, timezone) - lengthMs - DAY_MS;
  const skipped = Math.max(0, Math.floor((since - start) / periodMs)) * periodMs;
  const shifts: Shift[] = [];
  for (const begin of datesOf(rule, start + skipped, MOST_STEPS)) {
    if (begin < since || except.includes(begin)) continue;
    const shift = shiftOf(series, begin);
    shifts.push(shift);
    if (shift.from > at) break;
  }
  return shifts;
}

function* datesOf(rule: string, start: Wall, most: number): Generator<Wall> {
  const dates = ICAL.Recur.fromString(rule).iterator(timeOf(start));
  for (let step = 0; step < most; step++) {
    const date = dates.next() as ICAL.Time | null;
    if (!date) return;
    yield wallOf(date);
  }
}

function shiftOf({ lengthMs, timezone, person }: Omit<Series, "periodMs">, begin: Wall): Shift {
  return { from: whenWall(begin, timezone), until: whenWall(begin + lengthMs, timezone), person };
}

export function wallOf(time: ICAL.Time): Wall {
  return Date.UTC(time.year, time.month - 1, time.day, time.hour, time.minute, time.second);
}

function timeOf(wall: Wall): ICAL.Time {
  return ICAL.Time.fromString(new Date(wall).toISOString().slice(0, 19), undefined as never);
}
