import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareEnds, covers, type Iov, type Span } from "../../../src/core/conditions/iov.ts";
import { intervalsOf, type Left } from "../../../src/core/publication/intervals.ts";
import type { PublishRule } from "../../../src/core/publication/rule.ts";

const run = (major: number) => ({ major, minor: 0 });
const span = (from: number, until: number): Span => ({ from: run(from), until: run(until) });
const RULE: Pick<PublishRule, "types" | "late" | "holds"> = { types: ["t0"], late: "publish", holds: "onwards" };
const left = (more: Partial<Left> = {}): Left => ({ type: "t0", payload: "p", ...more });
const there = (from: number, until: number | null): Iov => ({
  type: "t0",
  payload: "old",
  from: run(from),
  until: until === null ? null : run(until),
});
const published = (...of: Parameters<typeof intervalsOf>) => {
  const found = intervalsOf(...of);
  if (!found.ok) throw new Error(found.why);
  return found.iovs.map(({ from, until }) => [from.major, until?.major ?? null]);
};

describe("what is published holds", () => {
  test.each<[string, Left[], Partial<typeof RULE>, Iov[], (number | null)[][]]>([
    ["onwards, where nothing comes after it", [left()], {}, [there(1, null)], [[10, null]]],
    ["up to what a later run published", [left()], {}, [there(20, null)], [[10, 20]]],
    ["for its runs, where that is declared", [left()], { holds: "runs" }, [], [[10, 12]]],
    ["as the job says", [left({ from: run(11), until: run(15) })], {}, [], [[11, 15]]],
    [
      "for ever, where the job says so and the rule does not",
      [left({ until: null })],
      { holds: "runs" },
      [],
      [[10, null]],
    ],
    ["never beyond a later run, whatever the job says", [left({ until: run(90) })], {}, [there(20, null)], [[10, 20]]],
    ["over what the same runs published before", [left()], {}, [there(10, 11), there(11, null)], [[10, null]]],
    ["not at all, where it comes late and that is declared", [left()], { late: "leave-out" }, [there(20, null)], []],
    [
      "as a correction, which is never late",
      [left()],
      { late: "leave-out" },
      [there(10, 20), there(20, null)],
      [[10, 20]],
    ],
    ["nowhere, where there is nothing", [], {}, [], []],
  ])("%s", (_, payloads, rule, tag, expected) => {
    expect(published(payloads, { ...RULE, ...rule }, span(10, 12), tag)).toEqual(expected);
  });

  test.each<[Left[], RegExp]>([
    [[left({ type: "pedestals" })], /of type pedestals, and the task publishes t0: add it to publish.payload/],
    [[left({ from: run(11), until: run(11) })], /would hold 11 to before 11, which is never/],
    [[left(), left({ from: run(11) })], /two payloads of type t0 that hold at the same time/],
  ])("what cannot be is refused, and why is told", (payloads, why) => {
    expect(intervalsOf(payloads, RULE, span(10, 12), [])).toEqual({ ok: false, why: expect.stringMatching(why) });
  });

  test("whatever jobs leave and whatever the tag holds, nothing overlaps and no later run loses a moment", () => {
    const moment = fc.integer({ min: 0, max: 40 });
    const payloads = fc.array(
      fc.record({
        from: fc.option(moment, { nil: undefined }),
        until: fc.option(fc.option(moment), { nil: undefined }),
      }),
      { maxLength: 4 },
    );
    const ends = fc.uniqueArray(moment, { maxLength: 8 });
    fc.assert(
      fc.property(payloads, ends, fc.constantFrom("publish", "leave-out"), (some, borders, late) => {
        const sorted = [...borders].sort((a, b) => a - b);
        const tag = sorted.map((from, index) => there(from, sorted[index + 1] ?? null));
        const list = some.map(({ from, until }) =>
          left({
            ...(from === undefined ? {} : { from: run(from) }),
            ...(until === undefined ? {} : { until: until === null ? null : run(until) }),
          }),
        );
        const found = intervalsOf(list, { ...RULE, late: late as "publish" }, span(10, 12), tag);
        if (!found.ok) return;
        for (const one of found.iovs) {
          expect(compareEnds(one.from, one.until)).toBeLessThan(0);
          for (const other of found.iovs) if (other !== one) expect(covers(other, one.from)).toBe(false);
          const later = tag.filter((iov) => iov.from.major >= 12 && iov.from.major > one.from.major);
          for (const iov of later) expect(covers(one, iov.from)).toBe(false);
        }
      }),
    );
  });
});
