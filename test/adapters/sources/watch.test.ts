import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { watchOptions } from "../../../src/adapters/sources/watch/config.ts";
import { LIST_START, type ListPlace, stepOn } from "../../../src/adapters/sources/watch/list-step.ts";
import { openWatchSource } from "../../../src/adapters/sources/watch/watch.ts";
import type { RunSource } from "../../../src/ports/run-source.ts";
import { readAll, runSourceContract } from "../../contracts/run-source.ts";
import { aContext, type TestContext } from "./a-context.ts";
import { aDirectory } from "./a-directory.ts";

const RUNS = Array.from({ length: 1_203 }, (_, index) => ({
  run: 8_000 + index,
  type: index % 7 === 0 ? "cosmics" : "physics",
}));

const jsonLines = (records: readonly unknown[]) => records.map((record) => `${JSON.stringify(record)}\n`).join("");

/** Files by name; the source watches the first, or the folder when there are several. */
function contractFor(
  name: string,
  files: Readonly<Record<string, string>>,
  records: readonly unknown[],
  path: string,
): void {
  runSourceContract(name, async () => {
    const directory = aDirectory();
    mkdirSync(directory.at("runs"));
    for (const [file, text] of Object.entries(files)) writeFileSync(directory.at(`runs/${file}`), text);
    const context = aContext(directory.path);
    return {
      open: () => openWatchSource(watchOptions.parse({ path }), context),
      records,
      fail: async () => renameSync(directory.at("runs"), directory.at("away")),
      mend: async () => renameSync(directory.at("away"), directory.at("runs")),
      pass: context.clock.pass,
      clean: async () => directory.remove(),
    };
  });
}

contractFor("watch, a list of JSON lines", { "list.jsonl": jsonLines(RUNS) }, RUNS, "runs/list.jsonl");
contractFor("watch, a list in one JSON file", { "list.json": JSON.stringify(RUNS) }, RUNS, "runs/list.json");
contractFor(
  "watch, a list of run numbers",
  { "list.txt": RUNS.map(({ run }) => `${run}\n`).join("") },
  RUNS.map(({ run }) => ({ number: run })),
  "runs/list.txt",
);
contractFor(
  "watch, a CSV list",
  { "list.csv": `run,type\n${RUNS.map(({ run, type }) => `${run},${type}\n`).join("")}` },
  RUNS.map(({ run, type }) => ({ run: String(run), type })),
  "runs/list.csv",
);
const inFives = Array.from({ length: Math.ceil(RUNS.length / 5) }, (_, index) => RUNS.slice(index * 5, index * 5 + 5));
contractFor(
  "watch, a folder",
  Object.fromEntries(inFives.map((records, index) => [`runs-${index}.json`, JSON.stringify(records)])),
  RUNS,
  "runs",
);

describe("the watch source", () => {
  let directory: ReturnType<typeof aDirectory>;
  let context: TestContext;
  const opened: RunSource[] = [];
  const open = (path: string, options: object = {}) => {
    const source = openWatchSource(watchOptions.parse({ path, ...options }), context);
    opened.push(source);
    return source;
  };
  const write = (name: string, text: string) => writeFileSync(directory.at(name), text);
  const append = (name: string, text: string) => appendFileSync(directory.at(name), text);
  const pass = (ms: number) => context.clock.pass(ms);

  beforeEach(() => {
    directory = aDirectory();
    context = aContext(directory.path);
  });
  afterEach(async () => {
    for (const source of opened.splice(0)) await source.close();
    directory.remove();
  });

  describe("reads a list that grows", () => {
    test("on from where it was, whole lines at once and the last one when its end has come", async () => {
      write("list.jsonl", '{"run":1}\n{"run":2}\n{"ru');
      const source = open("list.jsonl");
      const first = await source.read(null);
      expect(first).toMatchObject({ records: [{ run: 1 }, { run: 2 }], more: false, againInMs: 2_000 });
      append("list.jsonl", 'n":3}\n');
      const second = await source.read(first.cursor);
      expect(second.records).toEqual([{ run: 3 }]);
      expect(second.againInMs).toBeUndefined();
      expect(await source.read(second.cursor)).toEqual({ records: [], cursor: second.cursor, more: false });
    });

    test("in any pieces: the records that are read are the complete lines, each once", async () => {
      const record = fc.oneof(
        fc.record({ run: fc.nat(), note: fc.string({ unit: "grapheme" }) }),
        fc.constant(undefined),
      );
      await fc.assert(
        fc.asyncProperty(
          fc.array(record, { maxLength: 12 }),
          fc.array(fc.nat(400), { maxLength: 12 }),
          fc.constantFrom("\n", "\r\n"),
          async (records, cuts, newline) => {
            const bytes = Buffer.from(
              records.map((one) => `${one === undefined ? "" : JSON.stringify(one)}${newline}`).join(""),
            );
            const places = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort(
              (a, b) => a - b,
            );
            write("list.jsonl", "");
            let cursor: string | null = null;
            const read: unknown[] = [];
            for (const [index, end] of places.entries()) {
              appendFileSync(directory.at("list.jsonl"), bytes.subarray(places[index - 1] ?? 0, end));
              const source = open("list.jsonl");
              const reading = await source.read(cursor);
              read.push(...reading.records);
              cursor = reading.cursor;
              const complete = bytes.toString("utf8", 0, bytes.lastIndexOf("\n", end - 1) + 1);
              const lines = end === 0 ? [] : complete.split("\n").filter((line) => line.trim() !== "");
              expect(read).toEqual(lines.map((line) => JSON.parse(line)));
            }
            expect(read).toEqual(records.filter((one) => one !== undefined));
          },
        ),
        { numRuns: 150 },
      );
    });

    test("in any chunks: what is read does not depend on where they are cut", () => {
      const line = fc.oneof(fc.string(), fc.constantFrom('8215,"a, b",x', '8216,"half', "8217,b,c", "", "1,2"));
      fc.assert(
        fc.property(
          fc.constantFrom("csv" as const, "jsonl" as const, "text" as const),
          fc.array(line),
          fc.array(fc.integer({ min: 1, max: 40 })),
          (format, lines, sizes) => {
            const bytes = Buffer.from(["run,note,more", ...lines].map((text) => `${text}\n`).join(""));
            const whole = stepOn(format, { bytes, full: false, rested: false }, LIST_START, "list");
            let place: ListPlace = LIST_START;
            const read: unknown[] = [];
            for (let end = 0, turn = 0; end < bytes.length; turn++) {
              end = Math.min(bytes.length, end + (sizes[turn % sizes.length] ?? bytes.length));
              const step = stepOn(
                format,
                { bytes: bytes.subarray(place.offset, end), full: false, rested: false },
                place,
                "list",
              );
              read.push(...step.records);
              place = step.place;
            }
            expect(read).toEqual(whole.records);
            expect(place).toEqual(whole.place);
          },
        ),
      );
    });

    test("and takes a last line without an end once the file has come to rest, once", async () => {
      write("list.txt", "8215\n8216");
      const source = open("list.txt");
      const { records, cursor } = await readAll(source, null, pass);
      expect(records).toEqual([{ number: 8215 }, { number: 8216 }]);
      pass(60_000);
      expect((await source.read(cursor)).records).toEqual([]);
      append("list.txt", "\n8217\n");
      expect((await open("list.txt").read(cursor)).records).toEqual([{ number: 8217 }]);
    });

    test("and reads a last line again as a whole that went on after the file had come to rest", async () => {
      write("list.txt", "8215\n82");
      const source = open("list.txt");
      const { records, cursor } = await readAll(source, null, pass);
      expect(records).toEqual([{ number: 8215 }, { number: 82 }]);
      append("list.txt", "16\n");
      expect((await source.read(cursor)).records).toEqual([{ number: 8216 }]);
    });

    test("and begins again when it was replaced, shrank, or was changed in the middle", async () => {
      write("list.txt", "8215\n8216\n8217\n");
      const source = open("list.txt");
      let { cursor } = await source.read(null);
      for (const text of ["9001\n9002\n9003\n", "9001\n", "5001\n9002\n9003\n", "5001\n9999\n9003\n"]) {
        write("list.txt", text);
        utimesSync(directory.at("list.txt"), 1, Number(text.slice(0, 7).replace("\n", "")) + text.length);
        const reading = await source.read(cursor);
        expect(reading.records).toEqual(
          text
            .trim()
            .split("\n")
            .map((line) => ({ number: Number(line) })),
        );
        cursor = reading.cursor;
      }
      write("new", "7001\n");
      renameSync(directory.at("new"), directory.at("list.txt"));
      expect((await source.read(cursor)).records).toEqual([{ number: 7001 }]);
    });

    test("and reads on when it was replaced by a longer copy of itself, as careful programs append", async () => {
      write("list.txt", "8215\n8216\n");
      const source = open("list.txt");
      const { cursor } = await source.read(null);
      write("new", "8215\n8216\n8217\n");
      renameSync(directory.at("new"), directory.at("list.txt"));
      expect((await source.read(cursor)).records).toEqual([{ number: 8217 }]);
    });

    test("and gives out a broken line as unreadable, with all others around it", async () => {
      write("list.jsonl", '\uFEFF{"run":1}\n{"run":2\n\n  \n{"run":3}\n');
      const { records } = await open("list.jsonl").read(null);
      expect(records).toEqual([
        { run: 1 },
        { unreadable: '{"run":2', file: "list.jsonl", line: 2, why: expect.stringContaining("not JSON: ") },
        { run: 3 },
      ]);
    });

    test("and passes over a line that is longer than anything that makes sense, told once", async () => {
      write("list.jsonl", `{"run":1}\n{"run":2,"note":"${"x".repeat(5 << 19)}"}\n{"run":3}\n`);
      const { records } = await readAll(open("list.jsonl"), null, pass);
      expect(records).toEqual([
        { run: 1 },
        {
          unreadable: expect.stringMatching(/^\{"run":2.{190}/),
          file: "list.jsonl",
          line: 2,
          why: "a line of more than 1048576 bytes",
        },
        { run: 3 },
      ]);
    });

    test("with the columns of its CSV header, however much later a line comes", async () => {
      write("list.csv", "run , type,note\r\n1,physics,\r\n");
      const source = open("list.csv");
      const { records, cursor } = await source.read(null);
      expect(records).toEqual([{ run: "1", type: "physics", note: "" }]);
      append("list.csv", '2,"cosmics, long","said ""go"""\n3,physics\n4,"physics,x\n5,calibration,y\n');
      expect((await open("list.csv").read(cursor)).records).toEqual([
        { run: "2", type: "cosmics, long", note: 'said "go"' },
        { unreadable: "3,physics", file: "list.csv", line: 4, why: "2 cells; the header has 3" },
        { unreadable: '4,"physics,x', file: "list.csv", line: 5, why: expect.stringContaining("not CSV: ") },
        { run: "5", type: "calibration", note: "y" },
      ]);
    });

    test("of run numbers, with remarks", async () => {
      write("list.list", "# good runs of May\n8215\n8216 # short\n\n8217 good\n-1\n1e3\n8218\n");
      const { records } = await open("list.list").read(null);
      expect(records).toEqual([
        { number: 8215 },
        { number: 8216 },
        { unreadable: "8217 good", file: "list.list", line: 5, why: "not a run number" },
        { unreadable: "-1", file: "list.list", line: 6, why: "not a run number" },
        { unreadable: "1e3", file: "list.list", line: 7, why: "not a run number" },
        { number: 8218 },
      ]);
    });
  });

  describe("reads files as a whole", () => {
    test("not before they have come to rest, whatever their time says", async () => {
      write("run-1.json", '{"run":1,');
      utimesSync(directory.at("run-1.json"), 1, 1);
      const source = open(".");
      expect(await source.read(null)).toMatchObject({ records: [], againInMs: 2_000 });
      pass(1_500);
      append("run-1.json", '"type":"physics"}');
      expect(await source.read(null)).toMatchObject({ records: [], againInMs: 2_000 });
      pass(1_999);
      expect(await source.read(null)).toMatchObject({ records: [], againInMs: 1 });
      pass(1);
      const reading = await source.read(null);
      expect(reading).toMatchObject({ records: [{ run: 1, type: "physics" }], more: false });
      expect(reading.againInMs).toBeUndefined();
    });

    test("each once, and again when it has changed", async () => {
      write("a.json", '[{"run":1},{"run":2}]');
      write("b.csv", "run\n3\n");
      const source = open(".");
      const { records, cursor } = await readAll(source, null, pass);
      expect(records).toEqual([{ run: 1 }, { run: 2 }, { run: "3" }]);
      write("a.json", '[{"run":1,"type":"bad"}]');
      const again = await readAll(source, cursor, pass);
      expect(again.records).toEqual([{ run: 1, type: "bad" }]);
      expect((await readAll(open("."), again.cursor, pass)).records).toEqual([]);
    });

    test("also when one holds more records than fit into one call", async () => {
      write("all.json", `[${"{},".repeat(250_000)}{}]`);
      expect((await readAll(open("."), null, pass)).records).toHaveLength(250_001);
    });

    test("and not the one that is larger than anything that makes sense", async () => {
      write("a.json", "");
      truncateSync(directory.at("a.json"), 65e6);
      write("b.json", '{"run":1}');
      expect((await readAll(open("."), null, pass)).records).toEqual([
        { unreadable: "", file: "a.json", why: "larger than 64 MB" },
        { run: 1 },
      ]);
    });

    test("in the order of the numbers in their names", async () => {
      for (const run of [10, 9, 100]) write(`run-${run}.json`, `{"run":${run}}`);
      expect((await readAll(open("."), null, pass)).records).toEqual([{ run: 9 }, { run: 10 }, { run: 100 }]);
    });

    test("but no hidden, unfinished or unknown ones, and no folders", async () => {
      for (const name of [".a.json", "a.json.tmp", "b.json.part", "c.json.swp", "d.json~", "README.md"])
        write(name, "{}");
      mkdirSync(directory.at("e.json"));
      write("f.json", '{"run":1}');
      expect((await readAll(open("."), null, pass)).records).toEqual([{ run: 1 }]);
    });

    test("of any name when the format is declared", async () => {
      write("runs-of-may", "8215\n");
      write("runs-of-june.tmp", "8216\n");
      expect((await readAll(open(".", { format: "text" }), null, pass)).records).toEqual([{ number: 8215 }]);
    });

    test("and gives out one as unreadable that stays half-written, beside the others, until it is mended", async () => {
      write("a.json", '[{"run":1},{"ru');
      write("b.json", '{"run":2}');
      const source = open(".");
      const { records, cursor } = await readAll(source, null, pass);
      expect(records).toEqual([
        { unreadable: '[{"run":1},{"ru', file: "a.json", why: expect.stringContaining("not JSON: ") },
        { run: 2 },
      ]);
      expect((await readAll(source, cursor, pass)).records).toEqual([]);
      append("a.json", 'n":3}]');
      expect((await readAll(source, cursor, pass)).records).toEqual([{ run: 1 }, { run: 3 }]);
    });

    test("and tells of one that cannot be opened at each reading, since a permission leaves no trace in its time", async () => {
      symlinkSync("/proc/self/mem", directory.at("a.json"));
      write("b.json", '{"run":2}');
      const { records, cursor } = await readAll(open("."), null, pass);
      const mem = { unreadable: "", file: "a.json", why: "cannot be read: EIO" };
      expect(records).toEqual([mem, { run: 2 }]);
      expect((await readAll(open("."), cursor, pass)).records).toEqual([mem]);
    });

    test("and forgets those that have gone, so that the cursor does not grow for ever", async () => {
      for (let run = 0; run < 50; run++) write(`run-${run}.json`, `{"run":${run}}`);
      const source = open(".");
      const { cursor } = await readAll(source, null, pass);
      for (let run = 0; run < 49; run++) rmSync(directory.at(`run-${run}.json`));
      const { cursor: after } = await source.read(cursor);
      expect(after?.length).toBeLessThan(120);
      expect((await readAll(source, after, pass)).records).toEqual([]);
    });
  });

  describe("rejects, saying what to look at, when", () => {
    test("nothing is there", async () => {
      await expect(open("nowhere.jsonl").read(null)).rejects.toThrow(
        `${directory.at("nowhere.jsonl")} cannot be read: ENOENT: look at path`,
      );
    });

    test("nobody can tell what is in the file", async () => {
      write("runs.dat", "8215\n");
      await expect(open("runs.dat").read(null)).rejects.toThrow("write format: json, jsonl, csv or text");
    });
  });

  describe("notices", () => {
    const heard = (source: RunSource) => new Promise<void>((resolve) => source.onChange(resolve));

    test("that a list grows", async () => {
      write("list.jsonl", "");
      const source = open("list.jsonl");
      const notice = heard(source);
      append("list.jsonl", '{"run":1}\n');
      await notice;
    });

    test("that a list is put in place, also when there was none", async () => {
      const source = open("list.jsonl");
      const notice = heard(source);
      write("new", '{"run":1}\n');
      renameSync(directory.at("new"), directory.at("list.jsonl"));
      await notice;
    });

    test("that a file comes into a folder, also when the folder was made anew meanwhile", async () => {
      mkdirSync(directory.at("runs"));
      const source = open("runs");
      let notice = heard(source);
      write("runs/a.json", "{}");
      await notice;
      rmSync(directory.at("runs"), { recursive: true });
      mkdirSync(directory.at("runs"));
      notice = heard(source);
      await source.read(null);
      write("runs/b.json", "{}");
      await notice;
    });

    test("nothing where the file system cannot tell, and reads all the same", async () => {
      const source = open("/proc/self/nothing/list.jsonl");
      source.onChange(() => {});
      await expect(source.read(null)).rejects.toThrow("ENOENT");
    });
  });

  test("keeps its cursor small: some 30 characters a file", async () => {
    for (let run = 0; run < 2_000; run++) write(`run-${800_000 + run}.json`, `{"run":${run}}`);
    const { cursor, records } = await readAll(open("."), null, pass);
    expect(records).toHaveLength(2_000);
    expect((cursor ?? "").length / 2_000).toBeLessThan(40);
  });

  test("keeps a list of its own apart from the bytes that follow a byte that is no text", async () => {
    writeFileSync(
      directory.at("list.jsonl"),
      Buffer.concat([Buffer.from('{"run":1}\n'), Buffer.from([0xff, 0xfe, 0x0a]), Buffer.from('{"run":2}\n')]),
    );
    const { records } = await open("list.jsonl").read(null);
    expect(records).toEqual([{ run: 1 }, expect.objectContaining({ line: 2 }), { run: 2 }]);
    expect(readFileSync(directory.at("list.jsonl"))).toHaveLength(23);
  });
});
