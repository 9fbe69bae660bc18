/** Blocks as lines of a terminal, in the reader's zone and within the reader's width. */

import { lineOf } from "../../../core/command/parse.ts";
import type { Block, Part } from "../../../core/say.ts";
import { cleanLines, cut } from "../../../core/text/clean.ts";
import type { Instant } from "../../../core/time.ts";

export type Screen = {
  /** Columns; a table's last column is cut to fit. */
  readonly width: number;
  readonly now: Instant;
  /** An IANA zone; the machine's own where it is undefined. */
  readonly zone?: string;
};

const NARROWEST_LAST = 20;
/** A moment in a text, as data has it; one in quotes stands in an expression and is left as somebody wrote it. */
const MOMENT = /(?<!["'\w])\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z\b/g;

export function renderBlocks(blocks: readonly Block[], screen: Screen): string {
  return blocks
    .map((block) => renderBlock(block, screen))
    .filter((text) => text !== "")
    .join("\n");
}

function renderBlock(block: Block, screen: Screen): string {
  switch (block.kind) {
    case "text":
      return inLine(block.parts, screen);
    case "list":
      return block.items.map((item) => `  - ${inLine(item, screen)}`).join("\n");
    case "fields":
      return renderFields(block.fields, screen);
    case "table":
      return renderTable(block, screen);
    case "code":
      return cleanLines(block.text)
        .split("\n")
        .map((line) => `  | ${line}`)
        .join("\n");
    case "picture":
      return `  [picture: ${printable(block.title)}]`;
    case "buttons":
      return block.buttons.length === 0
        ? ""
        : `  type: ${block.buttons.map(({ words }) => printable(lineOf(words))).join(" | ")}`;
  }
}

function renderFields(fields: Extract<Block, { kind: "fields" }>["fields"], screen: Screen): string {
  const named = fields.map(([name, value]) => [printable(name), inLine(value, screen)] as const);
  const width = Math.max(0, ...named.map(([name]) => lengthOf(name)));
  return named.map(([name, value]) => `  ${name}${" ".repeat(width - lengthOf(name))}  ${value}`).join("\n");
}

function renderTable({ columns, rows }: Extract<Block, { kind: "table" }>, screen: Screen): string {
  const cells = rows.map((row) => row.map((cell) => inLine([cell], screen)));
  const titles = columns.map((column) => printable(column.title));
  const titled = titles.some((title) => title !== "");
  const widths = titles.map((title, index) =>
    Math.max(lengthOf(title), ...cells.map((row) => lengthOf(row[index] ?? ""))),
  );
  const last = columns.length - 1;
  const before = widths.slice(0, last).reduce((sum, width) => sum + width + 2, 2);
  widths[last] = Math.max(
    Math.min(widths[last] ?? 0, NARROWEST_LAST),
    Math.min(widths[last] ?? 0, screen.width - before),
  );
  const line = (row: readonly string[]) =>
    `  ${row
      .map((cell, index) => {
        const space = " ".repeat(Math.max(0, (widths[index] ?? 0) - lengthOf(cell)));
        if (index === last)
          return columns[index]?.align === "right" ? space + cell : cut(cell, Math.max(1, widths[index] ?? 1));
        return columns[index]?.align === "right" ? space + cell : cell + space;
      })
      .join("  ")}`.trimEnd();
  return [...(titled ? [line(titles)] : []), ...cells.map(line)].join("\n");
}

function inLine(parts: readonly Part[], screen: Screen): string {
  return parts.map((part) => partInWords(part, screen)).join("");
}

function partInWords(part: Part, screen: Screen): string {
  if (typeof part === "string")
    return printable(part.replace(MOMENT, (moment) => momentInWords(Date.parse(moment), screen)));
  if ("at" in part) return momentInWords(part.at, screen);
  return part.label === part.url ? printable(part.url) : `${printable(part.label)} ${printable(part.url)}`;
}

/** A terminal obeys control characters, whoever sent them; and what stands in a line stays in it. */
function printable(text: string): string {
  return cleanLines(text.replace(/\s*[\r\n]\s*/g, " "));
}

/** Data on a screen: the control characters that JSON leaves as they are, written so that it stays the same data. */
export function renderData(data: unknown): string {
  return JSON.stringify(data, null, 1).replace(
    /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Today's moments by the clock, others with their day. */
export function momentInWords(at: Instant, screen: Screen): string {
  const options = {
    timeZone: screen.zone,
    hour12: false,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  } as const;
  const format = new Intl.DateTimeFormat(
    "en-CA",
    Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)),
  );
  const [day = "", clock = ""] = format.format(at).split(", ");
  const [today = ""] = format.format(screen.now).split(", ");
  return day === today ? clock.replace(/^24/, "00") : `${day} ${clock.replace(/^24/, "00").slice(0, 5)}`;
}

function lengthOf(text: string): number {
  return [...text].length;
}
