/**
 * Words as elements of Slack's rich text. Nothing in them is read for markup, so that whatever a job or a person wrote means
 * nothing to Slack: no mention, no link under a false name, no broken code.
 */
import type { types } from "@slack/bolt";
import type { Part } from "../../../core/say.ts";
import { cleanLines } from "../../../core/text/clean.ts";
import { type Instant, iso } from "../../../core/time.ts";
import { cutTo, headOf } from "./graphemes.ts";

export type Element = types.RichTextText | types.RichTextLink | types.RichTextDate;

/** A moment in a text, as data has it; one in quotes stands in an expression and is left as somebody wrote it. */
const MOMENT = /(?<!["'\w])\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z\b/g;
const LONGEST_URL = 3_000;
const LONGEST_LABEL = 200;
/** What a reader sees of a moment is about as long. */
const MOMENT_LENGTH = 24;

export function elementsOf(parts: readonly Part[]): Element[] {
  return parts.flatMap((part) => {
    if (typeof part === "string") return textElements(part);
    if ("at" in part) return [dateOf(part.at)];
    return [linkOf(part.url, part.label)];
  });
}

export function textOf(text: string, bold = false): types.RichTextText {
  return { type: "text", text, ...(bold && { style: { bold } }) };
}

function linkOf(url: string, label: string): Element {
  const shown = cutTo(printable(label), LONGEST_LABEL);
  const opens = URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) && url.length <= LONGEST_URL;
  if (!opens) return textOf(shown === "" ? "-" : shown);
  return { type: "link", url, text: shown === "" ? url : shown };
}

function textElements(text: string): Element[] {
  const elements: Element[] = [];
  let done = 0;
  for (const match of text.matchAll(MOMENT)) {
    const at = Date.parse(match[0]);
    if (Number.isNaN(at)) continue;
    elements.push(textOf(printable(text.slice(done, match.index))), dateOf(at));
    done = match.index + match[0].length;
  }
  elements.push(textOf(printable(text.slice(done))));
  return elements.filter((one) => one.type !== "text" || one.text !== "");
}

function dateOf(at: Instant): Element {
  return {
    type: "date",
    timestamp: Math.floor(at / 1_000),
    format: "{date_short_pretty} {time_secs}",
    fallback: utc(at),
  };
}

/** `2026-11-24 12:00:05 UTC` */
export function utc(at: Instant): string {
  return `${iso(at).slice(0, 19).replace("T", " ")} UTC`;
}

/** What stands in a line stays in it. */
export function printable(text: string): string {
  return cleanLines(text.toWellFormed().replace(/\s*[\r\n]\s*/g, " "));
}

export function lengthOf(elements: readonly Element[]): number {
  return elements.reduce((sum, one) => sum + lengthOfOne(one), 0);
}

function lengthOfOne(element: Element): number {
  if (element.type === "text") return element.text.length;
  return element.type === "link" ? element.url.length + (element.text ?? "").length : MOMENT_LENGTH;
}

/** As plain words, for notifications and where nothing else is shown. */
export function wordsOf(elements: readonly Element[]): string {
  return elements
    .map((one) => {
      if (one.type === "text") return one.text;
      if (one.type === "date") return one.fallback ?? "";
      return one.text === undefined || one.text === one.url ? one.url : `${one.text} ${one.url}`;
    })
    .join("");
}

/** As much as there is room for; links stay as long as there is room for them alone, whatever it costs the words around them. */
export function cutElements(elements: readonly Element[], most: number): { kept: Element[]; left: number } {
  let forLinks = most;
  const links = new Set(
    elements.filter((one) => {
      if (one.type !== "link" || lengthOfOne(one) > forLinks) return false;
      forLinks -= lengthOfOne(one);
      return true;
    }),
  );
  let room = forLinks;
  let left = 0;
  const kept = elements.flatMap((one): Element[] => {
    if (links.has(one)) return [one];
    const length = lengthOfOne(one);
    if (length <= room) {
      room -= length;
      return [one];
    }
    const head = one.type === "text" && room > 1 ? headOf(one.text, room - 1) : "";
    room = 0;
    left += length - head.length;
    return head === "" ? [] : [textOf(`${head}…`)];
  });
  return { kept, left };
}
