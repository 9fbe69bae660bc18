/** Blocks as Mattermost's markdown within the length of a message. What is left out is said to be, and links stay. */
import { lineOf } from "../../../core/command/parse.ts";
import type { Block, Button, Part, Picture } from "../../../core/say.ts";
import { cut } from "../../../core/text/clean.ts";
import { codeLines, escapeText, fenced, fenceFor, inlineCode, link } from "./escape.ts";
import { fitLines, inLine, type Line, lengthOf } from "./prose.ts";

export type Page = {
  /** Characters at most. */
  readonly most: number;
  /** Where the whole can be read; null where nowhere. */
  readonly wholeUrl: string | null;
  /** The slash command, for buttons that have to be typed; undefined where they can be pressed. */
  readonly typed?: string | undefined;
};

export type Rendered = {
  /** One piece of markdown for each block that has something to show, in order, and a notice where something was left out. */
  readonly pieces: readonly string[];
  readonly cut: boolean;
};

type Section =
  | { readonly kind: "prose"; readonly lines: readonly Line[] }
  | { readonly kind: "rows"; readonly head: readonly string[]; readonly rows: readonly string[] }
  | { readonly kind: "code"; readonly lines: readonly string[] }
  | { readonly kind: "items"; readonly lines: readonly Line[] };

/** Sentences and fields say what it is about; tables, lists and logs leave them so much of the room. */
const FOR_PROSE = 0.7;
const BETWEEN = 2;

export function renderBlocks(blocks: readonly Block[], { most, wholeUrl, typed }: Page): Rendered {
  const sections = blocks.flatMap((block) => sectionOf(block, typed) ?? []);
  const whole = sections.map((section) => sized(section, Number.POSITIVE_INFINITY).text);
  const lengths = whole.map((text) => lengthOf(text) + BETWEEN);
  if (sum(lengths) - BETWEEN <= most) return { pieces: whole.filter((text) => text !== ""), cut: false };
  const longestNotice = lengthOf(noticeOf(99_999, wholeUrl)) + BETWEEN;
  const room = most - longestNotice;
  const firm = sections.map(({ kind }) => kind === "prose");
  const soft = firm.some((one) => !one);
  const firmLengths = lengths.filter((_, index) => firm[index]);
  const firmShares = shares(
    firmLengths,
    soft ? Math.max(room * FOR_PROSE, room - sum(lengths) + sum(firmLengths)) : room,
  );
  const softShares = shares(
    lengths.filter((_, index) => !firm[index]),
    room - sum(firmShares),
  );
  let leftOut = 0;
  const pieces = sections.map((section) => {
    const share = ((section.kind === "prose" ? firmShares : softShares).shift() ?? 0) - BETWEEN;
    const fitted = sized(section, share);
    leftOut += fitted.leftOut;
    return fitted.text;
  });
  return { pieces: [...pieces.filter((text) => text !== ""), noticeOf(leftOut, wholeUrl)], cut: true };
}

/** What a row of buttons under a message is made of. */
export function buttonsOf(blocks: readonly Block[]): readonly Button[] {
  return blocks.flatMap((block) => (block.kind === "buttons" ? block.buttons : []));
}

export function picturesOf(blocks: readonly Block[]): readonly Picture[] {
  return blocks.filter((block) => block.kind === "picture");
}

function noticeOf(leftOut: number, wholeUrl: string | null): string {
  const lines = leftOut === 1 ? "1 line is" : `${leftOut} lines are`;
  const where = wholeUrl === null ? "Ask for less, or in a terminal." : `${link("Show the whole", wholeUrl)}.`;
  return `*${lines} left out: a message has no room for more.* ${where}`;
}

/** As much for each as it needs, and where that is too much, for all that need more the same. */
function shares(needs: readonly number[], room: number): number[] {
  const given = needs.map(() => 0);
  const order = needs.map((need, index) => ({ need, index })).sort((a, b) => a.need - b.need);
  let left = Math.max(0, Math.floor(room));
  for (const [done, { need, index }] of order.entries()) {
    given[index] = Math.min(need, Math.floor(left / (order.length - done)));
    left -= given[index] ?? 0;
  }
  return given;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

function sectionOf(block: Block, typed: string | undefined): Section | undefined {
  switch (block.kind) {
    case "text":
      return { kind: "prose", lines: [{ mark: "", parts: block.parts }] };
    case "fields":
      return { kind: "prose", lines: block.fields.map(([name, value]) => fieldOf(name, value)) };
    case "list":
      return { kind: "items", lines: block.items.map((parts) => ({ mark: "- ", parts })) };
    case "table":
      return tableOf(block);
    case "code": {
      const lines = codeLines(block.text);
      return lines.every((line) => line.trim() === "") ? undefined : { kind: "code", lines };
    }
    case "picture":
      return { kind: "prose", lines: [{ mark: "", parts: [block.title] }] };
    case "buttons": {
      if (typed === undefined || block.buttons.length === 0) return undefined;
      const lines = block.buttons.map(({ label, words }) => {
        return `- ${escapeText(label)}: ${inlineCode(`/${typed} ${lineOf(words)}`)}`;
      });
      return { kind: "rows", head: [], rows: lines };
    }
  }
}

function fieldOf(name: string, value: readonly Part[]): Line {
  const shown = escapeText(name).trim();
  return { mark: shown === "" ? "" : `**${shown}**: `, parts: value };
}

function tableOf({ columns, rows }: Extract<Block, { kind: "table" }>): Section | undefined {
  if (columns.length === 0 || rows.length === 0) return undefined;
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const titles = columns.map(({ title }) => escapeText(title).trim());
  const sides = columns.map(({ align }) => (align === "right" ? "--:" : "---"));
  const cells = rows.map((parts) => columns.map((_, index) => inLine([parts[index] ?? ""]).trim()));
  return { kind: "rows", head: [row(titles), row(sides)], rows: cells.map(row) };
}

function sized(section: Section, room: number): { readonly text: string; readonly leftOut: number } {
  switch (section.kind) {
    case "prose":
    case "items":
      return fitLines(section.lines, room);
    case "rows": {
      const { head, rows } = section;
      const { count } = asManyAs(rows, room - sum(head.map(oneMore)));
      const text = count === 0 ? "" : [...head, ...rows.slice(0, count)].join("\n");
      return { text, leftOut: rows.length - count };
    }
    case "code":
      return fitCode(section.lines, room);
  }
}

/** Of a log the beginning is wanted, and the end more. */
function fitCode(lines: readonly string[], room: number): { readonly text: string; readonly leftOut: number } {
  const whole = fenced(lines);
  if (lengthOf(whole) <= room) return { text: whole, leftOut: 0 };
  const fences = 2 * (fenceFor(lines).length + 1);
  const gap = "… 99999 lines …".length + 1;
  const left = room - fences - gap;
  if (left < 20) return { text: "", leftOut: lines.length };
  const short = lines.map((line) => cut(line, Math.floor(left / 3)));
  const tail = asManyAs([...short].reverse(), Math.floor(left * 0.7));
  const head = asManyAs(short.slice(0, short.length - tail.count), left - tail.used);
  const missing = lines.length - head.count - tail.count;
  const shown = [
    ...short.slice(0, head.count),
    ...(missing > 0 ? [`… ${missing === 1 ? "1 line" : `${missing} lines`} …`] : []),
    ...short.slice(short.length - tail.count),
  ];
  return { text: fenced(shown), leftOut: missing };
}

function asManyAs(lines: readonly string[], room: number): { readonly count: number; readonly used: number } {
  let used = 0;
  let count = 0;
  for (const line of lines) {
    if (used + oneMore(line) > room) break;
    used += oneMore(line);
    count += 1;
  }
  return { count, used };
}

/** With its line end. */
function oneMore(line: string): number {
  return lengthOf(line) + 1;
}
