/**
 * Formats with one record a line. A record never goes over several lines, also not in CSV: so one broken line, a lost
 * quote above all, cannot swallow those after it.
 */
import { parse } from "csv-parse/sync";
import { readJsonLine, withoutByteOrderMark } from "../json-lines.ts";
import { unreadable } from "../unreadable.ts";
import type { Format } from "./config.ts";

export type LineFormat = Exclude<Format, "json">;

/** Where a reader of lines is in its file. */
export type LinePlace = {
  /** Lines before this place. */
  readonly lines: number;
  /** Of CSV: what the header calls the columns, once it was read. */
  readonly columns?: readonly string[] | undefined;
};

export type LinesRead = { readonly records: readonly unknown[]; readonly place: LinePlace };

/** The records of whole lines, without their ends. */
export function readLines(format: LineFormat, lines: readonly string[], place: LinePlace, file: string): LinesRead {
  let columns = place.columns;
  const records: unknown[] = [];
  for (const [index, raw] of lines.entries()) {
    const line = place.lines + index + 1;
    const text = (line === 1 ? withoutByteOrderMark(raw) : raw).trim();
    if (text === "") continue;
    if (format === "csv" && !columns) columns = headerOf(text);
    else records.push(...readLine(format, text, columns ?? [], { file, line }));
  }
  return { records, place: { lines: place.lines + lines.length, columns } };
}

type Where = { readonly file: string; readonly line: number };

function readLine(format: LineFormat, text: string, columns: readonly string[], where: Where): readonly unknown[] {
  switch (format) {
    case "jsonl":
      return readJsonLine(text, where);
    case "text":
      return readRunNumber(text, where);
    case "csv":
      return [readCells(text, columns, where)];
  }
}

function readRunNumber(text: string, place: Where): readonly unknown[] {
  const word = text.replace(/#.*$/, "").trim();
  if (word === "") return [];
  return [/^\d{1,15}$/.test(word) ? { number: Number(word) } : unreadable(text, place, "not a run number")];
}

function readCells(text: string, columns: readonly string[], where: Where): unknown {
  const cells = cellsOf(text);
  if ("wrong" in cells) return unreadable(text, where, cells.wrong);
  if (cells.length !== columns.length) {
    return unreadable(text, where, `${cells.length} cells; the header has ${columns.length}`);
  }
  return Object.fromEntries(columns.map((column, index) => [column, cells[index]]));
}

/** A header that cannot be read is taken as one column, in which no other line fits: each is told of, and why. */
function headerOf(text: string): readonly string[] {
  const cells = cellsOf(text);
  return "wrong" in cells ? [text] : cells;
}

function cellsOf(text: string): readonly string[] | { readonly wrong: string } {
  if (!text.includes('"')) return text.split(",").map((cell) => cell.trim());
  try {
    return parse(text, { trim: true })[0] ?? [];
  } catch (error) {
    return { wrong: `not CSV: ${(error as Error).message}` };
  }
}
