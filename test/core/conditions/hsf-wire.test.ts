import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  STATUSES,
  spanFromWire,
  spanToWire,
  stateOfStatus,
  statusOf,
  untilTheNext,
  type WireSpan,
} from "../../../src/core/conditions/hsf-wire.ts";
import { covers, type Iov, isEmpty, type Span } from "../../../src/core/conditions/iov.ts";
import { compareMoments, type Moment } from "../../../src/core/conditions/moment.ts";
import { TAG_STATES } from "../../../src/core/conditions/tag.ts";

const wired = (span: Span) => JSON.parse(JSON.stringify(spanToWire(span))) as WireSpan;
const few = fc.record({ major: fc.nat(4), minor: fc.nat(4) });
const any = fc.record({ major: fc.maxSafeNat(), minor: fc.maxSafeNat() });
const LARGEST = 2 ** 63;

describe("an interval in the words of nopayloaddb", () => {
  test("has the largest number of 64 bits for no end, digit by digit", () => {
    expect(JSON.stringify(spanToWire({ from: { major: 8215, minor: 12 }, until: null }))).toBe(
      '{"major_iov":8215,"minor_iov":12,"major_iov_end":9223372036854775807,"minor_iov_end":9223372036854775807}',
    );
  });

  test("is the same interval after a journey there and back", () => {
    const far = (moment: Moment) => moment.major < Number.MAX_SAFE_INTEGER && moment.minor < Number.MAX_SAFE_INTEGER;
    const span = fc.record({ from: any.filter(far), until: fc.option(any.filter(far)) }).filter((one) => !isEmpty(one));
    fc.assert(
      fc.property(span, (one) => {
        expect(spanFromWire(wired(one))).toEqual(one);
      }),
    );
  });

  test("with an open minor end reaches to the end of its major number", () => {
    const end = (major: number, minor: number) =>
      spanFromWire({ major_iov: 3, minor_iov: 1, major_iov_end: major, minor_iov_end: minor })?.until;
    expect(end(3, LARGEST)).toEqual({ major: 4, minor: 0 });
    expect(end(LARGEST, 0)).toBeNull();
    expect(end(LARGEST, LARGEST)).toBeNull();
    expect(spanFromWire({ major_iov: 0, minor_iov: 1, major_iov_end: 0, minor_iov_end: LARGEST })?.until).toBeNull();
  });

  test.each([
    [5, 0, 5, 0],
    [5, 1, 5, 0],
    [5, 0, 4, 9],
    [LARGEST, 0, LARGEST, LARGEST],
  ])("from %i.%i to %i.%i is none", (major_iov, minor_iov, major_iov_end, minor_iov_end) => {
    expect(spanFromWire({ major_iov, minor_iov, major_iov_end, minor_iov_end })).toBeUndefined();
  });
});

test("every state has a status of its own, which is read back; states are known by their own names, too", () => {
  expect(new Set(STATUSES).size).toBe(TAG_STATES.length);
  for (const state of TAG_STATES) {
    expect(stateOfStatus(statusOf(state))).toBe(state);
    expect(stateOfStatus(state)).toBe(state);
  }
  expect([statusOf("OPEN"), statusOf("RUNNING"), statusOf("PUBLISHED")]).toEqual(["unlocked", "locked", "frozen"]);
  expect(stateOfStatus("Unlocked")).toBeUndefined();
});

test("intervals without an end hold as the reference looks them up: the one that began last", () => {
  const begins = (payload: string) =>
    fc.array(few, { maxLength: 6 }).map((all) => all.map((from): Iov => ({ type: "t0", payload, from, until: null })));
  fc.assert(
    fc.property(begins("new"), begins("old"), few, (added, there, at) => {
      const started = (iovs: readonly Iov[]) => iovs.filter(({ from }) => compareMoments(from, at) <= 0);
      const last = (iovs: readonly Iov[]) =>
        started(iovs).reduce<Moment | undefined>(
          (best, { from }) => (best === undefined || compareMoments(from, best) >= 0 ? from : best),
          undefined,
        );
      const [lastAdded, lastThere] = [last(added), last(there)];
      const holds = untilTheNext(added, there).filter((iov) => covers(iov, at));
      const wanted = lastAdded && (lastThere === undefined || compareMoments(lastAdded, lastThere) >= 0);
      expect(holds.map(({ from }) => from)).toEqual(wanted ? [lastAdded] : []);
    }),
  );
});
