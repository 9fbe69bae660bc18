import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { turnOf } from "../../../src/core/publication/turn.ts";

const MINUTE = 60_000;
const WAIT = 10;

describe("whose turn it is", () => {
  test("waits for an earlier run, and says for which", () => {
    const earlier = { run: 8, taskId: 3, what: "processing" };
    expect(turnOf({ run: 9, waitsUntil: 100 }, earlier, 50)).toEqual({
      now: false,
      why: "waits for run 8, which comes before it (task 3 is processing)",
      until: 100,
    });
    expect(turnOf({ run: 9, waitsUntil: 100 }, earlier, 100)).toEqual({ now: true });
    expect(turnOf({ run: 8, waitsUntil: 100 }, { ...earlier, run: 9 }, 50)).toEqual({ now: true });
    expect(turnOf({ run: 8, waitsUntil: 100 }, undefined, 50)).toEqual({ now: true });
  });

  test("whatever ends in whatever order, each is published once, and before an earlier run only when its wait is over", () => {
    const ends = fc.uniqueArray(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(ends, (minutes) => {
        // By run: when its task ends. Each minute, everything looks at its turn.
        const done = minutes.map((minute, run) => ({ run, taskId: run, endsAt: minute * MINUTE }));
        const published: { run: number; at: number; waitsUntil: number }[] = [];
        for (let now = 0; now <= (41 + WAIT) * MINUTE; now += MINUTE) {
          for (const { run, endsAt } of done) {
            if (endsAt > now || published.some((one) => one.run === run)) continue;
            const before = done.find((one) => one.run < run && !published.some((other) => other.run === one.run));
            const waitsUntil = endsAt + WAIT * MINUTE;
            const earlier = before && { ...before, what: "processing" };
            if (turnOf({ run, waitsUntil }, earlier, now).now) published.push({ run, at: now, waitsUntil });
          }
        }
        expect(published.map(({ run }) => run).sort((a, b) => a - b)).toEqual(done.map(({ run }) => run));
        published.forEach(({ run, at, waitsUntil }, index) => {
          const overtaken = published.slice(index + 1).some((later) => later.run < run);
          expect(overtaken && at < waitsUntil).toBe(false);
        });
      }),
    );
  });
});
