import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nextHandOver, onDuty } from "../../../src/core/oncall/duty.ts";
import type { Rota } from "../../../src/core/oncall/rota.ts";
import { parseWall } from "../../../src/core/oncall/wall.ts";
import { iso } from "../../../src/core/time.ts";

const at = (text: string) => Date.parse(text);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const WEEKLY: Rota = {
  name: "calibration",
  timezone: "Europe/Zurich",
  turns: { start: parseWall("2026-10-19T08:00") ?? 0, everyMs: 7 * DAY, people: ["ann", "ben", "cem"] },
  overrides: [],
  calendar: undefined,
};
const who = (rota: Rota, moment: string) => onDuty(rota, at(moment))?.person;
const handOver = (rota: Rota, moment: string) => {
  const next = nextHandOver(rota, at(moment));
  return next && `${iso(next.at).slice(0, 16)} ${next.from ?? "nobody"} -> ${next.to ?? "nobody"}`;
};

describe("people who take turns", () => {
  test("take over at the same time of their clock, in summer and in winter", () => {
    expect(who(WEEKLY, "2026-10-19T05:59Z")).toBeUndefined();
    expect(who(WEEKLY, "2026-10-19T06:00Z")).toBe("ann");
    expect(handOver(WEEKLY, "2026-10-20T00:00Z")).toBe("2026-10-26T07:00 ann -> ben");
    expect(handOver(WEEKLY, "2026-10-26T07:00Z")).toBe("2026-11-02T07:00 ben -> cem");
    expect(who(WEEKLY, "2026-11-09T07:00Z")).toBe("ann");
  });

  test("have turns of an hour through the hour that comes twice, and the one that does not", () => {
    const turns = { start: parseWall("2026-03-28T00:00") ?? 0, everyMs: HOUR, people: ["ann", "ben"] };
    const hourly = { ...WEEKLY, turns };
    const changes = (from: string) => {
      let moment = at(from);
      return Array.from({ length: 4 }, () => {
        moment = nextHandOver(hourly, moment)?.at ?? Number.NaN;
        return iso(moment).slice(11, 16);
      });
    };
    expect(changes("2026-10-24T22:30Z")).toEqual(["23:00", "00:00", "02:00", "03:00"]);
    // The turn of 02:00 and that of 03:00 begin together.
    expect(changes("2026-03-28T23:30Z")).toEqual(["00:00", "02:00", "03:00", "04:00"]);
  });

  test("and are always somebody, until the next takes over and not before", () => {
    const zones = fc.constantFrom("Europe/Zurich", "America/New_York", "Australia/Lord_Howe");
    fc.assert(
      fc.property(
        zones,
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 0, max: 5_000 }),
        (timezone, hours, later) => {
          const turns = {
            start: parseWall("2026-10-19T08:00") ?? 0,
            everyMs: hours * HOUR,
            people: ["ann", "ben", "cem"],
          };
          const rota = { ...WEEKLY, timezone, turns };
          const moment = at("2026-10-20T00:00Z") + later * HOUR;
          const next = nextHandOver(rota, moment);
          expect(next?.from).toBe(onDuty(rota, moment)?.person);
          expect(onDuty(rota, (next?.at ?? 0) - 1)?.person).toBe(next?.from);
          expect(onDuty(rota, next?.at ?? 0)?.person).toBe(next?.to);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe("somebody who stands in", () => {
  const override = (from: string, until: string, person: string) => ({
    from: at(from),
    until: at(until),
    person,
    why: "ill",
  });

  test("is on duty for that time, with the reason; the later line counts", () => {
    const rota = {
      ...WEEKLY,
      overrides: [
        override("2026-10-21T00:00Z", "2026-10-23T00:00Z", "cem"),
        override("2026-10-22T00:00Z", "2026-10-22T12:00Z", "ben"),
      ],
    };
    expect(onDuty(rota, at("2026-10-21T00:00Z"))).toEqual({ person: "cem", by: "override", why: "ill" });
    expect(who(rota, "2026-10-22T11:59Z")).toBe("ben");
    expect(who(rota, "2026-10-22T12:00Z")).toBe("cem");
    expect(handOver(rota, "2026-10-22T12:00Z")).toBe("2026-10-23T00:00 cem -> ann");
  });

  test("for themselves hands nothing over", () => {
    const rota = { ...WEEKLY, overrides: [override("2026-10-21T00:00Z", "2026-10-22T00:00Z", "ann")] };
    expect(handOver(rota, "2026-10-20T00:00Z")).toBe("2026-10-26T07:00 ann -> ben");
  });
});

test("one person alone never hands over", () => {
  expect(
    handOver({ ...WEEKLY, turns: { start: 0, everyMs: 7 * DAY, people: ["ann"] } }, "2026-10-20T00:00Z"),
  ).toBeUndefined();
});
