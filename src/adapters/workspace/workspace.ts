/** The directories of jobs on a file system. What a job wrote is never trusted: neither its names nor its size. */
import { createReadStream, createWriteStream } from "node:fs";
import { chmod, lstat, open, readdir, readFile, realpath, rm, stat } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import { createInterface } from "node:readline";
import { PassThrough, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { environmentStep } from "../../core/job/key.ts";
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
  /** `$CALOPS_OUT`, unless a job has laid a link in its place or above it. */
  const ownOutput = async (directory: string): Promise<string | undefined> => {
    const [own, real] = await Promise.all([realpath(root), realpath(at(directory, "out"))]).catch(() => []);
    return own !== undefined && real === join(own, directory, "out") ? real : undefined;
  };

  const realOutput = async (directory: string, path: string): Promise<string | undefined> => {
    const out = await ownOutput(directory);
    if (out === undefined) return undefined;
    // A link that a job laid may lead anywhere; what counts is where it ends.
    const file = await realpath(resolve(out, path)).catch(() => undefined);
    return file?.startsWith(out + sep) ? file : undefined;
  };

  const workspace: Workspace = {
    absolute: (path) => join(root, path),
    outputOf: (directory) => at(directory, "out"),

    async collect(directory) {
      const out = await ownOutput(directory);
      const present = out === undefined ? [] : await filesBelow(out);
      const texts = {
        metrics: out && (await smallText(join(out, "metrics.json"))),
        outputs: out && (await smallText(join(out, "outputs.json"))),
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
      return Readable.from(unpacked(at(directory, "log.gz"), start, end ?? Number.POSITIVE_INFINITY), {
        objectMode: false,
      });
    },

    followLog: (directory, from, live) => followLog({ workspace, directory, from }, live),

    realOutput,
    async openOutput(directory, path) {
      const file = await realOutput(directory, path);
      const found = file === undefined ? undefined : await stat(file);
      return file !== undefined && found?.isFile() ? { stream: createReadStream(file), bytes: found.size } : undefined;
    },

    async bytesOf(environment, workflow) {
      const jobs = join("jobs", environmentStep(environment));
      const campaigns = await readdir(at(jobs)).catch(() => []);
      const sizes = await Promise.all(campaigns.map((campaign) => bytesOfOutputs(at(jobs, campaign, workflow))));
      return sizes.reduce((sum, size) => sum + size, 0);
    },

    async dropEnvironment(environment) {
      await removeTree(at("jobs", environmentStep(environment)));
    },

    async tidy(directory, keepWork) {
      if (!keepWork) await removeTree(at(directory, "work"));
      await pack(at(directory, "log"));
    },

    async dropLog(directory) {
      for (const name of ["log", "log.gz", "log.size"]) await rm(at(directory, name), { force: true });
    },

    async dropWork(directory) {
      await removeTree(at(directory, "work"));
    },

    async dropOutput(directory) {
      await removeTree(at(directory, "out"));
    },
  };
  return workspace;
}

/** Of a file; a link, which may lead anywhere, is none. */
async function sizeOf(file: string): Promise<number | undefined> {
  const found = await lstat(file).catch(() => undefined);
  return found?.isFile() ? found.size : undefined;
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
  // Flushed: the plain log must not be gone for good while its copy waits in memory.
  await pipeline(createReadStream(log), createGzip({ level: 6 }), createWriteStream(`${log}.gz`, { flush: true }));
  const handle = await open(`${log}.size`, "w");
  await handle.writeFile(String(size));
  await handle.close();
  await rm(log);
}

/** The bytes of a packed file from `start` to `end`, excluded; no more is unpacked than that needs. */
async function* unpacked(file: string, start: number, end: number): AsyncGenerator<Buffer> {
  const packed = createReadStream(file);
  const whole = packed.pipe(createGunzip());
  packed.on("error", (error) => whole.destroy(error));
  let position = 0;
  try {
    for await (const chunk of whole as AsyncIterable<Buffer>) {
      const piece = chunk.subarray(Math.max(0, start - position), Math.max(0, end - position));
      position += chunk.length;
      if (piece.length > 0) yield piece;
      if (position >= end) return;
    }
  } finally {
    // A reader who leaves early leaves no open file behind.
    packed.destroy();
  }
}

/** A job may have taken away its own right to write, and with it ours to remove. */
async function removeTree(directory: string): Promise<void> {
  const remove = () => rm(directory, { recursive: true, force: true });
  try {
    await remove();
  } catch {
    await makeWritable(directory);
    await remove();
  }
}

async function makeWritable(directory: string): Promise<void> {
  await chmod(directory, 0o700);
  for (const entry of await readdir(directory, { withFileTypes: true }))
    if (entry.isDirectory()) await makeWritable(join(directory, entry.name));
}
