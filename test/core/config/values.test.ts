import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { z } from "zod";
import { backoff } from "../../../src/core/config/calops-yaml.ts";
import {
  command,
  duration,
  includesRun,
  name,
  parseRuns,
  runIntervals,
  secret,
  size,
} from "../../../src/core/config/values.ts";

const read = (schema: z.ZodType, value: unknown) => {
  const found = schema.safeParse(value);
  return found.success ? found.data : found.error.issues[0]?.message;
};

describe("a size", () => {
  test.each([
    ["500MB", 5e8],
    ["2 TB", 2e12],
    ["1.5kB", 1_500],
    ["7B", 7],
  ])("%s is read, in the units in which disks are sold", (text, bytes) => {
    expect(read(size, text)).toBe(bytes);
  });

  test.each(["5", "5 gb", "-1GB", "1,5GB", "", "GB", 5])("%j is none", (value) => {
    expect(read(size, value)).toMatch(/is not a size|not a size; write for example "500MB" or "2TB"/);
  });
});

describe("a length of time", () => {
  test("is read in milliseconds, and refused without a unit", () => {
    expect(read(duration, "1h30m")).toBe(5_400_000);
    expect(read(duration, 30)).toBe('not a length of time; write for example "10m", "48h" or "7d"');
    expect(read(duration, "30")).toBe('"30" is not a length of time; write for example 10m, 48h or 7d');
  });

  test("before another attempt is the first of those that grow", () => {
    expect(read(backoff, "1h")).toEqual({ firstMs: 3_600_000, factor: 2, maxMs: 3_600_000 });
    expect(read(backoff, { first: "1s" })).toEqual({ firstMs: 1_000, factor: 2, maxMs: 1_800_000 });
  });
});

describe("runs", () => {
  test.each([
    ["8215", { from: 8215, to: 8215 }],
    ["8000-8215", { from: 8000, to: 8215 }],
    [" 8000 - 8215 ", { from: 8000, to: 8215 }],
    ["8000..8215", { from: 8000, to: 8215 }],
  ])("%j are read", (text, interval) => {
    expect(parseRuns(text)).toEqual(interval);
  });

  test.each(["", "-", "8215-", "8215-8000", "a", "-5", "1-2-3", "1.5", "٣"])("%j are none", (text) => {
    expect(parseRuns(text)).toBeUndefined();
  });

  test("may be one, a range or a list, as numbers or as texts", () => {
    expect(read(runIntervals, 7)).toEqual([{ from: 7, to: 7 }]);
    expect(read(runIntervals, [7, "9-11"])).toEqual([
      { from: 7, to: 7 },
      { from: 9, to: 11 },
    ]);
  });

  test("as they are written hold exactly the numbers between their ends", () => {
    fc.assert(
      fc.property(fc.nat(99), fc.nat(99), fc.nat(99), (a, b, run) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        expect(includesRun([parseRuns(`${from}-${to}`) as never], run)).toBe(run >= from && run <= to);
      }),
    );
  });
});

describe("a name", () => {
  test("stands in paths, in commands and in names of jobs", () => {
    for (const good of ["t0", "a", "slow-control", "0", "a".repeat(40)]) expect(read(name, good)).toBe(good);
    for (const bad of ["", "-a", "a-", "A", "a_b", "a/b", "..", "ä", "a".repeat(41)])
      expect(read(name, bad)).toMatch(/^not a name; write/);
  });
});

describe("a secret", () => {
  test("stands by its name alone, never by its value", () => {
    expect(read(secret, { secret: "REGISTRY_TOKEN" })).toEqual({ secret: "REGISTRY_TOKEN" });
    for (const bad of ["hunter2", "Bearer abc", "../secrets/x", "", "1A"])
      expect(read(secret, { secret: bad })).toMatch(/^not a secret's name; write/);
  });
});

describe("a command", () => {
  test("is a program with its arguments, or a script alone, and never a line for a shell", () => {
    expect(read(command, ["fit", 5, "a b"])).toEqual(["fit", "5", "a b"]);
    expect(read(command, "./fit.sh --fast")).toEqual(["./fit.sh --fast"]);
    expect(command.safeParse([]).success).toBe(false);
    expect(read(command, { sh: "x" })).toMatch(/^not a command; write/);
  });
});
