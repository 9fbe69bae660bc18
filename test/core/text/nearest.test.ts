import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { choices, nearest } from "../../../src/core/text/nearest.ts";

const WORDS = ["status", "runs", "run", "tasks", "task", "jobs", "retry", "reprocess"];

describe("the word that somebody probably meant", () => {
  test.each([
    ["statsu", "status"],
    ["Tasks", "tasks"],
    ["tsk", "task"],
    ["reproc", "reprocess"],
    ["rerty", "retry"],
  ])("for %s is %s", (typed, word) => {
    expect(nearest(typed, WORDS)).toBe(word);
  });

  test.each(["frobnicate", "", "x"])("for %j is none", (typed) => {
    expect(nearest(typed, WORDS)).toBeUndefined();
  });

  test("is the word itself where it is one, and always one of them", () => {
    const words = fc.array(fc.string(), { maxLength: 6 });
    fc.assert(
      fc.property(words, fc.string(), (all, typed) => {
        const found = nearest(typed, all);
        if (all.includes(typed) && typed !== "") expect(found?.toLowerCase()).toBe(typed.toLowerCase());
        if (found !== undefined) expect(all).toContain(found);
      }),
    );
  });
});

describe("what to write instead", () => {
  test("is the nearest word, or all of a short list, or the beginning of a long one", () => {
    expect(choices("tsk", WORDS)).toBe("write task");
    expect(choices("frobnicate", WORDS.slice(0, 3))).toBe("write one of status, runs, run");
    expect(
      choices(
        "frobnicate",
        Array.from({ length: 13 }, (_, index) => `w${index}`),
      ),
    ).toBe("write one of w0, w1, w2, w3, w4, w5, w6, w7, w8, w9 and 3 more");
    expect(choices("frobnicate", ["status"])).toBe("write status");
  });
});
