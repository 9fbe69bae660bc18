/**
 * Text from anywhere as Mattermost's markdown, so that it reads as it was written and does nothing: nobody is pinged, nothing
 * becomes a link, a picture, a heading or a row of hearts. What a backslash cannot keep apart, a mark without width does.
 */
import { cleanLine, cleanLines } from "../../../core/text/clean.ts";

/** Nothing is seen of it, no line breaks at it, and no name, address or hashtag goes on behind it. */
const APART = "\u2060";

/** One line, as a sentence or part of one; at its end and beginning spaces stay. */
export function escapeText(text: string): string {
  const [, before = "", inner = "", after = ""] = /^(\s*)([\s\S]*?)(\s*)$/.exec(text) ?? [];
  return (before && " ") + escapeInner(oneLine(inner)) + (after && " ");
}

/** What is markdown already, and only must not become a list, a quotation or a rule where it stands. */
export function guardStart(markdown: string): string {
  return markdown.replace(/^([-+>=])/, "\\$1").replace(/^(\d+)([.)])/, "$1\\$2");
}

/** A block of code that ends where it ends, whatever is in it. */
export function fenced(lines: readonly string[]): string {
  const fence = fenceFor(lines);
  return [fence, ...lines, fence].join("\n");
}

/** Longer than any run of backticks that is in it. */
export function fenceFor(lines: readonly string[]): string {
  const longest = lines.flatMap((line) => line.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2);
  return "`".repeat(longest + 1);
}

export function codeLines(text: string): string[] {
  return cleanLines(text).split("\n");
}

/** A line to type, so that it can be copied as it is. */
export function inlineCode(text: string): string {
  const clean = oneLine(text);
  const longest = (clean.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0);
  const mark = "`".repeat(longest + 1);
  return longest === 0 ? `${mark}${clean}${mark}` : `${mark} ${clean} ${mark}`;
}

/** Undefined for what is no address of the web, which is shown without a link. */
export function safeAddress(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, username, password, hostname, origin, href } = new URL(url);
  if ((protocol !== "http:" && protocol !== "https:") || username !== "" || password !== "") return undefined;
  // The name of a host may hold brackets, and cannot be encoded.
  if (!/^([\w.-]+|\[[\da-f:.]+\])$/.test(hostname)) return undefined;
  return origin + href.slice(origin.length).replace(/[()<>[\]\\`|"'{}^$*~@!_ ]/g, percent);
}

export function link(label: string, url: string): string {
  const address = safeAddress(url);
  const words = escapeText(label).trim();
  if (address === undefined) return words;
  return `[${words || escapeText(address).trim()}](${address})`;
}

function escapeInner(text: string): string {
  return (
    text
      .replace(/[\\`*_[\]|~]/g, "\\$&")
      // At the end, what follows may be a link, and the two would be a picture.
      .replace(/!(?=\\\[|$)/g, "\\!")
      // A name, a channel, a hashtag, a heading, a line through words.
      .replace(/[@~#]/g, `$&${APART}`)
      // An address that is written out, or one that the client would complete.
      .replace(/:(?=\/\/)/g, `:${APART}`)
      .replace(/(www)(?=\.)/gi, `$1${APART}`)
      .replace(/(mailto|tel|data|javascript|mmaction|mattermost)(?=:)/gi, `$1${APART}`)
      // A picture by its name; the time of day is none.
      .replace(/:(?=[\w+-]*[a-z+][\w+-]*:)/gi, `:${APART}`)
      // A character by its number, which may be any of the above.
      .replace(/&(?=#?\w+;)/g, `&${APART}`)
      .replace(/<(?=[a-z/!?])/gi, `<${APART}`)
  );
}

/** Without the limit that a line of a log has. */
function oneLine(text: string): string {
  const lines = cleanLines(text.replace(/\r\n?|\n/g, "\n")).split("\n");
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join(" ")
    .replace(/\s+/g, " ");
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}

/** For a label, a title, a placeholder: plain words that are no markdown anywhere. */
export function plainWords(text: string): string {
  return cleanLine(text);
}
