import fc from "fast-check";
import { expect, test } from "vitest";
import {
  gapsIn,
  type Intervals,
  overlapIn,
  within,
  without,
  withThese,
} from "../../../src/core/conditions/intervals.ts";
import { covers, type Iov, isEmpty, type Span } from "../../../src/core/conditions/iov.ts";
import { compareMoments, type Moment } from "../../../src/core/conditions/moment.ts";
import { FAR, MOMENTS } from "../../contracts/conditions-model.ts";

const ALL = [...MOMENTS, FAR];
const moment = fc.constantFrom(...MOMENTS);
const span: fc.Arbitrary<Span> = fc.record({ from: moment, until: fc.option(moment) }).filter((one) => !isEmpty(one));
const iov: fc.Arbitrary<Iov> = fc
  .tuple(span, fc.constantFrom("a", "b", "c"))
  .map(([{ from, until }, payload]) => ({ type: "t0", from, until, payload }));
/** A list as it should be, however it came about. */
const list: fc.Arbitrary<Intervals> = fc
  .array(iov, { maxLength: 8 })
  .map((iovs) => iovs.reduce<Intervals>((made, one) => withThese(made, [one]), []));

test("a list is always in order, and nothing in it is empty or overlaps", () => {
  const isSound = (made: Intervals) => {
    expect(overlapIn(made)).toBeUndefined();
    expect(made.filter(isEmpty)).toEqual([]);
    expect(made.toSorted((a, b) => compareMoments(a.from, b.from))).toEqual(made);
  };
  fc.assert(
    fc.property(list, span, (made, cut) => {
      isSound(made);
      isSound(without(made, cut));
    }),
  );
});

test("those within a span are all that share a moment with it, whole", () => {
  fc.assert(
    fc.property(list, span, (made, part) => {
      const shares = (one: Iov) => ALL.some((at: Moment) => covers(one, at) && covers(part, at));
      expect(within(made, part)).toEqual(made.filter(shares));
    }),
  );
});

test("the gaps of a span are where nothing holds, and nothing else", () => {
  fc.assert(
    fc.property(list, span, (made, part) => {
      const gaps = gapsIn(made, part);
      expect(gaps.filter(isEmpty)).toEqual([]);
      for (const at of ALL) {
        const isFree = covers(part, at) && !made.some((one) => covers(one, at));
        expect(gaps.filter((gap) => covers(gap, at))).toHaveLength(isFree ? 1 : 0);
      }
    }),
  );
});

test("what is taken out of a span holds outside as before, and inside nothing does", () => {
  fc.assert(
    fc.property(list, span, (made, cut) => {
      const left = without(made, cut);
      for (const at of ALL) {
        const before = made.find((one) => covers(one, at))?.payload;
        expect(left.find((one) => covers(one, at))?.payload).toBe(covers(cut, at) ? undefined : before);
      }
    }),
  );
});
