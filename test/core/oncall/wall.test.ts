import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isTimezone, parseWall, wallAt, wallInWords, whenWall } from "../../../src/core/oncall/wall.ts";

const at = (text: string) => Date.parse(text);
const shown = (text: string) => parseWall(text) ?? Number.NaN;

describe("the clock of a timezone", () => {
  test.each([
    ["2026-07-01T08:00", "Europe/Zurich", "2026-07-01T06:00Z"],
    ["2026-12-01T08:00", "Europe/Zurich", "2026-12-01T07:00Z"],
    ["2026-12-01T08:00", "Asia/Kolkata", "2026-12-01T02:30Z"],
    ["2026-12-01", "America/Chicago", "2026-12-01T06:00Z"],
  ])("shows %s in %s at %s", (wall, zone, moment) => {
    expect(whenWall(shown(wall), zone)).toBe(at(moment));
    expect(wallAt(at(moment), zone)).toBe(shown(wall));
  });

  test("shows an hour twice when summer ends: the first time counts", () => {
    expect(whenWall(shown("2026-10-25T02:30"), "Europe/Zurich")).toBe(at("2026-10-25T00:30Z"));
  });

  test("leaves an hour out when summer begins: what lies in it is as long after the gap", () => {
    expect(whenWall(shown("2026-03-29T02:30"), "Europe/Zurich")).toBe(at("2026-03-29T01:30Z"));
  });

  test("never turns back what it shows once into another moment", () => {
    const zones = fc.constantFrom("Europe/Zurich", "America/New_York", "Australia/Lord_Howe", "Asia/Tokyo", "UTC");
    fc.assert(
      fc.property(zones, fc.integer({ min: 0, max: 4_000_000_000 }), (zone, seconds) => {
        const moment = seconds * 1_000;
        const again = whenWall(wallAt(moment, zone), zone);
        // Within the hour that comes twice, the first is meant.
        expect(wallAt(again, zone)).toBe(wallAt(moment, zone));
        expect(again).toBeLessThanOrEqual(moment);
      }),
    );
  });

  test("is of a timezone that there is", () => {
    expect([isTimezone("Europe/Zurich"), isTimezone("Europe/Zurch"), isTimezone("")]).toEqual([true, false, false]);
  });

  test("is read and written the same way, and not from days that there are not", () => {
    expect(wallInWords(shown("2026-11-02T08:00"))).toBe("2026-11-02T08:00");
    expect([parseWall("2026-02-30"), parseWall("2026-11-02T08:00Z"), parseWall("tomorrow")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
