/** Who is on duty at a moment, and when somebody else takes over. */
import type { Instant } from "../time.ts";
import { nextChange, shiftAt } from "./calendar.ts";
import type { Rota, Turns } from "./rota.ts";
import { wallAt, whenWall } from "./wall.ts";

export type Duty = {
  readonly person: string;
  readonly by: "turn" | "calendar" | "override";
  /** Why somebody stands in. */
  readonly why: string | null;
};

/** Undefined while nobody is. */
export function onDuty(rota: Rota, at: Instant): Duty | undefined {
  // Whoever wrote the later line knew of the earlier one.
  const override = rota.overrides.findLast(({ from, until }) => from <= at && at < until);
  if (override) return { person: override.person, by: "override", why: override.why };
  const shift = rota.calendar && shiftAt(rota.calendar, at);
  if (shift) return { person: shift.person, by: "calendar", why: null };
  const person = rota.turns && whoseTurn(rota.turns, rota.timezone, at);
  return person === undefined ? undefined : { person, by: "turn", why: null };
}

export type HandOver = { readonly at: Instant; readonly from: string | undefined; readonly to: string | undefined };

/** Turns and shifts that follow each other without a change of person are looked through so far. */
const MOST_IN_A_ROW = 500;

/** The next moment after `after` at which somebody else is on duty, or nobody, or somebody at last; undefined where none comes. */
export function nextHandOver(rota: Rota, after: Instant): HandOver | undefined {
  const from = onDuty(rota, after)?.person;
  let at = nextMoment(rota, after);
  for (let count = 0; at !== undefined && count < MOST_IN_A_ROW; count++) {
    const to = onDuty(rota, at)?.person;
    if (to !== from) return { at, from, to };
    at = nextMoment(rota, at);
  }
  return undefined;
}

/** The next moment at which anything begins or ends that says who is on duty. */
function nextMoment({ turns, timezone, overrides, calendar }: Rota, after: Instant): Instant | undefined {
  const moments = [
    ...overrides.flatMap(({ from, until }) => [from, until]).filter((one) => one > after),
    ...(turns ? [nextTurn(turns, timezone, after)] : []),
    ...(calendar ? [nextChange(calendar, after)] : []),
  ].filter((one) => one !== undefined);
  return moments.length === 0 ? undefined : Math.min(...moments);
}

function whoseTurn(turns: Turns, timezone: string, at: Instant): string | undefined {
  const index = turnAt(turns, timezone, at);
  return index < 0 ? undefined : turns.people[index % turns.people.length];
}

function nextTurn(turns: Turns, timezone: string, after: Instant): Instant {
  let index = Math.max(0, turnAt(turns, timezone, after) + 1);
  // Two turns that begin in the hour which a clock leaves out begin together.
  while (beginOf(turns, timezone, index) <= after) index++;
  return beginOf(turns, timezone, index);
}

/** The last turn that has begun; negative before the first. */
function turnAt(turns: Turns, timezone: string, at: Instant): number {
  // The clock may show an hour for the second time: then the turn which begins in it has begun already.
  let index = Math.floor((wallAt(at, timezone) - turns.start) / turns.everyMs) + 2;
  while (index >= 0 && beginOf(turns, timezone, index) > at) index--;
  return index;
}

function beginOf({ start, everyMs }: Turns, timezone: string, index: number): Instant {
  return whenWall(start + index * everyMs, timezone);
}
