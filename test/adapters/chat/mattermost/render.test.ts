import * as fc from "fast-check";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { describe, expect, test } from "vitest";
import { dialogOf } from "../../../../src/adapters/chat/mattermost/dialog.ts";
import { renderBlocks } from "../../../../src/adapters/chat/mattermost/render.ts";
import type { FormField } from "../../../../src/core/chat/form.ts";
import { type Block, code, fields, list, moment, right, say, table } from "../../../../src/core/say.ts";
import { wrongDialog } from "../../../fakes/mattermost/checks.ts";

const WHOLE = "https://calops.example.org/whole/1";
const render = (blocks: readonly Block[], most = 16_383, typed?: string) =>
  renderBlocks(blocks, { most, wholeUrl: WHOLE, typed });
const text = (...args: Parameters<typeof render>) => render(...args).pieces.join("\n\n");
const html = (markdown: string) => micromark(markdown, { extensions: [gfm()], htmlExtensions: [gfmHtml()] });
const lengthOf = (words: string) => [...words].length;

const link = { url: "https://calops.example.org/log/17?a=(b)", label: "its log" };
/** Pieces of which mischief is made. */
const piece = fc.constantFrom(
  "@all",
  "@channel",
  "@here",
  "@ada",
  "~town-square",
  "#urgent",
  "# ",
  "```",
  "`",
  "**",
  "__",
  "~~",
  "[a](http://evil.example)",
  "![a](http://evil.example/x.png)",
  "<http://evil.example>",
  "http://evil.example",
  "www.evil.example",
  "mailto:a@b.ch",
  "&#64;all",
  "&commat;all",
  ":smile:",
  ":+1:",
  "| a | b |",
  "\n",
  "\n---\n",
  "- ",
  "1. ",
  "> ",
  "    ",
  "\\",
  "<b>",
  "]",
  "(",
  "!",
  "é",
  "👩‍🔬",
  "\u0000",
  "\u202e",
  " ",
  "x",
  "12:30:45",
);
const bad = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));
const part = fc.oneof(bad, fc.constant(link), fc.constant({ at: Date.UTC(2026, 10, 24, 18, 5) }));
const parts = fc.array(part, { maxLength: 5 });
const block: fc.Arbitrary<Block> = fc.oneof(
  parts.map((all): Block => ({ kind: "text", parts: all })),
  fc.array(parts, { maxLength: 20 }).map((items): Block => ({ kind: "list", items })),
  fc.array(fc.tuple(bad, parts), { maxLength: 8 }).map((all): Block => ({ kind: "fields", fields: all })),
  fc
    .array(fc.tuple(part, part), { maxLength: 40 })
    .map((rows): Block => ({ kind: "table", columns: [{ title: "a" }, { title: "b", align: "right" }], rows })),
  fc.array(bad, { maxLength: 60 }).map((lines): Block => code(lines.join("\n"))),
  bad.map((title): Block => ({ kind: "picture", png: "", title })),
);

describe("blocks in Mattermost", () => {
  test("read as what they are", () => {
    const blocks = [
      say`Task ${17} of ${moment(Date.UTC(2026, 10, 24, 18, 5))} failed: ${link}`,
      fields({ run: 8215, state: "failed" }),
      list(["one", "two"]),
      table(["task", right("runs")], [["t0", 3]]),
      code("ERROR: no beam"),
    ];
    expect(text(blocks)).toBe(
      [
        "Task 17 of 2026-11-24 18:05 UTC failed: [its log](https://calops.example.org/log/17?a=%28b%29)",
        "**run**: 8215\n**state**: failed",
        "- one\n- two",
        "| task | runs |\n| --- | --: |\n| t0 | 3 |",
        "```\nERROR: no beam\n```",
      ].join("\n\n"),
    );
  });

  test("have buttons as lines to type where nothing can be pressed", () => {
    const buttons: Block = { kind: "buttons", buttons: [{ label: "Retry", words: ["retry", "17"] }] };
    expect(text([buttons], 16_383, "cal")).toBe("- Retry: `/cal retry 17`");
  });

  test("call nobody and lead nowhere, whatever stands in them", () => {
    fc.assert(
      fc.property(fc.array(block, { maxLength: 6 }), (blocks) => {
        const shown = text(blocks);
        const outside = withoutCode(shown);
        expect(outside).not.toMatch(/@[\p{L}\d_]/u);
        expect(outside).not.toMatch(/(^|[^\p{L}\d])#\p{L}/u);
        expect(outside).not.toMatch(/~[\p{L}\d]/u);
        expect(outside).not.toMatch(/&#?\w+;/);
        expect(outside).not.toMatch(/:[\w+-]*[a-z][\w+-]*:/i);
        const page = html(shown);
        expect(
          [...page.matchAll(/<a href="([^"]*)"/g)].filter(([, to]) => !to?.startsWith("https://calops.example.org/")),
        ).toEqual([]);
        expect(page).not.toMatch(/<(img|h[1-6]|hr|blockquote|del|em|b)\b/);
      }),
      { numRuns: 150 },
    );
  });

  test("fit, end their code, are whole characters and say what is missing, however little room there is", () => {
    fc.assert(
      fc.property(
        fc.array(block, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 400, max: 2_000 }),
        (blocks, most) => {
          const { pieces, cut } = render(blocks, most);
          const shown = pieces.join("\n\n");
          expect(lengthOf(shown)).toBeLessThanOrEqual(most);
          expect(shown.isWellFormed()).toBe(true);
          expect(fencesAreClosed(shown)).toBe(true);
          if (cut) expect(shown).toContain(WHOLE);
          if (cut) expect(shown).toMatch(/left out/);
        },
      ),
      { numRuns: 150 },
    );
  });

  test("keep the link to a log, whatever else is too long", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 0, max: 5_000 }), (before, lines) => {
        const blocks: Block[] = [
          { kind: "text", parts: ["x".repeat(before), link] },
          code("a line of a log\n".repeat(lines)),
        ];
        expect(text(blocks, 2_000)).toContain("[its log](https://calops.example.org/log/17?a=%28b%29)");
      }),
      { numRuns: 50 },
    );
  });

  test("show the beginning of a log, and more of its end", () => {
    const lines = Array.from({ length: 1_000 }, (_, index) => `line ${index}`);
    const shown = text([code(lines.join("\n"))], 1_000);
    expect(shown).toContain("line 0\n");
    expect(shown).toContain("line 999\n");
    expect(shown).toMatch(/… \d+ lines …/);
  });
});

describe("forms in Mattermost", () => {
  test("are ones that the server takes, whatever is asked", () => {
    const field: fc.Arbitrary<FormField> = fc.record({
      name: fc.stringMatching(/^arg_[a-z]{1,12}$/),
      label: fc.string({ unit: "grapheme", maxLength: 60 }),
      hint: fc.string({ unit: "grapheme", maxLength: 300 }),
      kind: fc.constantFrom("text", "choice", "flag"),
      choices: fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { maxLength: 5 }),
      optional: fc.boolean(),
      value: fc.string({ unit: "grapheme", maxLength: 4_000 }),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(field, { maxLength: 8, selector: ({ name }) => name }),
        fc.string({ maxLength: 80 }),
        (all, title) => {
          const dialog = dialogOf({ command: "retry", title, given: [], fields: all }, "once", "state");
          expect(wrongDialog(dialog as unknown as Record<string, unknown>)).toBeUndefined();
        },
      ),
    );
  });
});

/** What is shown as it is, and followed by nobody. */
function withoutCode(markdown: string): string {
  return markdown.replace(/^(`{3,})[^`\n]*\n[\s\S]*?^\1$/gm, "").replace(/\]\([^)]*\)/g, "]");
}

function fencesAreClosed(markdown: string): boolean {
  let open: string | undefined;
  for (const line of markdown.split("\n")) {
    const fence = /^`{3,}$/.exec(line)?.[0];
    if (fence === undefined) continue;
    if (open === undefined) open = fence;
    else if (fence === open) open = undefined;
  }
  return open === undefined;
}
