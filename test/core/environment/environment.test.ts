import fc from "fast-check";
import { expect, test } from "vitest";
import { branchOf, mirrorName, PRODUCTION, shortCommit, shortRef } from "../../../src/core/environment/environment.ts";

test("a mirror is called by its branch, whatever that is called, and production is nobody's", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.constantFrom("production", "mirror/x", "a/b")), (branch) => {
      expect(branchOf(mirrorName(branch))).toBe(branch);
      expect(mirrorName(branch)).not.toBe(PRODUCTION);
    }),
  );
  expect(branchOf(PRODUCTION)).toBeUndefined();
});

test.each([
  ["refs/heads/main", "main"],
  ["refs/tags/v1.2", "v1.2"],
  ["refs/heads/wip/refs/tags/x", "wip/refs/tags/x"],
  ["c0ffee", "c0ffee"],
])("people say %s as %s", (ref, said) => {
  expect(shortRef(ref)).toBe(said);
});

test("people say the first eight digits of a commit", () => {
  expect(shortCommit("0123456789abcdef0123456789abcdef01234567")).toBe("01234567");
});
