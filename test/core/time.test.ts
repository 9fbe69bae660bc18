import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatDuration, fromEpochSeconds, iso, parseDuration, parseInstant } from "../../src/core/time.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe("a length of time", () => {
  test.each([
    ["90s", 90 * SECOND],
    ["1h30m", 90 * MINUTE],
    ["0.5s", 500],
    ["250ms", 250],
    ["2d", 2 * DAY],
    ["1w", 7 * DAY],
    ["0s", 0],
  ])("%s is read", (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each(["", "10", "h", "1 h", "-1h", "1h -2m", "1y", "1H", "1h30", "٣s", "1e3s", "10m\n"])(
    "%j is none",
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );

  test.each([
    [0, "0ms"],
    [-5, "0ms"],
    [999, "999ms"],
    [12 * SECOND, "12s"],
    [59_999, "1m"],
    [90 * SECOND, "1m30s"],
    [90 * MINUTE, "1h30m"],
    [47 * HOUR, "47h"],
    [48 * HOUR, "2d"],
    [50 * HOUR, "2d2h"],
    [90 * DAY, "90d"],
  ])("%i ms are said as %s", (ms, words) => {
    expect(formatDuration(ms)).toBe(words);
  });

  test("as it is said is read back, to the smaller of the two units that it names", () => {
    fc.assert(
      fc.property(fc.nat(400 * DAY), (ms) => {
        const back = parseDuration(formatDuration(ms));
        const step = ms < SECOND ? 1 : ms < HOUR ? SECOND : ms < 2 * DAY ? MINUTE : HOUR;
        expect(Math.abs((back ?? Number.NaN) - ms)).toBeLessThanOrEqual(step);
      }),
    );
  });

  test("that is longer is never said as a shorter one", () => {
    fc.assert(
      fc.property(fc.nat(400 * DAY), fc.nat(DAY), (ms, more) => {
        expect(parseDuration(formatDuration(ms + more))).toBeGreaterThanOrEqual(
          parseDuration(formatDuration(ms)) as number,
        );
      }),
    );
  });
});

describe("a moment", () => {
  test.each([
    ["2026-11-24", Date.UTC(2026, 10, 24)],
    ["2026-11-24T10:20:30Z", Date.UTC(2026, 10, 24, 10, 20, 30)],
    ["2026-11-24T10:20:30.250Z", Date.UTC(2026, 10, 24, 10, 20, 30, 250)],
    ["2026-11-24 10:20:30", Date.UTC(2026, 10, 24, 10, 20, 30)],
    ["2026-11-24T10:20", Date.UTC(2026, 10, 24, 10, 20)],
    ["2026-11-24T10:20:30+02:00", Date.UTC(2026, 10, 24, 8, 20, 30)],
    ["2026-11-24T10:20:30+0200", Date.UTC(2026, 10, 24, 8, 20, 30)],
    ["2026-11-24T10:20:30.123456Z", Date.UTC(2026, 10, 24, 10, 20, 30, 123)],
  ])("%s is read, in UTC where it names no zone", (text, at) => {
    expect(parseInstant(text)).toBe(at);
  });

  test.each([
    "",
    "today",
    "24.11.2026",
    "2026-11",
    "2026-13-01",
    "2026-11-24T25:00",
    "2026-11-24T10",
    "2026-11-24 10:20:30 CET",
    "1764000000",
  ])("%j is none", (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });

  test.each(["2026-02-30", "2026-06-31T10:00:00Z", "2025-02-29 12:00"])("%s is none: there is no such day", (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });

  test("as data carries it is read back", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) }), (at) => {
        expect(parseInstant(iso(at))).toBe(at);
      }),
    );
  });

  test("in seconds since 1970 is read, and other units are not", () => {
    expect(fromEpochSeconds(1_795_514_400.25)).toBe(Date.UTC(2026, 10, 24, 10) + 250);
    for (const none of [-1, 1_795_514_400_000, 1_795_514_400_000_000_000, Number.NaN])
      expect(fromEpochSeconds(none)).toBeUndefined();
  });
});
