/** Which files count, and what is in them, by their names. */
import { extname } from "node:path";
import type { Format } from "./config.ts";

const FORMAT_OF_ENDING: Readonly<Record<string, Format>> = {
  ".json": "json",
  ".jsonl": "jsonl",
  ".ndjson": "jsonl",
  ".csv": "csv",
  ".txt": "text",
  ".list": "text",
};

/** Hidden files, and what programs call a file while they write it. */
export function isIgnored(name: string): boolean {
  return name.startsWith(".") || /(\.tmp|\.part|\.swp|~)$/i.test(name);
}

export function formatOf(name: string): Format | undefined {
  return FORMAT_OF_ENDING[extname(name).toLowerCase()];
}

/** run-9 before run-10. */
export const inOrder = new Intl.Collator("en", { numeric: true }).compare;
