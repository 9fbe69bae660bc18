import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { orderOfTags } from "../../../src/core/environment/versions.ts";

describe("tags, the oldest first,", () => {
  test.each<[string, string, string[]]>([
    ["by value and not by letters", "v*", ["v1", "v2", "v9", "v10", "v100"]],
    ["of as many numbers as one likes", "v*", ["v1", "v1.0.1", "v1.2", "v1.10", "v2.0.0", "v2.0.0.1"]],
    ["candidates before what they are candidates for", "v*", ["v1", "v2-alpha", "v2-beta1", "v2-rc9", "v2-rc10", "v2"]],
    ["candidates however they are written", "v*", ["v1.0a1", "v1.0b2", "v1.0-RC1", "v1.0rc2", "v1.0.rc3", "v1.0"]],
    ["as semver has them", "v*", ["v1.0.0-1", "v1.0.0-rc.1", "v1.0.0-rc.1.2", "v1.0.0", "v1.0.1-0"]],
    ["days", "v*", ["v2026-02-11", "v2026-11-02", "v2026-11-02b", "v2026-11-10"]],
    ["months", "*", ["2025.12", "2026.2", "2026.12"]],
    ["longer than a number can be", "v*", ["v20261124140102999999", "v20261124140103000000"]],
    ["of equal value by their names", "v*", ["v01", "v1", "v1.0", "v1.0.0"]],
    ["with build metadata, which does not count", "v*", ["v1.0+b7", "v1.0+b11", "v1.1+b1"]],
    ["without the v that is before some of them", "**", ["v1", "2", "v3"]],
    ["by what stands where the pattern has its stars", "t0-v*", ["t0-v2.2", "t0-v2.10-rc1", "t0-v2.10"]],
    ["of experiments with numbers in their names", "na62-v*", ["na62-v1.2-rc1", "na62-v1.2", "na62-v1.10"]],
    ["of a pattern that says the first number", "v1.*", ["v1.2", "v1.10-rc1", "v1.10"]],
    ["of a pattern that ends in a word", "v*-prod", ["v9-prod", "v10-rc1-prod", "v10-prod"]],
    ["in directories", "prod/**", ["prod/v9", "prod/v10"]],
    ["those that are no versions before all others", "v*", ["vest2", "vest10", "vtest", "v0-rc1", "v1"]],
  ])("%s", (_name, pattern, tags) => {
    const order = orderOfTags(pattern);
    expect([...tags].reverse().sort(order)).toEqual(tags);
    for (const [index, tag] of tags.entries())
      for (const later of tags.slice(index + 1)) expect(order(tag, later)).toBeLessThan(0);
  });
});

/** Tags that are nearly alike. */
const tag = fc
  .array(fc.constantFrom("v", "0", "1", "2", "10", "01", ".", "-", "rc", "RC", "x", "+", "/", "_", "\u00e9"), {
    maxLength: 7,
  })
  .map((pieces) => pieces.join(""));
const pattern = fc.constantFrom("v*", "**", "v1.*", "*-rc", "v", "");

describe("the order of tags", () => {
  test("is that of none but themselves, and the same from both sides", () => {
    fc.assert(
      fc.property(pattern, tag, tag, (among, a, b) => {
        const order = orderOfTags(among);
        expect(order(a, b) === 0).toBe(a === b);
        expect(Math.sign(order(a, b)) + Math.sign(order(b, a))).toBe(0);
      }),
      { numRuns: 1_000 },
    );
  });

  test("has no circles", () => {
    fc.assert(
      fc.property(pattern, tag, tag, tag, (among, a, b, c) => {
        const order = orderOfTags(among);
        if (order(a, b) <= 0 && order(b, c) <= 0) expect(order(a, c)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 2_000 },
    );
  });
});
