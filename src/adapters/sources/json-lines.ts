/** JSON, one record a line. */
import { unreadable } from "./unreadable.ts";

/** The record on a line; none on an empty one. */
export function readJsonLine(
  text: string,
  place: { readonly file: string; readonly line: number },
): readonly unknown[] {
  if (text.trim() === "") return [];
  try {
    return [JSON.parse(text)];
  } catch (error) {
    return [unreadable(text, place, `not JSON: ${(error as Error).message}`)];
  }
}

/** The records of a whole text; `\n` and `\r\n` end a line, and the last needs no end. */
export function readJsonLines(text: string, file: string): unknown[] {
  return withoutByteOrderMark(text)
    .split("\n")
    .flatMap((line, index) => readJsonLine(line, { file, line: index + 1 }));
}

/** Windows puts an invisible mark in front of a file; to JSON and CSV it is a mistake. */
export function withoutByteOrderMark(text: string): string {
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}
