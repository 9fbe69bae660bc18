import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nextChange, shiftAt } from "../../../src/core/oncall/calendar.ts";
import { nextHandOver, onDuty } from "../../../src/core/oncall/duty.ts";
import { readCalendar } from "../../../src/core/oncall/read-calendar.ts";
import { iso } from "../../../src/core/time.ts";

const PEOPLE: Readonly<Record<string, string>> = { ann: "ann@lab.org", ben: "ben@lab.org" };
const event = (...lines: string[]) => ["BEGIN:VEVENT", ...lines, "END:VEVENT"];
const file = (...events: string[][]) =>
  ["BEGIN:VCALENDAR", "VERSION:2.0", ...events.flat(), "END:VCALENDAR"].join("\r\n");
const reading = (text: string) =>
  readCalendar(text, {
    timezone: "Europe/Zurich",
    personOf: ({ emails, title }) =>
      Object.keys(PEOPLE).find((name) => name === title || emails.includes(PEOPLE[name] ?? "")),
    instead: () => "write ann or ben",
  });
const calendarOf = (...events: string[][]) => {
  const { calendar, mistakes } = reading(file(...events));
  expect(mistakes).toEqual([]);
  return calendar;
};
const mistakesOf = (...events: string[][]) =>
  reading(file(...events)).mistakes.map(({ line, what, instead }) => `${line}: ${what}; ${instead}`);
const at = (text: string) => Date.parse(text);
const shiftIn = (calendar: ReturnType<typeof calendarOf>, moment: string) => {
  const shift = shiftAt(calendar, at(moment));
  return shift && `${shift.person} ${iso(shift.from).slice(0, 16)} to ${iso(shift.until).slice(0, 16)}`;
};

describe("a shift of a calendar", () => {
  test("is by the clock of its timezone, or in UTC, or by that of the rota", () => {
    const calendar = calendarOf(
      event(
        "DTSTART;TZID=America/Chicago:20261102T080000",
        "DTEND;TZID=America/Chicago:20261102T160000",
        "SUMMARY:ann",
      ),
      event("DTSTART:20261103T080000Z", "DURATION:PT8H", "SUMMARY:ben"),
      event("DTSTART:20261104T080000", "DTEND:20261104T160000", "SUMMARY:ann"),
      event("DTSTART;VALUE=DATE:20261105", "SUMMARY:ben"),
    );
    expect(shiftIn(calendar, "2026-11-02T15:00Z")).toBe("ann 2026-11-02T14:00 to 2026-11-02T22:00");
    expect(shiftIn(calendar, "2026-11-03T15:59Z")).toBe("ben 2026-11-03T08:00 to 2026-11-03T16:00");
    expect(shiftIn(calendar, "2026-11-04T07:00Z")).toBe("ann 2026-11-04T07:00 to 2026-11-04T15:00");
    expect(shiftIn(calendar, "2026-11-05T12:00Z")).toBe("ben 2026-11-04T23:00 to 2026-11-05T23:00");
    expect(shiftIn(calendar, "2026-11-06T12:00Z")).toBeUndefined();
  });

  test("is of an attendee, whatever its title", () => {
    const calendar = calendarOf(
      event("DTSTART:20261103T080000Z", "DURATION:PT8H", "SUMMARY:Shift", "ATTENDEE;CN=Ben:MAILTO:Ben@lab.org"),
    );
    expect(shiftIn(calendar, "2026-11-03T09:00Z")).toContain("ben");
  });

  test("comes again by its rule, years later as on the first day, but for its exceptions", () => {
    const calendar = calendarOf(
      event(
        "UID:a",
        "DTSTART;TZID=Europe/Zurich:20201012T080000",
        "DTEND;TZID=Europe/Zurich:20201012T200000",
        "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE",
        "EXDATE;TZID=Europe/Zurich:20261102T080000",
        "SUMMARY:ann",
      ),
      event(
        "UID:a",
        "RECURRENCE-ID;TZID=Europe/Zurich:20261104T080000",
        "DTSTART;TZID=Europe/Zurich:20261105T080000",
        "DTEND;TZID=Europe/Zurich:20261105T200000",
        "SUMMARY:ben",
      ),
    );
    const without = calendarOf(
      event("UID:a", "DTSTART:20261101T080000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY", "SUMMARY:ann"),
      event("UID:a", "RECURRENCE-ID:20261103T080000Z", "STATUS:CANCELLED", "SUMMARY:ann"),
    );
    expect(shiftIn(without, "2026-11-03T08:30Z")).toBeUndefined();
    expect(shiftIn(without, "2026-11-04T08:30Z")).toContain("ann");
    // 315 weeks after the first, and so in none of its own; the next one is, but for its exceptions.
    expect(shiftIn(calendar, "2026-10-26T12:00Z")).toBeUndefined();
    expect(shiftIn(calendar, "2026-11-02T12:00Z")).toBeUndefined();
    expect(shiftIn(calendar, "2026-11-04T12:00Z")).toBeUndefined();
    expect(shiftIn(calendar, "2026-11-05T12:00Z")).toBe("ben 2026-11-05T07:00 to 2026-11-05T19:00");
    expect(shiftIn(calendar, "2026-11-16T12:00Z")).toBe("ann 2026-11-16T07:00 to 2026-11-16T19:00");
    expect(iso(nextChange(calendar, at("2026-11-16T12:00Z")) ?? 0)).toBe("2026-11-16T19:00:00.000Z");
    expect(iso(nextChange(calendar, at("2026-11-16T19:00Z")) ?? 0)).toBe("2026-11-18T07:00:00.000Z");
  });

  test("comes until a moment, or so many times", () => {
    const daily = (rule: string) =>
      calendarOf(
        event("DTSTART;TZID=Europe/Zurich:20261101T080000", "DURATION:PT1H", `RRULE:FREQ=DAILY;${rule}`, "SUMMARY:ann"),
      );
    for (const rule of ["UNTIL=20261103T070000Z", "UNTIL=20261103", "COUNT=3"]) {
      expect(shiftIn(daily(rule), "2026-11-03T07:30Z"), rule).toContain("ann");
      expect(shiftIn(daily(rule), "2026-11-04T07:30Z"), rule).toBeUndefined();
    }
  });

  test("goes before a turn, and an override goes before it", () => {
    const calendar = calendarOf(event("DTSTART:20261103T080000Z", "DURATION:PT8H", "SUMMARY:ben"));
    const rota = {
      name: "r",
      timezone: "UTC",
      turns: { start: at("2026-11-01T00:00Z"), everyMs: 7 * 86_400_000, people: ["ann"] },
      overrides: [{ from: at("2026-11-03T10:00Z"), until: at("2026-11-03T11:00Z"), person: "ann", why: "doctor" }],
      calendar,
    };
    const who = (moment: string) => onDuty(rota, at(moment))?.by;
    expect([who("2026-11-03T07:59Z"), who("2026-11-03T08:00Z"), who("2026-11-03T10:00Z")]).toEqual([
      "turn",
      "calendar",
      "override",
    ]);
    expect(nextHandOver(rota, at("2026-11-03T08:00Z"))).toMatchObject({
      at: at("2026-11-03T10:00Z"),
      from: "ben",
      to: "ann",
    });
  });
});

describe("a mistake in a calendar has a line and says what to write", () => {
  const good = ["DTSTART:20261103T080000Z", "DURATION:PT8H", "SUMMARY:ann"];
  test.each([
    [
      ["DTSTART:20261103T080000Z", "DURATION:PT8H", "SUMMARY:Bob"],
      '8: nobody of people.yaml is the one of "Bob"; write ann or ben as SUMMARY, or an ATTENDEE with an e-mail address of people.yaml',
    ],
    [["SUMMARY:ann"], "8: a shift without DTSTART; write when it begins"],
    [
      ["DTSTART:20261103T080000Z", "SUMMARY:ann"],
      "8: a shift that does not end within 31 days of its beginning; write a later DTEND, or several shifts",
    ],
    [
      ["DTSTART;TZID=W. Europe Standard Time:20261103T080000", "DURATION:PT8H", "SUMMARY:ann"],
      '8: "W. Europe Standard Time" is no timezone that is known; write its name in the database of timezones, for example Europe/Zurich',
    ],
    [[...good, "RRULE:FREQ=SECONDLY"], /8: a rule that comes secondly; write FREQ=DAILY or FREQ=WEEKLY/],
    [[...good, "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"], /8: a rule that comes yearly/],
    [[...good, "RRULE:FREQ=DAILY;INTERVAL=7;BYDAY=WE"], /8: BYDAY in a rule that comes daily/],
    [[...good, "RRULE:FREQ=DAILY;COUNT=1000000"], /8: a COUNT of 1000000/],
    [[...good, "RRULE:FREQ=NEVER"], /1: not a calendar: invalid frequency "NEVER"/],
  ])("%s", (lines, mistake) => {
    const [found, ...more] = mistakesOf(event(...good), event(...lines));
    expect(more).toEqual([]);
    expect(found).toEqual(typeof mistake === "string" ? mistake : expect.stringMatching(mistake));
  });

  test.each([
    "",
    "hello",
    "BEGIN:VCALENDAR",
    "# larger than 1000000 bytes\n[",
    "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR",
  ])("that is none: %j", (text) => {
    expect(reading(text).mistakes).toEqual([
      expect.objectContaining({ line: 1, instead: expect.stringContaining("export it as iCalendar") }),
    ]);
  });

  test("a shift that was cancelled is none", () => {
    expect(mistakesOf(event("STATUS:CANCELLED", "SUMMARY:Bob"))).toEqual([]);
  });
});

describe("whatever stands in a calendar", () => {
  const WHOLE = file(
    event(
      "UID:a",
      "DTSTART;TZID=Europe/Zurich:20261102T080000",
      "DTEND;TZID=Europe/Zurich:20261102T200000",
      "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;UNTIL=20301231T000000Z",
      "EXDATE;TZID=Europe/Zurich:20261116T080000",
      "SUMMARY:ann",
    ),
    event(
      "UID:a",
      "RECURRENCE-ID;TZID=Europe/Zurich:20261104T080000",
      "DTSTART:20261105T080000Z",
      "DURATION:PT8H",
      "SUMMARY:ben",
    ),
    event("DTSTART;VALUE=DATE:20261105", "RRULE:FREQ=DAILY;COUNT=9", "SUMMARY:ben"),
  );
  const piece = fc.constantFrom(
    ..."0 9999 99999999 -1 : ; = , T Z P W BYDAY= FREQ=DAILY FREQ=WEEKLY FREQ=YEARLY INTERVAL=366 COUNT=1000 COUNT=0 UNTIL=00000101 UNTIL=99991231T235959Z 00000000T000000 99991231T235959Z PT99999999H -PT8H DTSTART RRULE: EXDATE: RDATE: TZID=UTC TZID=Mars/Base VALUE=DATE END:VEVENT BEGIN:VEVENT BEGIN:VCALENDAR __proto__ constructor".split(
      " ",
    ),
    "\r\n",
    "\r\n ",
    "\u0000",
    "é",
  );
  const bends = fc.array(fc.record({ at: fc.nat(WHOLE.length), cut: fc.nat(12), put: piece }), {
    minLength: 1,
    maxLength: 6,
  });

  test("it is read or refused, and whoever asks who is on duty is answered soon", () => {
    fc.assert(
      fc.property(bends, (all) => {
        let text = WHOLE;
        for (const { at: place, cut, put } of all) text = text.slice(0, place) + put + text.slice(place + cut);
        const began = performance.now();
        const { calendar, mistakes } = reading(text);
        const lines = text.split(/\r?\n/).length;
        for (const { line } of mistakes) expect(line >= 1 && line <= lines).toBe(true);
        const rota = { name: "r", timezone: "Europe/Zurich", turns: undefined, overrides: [], calendar };
        for (const moment of ["2026-11-05T12:00Z", "1970-01-01T00:00Z", "2500-01-01T00:00Z"]) {
          onDuty(rota, at(moment));
          nextHandOver(rota, at(moment));
        }
        expect(performance.now() - began).toBeLessThan(2_000);
      }),
      { numRuns: 1_000 },
    );
  }, 60_000);
});
