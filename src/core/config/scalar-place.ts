/**
 * Where a character of a YAML text stands in its file. Lines are folded and indented at will, and quotes are written
 * twice or escaped, so characters are counted without the white space between them.
 */
import { Scalar } from "yaml";

/** What stands for one visible character in a text of each kind; escapes of white space match without their group. */
const VISIBLE: Readonly<Record<string, RegExp>> = {
  [Scalar.QUOTE_DOUBLE]: /\\(?:[\s_ntrvfLP]|\r\n)|(\\(?:x.{2}|u.{4}|U.{8}|.)|\S)/gu,
  [Scalar.QUOTE_SINGLE]: /(''|\S)/gu,
};
const ANY_VISIBLE = /(\S)/gu;

/** The offset in `source` of the character at `offset` of the scalar's text; behind its last one at the end. */
export function placeInScalar(source: string, scalar: Scalar, offset: number): number {
  const [start, end] = scalar.range ?? [0, 0];
  const from = start + lengthOfOpening(source.slice(start, end), scalar);
  const before = [...String(scalar.value).slice(0, offset).matchAll(ANY_VISIBLE)].length;
  const written = source.slice(from, end).matchAll(VISIBLE[scalar.type ?? ""] ?? ANY_VISIBLE);
  const visible = [...written].filter(([, character]) => character !== undefined);
  const last = visible.at(-1);
  return from + (visible[before]?.index ?? (last ? last.index + last[0].length : 0));
}

/** A quote, or the line of a block's `|` or `>`. */
function lengthOfOpening(written: string, { type }: Scalar): number {
  if (type === Scalar.BLOCK_FOLDED || type === Scalar.BLOCK_LITERAL) return written.indexOf("\n") + 1;
  return type === Scalar.QUOTE_DOUBLE || type === Scalar.QUOTE_SINGLE ? 1 : 0;
}
