/** The directories of jobs on a file system. What a job wrote is never trusted: neither its names nor its size. */
import { createReadStream, createWriteStream } from "node:fs";
import { lstat, open, readdir, readFile, realpath, rm, stat } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import { createInterface } from "node:readline";
import { PassThrough, type Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { firstErrorFinder } from "../../core/text/first-error.ts";
import type { LogFindings, Workspace } from "../../ports/workspace.ts";
import { followLog } from "./follow-log.ts";

/** Metrics and output lists larger than this are not read. */
const MOST_JSON = 16 * 1024 * 1024;
/** Files that a job may leave and still have listed. */
const MOST_FILES = 20_000;
/** Bytes of a log's head and of its tail that are looked through for an error. */
const LOOKED_THROUGH = 4 * 1024 * 1024;
/** Logs smaller than this stay as they are. */
const WORTH_PACKING = 16 * 1024;

export function workspaceIn(root: string): Workspace {
  const at = (directory: string, ...steps: string[]) => join(root, directory, ...steps);

  const workspace: Workspace = {
    absolute: (path) => join(root, path),
    outputOf: (directory) => at(directory, "out"),

    async collect(directory) {
      const out = at(directory, "out");
      const present = await filesBelow(out);
      const texts = {
        metrics: await smallText(join(out, "metrics.json")),
        outputs: await smallText(join(out, "outputs.json")),
        present: present.map((file) => file.path),
      };
      return { texts, bytes: present.reduce((sum, file) => sum + file.bytes, 0) };
    },

    async inspectLog(directory, patterns) {
      return await inspect(at(directory, "log"), patterns);
    },

    async logSize(directory) {
      const plain = await sizeOf(at(directory, "log"));
      if (plain !== undefined) return plain;
      const size = await readFile(at(directory, "log.size"), "utf8").catch(() => undefined);
      return size === undefined ? undefined : Number(size);
    },

    async readLog(directory, start, end) {
      const range = end === undefined ? { start } : { start, end: Math.max(start, end) - 1 };
      if (end !== undefined && end <= start) return new PassThrough().end();
      if ((await sizeOf(at(directory, "log"))) !== undefined) return createReadStream(at(directory, "log"), range);
      return rangeOf(createReadStream(at(directory, "log.gz")), start, end);
    },

    followLog: (directory, from, live) => followLog({ workspace, directory, from }, live),

    async openOutput(directory, path) {
      const out = await realpath(at(directory, "out")).catch(() => undefined);
      if (out === undefined) return undefined;
      // A link that a job laid may lead anywhere; what counts is where it ends.
      const file = await realpath(resolve(out, path)).catch(() => undefined);
      if (file === undefined || !file.startsWith(out + sep)) return undefined;
      const found = await stat(file);
      return found.isFile() ? { stream: createReadStream(file), bytes: found.size } : undefined;
    },

    async bytesOf(environment, workflow) {
      const campaigns = await readdir(at("jobs", environment)).catch(() => []);
      const sizes = await Promise.all(
        campaigns.map((campaign) => bytesOfOutputs(at("jobs", environment, campaign, workflow))),
      );
      return sizes.reduce((sum, size) => sum + size, 0);
    },

    async tidy(directory, keepWork) {
      if (!keepWork) await rm(at(directory, "work"), { recursive: true, force: true });
      await pack(at(directory, "log"));
    },

    async dropLog(directory) {
      for (const name of ["log", "log.gz", "log.size"]) await rm(at(directory, name), { force: true });
    },

    async dropWork(directory) {
      await rm(at(directory, "work"), { recursive: true, force: true });
    },
  };
  return workspace;
}

async function sizeOf(file: string): Promise<number | undefined> {
  return await stat(file).then(
    (found) => found.size,
    () => undefined,
  );
}

async function smallText(file: string): Promise<string | undefined> {
  const found = await lstat(file).catch(() => undefined);
  if (!found?.isFile()) return undefined;
  if (found.size > MOST_JSON) return `{"larger than": ${MOST_JSON} bytes`;
  return await readFile(file, "utf8");
}

async function filesBelow(directory: string): Promise<{ path: string; bytes: number }[]> {
  const files: { path: string; bytes: number }[] = [];
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (!entry.isFile() || files.length >= MOST_FILES) continue;
    const file = join(entry.parentPath, entry.name);
    files.push({ path: relative(directory, file), bytes: (await sizeOf(file)) ?? 0 });
  }
  return files.sort((a, b) => a.path.localeCompare(b.path));
}

async function bytesOfOutputs(directory: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => [])) {
    if (!entry.isFile() || !entry.parentPath.split(sep).includes("out")) continue;
    bytes += (await sizeOf(join(entry.parentPath, entry.name))) ?? 0;
  }
  return bytes;
}

/** Head and tail of the log, line by line: a log of a gigabyte is never held, and a line of a gigabyte is not either. */
async function inspect(file: string, patterns: readonly RegExp[]): Promise<LogFindings> {
  const finder = firstErrorFinder();
  const matched = new Set<string>();
  const size = (await sizeOf(file)) ?? 0;
  const pieces =
    size <= 2 * LOOKED_THROUGH
      ? [{ start: 0, end: size }]
      : [
          { start: 0, end: LOOKED_THROUGH },
          { start: size - LOOKED_THROUGH, end: size },
        ];
  for (const { start, end } of pieces) {
    if (end <= start) continue;
    for await (const line of createInterface({
      input: createReadStream(file, { start, end: end - 1, encoding: "utf8" }),
      crlfDelay: Number.POSITIVE_INFINITY,
    })) {
      const short = line.slice(0, 2_000);
      finder.take(short);
      for (const pattern of patterns)
        if (!matched.has(pattern.source) && pattern.test(short)) matched.add(pattern.source);
    }
  }
  return { firstError: finder.found(), matched };
}

/** `log` becomes `log.gz`, with its size beside it; whoever reads meanwhile has one or the other. */
async function pack(log: string): Promise<void> {
  const size = (await sizeOf(log)) ?? 0;
  if (size < WORTH_PACKING) return;
  await pipeline(createReadStream(log), createGzip({ level: 6 }), createWriteStream(`${log}.gz`));
  const handle = await open(`${log}.size`, "w");
  await handle.writeFile(String(size));
  await handle.close();
  await rm(log);
}

function rangeOf(packed: Readable, start: number, end: number | undefined): Readable {
  const unpacked = packed.pipe(createGunzip());
  packed.on("error", (error) => unpacked.destroy(error));
  const range = new PassThrough();
  let position = 0;
  unpacked.on("error", (error) => range.destroy(error));
  unpacked.on("data", (chunk: Buffer) => {
    const from = Math.max(0, start - position);
    const to = end === undefined ? chunk.length : Math.min(chunk.length, end - position);
    position += chunk.length;
    if (to > from && !range.write(chunk.subarray(from, to))) {
      unpacked.pause();
      range.once("drain", () => unpacked.resume());
    }
    if (end !== undefined && position >= end) {
      range.end();
      packed.destroy();
      unpacked.destroy();
    }
  });
  unpacked.on("end", () => range.end());
  return range;
}
