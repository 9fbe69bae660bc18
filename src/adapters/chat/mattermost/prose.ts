/** Sentences as markdown, and as much of one as there is room for: whole characters, nothing half escaped, and every link. */
import type { Link, Part } from "../../../core/say.ts";
import { type Instant, iso } from "../../../core/time.ts";
import { escapeText, guardStart, link } from "./escape.ts";

export type Line = {
  /** What stands in front of it, as markdown. */
  readonly mark: string;
  readonly parts: readonly Part[];
};

/** Of the room that there is, so much is kept for links. */
const FOR_LINKS = 0.6;

export function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}

/** Strings that follow each other are one text: what an end and a beginning would make together is broken too. */
export function inLine(parts: readonly Part[]): string {
  let line = "";
  let text = "";
  for (const part of parts) {
    if (typeof part === "object" && "url" in part) {
      line += escapeText(text) + link(part.label, part.url);
      text = "";
    } else text += inWords(part);
  }
  return line + escapeText(text);
}

export function renderLine({ mark, parts }: Line): string {
  const text = inLine(parts).trim();
  return mark + (mark === "" || mark === "- " ? guardStart(text) : text);
}

/** As many lines as fit, the last of them cut, and the links of those that do not fit. */
export function fitLines(lines: readonly Line[], room: number): { readonly text: string; readonly leftOut: number } {
  const whole = lines.map(renderLine);
  const all = whole.join("\n");
  if (lengthOf(all) <= room) return { text: all, leftOut: 0 };
  const links = lines.map(({ parts }) => parts.filter((part) => typeof part === "object" && "url" in part));
  let forLinks = 0;
  const kept = links.map((some) =>
    (some as Link[]).filter(({ label, url }) => {
      const length = lengthOf(link(label, url)) + 1;
      if (forLinks + length > room * FOR_LINKS) return false;
      forLinks += length;
      return true;
    }),
  );
  let left = room - forLinks;
  const shown: string[] = [];
  for (const [index, line] of whole.entries()) {
    const linksHere = (kept[index] ?? []).map(({ label, url }) => link(label, url)).join(" ");
    const length = lengthOf(line) - lengthOf(linksHere) + 1;
    if (length <= left) {
      shown.push(line);
      left -= length;
      continue;
    }
    const { mark, parts } = lines[index] as Line;
    const begun = mark + guardStart(cutText(parts.map(inWords).join(""), left - lengthOf(mark) - 2).trim());
    const later = kept.slice(index).flat();
    shown.push(
      [begun === mark ? "" : begun, ...later.map(({ label, url }) => link(label, url))].filter(Boolean).join(" "),
    );
    return { text: shown.join("\n").trim(), leftOut: whole.length - index };
  }
  return { text: shown.join("\n"), leftOut: 0 };
}

/** The beginning of a text as markdown, with an ellipsis. */
export function cutText(text: string, room: number): string {
  if (room < 2) return "";
  const characters = [...text];
  let [low, high] = [0, Math.min(characters.length, room)];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (lengthOf(escapeText(characters.slice(0, middle).join(""))) <= room - 1) low = middle;
    else high = middle - 1;
  }
  return low === 0 ? "" : `${escapeText(characters.slice(0, low).join(""))}…`;
}

function inWords(part: Part): string {
  if (typeof part === "string") return part;
  return "at" in part ? minuteOf(part.at) : part.label;
}

/** Mattermost shows no moment in the zone of its reader: `2026-11-24 18:05 UTC` */
export function minuteOf(at: Instant): string {
  return `${iso(at).slice(0, 16).replace("T", " ")} UTC`;
}
