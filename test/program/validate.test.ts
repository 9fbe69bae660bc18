import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseProgram } from "../../src/program/arguments.ts";
import { validate } from "../../src/program/validate.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "calops-validate-"));
  writeFileSync(join(root, "calops.yaml"), "experiment: X\n");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function check() {
  const [output, errors] = [new PassThrough({ encoding: "utf8" }), new PassThrough({ encoding: "utf8" })];
  const env = { PATH: process.env["PATH"] };
  const world = { args: [], env, input: new PassThrough(), output, errors, onStop: () => {}, onReload: () => {} };
  const code = await validate(parseProgram(["validate", root]), world);
  return { code, output: String(output.read() ?? "").replaceAll(root, "DIR") };
}

test("says of files as they stand all that a bot would say of their commit, and goes by no git that is there", async () => {
  mkdirSync(join(root, ".git"));
  writeFileSync(join(root, ".gitignore"), "scratch\n");
  symlinkSync("/etc/passwd", join(root, "scratch"));
  expect(await check()).toEqual({ code: 0, output: "DIR/calops.yaml: no mistakes in 0 workflows\n" });
  symlinkSync("/etc/passwd", join(root, "names"));
  writeFileSync(join(root, "runtypes.yaml"), "physics: { filtre: x }\n");
  const { code, output } = await check();
  expect(code).toBe(1);
  expect(output).toContain("names:1:1: a link out of the repository, to /etc/passwd; ");
  expect(output).toMatch(/^runtypes\.yaml:1:12: /m);
});
