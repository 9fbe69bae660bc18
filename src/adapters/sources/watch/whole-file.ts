/** From the text of a complete file to its records. */
import { withoutByteOrderMark } from "../json-lines.ts";
import { unreadable } from "../unreadable.ts";
import type { Format } from "./config.ts";
import { readLines } from "./line-reader.ts";

export function readWholeFile(format: Format, text: string, file: string): readonly unknown[] {
  if (format !== "json") return readLines(format, text.split("\n"), { lines: 0 }, file).records;
  try {
    const value: unknown = JSON.parse(withoutByteOrderMark(text));
    return Array.isArray(value) ? value : [value];
  } catch (error) {
    return [unreadable(text, { file }, `not JSON: ${(error as Error).message}`)];
  }
}
