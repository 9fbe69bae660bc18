/**
 * A log as it grows, until nothing more will come and all of it has been given out. It comes by whole lines, so that what
 * must not be shown can be found in them; a line that is written over and over (a progress, with `\r`) is one each time.
 */
import { setTimeout as wait } from "node:timers/promises";
import type { Workspace } from "../../ports/workspace.ts";

const LOOK_EVERY_MS = 300;
/** A line that is longer is given out in parts. */
const LONGEST_LINE = 256 * 1024;
const LF = 10;
const CR = 13;

type Log = {
  readonly workspace: Pick<Workspace, "logSize" | "readLog">;
  readonly directory: string;
  readonly from: number;
};

export async function* followLog(
  { workspace, directory, from }: Log,
  live: () => Promise<boolean>,
): AsyncGenerator<{ text: string; next: number }> {
  let next = from;
  for (;;) {
    // Asked before the size: what is written between the two questions is found in the next round, not lost.
    const goesOn = await live();
    const size = (await workspace.logSize(directory)) ?? 0;
    const before = next;
    if (size > next) {
      for await (const lines of wholeLines(await workspace.readLog(directory, next, size), !goesOn)) {
        next += lines.length;
        yield { text: lines.toString("utf8"), next };
      }
    }
    if (next > before) continue;
    if (!goesOn) return;
    await wait(LOOK_EVERY_MS);
  }
}

/** Pieces that end with a line; what follows the last line is a piece only when it will not be continued. */
async function* wholeLines(stream: AsyncIterable<unknown>, isAll: boolean): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    const bytes = Buffer.concat([rest, chunk as Buffer]);
    const end = endOfLines(bytes);
    if (end > 0) yield bytes.subarray(0, end);
    rest = bytes.subarray(end);
  }
  if (isAll && rest.length > 0) yield rest;
}

function endOfLines(bytes: Buffer): number {
  if (bytes.length >= LONGEST_LINE && bytes.indexOf(LF) < 0) return bytes.length;
  return Math.max(bytes.lastIndexOf(LF), bytes.lastIndexOf(CR)) + 1;
}
