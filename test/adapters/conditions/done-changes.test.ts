import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Done, doneChangesIn } from "../../../src/adapters/conditions/done-changes.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "calops-done-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const done = (version: number) => ({ ok: true, tag: { version }, report: {} }) as unknown as Done;
const file = () => join(directory, "deep/changes.jsonl");

test("what a change came to is known after a restart, also where the last line was cut off", () => {
  const changes = doneChangesIn(file());
  changes.add("a", done(1));
  changes.add("b", done(2));
  appendFileSync(file(), '["c",{"ok":tr');
  const again = doneChangesIn(file());
  expect([again.get("a"), again.get("b"), again.get("c")]).toEqual([done(1), done(2), undefined]);
  again.add("c", done(3));
  expect(doneChangesIn(file()).get("c")).toEqual(done(3));
});

test("the newest are kept, and the file stays small", () => {
  const changes = doneChangesIn(file(), 10);
  for (let one = 0; one < 35; one++) changes.add(`k${one}`, done(one));
  const again = doneChangesIn(file(), 10);
  for (const each of [changes, again]) expect([each.get("k24"), each.get("k34")]).toEqual([undefined, done(34)]);
  expect(readFileSync(file(), "utf8").split("\n").length).toBeLessThan(22);
});
