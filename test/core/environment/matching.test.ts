import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { matches, whyNoMirror } from "../../../src/core/environment/matching.ts";

describe("a pattern", () => {
  test.each([
    ["main", "main", true],
    ["main", "mainline", false],
    ["main", "remain", false],
    ["*", "main", true],
    ["*", "wip/fit", false],
    ["**", "wip/ann/fit", true],
    ["wip/*", "wip/fit", true],
    ["wip/*", "wip/", true],
    ["wip/*", "wip", false],
    ["wip/*", "wip/ann/fit", false],
    ["wip/**", "wip/ann/fit", true],
    ["**/fit", "wip/ann/fit", true],
    ["**/fit", "fit", false],
    ["v*", "v1.2", true],
    ["v*", "v1/2", false],
    ["v*-rc*", "v1.2-rc3", true],
    ["v*-rc*", "v1.2", false],
    ["*fit*", "a-fit-of-fit", true],
    ["a*b*c", "a-b-b-c", true],
    ["a*b*c", "a-c-b", false],
    ["v1.2", "v1x2", false],
    ["", "main", false],
    ["m\u{1f300}*", "m\u{1f300}x", true],
  ])("%s and %s", (pattern, name, fits) => {
    expect(matches(pattern, name)).toBe(fits);
  });

  test("of many stars takes no longer than it is long", () => {
    expect(matches(`${"*a".repeat(100)}b`, "a".repeat(250))).toBe(false);
    expect(matches(`${"**a".repeat(66)}b`, "a/".repeat(125))).toBe(false);
  });

  test("says the same as the expression that it stands for", () => {
    const piece = fc.constantFrom("a", "b", "/", "*", "**", "a/");
    const pattern = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(""));
    const name = fc.array(fc.constantFrom("a", "b", "/"), { maxLength: 6 }).map((letters) => letters.join(""));
    const expression = (text: string) =>
      new RegExp(`^${text.replaceAll(/\*+/g, (stars) => (stars.length > 1 ? "[^]*" : "[^/]*"))}$`);
    fc.assert(
      fc.property(pattern, name, (text, word) => {
        expect(matches(text, word)).toBe(expression(text).test(word));
      }),
    );
  });
});

describe("a branch gets no mirror, and it is said why,", () => {
  test.each([
    ["../../etc", "a step of its name begins with a dot"],
    ["a..b", "its name has .. in it"],
    ["--upload-pack=touch", "its name has other characters than letters, digits and . _ - /"],
    ["-x", "its name begins like an option of a program"],
    ["/absolute", "a step of its name is empty"],
    ["a//b", "a step of its name is empty"],
    ["a/", "a step of its name is empty"],
    ["", "a step of its name is empty"],
    [".git/hooks", "a step of its name begins with a dot"],
    ["a/.git", "a step of its name begins with a dot"],
    ["a.lock/b", "a step of its name ends in .lock"],
    ["two\nlines", "its name has other characters than letters, digits and . _ - /"],
    ["ends\n", "its name has other characters than letters, digits and . _ - /"],
    ["a b", "its name has other characters than letters, digits and . _ - /"],
    ["m\u0430in", "its name has other characters than letters, digits and . _ - /"],
    ["$(id)", "its name has other characters than letters, digits and . _ - /"],
    ["a".repeat(81), "its name is longer than 80 characters"],
  ])("of the name %j", (branch, why) => {
    expect(whyNoMirror(branch)).toBe(why);
  });

  test.each(["new-fit", "wip/ann/t0_v2.1", "a".repeat(80), "9", "lock", "a.locked"])(
    "but %s may have one",
    (branch) => {
      expect(whyNoMirror(branch)).toBeUndefined();
    },
  );
});
