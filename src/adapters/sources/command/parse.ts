/** What a command printed, as records and the cursor that it wants to find the next time. */
import { readJsonLines } from "../json-lines.ts";

export type Printed = { readonly records: readonly unknown[]; readonly cursor: string | undefined };

/** A last line `{"cursor": ...}`, with nothing else in it, is the cursor; anywhere else it is a record like any other. */
export function parsePrinted(text: string, program: string): Printed {
  const records = readJsonLines(text, program);
  const cursor = cursorIn(records.at(-1));
  return cursor === undefined ? { records, cursor } : { records: records.slice(0, -1), cursor };
}

function cursorIn(record: unknown): string | undefined {
  if (typeof record !== "object" || record === null || Object.keys(record).join() !== "cursor") return undefined;
  const { cursor } = record as { readonly cursor: unknown };
  return typeof cursor === "string" || typeof cursor === "number" ? String(cursor) : undefined;
}
