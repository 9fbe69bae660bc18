import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { initRepository } from "../../../src/adapters/command-line/init.ts";

const TEMPLATE = new URL("../../../config-repo-template/", import.meta.url).pathname;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "calops-init-"));
});
afterEach(() => {
  delete process.env["GIT_CONFIG_GLOBAL"];
  rmSync(root, { recursive: true, force: true });
});

const git = (directory: string, ...args: string[]) =>
  execFileSync("git", args, { cwd: directory, encoding: "utf8" }).trim();

test("the template becomes a repository of one commit with the tag that production follows", async () => {
  const directory = join(root, "mine");
  await initRepository(TEMPLATE, directory);
  expect(git(directory, "log", "--format=%s %D")).toBe("Start from the calops template HEAD -> main, tag: v1");
  expect(git(directory, "status", "--short")).toBe("");
  expect(readFileSync(join(directory, "environments.yaml"), "utf8")).toContain('follow: { tag: "v*" }');
});

test("the schemas of editors are ignored there, though npm carries no .gitignore", async () => {
  await initRepository(TEMPLATE, root);
  expect(existsSync(join(root, "gitignore"))).toBe(false);
  expect(git(root, "ls-files", ".gitignore")).toBe(".gitignore");
  expect(git(root, "check-ignore", ".vscode/schemas/calops.json")).toBe(".vscode/schemas/calops.json");
  expect(existsSync(join(TEMPLATE, ".gitignore"))).toBe(false);
});

test("whoever signs every tag is not asked for a message", async () => {
  const config = join(root, "gitconfig");
  writeFileSync(config, "[tag]\n\tgpgSign = true\n[core]\n\teditor = false\n");
  process.env["GIT_CONFIG_GLOBAL"] = config;
  await initRepository(TEMPLATE, join(root, "mine"));
  expect(git(join(root, "mine"), "cat-file", "-t", "v1")).toBe("commit");
});

test("a directory with something in it stays as it is", async () => {
  mkdirSync(join(root, "work"));
  await expect(initRepository(TEMPLATE, root)).rejects.toThrow(/is not empty; name a directory that is/);
  expect(existsSync(join(root, "calops.yaml"))).toBe(false);
});
