/**
 * One system (a payload type) as files: a directory `Run<NNN>` for each interval, by its first run, and a file `IOVS` that says
 * until when each holds. It is named by what is in it and never changed, so whatever is there already is right.
 */
import { existsSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { setImmediate as breathe } from "node:timers/promises";
import type { Iov } from "../../core/conditions/iov.ts";
import { momentInWords } from "../../core/conditions/moment.ts";
import { digest, segment } from "./segment.ts";

/** The bot goes on with something else after so many files. */
const BITE = 200;

export type SystemFiles = {
  readonly type: string;
  /** Relative to the directory of all systems. */
  readonly place: string;
  readonly iovs: readonly Iov[];
  readonly index: string;
};

/** @param iovs of one type, in order */
export function systemOf(type: string, iovs: readonly Iov[]): SystemFiles {
  const lines = iovs.map(
    ({ from, until, payload }) =>
      `${momentInWords(from)}\t${until === null ? "-" : momentInWords(until)}\t${payload}\n`,
  );
  const index = `# first\tfirst after it, or - for none\tSHA-256 of the payload\n${lines.join("")}`;
  return { type, place: join(segment(type), digest(index)), iovs, index };
}

/** @param payloadOf the directory that has the payload of a hash */
export async function writeSystem(
  root: string,
  coming: string,
  system: SystemFiles,
  payloadOf: (hash: string) => Promise<string>,
): Promise<void> {
  const place = join(root, system.place);
  if (existsSync(place)) return;
  mkdirSync(coming, { recursive: true });
  for (const [count, { from, payload }] of system.iovs.entries()) {
    symlinkSync(relative(place, await payloadOf(payload)), join(coming, `Run${momentInWords(from)}`));
    if (count % BITE === BITE - 1) await breathe();
  }
  writeFileSync(join(coming, "IOVS"), system.index);
  mkdirSync(dirname(place), { recursive: true });
  renameSync(coming, place);
}

/** Hashes of the payloads that an index names. */
export function payloadsIn(index: string): readonly string[] {
  return index
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .flatMap((line) => line.split("\t")[2] ?? []);
}
