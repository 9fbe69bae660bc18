/** SIGKILL while constants are published and exported: each is in the tag once, and whoever reads an export reads a whole one. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { conditionsIn } from "../../src/adapters/store/conditions/conditions.ts";
import { readSqlite } from "../../src/adapters/store/sqlite.ts";

const RUNS = 400;
const KILLS = 25;

test("constants are in the tag once, however often the bot is killed while it publishes", async () => {
  const root = mkdtempSync(join(tmpdir(), "calops-publishing-"));
  let killed = 0;
  for (let done = false; !done; ) {
    const child = spawn(process.execPath, [join(import.meta.dirname, "publishing-child.ts"), root, String(RUNS)], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    let complaints = "";
    child.stderr.on("data", (chunk) => {
      complaints += chunk;
    });
    const ended = once(child, "exit");
    if (killed < KILLS) {
      // Between the first moment at which it can have written something and long after.
      await Promise.race([ended, wait(300 + Math.random() * 900)]);
      child.kill("SIGKILL");
    }
    const [code, signal] = await ended;
    if (signal === "SIGKILL") killed += 1;
    else expect([code, complaints]).toEqual([0, ""]);
    done = code === 0;
    readWhole(join(root, "export/test"));
  }
  expect(killed).toBeGreaterThan(0);

  const { database, close } = readSqlite(join(root, "calops.sqlite"));
  const conditions = conditionsIn(database, { data: root, now: Date.now });
  const tag = { environment: "production", name: "online" };
  const iovs = await conditions.iovs(tag);
  expect(iovs.map(({ from, until }) => [from.major, until?.major ?? null])).toEqual(
    Array.from({ length: RUNS }, (_, index) => [index + 1, index + 1 === RUNS ? null : index + 2]),
  );
  for (const { from, payload } of iovs)
    expect(readFileSync(await conditions.placeOf(payload), "utf8")).toBe(`constants of run ${from.major}`);
  expect((await conditions.history(tag, 2 * RUNS)).length).toBe(RUNS + 2);
  expect(readdirSync(join(root, "export/test/conditions/online/t0"))).toHaveLength(RUNS + 1);
  close();
  rmSync(root, { recursive: true });
});

/** Everything that an index names can be read, and is what it should be. */
function readWhole(home: string): void {
  const system = join(home, "conditions/online/t0");
  if (existsSync(system))
    for (const line of readFileSync(join(system, "IOVS"), "utf8").trimEnd().split("\n").slice(1)) {
      const [run] = line.split("\t");
      expect(readFileSync(join(system, `Run${run}`, "payload"), "utf8")).toBe(`constants of run ${run}`);
    }
  const file = join(home, "sqlite/online.sqlite");
  if (!existsSync(file)) return;
  const database = new Database(file, { readonly: true });
  expect(database.pragma("integrity_check", { simple: true })).toBe("ok");
  const missing = "select count(*) from iovs where payload not in (select hash from payloads)";
  expect(database.prepare(missing).pluck().get()).toBe(0);
  database.close();
}
