/** The bytes of a list that grows, and whether it is still the list that was read before. */
import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import type { LineFormat } from "./line-reader.ts";
import { LIST_START, type ListPlace, stepOn } from "./list-step.ts";

/** Also the longest line that is read. */
const CHUNK_BYTES = 1 << 20;
/** Of the part that was read, as much is compared from its beginning and from its end; up to twice this, all of it. */
const COMPARED_BYTES = 8 << 20;

/** A place in a list, with what the list looked like up to there. */
export type ListMark = {
  readonly place: ListPlace;
  readonly print: string;
  readonly size: number;
  readonly mtimeMs: number;
};

export type ListReading = {
  readonly records: readonly unknown[];
  readonly mark: ListMark;
  readonly more: boolean;
  readonly waits: boolean;
};

/**
 * What a list has beyond a mark. Where the part before the mark has changed, or is not all there, the list was replaced
 * and is read from its beginning. A list that is replaced by a longer copy of itself is read on.
 */
export async function readList(
  path: string,
  list: {
    readonly format: LineFormat;
    readonly file: string;
    readonly mark: ListMark | undefined;
    readonly rested: boolean;
  },
): Promise<ListReading> {
  const { format, file, mark, rested } = list;
  const handle = await open(path);
  try {
    const { size, mtimeMs } = await handle.stat();
    if (mark?.size === size && mark.mtimeMs === mtimeMs && isAtEnd(mark))
      return { records: [], mark, more: false, waits: false };
    const from =
      mark && size >= mark.place.offset && (await fingerprint(handle, mark.place.offset)) === mark.print
        ? mark.place
        : LIST_START;
    const bytes = await readAt(handle, from.offset, CHUNK_BYTES);
    const more = from.offset + bytes.length < size;
    const step = stepOn(format, { bytes, full: bytes.length === CHUNK_BYTES, rested: rested && !more }, from, file);
    const print = await fingerprint(handle, step.place.offset);
    return {
      records: step.records,
      mark: { place: step.place, print, size, mtimeMs },
      more,
      waits: step.waits && !more,
    };
  } finally {
    await handle.close();
  }
}

function isAtEnd({ place, size }: ListMark): boolean {
  return place.offset === size || place.taken !== undefined;
}

async function fingerprint(handle: FileHandle, length: number): Promise<string> {
  const hash = createHash("sha256");
  const parts =
    length <= 2 * COMPARED_BYTES
      ? [[0, length] as const]
      : [[0, COMPARED_BYTES] as const, [length - COMPARED_BYTES, COMPARED_BYTES] as const];
  for (const [position, bytes] of parts) hash.update(await readAt(handle, position, bytes));
  return hash.digest("hex").slice(0, 20);
}

/** As many bytes as are there, at most `length`. */
async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
