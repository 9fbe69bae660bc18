import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { exporterOf } from "../../../src/adapters/conditions-export/exporter.ts";
import type { TagChange } from "../../../src/core/conditions/change.ts";
import type { Iov } from "../../../src/core/conditions/iov.ts";
import { type Moment, momentInWords, readMoment } from "../../../src/core/conditions/moment.ts";
import { type Exporter, ExportFailed, type ExportForm } from "../../../src/ports/conditions-export.ts";
import { acts } from "../../contracts/conditions-model.ts";
import { MemoryConditions } from "../../fakes/memory-conditions.ts";

let root: string;
let conditions: MemoryConditions;
let exporter: Exporter;
let count = 0;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "calops-export-"));
  conditions = new MemoryConditions(() => 1);
  exporter = exporterOf({ conditions, root: join(root, "export"), experiment: () => "NA62" });
});
afterEach(async () => {
  await conditions.close();
  rmSync(root, { recursive: true, force: true });
});

const ref = (name = "prompt", environment = "production") => ({ environment, name });
async function keep(content: string, type = "t0"): Promise<string> {
  const file = join(root, `file-${++count}`);
  writeFileSync(file, content);
  return (await conditions.keep(type, file)).hash;
}
async function change(change: TagChange, tag = ref()): Promise<void> {
  const result = await conditions.change({ tag, change, key: `k${++count}`, by: "ann", why: null });
  if (!result.ok) throw new Error(result.detail);
}
const create = (tag = ref()) => change({ kind: "create", description: "", upstream: null }, tag);
const put = (iovs: Iov[], tag = ref()) => change({ kind: "put", iovs }, tag);
function iov(type: string, from: string, until: string | null, payload: string): Iov {
  return { type, from: moment(from), until: until === null ? null : moment(until), payload };
}
function moment(text: string): Moment {
  const read = readMoment(text);
  if (!read) throw new Error(`${text} is no moment`);
  return read;
}
async function exported(form: ExportForm, tag = ref()) {
  const result = await exporter.export(tag, form);
  if (!result.ok) throw new Error(result.reason);
  return result;
}

describe("a tag as files", () => {
  test("has each payload at its system and its run, also when the whole is copied elsewhere", async () => {
    await create();
    await put([iov("t0", "8215", "8230.2", await keep("a")), iov("t0", "8230.2", null, await keep("b"))]);
    await put([iov("gains", "1", null, await keep("g"))]);
    const { place, ...more } = await exported("files");
    expect(more).toEqual({ ok: true, intervals: 3, payloads: 3, written: 3, changed: true });
    expect(place).toBe(join(root, "export/NA62/conditions/prompt"));
    cpSync(join(root, "export/NA62"), join(root, "elsewhere"), { recursive: true, verbatimSymlinks: true });
    rmSync(join(root, "export"), { recursive: true });
    const read = (path: string) => readFileSync(join(root, "elsewhere/conditions/prompt", path), "utf8");
    expect(read("t0/Run8215/payload")).toBe("a");
    expect(read("t0/Run8230.2/payload")).toBe("b");
    expect(read("gains/Run1/payload")).toBe("g");
    expect(read("t0/IOVS").split("\n")[1]).toMatch(/^8215\t8230\.2\t[0-9a-f]{64}$/);
    expect(JSON.parse(read(".tag.json"))).toMatchObject({ name: "prompt", state: "OPEN", version: 3 });
  });

  test("is not written again where nothing changed, and shares what did not", async () => {
    await create();
    const [a, b] = [await keep("a"), await keep("b", "gains")];
    await put([iov("t0", "1", null, a), iov("gains", "1", null, b)]);
    const { place } = await exported("files");
    expect(await exported("files")).toMatchObject({ written: 0, changed: false });
    const inode = (path: string) => statSync(join(place, path)).ino;
    const [gains, payload] = [inode("gains"), inode("t0/Run1/payload")];
    await put([iov("t0", "5", null, await keep("c"))]);
    expect(await exported("files")).toMatchObject({ written: 1, changed: true });
    expect(inode("gains")).toBe(gains);
    expect(inode("t0/Run1/payload")).toBe(payload);
    await create(ref("other"));
    await put([iov("t0", "7", null, a)], ref("other"));
    expect(await exported("files", ref("other"))).toMatchObject({ written: 0, changed: true });
  });

  test("keeps the export before for those who read it, and nothing of older ones that nobody has", async () => {
    await create();
    for (const content of ["first", "second", "third"]) {
      await put([iov("t0", "1", null, await keep(content))]);
      const { place } = await exported("files");
      expect(readFileSync(join(place, "t0/Run1/payload"), "utf8")).toBe(content);
    }
    const base = join(root, "export/NA62/conditions");
    expect(readdirSync(join(base, ".tags/prompt"))).toHaveLength(2);
    expect(readdirSync(join(base, ".systems/t0"))).toHaveLength(2);
    const payloads = readdirSync(join(base, ".payloads")).flatMap((two) => readdirSync(join(base, ".payloads", two)));
    expect(payloads).toHaveLength(2);
    expect(readdirSync(base).filter((name) => name.startsWith(".coming"))).toEqual([]);
  });

  test("never leaves its directory, whatever names are", async () => {
    const evil = ref("../../../outside");
    await create(evil);
    await put([iov("../up", "1", null, await keep("a")), iov(".hidden/x", "1", null, await keep("b"))], evil);
    const { place } = await exported("files", evil);
    expect(place).toBe(join(root, "export/NA62/conditions/%2E.%2F..%2F..%2Foutside"));
    expect(readdirSync(place).sort()).toEqual(["%2E.%2Fup", "%2Ehidden%2Fx", ".tag.json"]);
    expect(readdirSync(root).sort()).toEqual(expect.not.arrayContaining(["outside"]));
  });

  test("of a mirror lies beside that of production, and goes with the mirror", async () => {
    await create();
    await create(ref("own", "mirror/fix"));
    await exported("files");
    const { place } = await exported("files", ref("own", "mirror/fix"));
    expect(place).toBe(join(root, "export/mirror%2Ffix/NA62/conditions/own"));
    await exporter.forget("production");
    await exporter.forget("mirror/fix");
    expect(readdirSync(join(root, "export"))).toEqual(["NA62"]);
  });

  test("says why it could not be written, and leaves what was there", async () => {
    await create();
    await put([iov("t0", "1", null, await keep("a"))]);
    const { place } = await exported("files");
    await put([iov("t0", "5", null, await keep("b"))]);
    conditions.placeOf = () => Promise.reject(new Error("the disk is gone"));
    await expect(exporter.export(ref(), "files")).rejects.toThrow(ExportFailed);
    await expect(exporter.export(ref(), "files")).rejects.toThrow(/prompt could not be exported to .*the disk is gone/);
    expect(existsSync(join(place, "t0/Run5"))).toBe(false);
    expect(readFileSync(join(place, "t0/Run1/payload"), "utf8")).toBe("a");
    expect(await exporter.export(ref("nothing"), "files")).toEqual({ ok: false, reason: "unknown-tag" });
  });
});

test.each(["files", "sqlite"] as const)("bytes that are not what was kept go nowhere, as %s", async (form) => {
  await create();
  const hash = await keep("a");
  await put([iov("t0", "1", null, hash)]);
  const place = await conditions.placeOf(hash);
  chmodSync(place, 0o644);
  writeFileSync(place, "b");
  await expect(exporter.export(ref(), form)).rejects.toThrow(
    `the file of payload ${hash} has other bytes than were kept`,
  );
  writeFileSync(place, "a");
  expect(await exported(form)).toMatchObject({ written: 1 });
});

describe("a tag as one SQLite file", () => {
  test("has the bytes, and is made from the one before", async () => {
    await create();
    await put([iov("t0", "1", "4", await keep("a")), iov("gains", "1", null, await keep("g", "gains"))]);
    const { place } = await exported("sqlite");
    expect(place).toBe(join(root, "export/NA62/sqlite/prompt.sqlite"));
    expect(await exported("sqlite")).toMatchObject({ changed: false });
    await put([iov("t0", "1", null, await keep("b"))]);
    expect(await exported("sqlite")).toMatchObject({ written: 1, changed: true, payloads: 2 });
    const database = new Database(place, { readonly: true });
    expect(
      database.prepare("select type, content from iovs join payloads on hash = payload order by 1").raw().all(),
    ).toEqual([
      ["gains", Buffer.from("g")],
      ["t0", Buffer.from("b")],
    ]);
    expect(database.prepare("select count(*) from payloads").pluck().get()).toBe(2);
    expect(database.pragma("integrity_check", { simple: true })).toBe("ok");
    database.close();
  });

  test("takes the place of whatever lies there", async () => {
    await create();
    await put([iov("t0", "1", null, await keep("a"))]);
    const { place } = await exported("sqlite");
    writeFileSync(place, "no database");
    expect(await exported("sqlite")).toMatchObject({ written: 1, changed: true });
    expect(readdirSync(join(place, ".."))).toEqual(["prompt.sqlite"]);
  });
});

test("both forms have what the tag has, whatever was done to it before and between", async () => {
  const payloads = [await keep("a"), await keep("b"), await keep("c")];
  let round = 0;
  await fc.assert(
    fc.asyncProperty(acts(payloads), async (sequence) => {
      const tag = ref(`round ${++round}`);
      await create(tag);
      for (const [index, { change: what }] of sequence.entries()) {
        if (what.kind !== "put" && what.kind !== "remove" && what.kind !== "empty") continue;
        await conditions.change({ tag, change: what, key: `r${++count}`, by: "ann", why: null });
        if (index % 5 === 4) await exported("files", tag);
        if (index % 7 === 6) await exported("sqlite", tag);
      }
      const wanted = (await conditions.iovs(tag)).map(line).sort();
      expect(linesOfFiles((await exported("files", tag)).place)).toEqual(wanted);
      expect(linesOfDatabase((await exported("sqlite", tag)).place)).toEqual(wanted);
    }),
    { numRuns: 12 },
  );
});

function line({ type, from, until, payload }: Iov): string {
  return [type, momentInWords(from), until === null ? "-" : momentInWords(until), payload].join(" ");
}

/** By the links and by the index, which must say the same. */
function linesOfFiles(place: string): string[] {
  return readdirSync(place)
    .filter((type) => !type.startsWith("."))
    .flatMap((type) => {
      const lines = readFileSync(join(place, type, "IOVS"), "utf8")
        .trimEnd()
        .split("\n")
        .slice(1);
      const runs = readdirSync(join(place, type)).filter((name) => name !== "IOVS");
      expect(runs.sort()).toEqual(lines.map((one) => `Run${one.split("\t")[0]}`).sort());
      return lines.map((one) => {
        const [from, until, payload] = one.split("\t");
        const content = readFileSync(join(place, type, `Run${from}`, "payload"), "utf8");
        expect(HASHES[content]).toBe(payload);
        return [type, from, until, payload].join(" ");
      });
    })
    .sort();
}

const HASHES: Readonly<Record<string, string>> = {
  a: "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb",
  b: "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d",
  c: "2e7d2c03a9507ae265ecf5b5356885a53393a2029d241394997265a1a25aefc6",
};

function linesOfDatabase(place: string): string[] {
  const database = new Database(place, { readonly: true });
  const rows = database.prepare("select * from iovs").all() as {
    type: string;
    from_major: number;
    from_minor: number;
    until_major: number | null;
    until_minor: number | null;
    payload: string;
  }[];
  database.close();
  return rows
    .map((row) =>
      line({
        type: row.type,
        from: { major: row.from_major, minor: row.from_minor },
        until: row.until_major === null ? null : { major: row.until_major, minor: row.until_minor ?? 0 },
        payload: row.payload,
      }),
    )
    .sort();
}
