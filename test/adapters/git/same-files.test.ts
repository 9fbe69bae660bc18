import { chmodSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { GitConfigRepository } from "../../../src/adapters/git/config-repository.ts";
import { aDirectory } from "../sources/a-directory.ts";
import { aBareRepository, type BareRepository, type Files } from "./a-repository.ts";

const SCRIPT = "#!/bin/sh\nexit 0\n";
const FILES = { "calops.yaml": "experiment: One\n", "workflows/t0/fit.sh": SCRIPT, "workflows/t0/x.txt": "x" };

let directory: ReturnType<typeof aDirectory>;
let bare: BareRepository;
let repository: GitConfigRepository;
beforeEach(async () => {
  directory = aDirectory();
  bare = aBareRepository(directory.at("remote.git"));
  const env = { PATH: process.env["PATH"], HOME: directory.path };
  repository = await GitConfigRepository.open({ source: bare.path, root: directory.at("data"), env });
});
afterEach(() => directory.remove());

/** @returns where a commit of just these files is checked out */
async function checkedOut(files: Files): Promise<string> {
  const commit = bare.push(files);
  await repository.fetch({ name: "refs/heads/main", commit });
  return await repository.checkout(commit);
}

const inode = (...path: string[]) => statSync(join(...path)).ino;

describe("a commit that has files in common with one that is checked out", () => {
  test("shares those, and has the others for itself", async () => {
    const before = await checkedOut(FILES);
    const after = await checkedOut({ ...FILES, "calops.yaml": "experiment: Two\n", "workflows/t0/x.txt": SCRIPT });
    expect(inode(after, "workflows/t0/fit.sh")).toBe(inode(before, "workflows/t0/fit.sh"));
    expect(readFileSync(join(before, "calops.yaml"), "utf8")).toBe("experiment: One\n");
    expect(readFileSync(join(after, "calops.yaml"), "utf8")).toBe("experiment: Two\n");
    expect(statSync(join(after, "workflows/t0/x.txt")).mode & 0o777).toBe(0o555);
    expect(statSync(join(before, "workflows/t0/x.txt")).mode & 0o777).toBe(0o444);
    const alone = await checkedOut({ "workflows/t0/fit.sh": SCRIPT });
    expect(readdirSync(alone)).toEqual(["workflows"]);
  });

  test("keeps them when that one goes", async () => {
    const before = await checkedOut(FILES);
    const commit = bare.push({ ...FILES, more: "x" });
    await repository.fetch({ name: "refs/heads/main", commit });
    const after = await repository.checkout(commit);
    await repository.keepOnly([commit]);
    expect(() => readdirSync(before)).toThrow("ENOENT");
    expect(readFileSync(join(after, "workflows/t0/fit.sh"), "utf8")).toBe(SCRIPT);
    expect(statSync(join(after, "workflows/t0/fit.sh")).mode & 0o777).toBe(0o555);
  });

  test("takes over nothing that somebody did to that one", async () => {
    const before = await checkedOut(FILES);
    const [changed, replaced, gone] = Object.keys(FILES).map((path) => join(before, path)) as [string, string, string];
    for (const path of ["", "workflows", "workflows/t0"]) chmodSync(join(before, path), 0o755);
    chmodSync(changed, 0o644);
    writeFileSync(changed, "experiment: Won\n");
    writeFileSync(directory.at("same"), SCRIPT, { mode: 0o755 });
    rmSync(replaced);
    symlinkSync(directory.at("same"), replaced);
    rmSync(gone);
    const after = await checkedOut({ ...FILES, more: "x" });
    writeFileSync(directory.at("same"), "something else");
    for (const [path, text] of Object.entries(FILES)) expect(readFileSync(join(after, path), "utf8")).toBe(text);
  });

  test("has its programs as it says, though one there lost that", async () => {
    const before = await checkedOut(FILES);
    chmodSync(join(before, "workflows/t0/fit.sh"), 0o444);
    const after = await checkedOut({ ...FILES, more: "x" });
    expect(statSync(join(after, "workflows/t0/fit.sh")).mode & 0o777).toBe(0o555);
  });

  test("makes its own links and its own large files", async () => {
    const large = "x".repeat(1_000_001);
    const tree = (more: string) => [
      `120000 blob ${bare.blob("large")}\tlink`,
      `100644 blob ${bare.blob(large)}\tlarge`,
      `100644 blob ${bare.blob(more)}\tmore`,
    ];
    const places: string[] = [];
    for (const more of ["1", "2"]) {
      const commit = bare.pushTree(tree(more));
      await repository.fetch({ name: "refs/heads/main", commit });
      places.push(await repository.checkout(commit));
    }
    const [before = "", after = ""] = places;
    expect(inode(after, "large")).not.toBe(inode(before, "large"));
    expect(readFileSync(join(after, "link"), "utf8")).toBe(large);
  });
});
