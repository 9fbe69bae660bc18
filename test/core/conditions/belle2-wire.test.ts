import fc from "fast-check";
import { expect, test } from "vitest";
import { spanFromBelle, spanToBelle } from "../../../src/core/conditions/belle2-wire.ts";
import { isEmpty } from "../../../src/core/conditions/iov.ts";

const moment = fc.record({ major: fc.nat(5_000), minor: fc.nat(50_000) });

test("an interval is the same after a journey to Belle II and back", () => {
  const span = fc.record({ from: moment, until: fc.option(moment) }).filter((one) => !isEmpty(one));
  fc.assert(
    fc.property(span, (one) => {
      expect(spanFromBelle(spanToBelle(one))).toEqual(one);
    }),
  );
});

test.each([
  [
    { expStart: 7, runStart: 10, expEnd: 7, runEnd: 12 },
    { from: { major: 7, minor: 10 }, until: { major: 7, minor: 13 } },
  ],
  [
    { expStart: 7, runStart: 0, expEnd: 7, runEnd: -1 },
    { from: { major: 7, minor: 0 }, until: { major: 8, minor: 0 } },
  ],
  [
    { expStart: 0, runStart: 0, expEnd: -1, runEnd: -1 },
    { from: { major: 0, minor: 0 }, until: null },
  ],
])("%j holds from its first to its last run", (belle, span) => {
  expect(spanFromBelle(belle)).toEqual(span);
  expect(spanToBelle(span)).toEqual(belle);
});

test.each([
  { expStart: 7, runStart: 10, expEnd: 7, runEnd: 9 },
  { expStart: -1, runStart: 0, expEnd: 7, runEnd: 9 },
])("%j is none", (belle) => {
  expect(spanFromBelle(belle)).toBeUndefined();
});
