/** What every run source keeps, wherever its runs come from. */
import { createHook } from "node:async_hooks";
import { readdirSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { RunSource, SourceReading } from "../../src/ports/run-source.ts";

export type SourceGround = {
  /** A new instance over the same outside world, as after a restart. */
  open(): RunSource;
  /** What the outside world holds, in order: enough for several batches. */
  readonly records: readonly unknown[];
  /** Takes the outside world away, and brings it back as it was. */
  fail(): Promise<void>;
  mend(): Promise<void>;
  /** Lets time pass for the source. */
  pass(ms: number): void;
  clean(): Promise<void>;
};

export type Everything = {
  readonly records: unknown[];
  readonly cursor: string | null;
  readonly readings: readonly SourceReading[];
};

/** Reads on until nothing more is to come now, letting time pass where the source asks for it. */
export async function readAll(source: RunSource, from: string | null, pass: (ms: number) => void): Promise<Everything> {
  const readings: SourceReading[] = [];
  let cursor = from;
  for (let turn = 0; turn < 10_000; turn++) {
    const reading = await source.read(cursor);
    readings.push(reading);
    cursor = reading.cursor;
    if (reading.more) continue;
    if (reading.over || reading.againInMs === undefined)
      return { records: readings.flatMap(({ records }) => records), cursor, readings };
    pass(reading.againInMs);
  }
  throw new Error("the source never comes to an end");
}

export function runSourceContract(name: string, setup: () => Promise<SourceGround>): void {
  describe(`the run source ${name}`, () => {
    let ground: SourceGround;
    let before: Leftovers;
    const opened: RunSource[] = [];
    const open = () => {
      const source = ground.open();
      opened.push(source);
      return source;
    };
    const pass = (ms: number) => ground.pass(ms);
    /** The cursor goes through the store as text. */
    const stored = (cursor: string | null): string | null =>
      cursor === null ? null : Buffer.from(cursor, "utf8").toString("utf8");
    const missing = (from: readonly unknown[]) => {
      const there = new Set(from.map((record) => JSON.stringify(record)));
      return ground.records.filter((record) => !there.has(JSON.stringify(record)));
    };

    beforeEach(async () => {
      ground = await setup();
      await timersAreTold();
      before = leftovers();
    });
    afterEach(async () => {
      for (const source of opened.splice(0)) await source.close();
      await ground.clean();
    });

    test("gives everything from the beginning, in order, in batches of a few hundred at most", async () => {
      const { records, readings } = await readAll(open(), null, pass);
      expect(records).toEqual(ground.records);
      expect(Math.max(...readings.map((reading) => reading.records.length))).toBeLessThanOrEqual(500);
      expect(readings.filter((reading) => reading.records.length > 0).length).toBeGreaterThan(1);
    });

    test("gives nothing that is not known when it is read again from its last cursor", async () => {
      const source = open();
      const { cursor } = await readAll(source, null, pass);
      const again = await readAll(source, stored(cursor), pass);
      const known = new Set(ground.records.map((record) => JSON.stringify(record)));
      expect(again.records.filter((record) => !known.has(JSON.stringify(record)))).toEqual([]);
    });

    test("goes on from any stored cursor in a new instance, and misses nothing", async () => {
      const { readings } = await readAll(open(), null, pass);
      for (const [index, { cursor }] of readings.entries()) {
        const given = readings.slice(0, index + 1).flatMap(({ records }) => records);
        const rest = await readAll(open(), stored(cursor), pass);
        expect(missing([...given, ...rest.records])).toEqual([]);
      }
    });

    test("gives a batch again that could not be committed", async () => {
      const { readings } = await readAll(open(), null, pass);
      const second = readings.filter((reading) => reading.records.length > 0)[1];
      const source = open();
      let reading = await source.read(null);
      while (reading.records.length === 0) {
        pass(reading.againInMs ?? 0);
        reading = await source.read(reading.cursor);
      }
      pass(reading.againInMs ?? 0);
      const next = await source.read(reading.cursor);
      const again = await source.read(reading.cursor);
      expect(next.records).toEqual(second?.records);
      expect(again.records).toEqual(next.records);
    });

    test("begins anew with a cursor that it does not understand", async () => {
      for (const cursor of ["", "nonsense", "{}", '{"reading":"gone","given":500,"from":null}']) {
        const { records } = await readAll(open(), cursor, pass);
        expect(records).toEqual(ground.records);
      }
    });

    test("rejects with a message while its outside world fails, and loses nothing", async () => {
      const source = open();
      await ground.fail();
      await expect(source.read(null)).rejects.toThrow(/.{10,}/);
      await ground.mend();
      const { readings } = await readAll(source, null, pass);
      const first = readings.findIndex((reading) => reading.records.length > 0);
      const given = readings.slice(0, first + 1).flatMap(({ records }) => records);
      const cursor = readings[first]?.cursor ?? null;

      await ground.fail();
      const restarted = open();
      await expect(restarted.read(cursor)).rejects.toThrow(/.{10,}/);
      await ground.mend();
      const rest = await readAll(restarted, cursor, pass);
      expect(missing([...given, ...rest.records])).toEqual([]);
    });

    test("leaves no timer, no child and no watcher behind when it is closed, even while it reads", async () => {
      const source = open();
      source.onChange(() => {});
      await source.read(null);
      await source.close();
      await source.close();
      const busy = open();
      busy.onChange(() => {});
      const reading = busy.read(null).catch(() => undefined);
      await busy.close();
      await reading;
      await timersAreTold();
      expect(leftovers()).toEqual(before);
    });
  });
}

type Leftovers = { readonly timers: number; readonly children: number; readonly watches: number };

/** What sources hold in this process, as Node and the kernel see it. */
function leftovers(): Leftovers {
  const children = readdirSync("/proc/self/task").flatMap((task) => words(read(`/proc/self/task/${task}/children`)));
  const watches = readdirSync("/proc/self/fdinfo").flatMap(
    (fd) => read(`/proc/self/fdinfo/${fd}`).match(/^inotify wd:/gm) ?? [],
  );
  return { timers: timers.size, children: children.length, watches: watches.length };
}

/** Timers that were set by a source, those among them that would not keep the process alive. */
const timers = new Set<number>();

createHook({
  init(id, kind) {
    if (kind !== "Timeout") return;
    const { stack = "" } = new Error("set here");
    // A time limit of Node's own holds nothing, and nobody can clear it.
    if (stack.includes("/src/adapters/sources/") && !stack.includes("abort_controller")) timers.add(id);
  },
  destroy: (id) => timers.delete(id),
}).enable();

/** Node says a moment later that a timer was cleared. */
const timersAreTold = () => new Promise((resolve) => setImmediate(resolve));

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // It was open a moment ago, when the directory was listed.
    return "";
  }
}
