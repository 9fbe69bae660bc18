/**
 * The clock on the wall of a timezone. Shifts begin when that clock says so, in summer and in winter; between the two, an hour
 * comes twice or not at all.
 */
import type { Instant } from "../time.ts";

/** What the clock shows, as the milliseconds that UTC would have then. */
export type Wall = number;

const DAY_MS = 86_400_000;

export function isTimezone(name: string): boolean {
  try {
    clockOf(name);
    return true;
  } catch {
    return false;
  }
}

export function wallAt(at: Instant, timezone: string): Wall {
  // The calendar of the library has no milliseconds.
  const whole = Math.floor(at / 1_000) * 1_000;
  const shown = new Map(
    clockOf(timezone)
      .formatToParts(whole)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes) => shown.get(name) ?? 0;
  const wall = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
  return wall + (at - whole);
}

/** When the clock shows this: the first time where it does so twice, as long after the gap as it is into it where it never does. */
export function whenWall(wall: Wall, timezone: string): Instant {
  const before = offsetAt(wall - DAY_MS, timezone);
  const after = offsetAt(wall + DAY_MS, timezone);
  const shown = [wall - before, wall - after].filter((at) => wallAt(at, timezone) === wall);
  return shown.length > 0 ? Math.min(...shown) : wall - before;
}

/** Reads `2026-11-02` or `2026-11-02T08:00`, as a clock shows it; undefined when it is neither. */
export function parseWall(text: string): Wall | undefined {
  const [, day = "", time = "00:00"] = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?))?$/.exec(text) ?? [];
  const at = Date.parse(`${day}T${time}Z`);
  // The runtime reads 30 February as 2 March.
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== day ? undefined : at;
}

/** `2026-11-02T08:00` */
export function wallInWords(wall: Wall): string {
  return new Date(wall).toISOString().replace(/:00\.000Z$|\.\d{3}Z$/, "");
}

function offsetAt(at: Instant, timezone: string): number {
  return wallAt(at, timezone) - at;
}

/** Making one is the dear part. There are as many as timezones in use. */
const CLOCKS = new Map<string, Intl.DateTimeFormat>();

function clockOf(timezone: string): Intl.DateTimeFormat {
  const known = CLOCKS.get(timezone);
  if (known) return known;
  const clock = new Intl.DateTimeFormat("en-US", {
    timeZone: timezone,
    hourCycle: "h23",
    calendar: "gregory",
    numberingSystem: "latn",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  CLOCKS.set(timezone, clock);
  return clock;
}
