import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { frozenUntil, nextFreeze } from "../../../src/core/environment/freeze-windows.ts";
import type { FreezeWindow } from "../../../src/core/environment/rules.ts";
import { iso } from "../../../src/core/time.ts";

const HOUR = 3_600_000;
const at = (text: string) => Date.parse(text);
const once = (from: string, until: string, reason = "winter stop"): FreezeWindow => ({
  from: at(from),
  until: at(until),
  reason,
});
const often = (cron: string, hours: number, timezone = "Europe/Zurich", reason = "weekend"): FreezeWindow => ({
  cron,
  timezone,
  lengthMs: hours * HOUR,
  reason,
});
const WEEKENDS = often("0 17 * * 5", 63);

/** `until: reason`, or open. */
function stateAt(windows: readonly FreezeWindow[], moment: string): string {
  const frozen = frozenUntil(windows, at(moment));
  return frozen ? `${iso(frozen.until)}: ${frozen.reason}` : "open";
}

test("without windows nothing is ever frozen", () => {
  expect(frozenUntil([], 0)).toBeUndefined();
  expect(nextFreeze([], 0)).toBeUndefined();
});

describe("a window of two moments", () => {
  const windows = [once("2026-12-20T00:00Z", "2027-01-05T08:00Z")];

  test.each([
    ["2026-12-19T23:59:59.999Z", "open"],
    ["2026-12-20T00:00:00.000Z", "2027-01-05T08:00:00.000Z: winter stop"],
    ["2027-01-05T07:59:59.999Z", "2027-01-05T08:00:00.000Z: winter stop"],
    ["2027-01-05T08:00:00.000Z", "open"],
  ])("at %s: %s", (moment, expected) => {
    expect(stateAt(windows, moment)).toBe(expected);
  });
});

describe("a window that comes again and again", () => {
  test.each([
    ["before it begins", "2026-11-20T15:59:59.999Z", "open"],
    ["as it begins", "2026-11-20T16:00:00.000Z", "2026-11-23T07:00:00.000Z: weekend"],
    ["long after it began", "2026-11-22T12:34:56.789Z", "2026-11-23T07:00:00.000Z: weekend"],
    ["just before it ends", "2026-11-23T06:59:59.999Z", "2026-11-23T07:00:00.000Z: weekend"],
    ["as it ends", "2026-11-23T07:00:00.000Z", "open"],
    // On 29 March 2026 the clocks in Zurich go from 2:00 to 3:00, on 25 October from 3:00 to 2:00.
    ["before it begins, while it is winter", "2026-03-27T15:59:00Z", "open"],
    ["into summer: 63 hours end at 9:00", "2026-03-27T16:00:00Z", "2026-03-30T07:00:00.000Z: weekend"],
    ["after it went into summer", "2026-03-30T06:59:59.999Z", "2026-03-30T07:00:00.000Z: weekend"],
    ["in summer at the hour of summer", "2026-07-03T15:00:00Z", "2026-07-06T06:00:00.000Z: weekend"],
    ["into winter: 63 hours end at 7:00", "2026-10-23T15:00:00Z", "2026-10-26T06:00:00.000Z: weekend"],
  ])("%s, at %s: %s", (_name, moment, expected) => {
    expect(stateAt([WEEKENDS], moment)).toBe(expected);
  });

  test("at an hour that there is not on one day of the year begins as the clocks have gone forward", () => {
    const nights = [often("30 2 * * *", 1)];
    expect(stateAt(nights, "2026-03-29T00:59:59Z")).toBe("open");
    expect(stateAt(nights, "2026-03-29T01:00:00Z")).toBe("2026-03-29T02:00:00.000Z: weekend");
  });

  test("at an hour that there is twice on one day of the year begins once", () => {
    const nights = [often("30 2 * * *", 1)];
    expect(stateAt(nights, "2026-10-25T00:30:00Z")).toBe("2026-10-25T01:30:00.000Z: weekend");
    expect(stateAt(nights, "2026-10-25T01:30:00Z")).toBe("open");
  });

  test("before it has ended goes on", () => {
    expect(stateAt([often("0 17 * * 5,6", 30)], "2026-11-20T18:00:00Z")).toBe("2026-11-22T22:00:00.000Z: weekend");
  });

  test("without a gap has an end all the same, as far as anybody plans", () => {
    const frozen = frozenUntil([often("* * * * *", 1)], at("2026-11-20T12:00Z"));
    expect(frozen?.until).toBeGreaterThan(at("2026-11-21T00:00Z"));
  });
});

describe("several windows", () => {
  const windows = [
    once("2026-12-18T10:00Z", "2026-12-18T17:00Z", "a visit"),
    once("2026-12-21T07:00Z", "2026-12-21T09:00Z", "a meeting"),
    WEEKENDS,
  ];

  test("that touch are one, with the reason that holds now", () => {
    expect(stateAt(windows, "2026-12-18T11:00Z")).toBe("2026-12-21T09:00:00.000Z: a visit");
    expect(stateAt(windows, "2026-12-18T16:30Z")).toBe("2026-12-21T09:00:00.000Z: weekend");
    expect(stateAt(windows, "2026-12-21T09:00Z")).toBe("open");
  });

  test("are announced one by one", () => {
    expect(nextFreeze(windows, at("2026-12-18T09:00Z"))).toMatchObject({
      from: at("2026-12-18T10:00Z"),
      reason: "a visit",
    });
    expect(nextFreeze(windows, at("2026-12-18T10:00Z"))).toEqual({
      from: at("2026-12-18T16:00Z"),
      until: at("2026-12-21T07:00Z"),
      reason: "weekend",
    });
    expect(nextFreeze([windows[0] as FreezeWindow], at("2026-12-18T10:00Z"))).toBeUndefined();
  });
});

test("at the end of a freeze nothing is frozen, and what comes next comes later", () => {
  const moment = fc.integer({ min: 0, max: 2_000 * HOUR }).map((ms) => at("2026-01-01T00:00Z") + ms);
  const fixed = fc
    .tuple(moment, fc.integer({ min: 1, max: 100 * HOUR }))
    .map(([from, length]): FreezeWindow => ({ from, until: from + length, reason: "x" }));
  const cron = fc.constantFrom("0 17 * * 5", "30 2 * * *", "0 0 1 * *", "15 */6 * * *");
  // Two hours leave gaps in whatever comes of it: without any there is no end that could be looked at.
  const recurring = fc
    .tuple(cron, fc.integer({ min: 1, max: 2 }), fc.constantFrom("UTC", "Europe/Zurich", "America/Chicago"))
    .map(([text, hours, zone]) => often(text, hours, zone));
  fc.assert(
    fc.property(fc.array(fc.oneof(fixed, recurring), { maxLength: 4 }), moment, (windows, now) => {
      const frozen = frozenUntil(windows, now);
      if (frozen) {
        expect(frozen.until).toBeGreaterThan(now);
        expect(frozenUntil(windows, frozen.until - 1)).toBeDefined();
        expect(frozenUntil(windows, frozen.until)).toBeUndefined();
      }
      const next = nextFreeze(windows, now);
      if (next) {
        expect(next.from).toBeGreaterThan(now);
        expect(frozenUntil(windows, next.from)).toBeDefined();
        if (!frozen) expect(frozenUntil(windows, next.from - 1)).toBeUndefined();
      }
    }),
    { numRuns: 60 },
  );
});
