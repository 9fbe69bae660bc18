import fc from "fast-check";
import { expect, test } from "vitest";
import { appended } from "../../../src/core/conditions/append.ts";
import { holdingAt } from "../../../src/core/conditions/intervals.ts";
import type { Iov } from "../../../src/core/conditions/iov.ts";
import { toAppend } from "../../../src/core/conditions/to-append.ts";

const at = (major: number) => ({ major, minor: 0 });
const payload = fc.constantFrom("a", "b", "c");

/** Without a gap from the first beginning on, the last one open. */
function line(beginnings: readonly number[], payloads: readonly string[]): Iov[] {
  const sorted = [...new Set(beginnings)].sort((a, b) => a - b);
  return sorted.map((from, index) => ({
    type: "t0",
    payload: payloads[index % payloads.length] ?? "",
    from: at(from),
    until: sorted[index + 1] === undefined ? null : at(sorted[index + 1] ?? 0),
  }));
}

const FROM = 10;

test("what is appended makes a running tag hold from then on what staging holds, and nothing else before", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(FROM - 1), { maxLength: 4 }),
      fc.array(fc.nat(30), { minLength: 1, maxLength: 8 }),
      fc.array(payload, { minLength: 8, maxLength: 8 }),
      fc.array(payload, { minLength: 8, maxLength: 8 }),
      (before, after, some, others) => {
        const running = line(before, some);
        const staging = line([...after, 0], others);
        const held = holdingAt(running, at(FROM));
        const wanted = toAppend(staging, at(FROM), held ? [held] : []);
        const result = appended(running, wanted);
        if (!result.ok) throw new Error(result.detail);
        for (let run = 0; run < 35; run++) {
          const expected = holdingAt(run < FROM ? running : staging, at(run))?.payload;
          expect([run, holdingAt(result.list, at(run))?.payload]).toEqual([run, expected]);
        }
        // Nothing is begun anew that goes on anyway.
        const [first] = wanted;
        if (held && first && first.from.major === FROM) expect(first.payload).not.toBe(held.payload);
      },
    ),
  );
});

test("what ends in staging ends in the running tag, too, where it holds the same already", () => {
  const ends = { type: "t0", payload: "a", from: at(1), until: at(20) };
  const held = { type: "t0", payload: "a", from: at(2), until: null };
  expect(toAppend([ends], at(FROM), [held])).toEqual([{ ...ends, from: at(FROM) }]);
});

test("types do not get in each other's way, and what ended before is not in it", () => {
  const one = { type: "t0", payload: "a", from: at(1), until: at(5) };
  const other = { type: "gains", payload: "b", from: at(12), until: null };
  expect(toAppend([one, other], at(FROM), [])).toEqual([other]);
});
