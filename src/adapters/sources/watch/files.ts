/** Files that are read as a whole: each once it has come to rest, and again when it has changed. */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { unreadable } from "../unreadable.ts";
import type { Format } from "./config.ts";
import { formatOf, inOrder, isIgnored } from "./names.ts";
import type { Settling } from "./settling.ts";
import { readWholeFile } from "./whole-file.ts";

const LIMIT_BYTES = 64e6;
/** About as many records are read for each time that a large folder is listed; they are given out in batches. */
const RECORDS_A_LISTING = 5_000;

export type FoundFile = {
  readonly name: string;
  readonly path: string;
  readonly format: Format;
  readonly size: number;
  readonly signature: string;
};

/** The files that were read, by name: what they looked like then. */
export type ReadFiles = Readonly<Record<string, string>>;

export type FilesReading = {
  readonly records: readonly unknown[];
  readonly read: ReadFiles;
  readonly more: boolean;
  /** Until the next file may have come to rest. */
  readonly waitMs: number | undefined;
};

/** The files of a folder that count, in the order of their numbers; folders inside it do not. */
export async function filesIn(folder: string, format: Format | undefined): Promise<FoundFile[]> {
  const names = (await readdir(folder)).filter((name) => !isIgnored(name));
  const found = await Promise.all(
    names.map(async (name) => {
      const known = format ?? formatOf(name);
      return known && (await findFile(join(folder, name), name, known));
    }),
  );
  return found.filter((file) => file !== undefined).sort((a, b) => inOrder(a.name, b.name));
}

/** A file as it is now; nothing where it has gone, or is no file. */
export async function findFile(path: string, name: string, format: Format): Promise<FoundFile | undefined> {
  const info = await stat(path).catch(() => undefined);
  if (!info?.isFile()) return undefined;
  return {
    name,
    path,
    format,
    size: info.size,
    signature: `${info.size.toString(36)}.${Math.round(info.mtimeMs).toString(36)}`,
  };
}

export async function readFiles(
  found: readonly FoundFile[],
  before: ReadFiles,
  settling: Settling,
  elapsed: number,
): Promise<FilesReading> {
  const changed = found.filter((file) => before[file.name] !== file.signature);
  const waits = changed.map((file) => ({ file, ms: settling.remaining(file.name, file.signature, elapsed) }));
  settling.keepOnly(new Set(changed.map((file) => file.name)));

  let records: readonly unknown[] = [];
  const read = new Map(Object.entries(before));
  let bytes = 0;
  let more = false;
  for (const { file } of waits.filter(({ ms }) => ms === 0)) {
    if (records.length >= RECORDS_A_LISTING || bytes > LIMIT_BYTES) {
      more = true;
      break;
    }
    const outcome = await readOne(file);
    records = records.concat(outcome.records);
    if (outcome.kind === "read") read.set(file.name, file.signature);
    // It is looked at once more, and then waited for.
    if (outcome.kind === "moving") more = true;
    bytes += file.size;
  }

  // Those that have gone are forgotten, so that the cursor does not grow for ever.
  const names = new Set(found.map((file) => file.name));
  const left = [...read].filter(([name]) => names.has(name));
  const open = waits.filter(({ ms }) => ms > 0).map(({ ms }) => ms);
  return { records, read: Object.fromEntries(left), more, waitMs: open.length > 0 ? Math.min(...open) : undefined };
}

/**
 * `moving`: it was written to while it was read. `closed`: it cannot be opened, which is told of at each reading, since a
 * permission that is given later leaves no trace in its time.
 */
type Outcome = { readonly kind: "read" | "moving" | "gone" | "closed"; readonly records: readonly unknown[] };

async function readOne(file: FoundFile): Promise<Outcome> {
  const { name, path, format, size, signature } = file;
  const told = (why: string) => [unreadable("", { file: name }, why)];
  if (size > LIMIT_BYTES) return { kind: "read", records: told(`larger than ${LIMIT_BYTES / 1e6} MB`) };
  try {
    const text = await readFile(path, "utf8");
    const now = await findFile(path, name, format);
    if (now?.signature !== signature) return { kind: "moving", records: [] };
    return { kind: "read", records: readWholeFile(format, text, name) };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return { kind: "gone", records: [] };
    return { kind: "closed", records: told(`cannot be read: ${code ?? message}`) };
  }
}
