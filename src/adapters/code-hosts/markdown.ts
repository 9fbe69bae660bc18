/** Blocks as GitHub and GitLab show them, within the length that a comment may have. */
import type { Block, Link, Part } from "../../core/say.ts";
import { type Instant, iso } from "../../core/time.ts";
import { asLine, codeLines, plainText } from "./plain-text.ts";

/** A block as lines, of which the last ones can be left out. */
type Section = {
  readonly before: readonly string[];
  readonly lines: readonly string[];
  readonly after: readonly string[];
};

/** What the sentence takes that says how much was left out. */
const NOTICE = 150;

/** At most `most` characters; what does not fit is left out from the end, and said to be. */
export function renderMarkdown(blocks: readonly Block[], most = Number.POSITIVE_INFINITY): string {
  let room = most - NOTICE;
  let leftOut = 0;
  const shown: string[] = [];
  for (const section of blocks.map(sectionOf)) {
    room -= lengthOf([...section.before, ...section.after]) + 1;
    const fitting = leftOut > 0 ? [] : fittingIn(room, section.lines);
    room -= lengthOf(fitting);
    leftOut += section.lines.length - fitting.length;
    if (fitting.length > 0) shown.push([...section.before, ...fitting, ...section.after].join("\n"));
  }
  if (leftOut > 0) shown.push(noticeOf(leftOut, most));
  return shown.join("\n\n");
}

function noticeOf(leftOut: number, most: number): string {
  const lines = leftOut === 1 ? "1 more line is" : `${leftOut} more lines are`;
  return `${lines} not shown: a comment has ${most} characters at most. Ask calops for the whole.`;
}

function sectionOf(block: Block, index: number): Section {
  // Lists that follow each other stay two when their marks differ.
  const mark = index % 2 === 0 ? "-" : "*";
  switch (block.kind) {
    case "text":
      return { before: [], lines: withText([asLine(inLine(block.parts))]), after: [] };
    case "list":
      return { before: [], lines: block.items.map((item) => itemOf(mark, inLine(item))), after: [] };
    case "fields":
      return { before: [], lines: block.fields.map(([name, value]) => fieldOf(mark, name, value)), after: [] };
    case "table":
      return tableOf(block);
    case "code":
      return { before: ["```text"], lines: block.text.trim() === "" ? [] : codeLines(block.text), after: ["```"] };
    case "picture":
      return { before: [], lines: withText([plainText(block.title)]), after: [] };
    case "buttons":
      return {
        before: [],
        lines: block.buttons.map(({ words }) => itemOf(mark, inLine([words.join(" ")]))),
        after: [],
      };
  }
}

function fieldOf(mark: string, name: string, value: readonly Part[]): string {
  const shown = plainText(name).trim();
  return itemOf(mark, `${shown === "" ? "" : `**${shown}**: `}${inLine(value).trim()}`);
}

function itemOf(mark: string, text: string): string {
  return `${mark} ${asLine(text)}`.trim();
}

function tableOf({ columns, rows }: Extract<Block, { kind: "table" }>): Section {
  if (columns.length === 0) return { before: [], lines: [], after: [] };
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const titles = columns.map(({ title }) => plainText(title).trim());
  const sides = columns.map(({ align }) => (align === "right" ? "--:" : "---"));
  const cells = rows.map((parts) => columns.map((_, index) => inLine([parts[index] ?? ""]).trim()));
  return { before: [row(titles), row(sides)], lines: cells.map(row), after: [] };
}

/** Strings that follow each other are one text: `#` and `12` would be a reference. */
function inLine(parts: readonly Part[]): string {
  let line = "";
  let text = "";
  for (const part of parts) {
    const address = typeof part === "object" && "url" in part ? addressOf(part) : undefined;
    if (address === undefined) {
      text += inWords(part);
      continue;
    }
    line += `${plainText(text)}[${labelOf(part as Link, address)}](${address})`;
    text = "";
  }
  return line + plainText(text);
}

function inWords(part: Part): string {
  if (typeof part === "string") return part;
  return "at" in part ? minuteOf(part.at) : part.label;
}

/** `2026-11-24T12:00Z` */
function minuteOf(at: Instant): string {
  return iso(at).replace(/:\d\d\.\d{3}Z$/, "Z");
}

function labelOf({ label }: Link, address: string): string {
  return plainText(label).trim() || plainText(address);
}

/** Undefined for what is no address of the web, which is shown without a link. */
function addressOf({ url }: Link): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, username, password, hostname, origin, href } = new URL(url);
  if ((protocol !== "http:" && protocol !== "https:") || username !== "" || password !== "") return undefined;
  // The name of a host may hold brackets, and cannot be encoded.
  if (!/^([\w.-]+|\[[\da-f:.]+\])$/.test(hostname)) return undefined;
  const path = href.slice(origin.length);
  return origin + path.replace(/[()<>[\]\\`|"{}^$]/g, percent).replaceAll("&", "&amp;");
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}

function withText(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => line !== "");
}

function fittingIn(room: number, lines: readonly string[]): readonly string[] {
  let used = 0;
  const end = lines.findIndex((line) => {
    used += line.length + 1;
    return used > room;
  });
  return end === -1 ? lines : lines.slice(0, end);
}

/** With the line ends. */
function lengthOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length + 1, 0);
}
