/** An iCalendar file -> shifts, or every mistake in it with its line. */
import ICAL from "ical.js";
import { type Calendar, LONGEST_SHIFT_MS, MOST_COUNTED, type Series, type Shift, wallOf } from "./calendar.ts";
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
  const series: (Series & { readonly uid: string })[] = [];
  const moved: { readonly uid: string; readonly was: ICAL.Property }[] = [];
  for (const [index, event] of events.entries()) {
    const line = lines[index] ?? 1;
    const read = readEvent(event, readers);
    if (read === "cancelled") continue;
    if ("what" in read) {
      mistakes.push({ line, ...read });
      continue;
    }
    const was = event.getFirstProperty("recurrence-id");
    const uid = String(event.getFirstPropertyValue("uid") ?? `line ${line}`);
    if (was) moved.push({ uid, was });
    if ("rule" in read) series.push({ ...read, uid });
    else shifts.push(read);
  }
  if (series.length > MOST_SERIES)
    mistakes.push({
      line: 1,
      code: "too-many",
      what: `${series.length} shifts that come again, which is more than ${MOST_SERIES}`,
      instead: "take those away that are over",
    });
  return {
    calendar: {
      shifts: shifts.sort((a, b) => a.from - b.from),
      series: series.map(({ uid, ...one }) => ({
        ...one,
        except: [
          ...one.except,
          ...moved
            .filter((shift) => shift.uid === uid)
            .flatMap(({ was }) => wallsOf(was, one.timezone, readers.timezone)),
        ],
      })),
    },
    mistakes,
  };
}

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

function readEvent(event: ICAL.Component, readers: Readers): Shift | Omit<Series, "uid"> | Problem | "cancelled" {
  try {
    if (/^cancelled$/i.test(String(event.getFirstPropertyValue("status") ?? ""))) return "cancelled";
    return readShift(event, readers);
  } catch (error) {
    // The library says so of values that are none.
    const what = `a shift that cannot be read: ${(error as Error).message.slice(0, 100)}`;
    return { code: "calendar", what, instead: "write it as the planner of shifts exports it" };
  }
}

function readShift(event: ICAL.Component, readers: Readers): Shift | Series | Problem {
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

function ruleOf(rule: ICAL.Recur, timezone: string): Pick<Series, "rule" | "periodMs"> {
  const { until, interval, count } = rule;
  const period = (rule.freq === "WEEKLY" ? 7 : 1) * interval * DAY_MS;
  const parts = rule
    .toString()
    .split(";")
    .filter((part) => !part.startsWith("UNTIL="));
  if (until) {
    const wall = isUtc(until) ? wallAt(wallOf(until), timezone) : wallOf(until);
    // A day as the end is the whole day.
    const last = until.isDate ? wall + DAY_MS - 1_000 : wall;
    parts.push(`UNTIL=${new Date(last).toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}`);
  }
  return { rule: parts.join(";"), periodMs: count ? undefined : period };
}

/** On which lines the events begin, in their order. */
function linesOfEvents(text: string): number[] {
  return text.split(/\r?\n/).flatMap((line, index) => (/^BEGIN:VEVENT\s*$/i.test(line) ? [index + 1] : []));
}
