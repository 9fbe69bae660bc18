/** An iCalendar file -> shifts, or every mistake in it with its line. */
import ICAL from "ical.js";
import type { Instant } from "../time.ts";
import { type Calendar, counted, LONGEST_SHIFT_MS, MOST_COUNTED, type Series, type Shift, wallOf } from "./calendar.ts";
import { isTimezone, type Wall, wallAt, whenWall } from "./wall.ts";

export type CalendarMistake = {
  readonly line: number;
  readonly code: string;
  readonly what: string;
  readonly instead: string;
};

/** What a calendar is read for. */
export type Readers = {
  /** For moments without a timezone of their own. */
  readonly timezone: string;
  /** The person whom a shift's attendee or title names. */
  readonly personOf: (named: { readonly emails: readonly string[]; readonly title: string }) => string | undefined;
  /** What a title should be, for whoever wrote another: `write jun or elena`. */
  readonly instead: (title: string) => string;
};

const MOST_EVENTS = 5_000;
const MOST_SERIES = 100;
const DAY_MS = 86_400_000;
/** Years that are written with four digits. */
const EARLIEST: Wall = 0;
const LATEST: Wall = Date.UTC(9_999, 0);
const NO_CALENDAR =
  "export it as iCalendar (.ics), one calendar of at most 1 MB, that begins with BEGIN:VCALENDAR and ends with END:VCALENDAR";

export function readCalendar(text: string, readers: Readers): { calendar: Calendar; mistakes: CalendarMistake[] } {
  const mistakes: CalendarMistake[] = [];
  const none = { calendar: { shifts: [], series: [] }, mistakes };
  const events = eventsOf(text);
  if (typeof events === "string") {
    mistakes.push({ line: 1, code: "calendar", what: events, instead: NO_CALENDAR });
    return none;
  }
  const lines = linesOfEvents(text);
  const shifts: Shift[] = [];
  const series: (Written & { readonly uid: string })[] = [];
  const moved: { readonly uid: string; readonly was: Instant }[] = [];
  for (const [index, event] of events.entries()) {
    const line = lines[index] ?? 1;
    const read = readEvent(event, readers);
    if ("what" in read) {
      mistakes.push({ line, ...read });
      continue;
    }
    const { uid = `line ${line}`, was, shift } = read;
    if (was !== undefined) moved.push({ uid, was });
    if (shift && "rule" in shift) series.push({ ...shift, uid });
    else if (shift) shifts.push(shift);
  }
  if (series.length > MOST_SERIES)
    mistakes.push({
      line: 1,
      code: "too-many",
      what: `${series.length} shifts that come again, which is more than ${MOST_SERIES}`,
      instead: "take those away that are over",
    });
  const whole = series.map(({ uid, ...one }) => {
    const others = moved.filter((shift) => shift.uid === uid).map(({ was }) => wallAt(was, one.timezone));
    return { ...one, except: [...one.except, ...others] };
  });
  // Rules that count their shifts are few of them; the others go on.
  const few = mistakes.length > 0 ? [] : whole.filter(({ count }) => count !== undefined);
  return {
    calendar: {
      shifts: [...shifts, ...few.flatMap(counted)].sort((a, b) => a.from - b.from),
      series: whole.filter(({ count }) => count === undefined).map(({ count: _, ...one }) => one),
    },
    mistakes,
  };
}

/** A series as it is read, with how many shifts it has if its rule counts them. */
type Written = Series & { readonly count: number | undefined };

type Problem = Omit<CalendarMistake, "line">;

function eventsOf(text: string): ICAL.Component[] | string {
  if (text.trim() === "") return "it is empty";
  try {
    const parsed = ICAL.parse(text) as unknown[];
    if (typeof parsed[0] !== "string") return "it has several calendars";
    const events = new ICAL.Component(parsed as never).getAllSubcomponents("vevent");
    return events.length > MOST_EVENTS ? `${events.length} shifts, which is more than ${MOST_EVENTS}` : events;
  } catch (error) {
    return `not a calendar: ${(error as Error).message.slice(0, 100)}`;
  }
}

type Read = {
  readonly uid: string | undefined;
  /** Of the shift of a series that this one stands for, when that would have begun. */
  readonly was: Instant | undefined;
  /** Undefined where it does not take place. */
  readonly shift: Shift | Written | undefined;
};

function readEvent(event: ICAL.Component, readers: Readers): Read | Problem {
  try {
    const isCancelled = /^cancelled$/i.test(String(event.getFirstPropertyValue("status") ?? ""));
    const shift = isCancelled ? undefined : readShift(event, readers);
    if (shift && "what" in shift) return shift;
    const uid = event.getFirstPropertyValue("uid");
    return { uid: uid === null ? undefined : String(uid), was: wasAt(event, readers.timezone), shift };
  } catch (error) {
    // The library says so of values that are none.
    const what = `a shift that cannot be read: ${(error as Error).message.slice(0, 100)}`;
    return { code: "calendar", what, instead: "write it as the planner of shifts exports it" };
  }
}

function wasAt(event: ICAL.Component, otherwise: string): Instant | undefined {
  const was = event.getFirstProperty("recurrence-id");
  const timezone = was && (timezoneOf(was, otherwise) ?? otherwise);
  const [wall] = was && timezone ? wallsOf(was, timezone, otherwise) : [];
  return wall === undefined || !timezone ? undefined : whenWall(wall, timezone);
}

function readShift(event: ICAL.Component, readers: Readers): Shift | Written | Problem {
  const title = String(event.getFirstPropertyValue("summary") ?? "").trim();
  const emails = event.getAllProperties("attendee").map((one) =>
    String(one.getFirstValue())
      .replace(/^mailto:/i, "")
      .toLowerCase(),
  );
  const person = readers.personOf({ emails, title });
  if (person === undefined)
    return {
      code: "unknown-reference",
      what: `nobody of people.yaml is the one of "${title.slice(0, 60)}"`,
      instead: `${readers.instead(title)} as SUMMARY, or an ATTENDEE with an e-mail address of people.yaml`,
    };
  const begin = event.getFirstProperty("dtstart");
  if (!begin) return { code: "calendar", what: "a shift without DTSTART", instead: "write when it begins" };
  const timezone = timezoneOf(begin, readers.timezone);
  if (timezone === undefined)
    return {
      code: "wrong-value",
      what: `"${String(begin.getParameter("tzid")).slice(0, 60)}" is no timezone that is known`,
      instead: "write its name in the database of timezones, for example Europe/Zurich",
    };
  const [start = Number.NaN] = wallsOf(begin, timezone, readers.timezone);
  const lengthMs = endOf(event, begin, start, timezone, readers.timezone) - start;
  if (!(start >= EARLIEST && start < LATEST))
    return { code: "wrong-value", what: "a shift of another age", instead: "write when it begins, from 1970 to 9998" };
  if (!(lengthMs > 0 && lengthMs <= LONGEST_SHIFT_MS))
    return {
      code: "wrong-value",
      what: "a shift that does not end within 31 days of its beginning",
      instead: "write a later DTEND, or several shifts",
    };
  const rule = event.getFirstPropertyValue("rrule") as ICAL.Recur | null;
  if (!rule) return { from: whenWall(start, timezone), until: whenWall(start + lengthMs, timezone), person };
  if (event.getFirstProperty("rdate"))
    return { code: "wrong-value", what: "RDATE beside a rule", instead: "write these dates as shifts of their own" };
  const problem = ruleProblem(rule);
  if (problem !== undefined)
    return {
      code: "wrong-value",
      what: problem,
      instead: `write FREQ=DAILY or FREQ=WEEKLY, with INTERVAL, BYDAY, UNTIL or a COUNT of at most ${MOST_COUNTED}`,
    };
  const except = event.getAllProperties("exdate").flatMap((one) => wallsOf(one, timezone, readers.timezone));
  return { person, start, lengthMs, timezone, ...ruleOf(rule, timezone), except };
}

/** Undefined where its name is not known. */
function timezoneOf(property: ICAL.Property, otherwise: string): string | undefined {
  const named = property.getParameter("tzid");
  if (named !== undefined && named !== null) return isTimezone(String(named)) ? String(named) : undefined;
  return isUtc(property.getFirstValue() as ICAL.Time) ? "UTC" : otherwise;
}

/** The moments of a property, as a clock shows them whose timezone may be another than theirs. */
function wallsOf(property: ICAL.Property, timezone: string, otherwise: string): Wall[] {
  const own = timezoneOf(property, otherwise) ?? timezone;
  return (property.getValues() as ICAL.Time[]).map((time) => {
    const wall = wallOf(time);
    // A day begins with the clock of whoever has the shift.
    return own === timezone || time.isDate ? wall : wallAt(whenWall(wall, own), timezone);
  });
}

function endOf(event: ICAL.Component, begin: ICAL.Property, start: Wall, timezone: string, otherwise: string): Wall {
  const end = event.getFirstProperty("dtend");
  if (end) return wallsOf(end, timezone, otherwise)[0] ?? Number.NaN;
  const duration = event.getFirstPropertyValue("duration") as ICAL.Duration | null;
  if (duration) return start + duration.toSeconds() * 1_000;
  return (begin.getFirstValue() as ICAL.Time).isDate ? start + DAY_MS : Number.NaN;
}

function isUtc(time: ICAL.Time): boolean {
  return time.zone?.tzid === "UTC";
}

/** Only rules that always come to their next date are followed: others could be searched through for ever. */
function ruleProblem(rule: ICAL.Recur): string | undefined {
  const { freq, interval, count } = rule;
  const weekly = freq === "WEEKLY";
  if (freq !== "DAILY" && !weekly) return `a rule that comes ${String(freq).toLowerCase()}`;
  if (!(interval >= 1 && interval <= 366)) return `an INTERVAL of ${interval}`;
  if (count !== null && count !== undefined && !(count >= 1 && count <= MOST_COUNTED)) return `a COUNT of ${count}`;
  const parts = Object.keys(rule.parts ?? {});
  const wrong = parts.find((part) => part !== "BYDAY" || !weekly);
  if (wrong !== undefined) return `${wrong} in a rule that comes ${freq.toLowerCase()}`;
  const days = (rule.parts as Readonly<Record<string, readonly unknown[]>>)["BYDAY"] ?? [];
  return days.every((day) => /^(MO|TU|WE|TH|FR|SA|SU)$/.test(String(day))) ? undefined : "a BYDAY with numbers";
}

function ruleOf(rule: ICAL.Recur, timezone: string): Pick<Written, "rule" | "periodMs" | "count"> {
  const { until, interval, count } = rule;
  const period = (rule.freq === "WEEKLY" ? 7 : 1) * interval * DAY_MS;
  const parts = rule
    .toString()
    .split(";")
    .filter((part) => !part.startsWith("UNTIL="));
  if (until) {
    const wall = isUtc(until) ? wallAt(wallOf(until), timezone) : wallOf(until);
    // A day as the end is the whole day.
    const last = Math.min(Math.max(until.isDate ? wall + DAY_MS - 1_000 : wall, EARLIEST), LATEST);
    parts.push(`UNTIL=${new Date(last).toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}`);
  }
  return { rule: parts.join(";"), periodMs: period, count: count ?? undefined };
}

/** On which lines the events begin, in their order. */
function linesOfEvents(text: string): number[] {
  return text.split(/\r?\n/).flatMap((line, index) => (/^BEGIN:VEVENT\s*$/i.test(line) ? [index + 1] : []));
}
