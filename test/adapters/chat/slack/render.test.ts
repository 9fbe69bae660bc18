import type * as types from "@slack/types";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Rendered, renderBlocks, type Sheet } from "../../../../src/adapters/chat/slack/render.ts";
import {
  type Block,
  type Button,
  buttons,
  code,
  fields,
  list,
  type Part,
  say,
  table,
} from "../../../../src/core/say.ts";
import { charactersIn, wrongMessageBlocks, wrongView } from "../../../fakes/slack/blocks.ts";
import { buttonsOf, textOfBlocks, textOfMarkup } from "../../../fakes/slack/shown.ts";
import { sealOf } from "./a-slack.ts";

const WHOLE = "https://calops.example.org/whole/17";
const SHEET: Sheet = { seal: sealOf, wholeUrl: WHOLE, surface: "message" };
const LOG = { url: "https://calops.example.org/log/17?key=abc", label: "log" };
const NOON = Date.UTC(2026, 10, 24, 12);

const render = (blocks: readonly Block[], more: Partial<Sheet> = {}): Rendered =>
  renderBlocks(blocks, { ...SHEET, ...more });
const shownOf = (blocks: readonly Block[]): string => textOfBlocks(render(blocks).blocks);

describe("blocks", () => {
  test("a paragraph is its words, its links and its moments", () => {
    const [block] = render([say`Task 17 failed at ${{ at: NOON }}: ${LOG}.`]).blocks;
    expect(block).toEqual({
      type: "rich_text",
      elements: [
        {
          type: "rich_text_section",
          elements: [
            { type: "text", text: "Task 17 failed at " },
            {
              type: "date",
              timestamp: NOON / 1_000,
              format: "{date_short_pretty} {time_secs}",
              fallback: "2026-11-24 12:00:00 UTC",
            },
            { type: "text", text: ": " },
            { type: "link", url: LOG.url, text: "log" },
            { type: "text", text: "." },
          ],
        },
      ],
    });
  });

  test("a moment that stands in a text is shown in the reader's zone, too; one in quotes is somebody's own", () => {
    const [block] = render([say`since 2026-11-24T12:00:00Z, not "2026-11-24T12:00:00Z"`]).blocks as [
      types.RichTextBlock,
    ];
    const [section] = block.elements as [types.RichTextSection];
    expect(section.elements.map(({ type }) => type)).toEqual(["text", "date", "text"]);
  });

  test("paragraphs, lists and code stand each by itself", () => {
    expect(shownOf([say`One.`, say`Two.`, list(["a", "b"]), code("x = 1\n  y")])).toBe(
      "One.\n\nTwo.\n- a\n- b\nx = 1\n  y",
    );
  });

  test("fields have their names before them", () => {
    expect(shownOf([fields({ state: "failed", attempt: 3 })])).toBe("state  failed\nattempt  3");
  });

  test("a table is one of Slack's, with its numbers to the right", () => {
    const rendered = render([
      table(
        ["task", { title: "jobs", align: "right" }],
        [
          ["t0", 100],
          [LOG, null],
        ],
      ),
    ]);
    expect(rendered.blocks).toMatchObject([
      {
        type: "table",
        column_settings: [{ align: "left" }, { align: "right" }],
        rows: [
          [{ text: "task" }, { text: "jobs" }],
          [{ text: "t0" }, { text: "100" }],
          [{ type: "rich_text" }, { text: "-" }],
        ],
      },
    ]);
  });

  test("a message has one table; further ones, and those of a home page, are columns of letters", () => {
    const two = [table(["task", "state"], [["t0", "done"]]), table(["task", "state"], [["calibrate", "failed"]])];
    expect(render(two).blocks.map(({ type }) => type)).toEqual(["table", "rich_text"]);
    expect(textOfBlocks(render(two).blocks)).toContain("task       state\ncalibrate  failed");
    expect(render(two, { surface: "home" }).blocks.map(({ type }) => type)).toEqual(["rich_text"]);
  });

  test("a button carries its seal, and looks as it should", () => {
    const button: Button = { label: "Retry", words: ["retry", "17"], look: "danger" };
    expect(buttonsOf(render([buttons(button)]).blocks)).toMatchObject([
      { text: { text: "Retry" }, value: sealOf(button), style: "danger" },
    ]);
  });

  test("a button whose seal has no room is the line to type", () => {
    const { blocks } = render([buttons({ label: "Retry", words: ["retry", "17"] })], { seal: () => "x".repeat(2_001) });
    expect(textOfBlocks(blocks)).toBe("type: retry 17");
  });

  test("a picture is named where it cannot stand, and handed on", () => {
    const rendered = render([{ kind: "picture", png: "aGVsbG8=", title: "overview" }]);
    expect(textOfBlocks(rendered.blocks)).toBe("[picture: overview]");
    expect(rendered.pictures).toHaveLength(1);
  });

  test("an address that opens nothing is no link", () => {
    expect(render([{ kind: "text", parts: [{ url: "javascript:alert(1)", label: "log" }] }]).blocks).toMatchObject([
      { elements: [{ elements: [{ type: "text", text: "log" }] }] },
    ]);
  });
});

describe("what has no room", () => {
  const long = "a line of a log\n".repeat(2_000);

  test("of a long log the beginning and the end stay, and it is said how much is missing and where it is", () => {
    const shown = shownOf([say`Failed: ${LOG}`, code(`FIRST ${long} LAST`), say`After it.`]);
    expect(shown).toMatch(/FIRST[\s\S]*… \d+ characters left out …[\s\S]*LAST/);
    expect(shown).toContain("After it.");
    expect(shown).toMatch(/Left out here: \d+ characters\. Read all of it$/);
  });

  test("a long table loses rows, and says how many", () => {
    const rows = Array.from({ length: 300 }, (_, index) => [index, "calibrate", "failed"]);
    expect(shownOf([table(["id", "task", "state"], rows)])).toMatch(/Left out here: 201 of 300 rows\./);
  });

  test("without an address nothing leads anywhere, but it is said all the same", () => {
    const { blocks } = render([code(long)], { wholeUrl: null });
    expect(textOfBlocks(blocks)).toMatch(/Left out here: \d+ characters\.\s*$/);
  });

  test("more buttons than fit between the texts stand at the end", () => {
    const many = Array.from({ length: 40 }, (_, index) => [
      say`Task ${index}.`,
      buttons({ label: `Retry ${index}`, words: ["retry", String(index)] }),
    ]).flat();
    const { blocks } = render(many);
    expect(wrongMessageBlocks(blocks)).toBeUndefined();
    expect(buttonsOf(blocks)).toHaveLength(40);
  });
});

test("the words for notifications call nobody", () => {
  const { text } = render([say`<!channel> <@U0ADA> <http://evil.example|log> & co`]);
  expect(text).not.toMatch(/[<>]/);
  expect(textOfMarkup(text)).toBe("<!channel> <@U0ADA> <http://evil.example|log> & co");
});

const anyText = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 200 }),
  fc.string({ unit: "binary", maxLength: 50 }),
  fc.constantFrom("```", "<!channel>", "<@U1>", "<http://evil|log>", "👩‍👩‍👧‍👦".repeat(50), "\u001b[31m", "a\nb\r\nc"),
  fc.integer({ min: 1, max: 4_000 }).map((length) => "é".repeat(length)),
);
const anyLink = fc.record({ url: fc.webUrl(), label: anyText });
const anyPart: fc.Arbitrary<Part> = fc.oneof(anyText, anyLink, fc.record({ at: fc.integer({ min: 0, max: 4e12 }) }));
const anyParts = fc.array(anyPart, { maxLength: 6 });
const anyButton: fc.Arbitrary<Button> = fc.record({ label: anyText, words: fc.constant(["retry", "17"]) });
const anyBlock: fc.Arbitrary<Block> = fc.oneof(
  anyParts.map((parts): Block => ({ kind: "text", parts })),
  fc.array(fc.tuple(anyText, anyParts), { maxLength: 6 }).map((all): Block => ({ kind: "fields", fields: all })),
  fc.array(anyParts, { maxLength: 30 }).map((items): Block => ({ kind: "list", items })),
  anyText.map(code),
  fc
    .integer({ min: 1, max: 4 })
    .chain((width) =>
      fc
        .tuple(
          fc.array(anyText, { minLength: width, maxLength: width }),
          fc.array(fc.array(anyPart, { minLength: width, maxLength: width }), { maxLength: 120 }),
        )
        .map(([titles, rows]): Block => ({ kind: "table", columns: titles.map((title) => ({ title })), rows })),
    ),
  fc.array(anyButton, { maxLength: 8 }).map((all): Block => ({ kind: "buttons", buttons: all })),
);
const anything = fc.array(anyBlock, { maxLength: 10 });

describe("whatever is said", () => {
  test("Slack takes it, as a message and as a home page", () => {
    fc.assert(
      fc.property(anything, (blocks) => {
        const { blocks: rendered, text } = render(blocks);
        expect(wrongMessageBlocks(rendered)).toBeUndefined();
        expect(charactersIn(rendered)).toBeLessThanOrEqual(12_000);
        expect(text.length).toBeGreaterThan(0);
        expect(text.isWellFormed()).toBe(true);
        expect(text.length).toBeLessThanOrEqual(3_000);
        expect(wrongView({ type: "home", blocks: render(blocks, { surface: "home" }).blocks }, "home")).toBeUndefined();
      }),
      { numRuns: 100, endOnFailure: true },
    );
  });

  test("its buttons stay, and the links of its sentences", () => {
    fc.assert(
      fc.property(anything, (blocks) => {
        const rendered = render(blocks).blocks;
        const asked = blocks.flatMap((block) => (block.kind === "buttons" ? block.buttons : []));
        expect(buttonsOf(rendered)).toHaveLength(asked.length);
        const links = blocks.flatMap((block) =>
          block.kind === "text"
            ? block.parts.flatMap((part) => (typeof part === "object" && "url" in part ? [part.url] : []))
            : [],
        );
        const shown = JSON.stringify(rendered);
        for (const url of links) expect(shown).toContain(JSON.stringify(url).slice(1, -1));
      }),
      { numRuns: 50, endOnFailure: true },
    );
  });

  test("its rich text holds words, links and moments, and nothing that acts", () => {
    fc.assert(
      fc.property(anything, (blocks) => {
        const kinds = new Set<unknown>();
        JSON.stringify(render(blocks).blocks, (key, value: unknown) => {
          if (key === "type") kinds.add(value);
          return value;
        });
        for (const kind of ["broadcast", "user", "usergroup", "channel", "mrkdwn", "emoji"])
          expect(kinds.has(kind)).toBe(false);
      }),
      { numRuns: 30, endOnFailure: true },
    );
  });
});
