import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Forecast, forecast } from "../../../src/core/campaign/forecast.ts";
import { AT } from "../../contracts/things.ts";

const HOUR = 3_600_000;
/** One an hour until now. */
const hourly = (count: number) => Array.from({ length: count }, (_, index) => AT - index * HOUR);
const facts = { ended: hourly(101), left: 50, waitForPeople: 0, runs: true };

describe("a forecast", () => {
  test("goes on as it went, and says how sure that is", () => {
    const found = forecast(facts, AT);
    expect(found).toMatchObject({ known: true, end: AT + 50 * HOUR });
    const { earliest, latest, perDay } = found as Extract<Forecast, { known: true }>;
    expect(perDay).toBeCloseTo(24);
    expect(earliest).toBe(AT + Math.round((50 / 1.1) * HOUR));
    expect(latest).toBe(AT + Math.round((50 / 0.9) * HOUR));
  });

  test("becomes later by the hour while nothing ends", () => {
    const at = (now: number) => (forecast(facts, now) as Extract<Forecast, { known: true }>).end - now;
    expect(at(AT + 100 * HOUR)).toBeCloseTo(2 * at(AT), -5);
  });

  test.each([
    [{ left: 0 }, "nothing is left to do"],
    [{ runs: false }, "nothing of it begins at the moment"],
    [{ waitForPeople: 50 }, "everything that is left waits for people"],
    [{ ended: hourly(9) }, "no forecast yet: 9 of the 10 tasks that it takes have ended"],
    [{ ended: [] }, "no forecast yet: 0 of the 10 tasks that it takes have ended"],
  ])("is not made of %o: %s", (more, why) => {
    expect(forecast({ ...facts, ...more }, AT)).toEqual({ known: false, why });
  });

  test("is in its own bounds, and in the future, whatever ended whenever", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: AT - 1e10, max: AT }), { maxLength: 400 }),
        fc.integer({ min: 1, max: 1e6 }),
        (ended, left) => {
          const found = forecast({ ended, left, waitForPeople: 0, runs: true }, AT);
          expect(found.known).toBe(ended.length >= 10);
          if (!found.known) return;
          expect(found.earliest).toBeGreaterThanOrEqual(AT);
          expect(found.earliest).toBeLessThanOrEqual(found.end);
          if (found.latest !== null) expect(found.end).toBeLessThanOrEqual(found.latest);
        },
      ),
    );
  });
});
