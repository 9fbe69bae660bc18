/**
 * Conditions of a large experiment: a tag with 500 types and a million intervals, another one that was made by itself and differs
 * here and there, and a clone. Beside each figure stands the bare statement, or the program that copies files, in the same run.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { performance } from "node:perf_hooks";
import Database from "better-sqlite3";
import { exporterOf } from "../src/adapters/conditions-export/exporter.ts";
import { conditionsIn } from "../src/adapters/store/conditions/conditions.ts";
import { openSqlite } from "../src/adapters/store/sqlite.ts";
import type { OpenStore } from "../src/adapters/store/store.ts";
import type { TagChange } from "../src/core/conditions/change.ts";
import type { Iov } from "../src/core/conditions/iov.ts";
import type { Conditions } from "../src/ports/conditions.ts";
import { median, percentile, print, round } from "./figure.ts";

export const TYPES = 500;
export const EACH = 2_000;
const LOOKUPS = 300;
const EXPORTED = { types: 100, each: 100 };

export async function conditionsFigures(root: string): Promise<void> {
  mkdirSync(root, { recursive: true });
  const store = await openSqlite({ file: join(root, "calops.sqlite"), now: Date.now() });
  const conditions = conditionsIn(store.database, { data: root, now: Date.now });
  const change = changer(conditions);
  await fill(store, change, "prompt");
  await fill(store, change, "other", 100);
  await lookups(conditions, join(root, "calops.sqlite"));
  await clones(conditions, change);
  await diffs(conditions, join(root, "calops.sqlite"));
  await exports(root, store, conditions, change);
  await conditions.close();
  await store.close();
}

/** @param otherwise that many of each type have another payload than those of a tag without */
export async function fill(store: OpenStore, change: Changing, tag: string, otherwise = 0): Promise<void> {
  const hashes = Array.from({ length: TYPES * EACH }, (_, index) => hashOf(index));
  // Large ones, whose bytes nobody looks at.
  await keepRows(store, hashes, 100_000);
  await change(tag, { kind: "create", description: "", upstream: null });
  for (let type = 0; type < TYPES; type++) await change(tag, { kind: "put", iovs: intervalsOf(type, otherwise) });
}

type Changing = (tag: string, what: TagChange) => Promise<void>;

export function changer(conditions: Conditions): Changing {
  let count = 0;
  return async (tag, change) => {
    const done = await conditions.change({ tag: ref(tag), change, key: `bench ${++count}`, by: "bench", why: null });
    if (!done.ok) throw new Error(done.detail);
  };
}

/** @param otherwise that many of them have another payload, spread evenly */
function intervalsOf(type: number, otherwise: number): Iov[] {
  return Array.from({ length: EACH }, (_, index) => ({
    type: nameOf(type),
    from: { major: index * 10, minor: 0 },
    until: index === EACH - 1 ? null : { major: index * 10 + 10, minor: 0 },
    payload: hashOf(otherwise > 0 && index % (EACH / otherwise) === 7 ? type : type * EACH + index),
  }));
}

async function lookups(conditions: Conditions, file: string): Promise<void> {
  const bare = new Database(file, { readonly: true });
  const statement = bare.prepare(BARE_LOOKUP);
  const [ours, bares, few, processor]: [number[], number[], number[], number[]] = [[], [], [], []];
  const three = [nameOf(7), nameOf(77), nameOf(177)];
  for (let index = 0; index < LOOKUPS; index++) {
    const at = { major: (index * 7919) % (EACH * 10), minor: 0 };
    const before = process.cpuUsage();
    ours.push(await timed(async () => expectCount((await conditions.lookup(ref("prompt"), at)).length, TYPES)));
    processor.push(processorMs(before));
    bares.push(await timed(async () => expectCount(statement.all(at.major, at.major).length, TYPES)));
    few.push(await timed(async () => expectCount((await conditions.lookup(ref("prompt"), at, three)).length, 3)));
  }
  bare.close();
  print({
    figure: `lookup of all ${TYPES} payloads of a tag with ${TYPES * EACH} intervals at one run`,
    value: round(median(ours)),
    unit: "ms",
    promised: "at most 5 ms",
    against: `${round(median(bares))} ms for the bare statement`,
    ratio: round(median(ours) / median(bares)),
    detail: {
      p99: round(percentile(ours, 99)),
      worst: round(Math.max(...ours)),
      processor: round(median(processor)),
      threeTypes: round(median(few)),
    },
  });
}

async function clones(conditions: Conditions, change: Changing): Promise<void> {
  const of = ref("prompt");
  const cloning = await timed(() => change("clone", { kind: "clone", of, description: "" }));
  const first = await timed(() => change("clone", { kind: "put", iovs: [{ ...last(1), payload: hashOf(3) }] }));
  for (let type = 2; type < 50; type++)
    await change("clone", { kind: "put", iovs: [{ ...last(type), payload: hashOf(3) }] });
  expectCount((await conditions.counts(ref("clone"))).size, TYPES);
  print({
    figure: "clone of such a tag",
    value: round(cloning),
    unit: "ms",
    detail: { firstChangeOfTheClone: round(first) },
  });
}

async function diffs(conditions: Conditions, file: string): Promise<void> {
  const times = { other: [] as number[], clone: [] as number[], bare: [] as number[], processor: [] as number[] };
  const bare = new Database(file, { readonly: true });
  for (let round = 0; round < 3; round++) {
    const before = process.cpuUsage();
    times.other.push(
      await timed(async () =>
        expectCount((await conditions.diff(ref("prompt"), ref("other"))).spans.length, TYPES * 100),
      ),
    );
    times.processor.push(processorMs(before));
    times.bare.push(await timed(async () => expectCount(bare.prepare(BARE_READ).raw().all().length, 2 * TYPES * EACH)));
    times.clone.push(
      await timed(async () => expectCount((await conditions.diff(ref("prompt"), ref("clone"))).spans.length, 49)),
    );
  }
  bare.close();
  print({
    figure: `diff of two tags with ${TYPES * EACH} intervals each, ${TYPES * 100} of them different`,
    value: round(median(times.other)),
    unit: "ms",
    promised: "under 2000 ms",
    against: `${round(median(times.bare))} ms for a bare statement that reads both`,
    ratio: round(median(times.other) / median(times.bare)),
    detail: {
      worst: round(Math.max(...times.other)),
      processor: round(median(times.processor)),
      ofATagAndItsClone: round(median(times.clone)),
    },
  });
}

async function exports(root: string, store: OpenStore, conditions: Conditions, change: Changing): Promise<void> {
  const tag = "exported";
  const contents = Array.from({ length: EXPORTED.types * EXPORTED.each + 10 }, (_, index) => `constants ${index}`);
  await keepRows(store, contents.map(sha256));
  // As `keep` leaves them, without waiting ten thousand times for the disk.
  for (const content of contents) {
    const place = join(root, "conditions", "payloads", sha256(content).slice(0, 2), sha256(content));
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, content, { mode: 0o444 });
  }
  await change(tag, { kind: "create", description: "", upstream: null });
  for (let type = 0; type < EXPORTED.types; type++) {
    const iovs = intervalsOf(type, 0).slice(0, EXPORTED.each);
    await change(tag, {
      kind: "put",
      iovs: iovs.map((iov, index) => ({ ...iov, payload: sha256(contents[type * EXPORTED.each + index] ?? "") })),
    });
  }
  const exporter = exporterOf({ conditions, root: join(root, "export"), experiment: () => "bench" });
  const times = { files: [] as number[], sqlite: [] as number[], copy: [] as number[] };
  const whole = {
    files: await timed(() => exporter.export(ref(tag), "files")),
    sqlite: await timed(() => exporter.export(ref(tag), "sqlite")),
  };
  for (let round = 0; round < 5; round++) {
    const fresh = sha256(contents.at(-1 - round) ?? "");
    await change(tag, { kind: "put", iovs: [{ ...last(round * 7), payload: fresh }] });
    times.files.push(await timed(async () => expectWritten(await exporter.export(ref(tag), "files"))));
    times.sqlite.push(await timed(async () => expectWritten(await exporter.export(ref(tag), "sqlite"))));
    const copied = join(root, "copied");
    times.copy.push(
      await timed(async () => execFileSync("cp", ["-rlL", join(root, "export/bench/conditions", tag), copied])),
    );
    rmSync(copied, { recursive: true });
  }
  print({
    figure: `export of ${EXPORTED.types * EXPORTED.each} payloads as files, one of which is new`,
    value: round(median(times.files)),
    unit: "ms",
    promised: "under 1000 ms",
    against: `${round(median(times.copy))} ms for cp -rlL, hard links to all of them`,
    ratio: round(median(times.files) / median(times.copy)),
    detail: {
      worst: round(Math.max(...times.files)),
      first: round(whole.files),
      sqlite: { value: round(median(times.sqlite)), first: round(whole.sqlite) },
    },
  });
}

/** The same question to a database that knows nothing of tags, types and chunks than their numbers. */
const BARE_LOOKUP = `
  select t.name, i.from_major, i.until_major, i.hash from payload_types t
  join tag_chunks c on c.tag = 1 and c.type = t.id and c.from_major = (
    select max(d.from_major) from tag_chunks d where d.tag = 1 and d.type = t.id and d.from_major <= ?)
  join iovs i on i.chunk = c.chunk and i.from_major = (
    select max(j.from_major) from iovs j where j.chunk = c.chunk and j.from_major <= ?)`;

const BARE_READ = `
  select c.tag, c.type, i.from_major, i.from_minor, i.until_major, i.until_minor, i.payload
  from tag_chunks c join iovs i on i.chunk = c.chunk where c.tag in (1, 2)`;

async function keepRows(store: OpenStore, hashes: readonly string[], bytes = 10): Promise<void> {
  await store.database.write(async (tx) => {
    for (let start = 0; start < hashes.length; start += 500)
      await tx
        .insertInto("payloads")
        .values(hashes.slice(start, start + 500).map((hash) => ({ hash, type: 1, bytes, kept_at: 1 })))
        .onConflict((conflict) => conflict.doNothing())
        .execute();
  });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** What this process had of a processor since then: of use where others take turns with it. */
function processorMs(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** A figure of something else than what was meant would be worth nothing. */
function expectCount(found: number, wanted: number): void {
  if (found !== wanted) throw new Error(`${found} came back where ${wanted} were to`);
}

function expectWritten(exported: unknown): void {
  expectCount((exported as { written: number }).written, 1);
}

function last(type: number): Omit<Iov, "payload"> {
  return { type: nameOf(type), from: { major: EACH * 10 + 5, minor: 0 }, until: null };
}

function nameOf(type: number): string {
  return `type-${String(type).padStart(3, "0")}`;
}

function hashOf(index: number): string {
  return sha256(`payload ${index}`);
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function ref(name: string) {
  return { environment: "production", name };
}
