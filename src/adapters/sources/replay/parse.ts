/** The records of a replay file. */
import { readJsonLines, withoutByteOrderMark } from "../json-lines.ts";

/** A text that begins with a bracket is one JSON list, anything else is JSON lines. @throws when a list is broken */
export function parseReplay(text: string, file: string): readonly unknown[] {
  const trimmed = withoutByteOrderMark(text).trimStart();
  return trimmed.startsWith("[") ? (JSON.parse(trimmed) as unknown[]) : readJsonLines(text, file);
}
