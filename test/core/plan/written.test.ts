import fc from "fast-check";
import { expect, test } from "vitest";
import { size as readSize } from "../../../src/core/config/values.ts";
import { command, length, runs, size } from "../../../src/core/plan/written.ts";
import { parseDuration } from "../../../src/core/time.ts";

test("a length of time is written so that it is read as the same", () => {
  fc.assert(fc.property(fc.nat({ max: 1e12 }), (ms) => void expect(parseDuration(length(ms))).toBe(ms)));
  expect([0, 1, 90_000, 48 * 3_600_000].map(length)).toEqual(["0s", "1ms", "1m30s", "2d"]);
});

test("a size is written so that it is read as the same", () => {
  fc.assert(fc.property(fc.nat({ max: 1e15 }), (bytes) => void expect(readSize.parse(size(bytes))).toBe(bytes)));
  expect([0, 999, 2e9, 1.5e12].map(size)).toEqual(["0B", "999B", "2GB", "1.5TB"]);
});

test("commands of other words are written otherwise", () => {
  const words = fc.array(fc.string({ unit: fc.constantFrom("a", " ", '"', "\\", "\n") }), { maxLength: 3 });
  fc.assert(
    fc.property(words, words, (a, b) => {
      expect(command(a) === command(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
    }),
    { numRuns: 1_000 },
  );
  expect(command(["./fit.sh", "--run", "${run.number}", "two words"])).toBe('./fit.sh --run ${run.number} "two words"');
});

test("runs are written as in a file", () => {
  expect(
    runs([
      { from: 1, to: 5 },
      { from: 8, to: 8 },
    ]),
  ).toBe("1-5, 8");
});
