/**
 * Reading on in a list that grows, one chunk of bytes at a time.
 *
 * A line counts when its end is there: what stands before it does not change any more, so nobody needs to wait. A last
 * line without an end is taken once the file has come to rest, since people forget the last line end; but the place
 * stays in front of it, and should it grow after all it is read again as a whole.
 */
import { digest } from "../cursor.ts";
import { unreadable } from "../unreadable.ts";
import { type LineFormat, type LinePlace, readLines } from "./line-reader.ts";

export type ListPlace = LinePlace & {
  /** Bytes before this place: whole lines, but for an overlong one. */
  readonly offset: number;
  /** Digest of the line without an end that was taken from behind this place. */
  readonly taken?: string | undefined;
  /** This place is inside a line that was too long, and was told of. */
  readonly overlong?: boolean | undefined;
};

export const LIST_START: ListPlace = { offset: 0, lines: 0 };

export type Chunk = {
  readonly bytes: Buffer;
  /** It was cut off because it was full: a line that is not complete in it is too long. */
  readonly full: boolean;
  /** It reaches to the end of a file that has come to rest. */
  readonly rested: boolean;
};

export type ListStep = {
  readonly records: readonly unknown[];
  readonly place: ListPlace;
  /** A last line without an end waits for the file to come to rest. */
  readonly waits: boolean;
};

export function stepOn(format: LineFormat, chunk: Chunk, from: ListPlace, file: string): ListStep {
  const end = chunk.bytes.lastIndexOf("\n") + 1;
  if (end === 0 && chunk.full) return passOverlong(chunk, from, file);

  const lines = end === 0 ? [] : chunk.bytes.toString("utf8", 0, end - 1).split("\n");
  const [first] = lines;
  // An empty line gives nothing and is counted: it stands for a line of which everything is known.
  const isKnown =
    first !== undefined && (from.overlong || (from.taken !== undefined && digest(first.trim()) === from.taken));
  const { records, place } = readLines(format, isKnown ? ["", ...lines.slice(1)] : lines, from, file);
  const after: ListPlace = lines.length === 0 ? from : { ...place, offset: from.offset + end };

  const tail = chunk.bytes.toString("utf8", end).trim();
  const isHeader = format === "csv" && after.columns === undefined;
  if (tail === "" || after.overlong || isHeader || digest(tail) === after.taken)
    return { records, place: after, waits: false };
  if (!chunk.rested) return { records, place: after, waits: true };
  const last = readLines(format, [tail], after, file);
  return { records: [...records, ...last.records], place: { ...after, taken: digest(tail) }, waits: false };
}

function passOverlong({ bytes }: Chunk, from: ListPlace, file: string): ListStep {
  const place = { ...from, offset: from.offset + bytes.length, overlong: true };
  const record = unreadable(
    bytes.toString("utf8", 0, 1_000),
    { file, line: from.lines + 1 },
    `a line of more than ${bytes.length} bytes`,
  );
  return { records: from.overlong ? [] : [record], place, waits: false };
}
