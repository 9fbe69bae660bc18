import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { liveText } from "../../../../src/adapters/chat/console/live-text.ts";
import { momentInWords, renderBlocks, renderData, type Screen } from "../../../../src/adapters/chat/console/render.ts";
import { type Block, code, fields, list, moment, parts, say, table } from "../../../../src/core/say.ts";
import { cleanLines } from "../../../../src/core/text/clean.ts";

const NOON = Date.UTC(2026, 10, 24, 12);
const SCREEN: Screen = { width: 80, now: NOON, zone: "UTC" };
const rendered = (blocks: readonly Block[], screen = SCREEN) => renderBlocks(blocks, screen).split("\n");

// What a terminal obeys, and what makes a text read as something else.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const OBEYED = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
const RED = "\u001b[31mred\u001b[0m";

describe("a message on a terminal", () => {
  test("is paragraphs, lists, fields, tables and text as it was written", () => {
    const link = { url: "http://bot/logs/1", label: "log" };
    expect(
      rendered([
        say`Task ${7} failed at ${moment(NOON)}: ${link}, ${{ url: "http://x", label: "http://x" }}, ${null}.`,
        list(["one", parts`two ${3}`]),
        fields({ state: "failed", "since then": moment(NOON), nothing: undefined }),
        table(
          [{ title: "id", align: "right" }, "task", "why"],
          [
            [7, "t0/fit", "no pulser"],
            [1089, "t0", null],
          ],
        ),
        code("a\n  b"),
      ]),
    ).toEqual([
      "Task 7 failed at 12:00:00: log http://bot/logs/1, http://x, -.",
      "  - one",
      "  - two 3",
      "  state       failed",
      "  since then  12:00:00",
      "    id  task    why",
      "     7  t0/fit  no pulser",
      "  1089  t0      -",
      "  | a",
      "  |   b",
    ]);
  });

  test("keeps a table within the reader's width by cutting its last column, and leaves that readable", () => {
    const wide = [table(["task", "why"], [["t0/fit", "x".repeat(200)]])];
    expect(rendered(wide, { ...SCREEN, width: 40 }).map((line) => line.length)).toEqual([13, 40]);
    expect(rendered(wide, { ...SCREEN, width: 10 })[1]).toMatch(/^ {2}t0\/fit {2}x{19}…$/);
  });

  test("keeps each thing in its line", () => {
    expect(rendered([say`one\r\n  two ${"three\nfour"}`, list(["a\nb"]), fields({ "c\nd": "e\n\nf" })])).toEqual([
      "one two three four",
      "  - a b",
      "  c d  e f",
    ]);
  });

  test("brings nothing that a terminal obeys, wherever it stands", () => {
    const link = { url: `http://x/${RED}`, label: RED };
    const text = renderBlocks(
      [say`${RED} ${link}`, list([RED]), fields({ [RED]: RED }), table([RED], [[RED]]), code(`${RED}\n\u009b2J`)],
      SCREEN,
    );
    expect(text).toContain("red http");
    expect(text).not.toMatch(OBEYED);
  });

  test("brings nothing that a terminal obeys, whatever anybody wrote", () => {
    const text = fc.string({ unit: "binary" });
    const part = fc.oneof(text, fc.record({ url: text, label: text }));
    fc.assert(
      fc.property(text, fc.array(part), (word, some) => {
        const blocks = [
          say`${word}`,
          list(some),
          fields({ [`a${word}`]: some }),
          table(
            [word, "b"],
            some.map((one) => [one, one]),
          ),
          code(word),
        ];
        expect(renderBlocks(blocks, SCREEN)).not.toMatch(OBEYED);
      }),
    );
  });
});

describe("a moment", () => {
  test.each([
    ["2026-11-24T08:05:09Z", "UTC", "08:05:09"],
    ["2026-11-24T00:00:00Z", "UTC", "00:00:00"],
    ["2026-11-23T23:59:59Z", "UTC", "2026-11-23 23:59"],
    ["2025-11-24T08:05:09Z", "UTC", "2025-11-24 08:05"],
    ["2026-11-24T08:05:09Z", "Europe/Zurich", "09:05:09"],
    ["2026-11-23T23:30:00Z", "Europe/Zurich", "00:30:00"],
    ["2026-07-01T08:05:09Z", "Europe/Zurich", "2026-07-01 10:05"],
    ["2026-11-24T08:05:09Z", "Asia/Tokyo", "17:05:09"],
    ["2026-11-24T01:00:00Z", "America/Chicago", "2026-11-23 19:00"],
  ])("%s reads in %s as %s", (at, zone, words) => {
    expect(momentInWords(Date.parse(at), { ...SCREEN, zone })).toBe(words);
  });

  test("in a text is in the reader's zone too, but for one that somebody wrote into an expression", () => {
    const blocks = [say`until ${"2026-05-04T21:09:00.000Z"}, by run.start > timestamp("2026-05-04T21:09:00Z")`];
    expect(renderBlocks(blocks, { ...SCREEN, zone: "Europe/Zurich" })).toBe(
      'until 2026-05-04 23:09, by run.start > timestamp("2026-05-04T21:09:00Z")',
    );
  });
});

describe("data on a terminal", () => {
  test("is the same data, and nothing that a terminal obeys", () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: "binary" }), (data) => {
        const text = renderData(data);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(data)));
        expect(text).not.toMatch(OBEYED);
      }),
    );
    expect(renderData({ log: "\u009b2J\u202e" })).toBe('{\n "log": "\\u009b2J\\u202e"\n}');
  });
});

describe("a log that grows", () => {
  const lived = (pieces: readonly string[]) => {
    let shown = "";
    const live = liveText((text) => {
      shown += text;
    });
    for (const piece of pieces) live.take(piece);
    live.end();
    return shown;
  };

  test("is shown by whole lines, and the rest at its end", () => {
    expect(lived(["on", "e\ntw", "o\nthree"])).toBe("one\ntwo\nthree\n");
    expect(lived(["10 %\r20", " %\rdone\n"])).toBe("done\n");
  });

  test("brings nothing that a terminal obeys, wherever it was cut in two", () => {
    const bit = fc.constantFrom("\u001b[31m", "\u001b", "[2J", "\u009b", "a", "\n", "\r", "\u001b]0;title\u0007", "\0");
    fc.assert(
      fc.property(fc.array(bit), fc.array(fc.nat(40)), (bits, cuts) => {
        const text = bits.join("");
        const at = [0, ...cuts.sort((a, b) => a - b), text.length];
        const pieces = at.slice(1).map((end, index) => text.slice(at[index], end));
        expect(lived(pieces)).not.toMatch(OBEYED);
        expect(lived(pieces)).toBe(text === "" || text.endsWith("\n") ? cleanLines(text) : `${cleanLines(text)}\n`);
      }),
    );
  });

  test("does not wait for the end of a line that has none", () => {
    const shown: string[] = [];
    liveText((text) => shown.push(text)).take("x".repeat(100_000));
    expect(shown.join("")).toHaveLength(100_000);
  });
});
