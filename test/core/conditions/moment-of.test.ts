import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { covers } from "../../../src/core/conditions/iov.ts";
import { momentOfRun, nextRunAt, spanOfRuns } from "../../../src/core/conditions/moment-of.ts";
import type { Values } from "../../../src/core/expression/types.ts";
import { configOf } from "../config/reading.ts";

const ruleOf = (conditions: string) =>
  configOf({
    "calops.yaml": `experiment: D\nruns: { attributes: { exp: int, block: double } }\nconditions: ${conditions}\n`,
  }).conditions;
const BY_NUMBER = ruleOf("{}");
const BELLE = ruleOf("{ major: run.exp, minor: run.number }");
const run = (number: number, attributes: Values = {}) => ({ number, attributes });

describe("the moment of a run", () => {
  test("is its number, where nothing else is declared", () => {
    expect(momentOfRun(run(8215), BY_NUMBER)).toEqual({ known: true, moment: { major: 8215, minor: 0 } });
  });

  test("is what calops.yaml makes of it", () => {
    expect(momentOfRun(run(3, { exp: 26 }), BELLE)).toEqual({ known: true, moment: { major: 26, minor: 3 } });
    const tens = ruleOf("{ major: run.number / 10, minor: run.number % 10 }");
    expect(momentOfRun(run(8215), tens)).toEqual({ known: true, moment: { major: 821, minor: 5 } });
  });

  test("is not known while the run does not have what it is made of", () => {
    expect(momentOfRun(run(3), BELLE)).toMatchObject({ known: false, why: expect.stringContaining("run 3 (run.exp)") });
  });

  test("is never below 0", () => {
    expect(momentOfRun(run(3, { exp: -1 }), BELLE)).toEqual({
      known: false,
      why: "conditions.major of run 3 (run.exp) is -1, not a whole number of 0 or more",
    });
  });
});

test("the next run after a moment is the one that begins there, or after it", () => {
  expect(nextRunAt({ major: 8, minor: 0 }, BY_NUMBER)).toEqual({ major: 8, minor: 0 });
  expect(nextRunAt({ major: 8, minor: 1 }, BY_NUMBER)).toEqual({ major: 9, minor: 0 });
  expect(nextRunAt({ major: 8, minor: 1 }, BELLE)).toEqual({ major: 8, minor: 1 });
});

describe("the span of a group of runs", () => {
  test("reaches to the next major number where a run has one of its own", () => {
    expect(spanOfRuns([run(12), run(10)], BY_NUMBER)).toEqual({
      known: true,
      span: { from: { major: 10, minor: 0 }, until: { major: 13, minor: 0 } },
    });
  });

  test("reaches to the next minor number where runs share a major one", () => {
    expect(spanOfRuns([run(9, { exp: 2 }), run(4, { exp: 2 })], BELLE)).toEqual({
      known: true,
      span: { from: { major: 2, minor: 4 }, until: { major: 2, minor: 10 } },
    });
  });

  test("covers each of its runs, and not the one after the last", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1e6), { minLength: 1, maxLength: 6 }), (numbers) => {
        const found = spanOfRuns(
          numbers.map((number) => run(number)),
          BY_NUMBER,
        );
        if (!found.known) throw new Error(found.why);
        for (const major of numbers) {
          expect(covers(found.span, { major, minor: 0 })).toBe(true);
          expect(covers(found.span, { major, minor: 999_999 })).toBe(true);
        }
        expect(covers(found.span, { major: Math.max(...numbers) + 1, minor: 0 })).toBe(false);
      }),
    );
  });

  test("is not known where the moment of one run is not", () => {
    expect(spanOfRuns([run(9, { exp: 2 }), run(10)], BELLE).known).toBe(false);
  });
});
