import fc from "fast-check";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { describe, expect, test } from "vitest";
import { renderMarkdown } from "../../../src/adapters/code-hosts/markdown.ts";
import { type Block, code, fields, list, type Part, say, table } from "../../../src/core/say.ts";

const BREAK = "\u200b";

/** As GitHub's own dialect has it; markup that somebody smuggled in would be in it. */
const htmlOf = (markdown: string): string =>
  micromark(markdown, {
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
    allowDangerousHtml: true,
    allowDangerousProtocol: true,
  });

const tagsOf = (html: string): string[] => [...html.matchAll(/<(\/?\w+|!)/g)].map(([, tag]) => tag ?? "");
const textOf = (html: string): string =>
  html.replace(/<[^>]*>/g, "").replace(/&(\w+);/g, (_, name: string) => {
    return { amp: "&", lt: "<", gt: ">", quot: '"' }[name] ?? "?";
  });

/** What is looked at for names, references and addresses: the text beside code and links. */
const lookedAt = (html: string): string =>
  textOf(html.replace(/<code[\s\S]*?<\/code>/g, "\ufffc").replace(/<a [\s\S]*?<\/a>/g, "\ufffc"));

/** What hosts make something of once a text is rendered, as they write it themselves. */
const FORGED: readonly RegExp[] = [
  // mentions, and addresses of e-mail
  /@[\w\p{L}-]/u,
  // issues, requests, commits, milestones, labels, snippets, epics, alerts
  /#\w/,
  /\b(?:GH|GL)-\d/i,
  /\b[A-Z][A-Z_]+-\d/,
  /![0-9]/,
  /%[\w"]/,
  /~[\w"]/,
  /\$\d/,
  /&\d/,
  /\^\w/,
  /\*iteration:/,
  /\b[0-9a-f]{7,40}\b/i,
  // addresses
  /\w:\/\//,
  /www\./i,
  // wiki pages, tables of contents, [issue:1]
  /\[[^\s\u200b]/,
];
/** A line of the source, or of a paragraph, that begins as a command does. */
const COMMAND = /^\s*\/|<p>\s*\//m;
const withoutCode = (markdown: string): string => markdown.replace(/^```[\s\S]+?\n```$/gm, "");

const NASTY = [
  ...[
    "@",
    "@ann",
    "@na62/experts",
    "@all",
    "#",
    "#12",
    "na62/calib#12",
    "GH-12",
    "gh-1",
    "CALO-7",
    "!",
    "!12",
    "$5",
    "$x$",
  ],
  ...[
    "deadbeef",
    "0123456789abcdef0123456789abcdef01234567",
    "1234567",
    "a1b2c3d",
    "_",
    "__",
    "*",
    "**",
    "~",
    "~~",
    "`",
  ],
  ...[
    "``",
    "```",
    "````",
    "~~~",
    "|",
    "||",
    "\\",
    "\\|",
    "[",
    "]",
    "[x](https://evil.example)",
    "![x](https://evil.example/x.png)",
  ],
  ...[
    "[x]",
    "[ ]",
    "[x]: https://evil.example",
    "[^1]",
    "[^1]: x",
    "[[page]]",
    "[TOC]",
    "[issue:1]",
    "<b>",
    "</p>",
    "<script>",
  ],
  ...[
    "<!--",
    "-->",
    "<https://evil.example>",
    "<a@b.example>",
    "http://",
    "https://evil.example",
    "ftp://x.example",
    "www.",
  ],
  ...[
    "www.evil.example",
    "://",
    ":",
    ":tada:",
    ":100:",
    "a@b.example",
    "mailto:a@b.example",
    "&",
    "&lt;",
    "&#64;",
    "&commat;",
  ],
  ...[
    "&#35;",
    "&12",
    "^",
    "%",
    "%1",
    "~bug",
    "{+",
    "+}",
    "{-",
    "-",
    "- ",
    "+ ",
    "* ",
    "1. ",
    "1) ",
    "# ",
    "## ",
    "> ",
    "---",
  ],
  ...[
    "===",
    "***",
    "    ",
    "  ",
    "\t",
    "\n",
    "\r\n",
    "\n\n",
    "\n    ",
    "/close",
    "/merge\n",
    "\u200b",
    "\u0000",
    "\u001b[31m",
  ],
  ...[
    "\u202e",
    "\u00a0",
    "\ud800",
    "é",
    "😀",
    "word",
    "run",
    "8215",
    ".",
    ",",
    "(",
    ")",
    "'",
    '"',
    "=",
    " ",
    "a",
    "1",
    "x_y",
  ],
];
const nastyText = fc.oneof(
  fc.array(fc.constantFrom(...NASTY), { maxLength: 12 }).map((pieces) => pieces.join("")),
  fc.string({ unit: "binary", maxLength: 40 }),
);
const nastyUrl = fc.oneof(
  fc.constantFrom("javascript:alert(1)", "data:text/html,x", "//evil.example", "/logs/x", "", "mailto:a@b.example"),
  nastyText.map((text) => `https://good.example/${text}`),
  nastyText.map((text) => `https://good.example/?q=${text}`),
  nastyText.map((text) => `http://good.example/#${text}`),
  nastyText,
);
const part: fc.Arbitrary<Part> = fc.oneof(
  { weight: 5, arbitrary: nastyText },
  { weight: 2, arbitrary: fc.record({ url: nastyUrl, label: nastyText }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 4e12 }).map((at) => ({ at })) },
);
const parts = fc.array(part, { maxLength: 4 });
const block: fc.Arbitrary<Block> = fc.oneof(
  parts.map((parts): Block => ({ kind: "text", parts })),
  fc.array(parts, { maxLength: 3 }).map((items): Block => ({ kind: "list", items })),
  fc.array(fc.tuple(nastyText, parts), { maxLength: 3 }).map((fields): Block => ({ kind: "fields", fields })),
  nastyText.map((text): Block => ({ kind: "code", text })),
  fc
    .record({
      columns: fc.array(fc.record({ title: nastyText }), { maxLength: 3 }),
      rows: fc.array(fc.array(part, { maxLength: 4 }), { maxLength: 3 }),
    })
    .map((table): Block => ({ kind: "table", ...table })),
);

const INLINE = ["code", "/code", "a", "/a"];
const ALLOWED = new Set([
  ...["p", "ul", "li", "strong", "pre", "table", "thead", "tbody", "tr", "th", "td"].flatMap((tag) => [tag, `/${tag}`]),
  ...INLINE,
]);

describe("text from anybody", () => {
  test("is shown as that text, and makes nothing else of itself", () => {
    fc.assert(
      fc.property(nastyText, (text) => {
        const html = htmlOf(renderMarkdown([say`${text}`]));
        expect(tagsOf(html).filter((tag) => !["p", "/p", "code", "/code"].includes(tag))).toEqual([]);
        const plain = (of: string) => of.replaceAll(BREAK, "").replace(/\s+/g, " ").trim();
        expect(plain(textOf(html))).toBe(plain(shownOf(text)));
      }),
      { numRuns: 400 },
    );
  });

  test("makes no name, no reference, no address, no picture, no markup and no command, in whatever it stands", () => {
    fc.assert(
      fc.property(fc.array(block, { maxLength: 4 }), (blocks) => {
        const markdown = renderMarkdown(blocks);
        const html = htmlOf(markdown);
        expect(tagsOf(html).filter((tag) => !ALLOWED.has(tag))).toEqual([]);
        for (const forged of FORGED) expect(lookedAt(html)).not.toMatch(forged);
        expect(withoutCode(markdown)).not.toMatch(COMMAND);
        expect(html.replace(/<pre>[\s\S]*?<\/pre>/g, "")).not.toMatch(COMMAND);
      }),
      { numRuns: 400 },
    );
  });

  test("leaves the blocks around it whole", () => {
    fc.assert(
      fc.property(fc.array(block, { maxLength: 5 }), (blocks) => {
        const html = htmlOf(renderMarkdown(blocks));
        const expected = blocks.flatMap((one) => (isEmpty(one) ? [] : [one]));
        const count = (tag: string) => tagsOf(html).filter((one) => one === tag).length;
        const rows = expected.flatMap((one) => (one.kind === "table" ? [one] : []));
        expect(count("table")).toBe(rows.length);
        expect(count("td")).toBe(rows.reduce((sum, one) => sum + one.rows.length * one.columns.length, 0));
        expect(count("pre")).toBe(expected.filter(({ kind }) => kind === "code").length);
        expect(count("li")).toBe(
          expected.reduce(
            (sum, one) =>
              sum + (one.kind === "list" ? one.items.length : one.kind === "fields" ? one.fields.length : 0),
            0,
          ),
        );
      }),
      { numRuns: 400 },
    );
  });

  test("links nowhere but to the web, and where it was meant to", () => {
    fc.assert(
      fc.property(nastyUrl, nastyText, nastyText, (url, label, around) => {
        const html = htmlOf(renderMarkdown([{ kind: "text", parts: [around, { url, label }, around] }]));
        const hrefs = [...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => textOf(href ?? ""));
        expect(hrefs.map(decoded)).toEqual(isOfTheWeb(url) ? [decoded(new URL(url).href)] : []);
      }),
      { numRuns: 400 },
    );
  });

  test("is cut to what a comment may have, and nothing of it is left open", () => {
    fc.assert(
      fc.property(fc.array(block, { maxLength: 6 }), fc.integer({ min: 200, max: 700 }), (blocks, most) => {
        const markdown = renderMarkdown(blocks, most);
        expect(markdown.length).toBeLessThanOrEqual(most);
        const html = htmlOf(markdown);
        expect(tagsOf(html).filter((tag) => !ALLOWED.has(tag))).toEqual([]);
        for (const forged of FORGED) expect(lookedAt(html)).not.toMatch(forged);
      }),
      { numRuns: 400 },
    );
  });
});

describe("a comment", () => {
  test("shows each kind of block", () => {
    const blocks = [
      say`Plan of ${"5f3a9c1d"}, asked for at ${{ at: Date.UTC(2026, 10, 24, 12, 0, 59) }}: see ${{ url: "https://calops.example/plan?a=1&b=(2)", label: "the plan" }}.`,
      fields({ "workflows changed": 2, author: "ann_b" }),
      list(["max_shift_ps: 10 -> 20", say`t0`.kind]),
      table(
        ["task", { title: "runs", align: "right" }],
        [
          ["t0|a", 12],
          ["b", null],
        ],
      ),
      code("exit 1\n```\nlast line"),
    ];
    expect(renderMarkdown(blocks)).toBe(
      [
        "Plan of `5f3a9c1d`, asked for at 2026-11-24T12:00Z: see [the plan](https://calops.example/plan?a=1&amp;b=%282%29).",
        "* **workflows changed**: 2\n* **author**: ann\\_b",
        "- max\\_shift\\_ps: 10 -&gt; 20\n- text",
        "| task | runs |\n| --- | --: |\n| t0&#124;a | 12 |\n| b | - |",
        `\`\`\`text\nexit 1\n\`${BREAK}\`${BREAK}\`\nlast line\n\`\`\``,
      ].join("\n\n"),
    );
  });

  test.each([
    ["@ann", `@${BREAK}ann`],
    ["na62/calib#12", `na62/calib#${BREAK}12`],
    ["see https://evil.example", `see https:${BREAK}//evil.example`],
    ["www.evil.example", `www${BREAK}.evil.example`],
    ["in deadbeefcafe and 20261124", "in `deadbeefcafe` and `20261124`"],
    ["workflow.yaml:12:3: an unknown key", "workflow.yaml:12:3: an unknown key"],
    ["/close", `${BREAK}/close`],
    ["50% of 10 @ 3, # 4", "50% of 10 @ 3, # 4"],
    ["1. first", "1\\. first"],
    ["- item", "\\- item"],
    ["two\n\nlines", "two lines"],
    ["", ""],
  ])("writes %j as %j", (text, markdown) => {
    expect(renderMarkdown([{ kind: "text", parts: [text] }])).toBe(markdown);
  });

  test("has no reference that was put together of two parts", () => {
    expect(renderMarkdown([{ kind: "text", parts: ["#", "12 @", "ann ", "dead", "beef"] }])).toBe(
      `\\#${BREAK}12 @${BREAK}ann \`deadbeef\``,
    );
    expect(renderMarkdown([{ kind: "text", parts: ["#", { at: 0 }] }])).toBe(`\\#${BREAK}1970-01-01T00:00Z`);
  });

  test("says how many lines do not fit", () => {
    const blocks = [say`first`, list(Array.from({ length: 50 }, (_, index) => `item ${index}`)), say`last`];
    const markdown = renderMarkdown(blocks, 300);
    expect(markdown).toContain("first\n\n* item 0\n* item 1\n");
    const shown = markdown.match(/^\* item/gm)?.length ?? 0;
    expect(markdown.split("\n").at(-1)).toBe(
      `${51 - shown} more lines are not shown: a comment has 300 characters at most. Ask calops for the whole.`,
    );
    expect(renderMarkdown([say`first`, say`${"x ".repeat(100)}`], 300)).toContain("1 more line is not shown");
  });
});

/** A block in which nothing is to be seen. */
function isEmpty(one: Block): boolean {
  if (one.kind === "table") return one.columns.length === 0 || one.rows.length === 0;
  return one.kind === "code" && one.text.trim() === "";
}

/** What a screen shows of a text: its colours and control characters are not meant to be read. */
function shownOf(text: string): string {
  const html = htmlOf(renderMarkdown([code(text.replace(/\s*[\r\n]\s*/g, " "))]));
  return textOf(html);
}

function isOfTheWeb(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, username, password } = new URL(url);
  return /^https?:$/.test(protocol) && username === "" && password === "" && /^[\w.:-]+$|^\[.+\]$/.test(hostname);
}

function decoded(href: string): string {
  return href.replace(/%[0-9a-f]{2}/gi, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)));
}
