/** From the text of an answer to records, or to what is wrong with it. */

import { valueAt } from "../dotted.ts";
import { withoutByteOrderMark } from "../json-lines.ts";

export type Answer = { readonly body: unknown; readonly items: readonly unknown[] };

const SHOWN_CHARACTERS = 80;

export function parseAnswer(text: string, itemsPath: string | undefined): Answer | { readonly wrong: string } {
  let body: unknown;
  try {
    body = JSON.parse(withoutByteOrderMark(text));
  } catch {
    return { wrong: "answered something that is not JSON: look at the url, and whether a login is wanted" };
  }
  const items = itemsPath === undefined ? body : valueAt(body, itemsPath);
  if (Array.isArray(items)) return { body, items };
  const found = items === undefined ? "nothing" : kindOf(items);
  const where = itemsPath === undefined ? "its answer" : `"${itemsPath}" in its answer`;
  return { wrong: `answered without a list of records: ${where} is ${found}${keysOf(body)}: look at items` };
}

/** What an answer begins with, in quotes. */
export function beginning(text: string): string {
  return JSON.stringify(text.trim().slice(0, SHOWN_CHARACTERS));
}

function kindOf(value: unknown): string {
  return value === null ? "null" : typeof value === "object" ? "a mapping" : `a ${typeof value}`;
}

function keysOf(body: unknown): string {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return "";
  return ` (there: ${Object.keys(body).slice(0, 10).join(", ")})`;
}
