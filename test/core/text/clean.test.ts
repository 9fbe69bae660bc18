import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cleanLine, cleanLines, cut } from "../../../src/core/text/clean.ts";

// biome-ignore lint/suspicious/noControlCharactersInRegex: that none is left is what is tested.
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;
const dirty = fc
  .array(
    fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        "\u001b[31m",
        "\u001b]0;title\u0007",
        "\u001b]8;;http://x\u001b\\y",
        "\u001b[2J",
        "\u009b1m",
        "\r",
        "\n",
        "\t",
        "\u202e",
        "🙂",
        "\u001b",
        "\u0007",
      ),
    ),
  )
  .map((parts) => parts.join(""));

describe("a line that is made clean", () => {
  test("has no control characters, no space at its ends or twice, and at most 300 characters", () => {
    fc.assert(
      fc.property(dirty, (text) => {
        const clean = cleanLine(text);
        expect(clean).not.toMatch(CONTROL);
        expect(clean).not.toMatch(/^\s|\s$|\s\s|\n/);
        expect([...clean].length).toBeLessThanOrEqual(300);
      }),
    );
  });

  test("is not changed by being made clean again", () => {
    fc.assert(
      fc.property(dirty, (text) => {
        expect(cleanLine(cleanLine(text))).toBe(cleanLine(text));
      }),
    );
  });

  test("keeps what people wrote", () => {
    expect(cleanLine("Tomás: 3 µm ± 0.1 ✓ 粒子")).toBe("Tomás: 3 µm ± 0.1 ✓ 粒子");
    expect(cleanLine("\u001b[1;31mERROR\u001b[0m:\tbad   fit\u0007\n")).toBe("ERROR: bad fit");
  });

  test("costs no more for a line of a hundred megabytes than for a short one", () => {
    expect(cleanLine("x".repeat(100_000_000))).toBe(`${"x".repeat(299)}…`);
  });
});

describe("lines that are made clean", () => {
  test("are as many as before, without colours and control characters", () => {
    fc.assert(
      fc.property(dirty, (text) => {
        const clean = cleanLines(text);
        expect(clean.split("\n")).toHaveLength(text.split("\n").length);
        expect(clean).not.toMatch(CONTROL);
      }),
    );
  });

  test("show a line that was written over as it was in the end", () => {
    expect(cleanLines("10 %\r50 %\r100 %\nnext\r\nlast")).toBe("100 %\nnext\nlast");
  });

  test("show a progress that is still under way", () => {
    expect(cleanLines("10 %\r50 %\r")).toBe("50 %");
  });

  test("keep their indentation", () => {
    expect(cleanLines("a\n\tb\n  c")).toBe("a\n    b\n  c");
  });
});

describe("a text that is cut", () => {
  test("has at most so many characters, never half of one", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 1, max: 20 }), (text, most) => {
        const short = cut(text, most);
        expect([...short].length).toBeLessThanOrEqual(most);
        expect(short.isWellFormed()).toBe(true);
        if ([...text].length <= most) expect(short).toBe(text);
        else expect(short.endsWith("…")).toBe(true);
      }),
    );
  });
});
