import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { workspaceIn } from "../../../src/adapters/workspace/workspace.ts";
import type { Workspace } from "../../../src/ports/workspace.ts";
import { aDirectory } from "../sources/a-directory.ts";

/** The directory of an attempt, as the store names it. */
const ATTEMPT = "jobs/production/prompt/t0/fit/8215/1";

let directory: ReturnType<typeof aDirectory>;
let workspace: Workspace;
const at = (...steps: string[]) => join(directory.path, ATTEMPT, ...steps);

beforeEach(() => {
  directory = aDirectory();
  workspace = workspaceIn(directory.path);
  for (const name of ["out", "work"]) mkdirSync(at(name), { recursive: true });
});
afterEach(() => directory.remove());

async function textOf(stream: Readable | undefined): Promise<string | undefined> {
  if (stream === undefined) return undefined;
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}

const read = async (start: number, end?: number) => await textOf(await workspace.readLog(ATTEMPT, start, end));
const writeLog = (text: string) => writeFileSync(at("log"), text);
const LONG = Array.from({ length: 20_000 }, (_, line) => `line ${line}\n`).join("");

describe("a log", () => {
  test("is read from any byte to any other", async () => {
    writeLog("0123456789");
    expect(await workspace.logSize(ATTEMPT)).toBe(10);
    expect(await read(0)).toBe("0123456789");
    expect(await read(3, 6)).toBe("345");
    expect(await read(8, 99)).toBe("89");
    expect([await read(5, 5), await read(6, 2), await read(10), await read(99)]).toEqual(["", "", "", ""]);
  });

  test("reads the same once it is packed", async () => {
    writeLog(LONG);
    await workspace.tidy(ATTEMPT, true);
    expect(readdirSync(at()).sort()).toEqual(["log.gz", "log.size", "out", "work"]);
    expect(await workspace.logSize(ATTEMPT)).toBe(LONG.length);
    expect(await read(0)).toBe(LONG);
    const byte = fc.nat(LONG.length + 1_000);
    await fc.assert(
      fc.asyncProperty(byte, fc.option(byte, { nil: undefined }), async (start, end) => {
        expect(await read(start, end)).toBe(end !== undefined && end < start ? "" : LONG.slice(start, end));
      }),
      { numRuns: 50 },
    );
  });

  test("that is short is not worth packing, and one that is not there is no fault", async () => {
    await workspace.tidy(ATTEMPT, true);
    expect(await workspace.logSize(ATTEMPT)).toBeUndefined();
    writeLog("short\n");
    await workspace.tidy(ATTEMPT, true);
    expect(await read(0)).toBe("short\n");
  });

  test("that is packed leaves no open file behind, however little of it is read", async () => {
    writeLog(LONG);
    await workspace.tidy(ATTEMPT, true);
    expect(await read(0, 10)).toBe("line 0\nlin");
    const left = await workspace.readLog(ATTEMPT, 0);
    await new Promise((resolve) => left.once("readable", resolve));
    left.destroy();
    await new Promise((resolve) => left.once("close", resolve));
    await until(() => openFiles().every((file) => !file.startsWith(directory.path)));
  });

  test("that is gone fails whoever reads it, and nobody else", async () => {
    await expect(read(0)).rejects.toThrow("ENOENT");
    await expect(read(5, 10)).rejects.toThrow("ENOENT");
  });

  test("is not found through a link that a job laid in its place", async () => {
    writeFileSync(directory.at("secret"), "secret");
    symlinkSync(directory.at("secret"), at("log"));
    expect(await workspace.logSize(ATTEMPT)).toBeUndefined();
    await expect(read(0)).rejects.toThrow("ENOENT");
  });
});

describe("a log that is followed", () => {
  /** Follows it, and does one of these at each look whether more will come. */
  async function follow(from: number, steps: readonly (() => void | Promise<void>)[]) {
    const pieces: { text: string; next: number }[] = [];
    const left = [...steps];
    const live = async () => {
      const step = left.shift();
      await step?.();
      return step !== undefined;
    };
    for await (const piece of workspace.followLog(ATTEMPT, from, live)) pieces.push(piece);
    return pieces;
  }

  test("comes in pieces as it grows, each with the byte after its end, until no more will come", async () => {
    const pieces = await follow(0, [
      () => writeLog("one\n"),
      () => appendFileSync(at("log"), "two\n"),
      () => appendFileSync(at("log"), "thr"),
      () => appendFileSync(at("log"), "ee"),
    ]);
    expect(pieces).toEqual([
      { text: "one\n", next: 4 },
      { text: "two\n", next: 8 },
      { text: "three", next: 13 },
    ]);
    expect(await follow(8, [])).toEqual([{ text: "three", next: 13 }]);
    expect(await follow(13, [])).toEqual([]);
  });

  test("comes whole though it is packed meanwhile, and however long it is", async () => {
    const long = LONG.repeat(3);
    writeLog(long);
    const pieces = await follow(0, [() => {}, () => workspace.tidy(ATTEMPT, true)]);
    expect(existsSync(at("log.gz"))).toBe(true);
    expect(pieces.map(({ text }) => text).join("")).toBe(long);
  });

  test("keeps letters whole that were written in two pieces, and shows a progress while it goes on", async () => {
    const bytes = Buffer.from("10 %\rgröße");
    const pieces = await follow(0, [
      () => writeFileSync(at("log"), bytes.subarray(0, 8)),
      () => appendFileSync(at("log"), bytes.subarray(8)),
    ]);
    expect(pieces.map(({ text }) => text)).toEqual(["10 %\r", "größe"]);
  });

  test("comes in parts where a line of it is long", async () => {
    writeLog("x".repeat(600_000));
    const pieces = await follow(0, [() => {}]);
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.at(-1)?.next).toBe(600_000);
  });

  test("ends where it was removed meanwhile", async () => {
    expect(await follow(0, [() => writeLog("one\n"), () => rmSync(at("log"))])).toEqual([{ text: "one\n", next: 4 }]);
  });
});

describe("a log that is looked through", () => {
  test("gives its first error, and which patterns stand in it", async () => {
    writeLog("start\n\u001b[31mERROR: no pulser\u001b[0m\nERROR: another\ndisk quota exceeded\n");
    expect(await workspace.inspectLog(ATTEMPT, [/quota/, /segfault/, /^start$/])).toEqual({
      firstError: "ERROR: no pulser",
      matched: new Set(["quota", "^start$"]),
    });
  });

  test("is looked through at its two ends where it is large, with lines of any length", async () => {
    writeLog(`${"x".repeat(5_000_000)}\n${"filler\n".repeat(1_000_000)}ERROR: at the end\n`);
    expect(await workspace.inspectLog(ATTEMPT, [/filler/])).toEqual({
      firstError: "ERROR: at the end",
      matched: new Set(["filler"]),
    });
  });

  test("says nothing where it is not", async () => {
    expect(await workspace.inspectLog(ATTEMPT, [/x/])).toEqual({ firstError: null, matched: new Set() });
  });
});

describe("what a job left", () => {
  beforeEach(() => {
    writeFileSync(directory.at("secret"), "secret");
    writeFileSync(at("work", "beside"), "beside");
    writeFileSync(at("out", "metrics.json"), '{"shift": 3}');
    mkdirSync(at("out", "plots"));
    writeFileSync(at("out", "plots", "a b.svg"), "<svg/>");
  });

  const collected = async () => {
    const { texts, bytes } = await workspace.collect(ATTEMPT);
    return { ...texts, bytes };
  };

  test("is its metrics, its list of outputs, and every file with its size", async () => {
    writeFileSync(at("out", "outputs.json"), "not JSON");
    expect(await collected()).toEqual({
      metrics: '{"shift": 3}',
      outputs: "not JSON",
      present: ["metrics.json", "outputs.json", "plots/a b.svg"],
      bytes: 26,
    });
    expect(await workspace.bytesOf("production", "t0")).toBe(26);
    expect(await workspace.bytesOf("production", "nope")).toBe(0);
    expect(workspace.outputOf(ATTEMPT)).toBe(at("out"));
  });

  test("is nothing that a link leads to", async () => {
    rmSync(at("out", "metrics.json"));
    symlinkSync(directory.at("secret"), at("out", "metrics.json"));
    symlinkSync(directory.path, at("out", "everything"));
    expect(await collected()).toEqual({
      metrics: undefined,
      outputs: undefined,
      present: ["plots/a b.svg"],
      bytes: 6,
    });
  });

  test("is not read where it is too large to be meant", async () => {
    writeFileSync(at("out", "metrics.json"), `{"x": "${"x".repeat(17_000_000)}"}`);
    const { metrics = "" } = await collected();
    expect(metrics).toMatch(/^\{"larger than": \d+ bytes$/);
    expect(() => JSON.parse(metrics)).toThrow();
  });

  test("is given out by its path", async () => {
    const file = await workspace.openOutput(ATTEMPT, "plots/a b.svg");
    expect(file?.bytes).toBe(6);
    expect(await textOf(file?.stream)).toBe("<svg/>");
    symlinkSync("plots/a b.svg", at("out", "latest.svg"));
    expect(await textOf((await workspace.openOutput(ATTEMPT, "latest.svg"))?.stream)).toBe("<svg/>");
  });

  test.each([
    "../work/beside",
    "plots/../../work/beside",
    "../out/../log",
    "/etc/passwd",
    "..",
    ".",
    "",
    "plots",
    "nope",
    "metrics.json/x",
    "nul\0",
    "link",
    "links/secret",
    "pipe",
  ])("is not given out by a path that leads elsewhere: %j", async (path) => {
    symlinkSync(directory.at("secret"), at("out", "link"));
    symlinkSync(directory.path, at("out", "links"));
    execFileSync("sh", ["-c", 'mkfifo "$1"', "sh", at("out", "pipe")]);
    expect(await workspace.openOutput(ATTEMPT, path)).toBeUndefined();
  });

  test("is nothing at all where a job laid a link in the place of its directory, or of one above", async () => {
    mkdirSync(directory.at("elsewhere"));
    renameSync(at("out"), directory.at("elsewhere/out"));
    symlinkSync(directory.at("elsewhere/out"), at("out"));
    const nothing = { metrics: undefined, outputs: undefined, present: [], bytes: 0 };
    expect(await collected()).toEqual(nothing);
    expect(await workspace.openOutput(ATTEMPT, "metrics.json")).toBeUndefined();
    rmSync(at(), { recursive: true });
    symlinkSync(directory.at("elsewhere"), at());
    expect(await collected()).toEqual(nothing);
    expect(await workspace.openOutput(ATTEMPT, "metrics.json")).toBeUndefined();
  });

  test("is found where the data directory itself is reached through a link", async () => {
    symlinkSync(directory.path, `${directory.path}-link`);
    const linked = workspaceIn(`${directory.path}-link`);
    try {
      expect(await textOf((await linked.openOutput(ATTEMPT, "metrics.json"))?.stream)).toBe('{"shift": 3}');
    } finally {
      rmSync(`${directory.path}-link`);
    }
  });
});

describe("what is tidied away", () => {
  beforeEach(() => {
    writeLog(LONG);
    writeFileSync(at("work", "core"), "x");
    writeFileSync(at("out", "metrics.json"), "{}");
  });

  test("is the working directory, unless somebody may want to look at it", async () => {
    await workspace.tidy(ATTEMPT, true);
    expect(existsSync(at("work", "core"))).toBe(true);
    await workspace.tidy(ATTEMPT, false);
    expect(readdirSync(at()).sort()).toEqual(["log.gz", "log.size", "out"]);
  });

  test("is, once they were kept long enough, the working directory and the log; outputs stay", async () => {
    await workspace.tidy(ATTEMPT, true);
    await workspace.dropWork(ATTEMPT);
    expect(readdirSync(at()).sort()).toEqual(["log.gz", "log.size", "out"]);
    await workspace.dropLog(ATTEMPT);
    expect(readdirSync(at())).toEqual(["out"]);
    expect(await workspace.logSize(ATTEMPT)).toBeUndefined();
    await workspace.dropLog(ATTEMPT);
    await workspace.dropWork(ATTEMPT);
    expect(readFileSync(at("out", "metrics.json"), "utf8")).toBe("{}");
  });

  test("goes though the job took away the right to write", async () => {
    mkdirSync(at("work", "deep", "deeper"), { recursive: true });
    writeFileSync(at("work", "deep", "deeper", "file"), "x");
    symlinkSync("/", at("work", "deep", "root"));
    for (const place of [at("work", "deep", "deeper"), at("work", "deep"), at("work")]) chmodSync(place, 0o500);
    asNobody(
      directory.path,
      `await workspaceIn(${JSON.stringify(directory.path)}).dropWork(${JSON.stringify(ATTEMPT)})`,
    );
    expect(existsSync(at("work"))).toBe(false);
  });
});

/** Root may remove everything, so whoever that is does it as somebody else. */
function asNobody(place: string, deed: string): void {
  const root = process.getuid?.() === 0;
  const give = (path: string): void => {
    chownSync(path, 65_534, 65_534);
    for (const entry of readdirSync(path, { withFileTypes: true }))
      if (entry.isDirectory()) give(join(path, entry.name));
  };
  if (root) give(place);
  const module = join(import.meta.dirname, "../../../src/adapters/workspace/workspace.ts");
  execFileSync(
    process.execPath,
    ["--input-type=module", "--eval", `const { workspaceIn } = await import(${JSON.stringify(module)}); ${deed}`],
    root ? { uid: 65_534, gid: 65_534 } : {},
  );
}

function openFiles(): string[] {
  return readdirSync("/proc/self/fd").flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      // The one that listed them is closed already.
      return [];
    }
  });
}

/** Files are closed in their own time; the test's ends a wait that is in vain. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(setImmediate);
}
