import { appendFileSync, renameSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { replayOptions } from "../../../src/adapters/sources/replay/config.ts";
import { openReplaySource } from "../../../src/adapters/sources/replay/replay.ts";
import { scheduleOf } from "../../../src/adapters/sources/replay/schedule.ts";
import { readAll, runSourceContract } from "../../contracts/run-source.ts";
import { aContext, type TestContext } from "./a-context.ts";
import { aDirectory } from "./a-directory.ts";

const START = Date.UTC(2026, 0, 1);
const RUNS = Array.from({ length: 503 }, (_, index) => ({
  run: 8_000 + index,
  start: new Date(START + index * 60_000).toISOString(),
}));

const jsonLines = (records: readonly unknown[]) => records.map((record) => `${JSON.stringify(record)}\n`).join("");

for (const [name, options] of Object.entries({
  "as fast as it can be taken": {},
  "at a pace": { pace: "10s" },
  "by the times of the runs": { speed: 60 },
})) {
  runSourceContract(`replay, ${name}`, async () => {
    const directory = aDirectory();
    writeFileSync(directory.at("runs.jsonl"), jsonLines(RUNS));
    const context = aContext(directory.path);
    return {
      open: () => openReplaySource(replayOptions.parse({ file: "runs.jsonl", ...options }), context),
      records: RUNS,
      fail: async () => renameSync(directory.at("runs.jsonl"), directory.at("away")),
      mend: async () => renameSync(directory.at("away"), directory.at("runs.jsonl")),
      pass: context.clock.pass,
      clean: async () => directory.remove(),
    };
  });
}

describe("the replay source", () => {
  let directory: ReturnType<typeof aDirectory>;
  let context: TestContext;
  const open = (text: string, options: object = {}) => {
    writeFileSync(directory.at("runs"), text);
    return openReplaySource(replayOptions.parse({ file: "runs", ...options }), context);
  };
  const pass = (ms: number) => context.clock.pass(ms);

  beforeEach(() => {
    directory = aDirectory();
    context = aContext(directory.path);
  });
  afterEach(() => directory.remove());

  test("gives out everything at once in batches without a pace, and is over", async () => {
    const { readings } = await readAll(open(JSON.stringify(RUNS)), null, pass);
    expect(readings.map(({ records, more, over }) => [records.length, more, over])).toEqual([
      [200, true, undefined],
      [200, true, undefined],
      [103, false, true],
    ]);
  });

  test("keeps a pace, says when the next record is due, and makes up for the time that it was away", async () => {
    const source = open(jsonLines(RUNS.slice(0, 5)), { pace: "10s" });
    const first = await source.read(null);
    expect(first).toMatchObject({ records: [RUNS[0]], more: false, againInMs: 10_000 });
    pass(4_000);
    expect(await source.read(first.cursor)).toMatchObject({ records: [], againInMs: 6_000 });
    pass(27_000);
    const second = await open(jsonLines(RUNS.slice(0, 5)), { pace: "10s" }).read(first.cursor);
    expect(second).toMatchObject({ records: RUNS.slice(1, 4), againInMs: 9_000 });
    pass(9_000);
    expect(await source.read(second.cursor)).toMatchObject({ records: RUNS.slice(4, 5), more: false, over: true });
  });

  test("goes as many times as fast as it happened, by the time that is named", async () => {
    const record = (run: number, at: string) => ({ run, times: { begin: at } });
    const records = [
      record(1, "2026-01-01T00:00:00Z"),
      record(2, "2026-01-01T00:10:00Z"),
      record(3, "2026-01-01T02:10:00+02:00"),
    ];
    const source = open(jsonLines(records), { speed: 60, time: "times.begin" });
    const first = await source.read(null);
    expect(first).toMatchObject({ records: records.slice(0, 1), againInMs: 10_000 });
    pass(10_000);
    expect(await source.read(first.cursor)).toMatchObject({ records: records.slice(1), over: true });
  });

  test("keeps the order of the file: a record without a time, or before its turn, is due with the one before it", () => {
    const time = fc.option(fc.date({ min: new Date("2026-01-01"), max: new Date("2026-02-01"), noInvalidDate: true }), {
      nil: undefined,
    });
    fc.assert(
      fc.property(fc.array(time), fc.double({ min: 0.01, max: 1e6, noNaN: true }), (times, speed) => {
        const records = times.map((at) => ({ start: at?.toISOString() }));
        const due = scheduleOf(records, { speed, pace: undefined, time: undefined });
        if (!due) return times.length > 0 && times.every((at) => at === undefined);
        return due.every((at, index) => at >= (due[index - 1] ?? 0) && Number.isFinite(at));
      }),
    );
  });

  test("gives out a broken line as unreadable in its turn", async () => {
    const { records } = await readAll(open('{"run":1}\n{"run":\n\n{"run":3}', { pace: "1s" }), null, pass);
    expect(records).toEqual([
      { run: 1 },
      { unreadable: '{"run":', file: "runs", line: 2, why: expect.stringContaining("not JSON: ") },
      { run: 3 },
    ]);
  });

  test("goes on when its file has grown after it was over", async () => {
    const source = open(jsonLines(RUNS.slice(0, 2)));
    const { cursor } = await readAll(source, null, pass);
    appendFileSync(directory.at("runs"), jsonLines(RUNS.slice(2, 3)));
    expect(await source.read(cursor)).toMatchObject({ records: RUNS.slice(2, 3), over: true });
  });

  test("is over at once when there is nothing in its file", async () => {
    for (const text of ["", "[]", "\n"])
      expect(await open(text, { speed: 10 }).read(null)).toMatchObject({ records: [], more: false, over: true });
  });

  test("rejects a list that is cut off, a file that is not there, and a speed by times that no record has", async () => {
    await expect(open('[{"run":1},{"ru').read(null)).rejects.toThrow(`${directory.at("runs")} cannot be replayed: `);
    await expect(openReplaySource(replayOptions.parse({ file: "none" }), context).read(null)).rejects.toThrow("ENOENT");
    await expect(open(jsonLines(RUNS), { speed: 2, time: "begin" }).read(null)).rejects.toThrow(
      'no record has a time at "begin": look at time',
    );
  });

  test("refuses options that contradict one another", () => {
    const mistakes = (options: object) =>
      replayOptions.safeParse({ file: "runs", ...options }).error?.issues.map(({ message }) => message);
    expect(mistakes({ pace: "1s", speed: 2 })).toEqual([
      "pace and speed stand together; write one of them, or neither",
    ]);
    expect(mistakes({ time: "start" })).toEqual(["time goes with speed only; leave it out"]);
    expect(mistakes({ speed: 0 })).toEqual(["not a speed; write a number greater than 0, for example 60"]);
  });
});
