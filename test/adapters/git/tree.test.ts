import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { GitConfigRepository } from "../../../src/adapters/git/config-repository.ts";
import { treeMistakes } from "../../../src/core/config/tree.ts";
import { aDirectory } from "../sources/a-directory.ts";
import { aBareRepository, aRepository, type BareRepository, writeFiles } from "./a-repository.ts";

const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${"a".repeat(64)}\nsize 123456\n`;

let directory: ReturnType<typeof aDirectory>;
let bare: BareRepository;
beforeEach(() => {
  directory = aDirectory();
  bare = aBareRepository(directory.at("remote.git"));
});
afterEach(() => directory.remove());

async function followed(source = bare.path): Promise<{ repository: GitConfigRepository; commit: string }> {
  const env = { PATH: process.env["PATH"], HOME: directory.path };
  const repository = await GitConfigRepository.open({ source, root: directory.at("data"), env });
  const [main] = (await repository.refs()).branches;
  if (!main) throw new Error("no branch");
  await repository.fetch(main);
  return { repository, commit: main.commit };
}

describe("what a commit consists of", () => {
  test("is files, programs, links with where they lead, and submodules, before any of it is on disk", async () => {
    const [one, target, away] = [bare.blob("1"), bare.blob("../größe"), bare.blob("/etc/passwd\n")];
    bare.pushTree([
      `100644 blob ${one}\ta b`,
      `100755 blob ${one}\tfit.sh`,
      `120000 blob ${target}\tlink`,
      `120000 blob ${away}\taway`,
      `160000 commit ${"1".repeat(40)}\tlib`,
    ]);
    const { repository, commit } = await followed();
    const tree = await repository.tree(commit);
    expect(tree.toSorted((a, b) => (a.path < b.path ? -1 : 1))).toEqual([
      { path: "a b", kind: "file", bytes: 1, blob: one },
      { path: "away", kind: "link", bytes: 12, blob: away, target: "/etc/passwd\n" },
      { path: "fit.sh", kind: "program", bytes: 1, blob: one },
      { path: "lib", kind: "submodule", bytes: 0, blob: "1".repeat(40) },
      { path: "link", kind: "link", bytes: 10, blob: target, target: "../größe" },
    ]);
    expect(treeMistakes(tree).map(({ file, code }) => `${file} ${code}`)).toEqual([
      "away link-out",
      "lib submodule",
      "link link-out",
    ]);
  });

  test("shows what git-lfs left, and not what only speaks of it", async () => {
    const about = `# How we use git-lfs\n\n${POINTER}`;
    bare.push({ "map.root": POINTER, "docs/lfs.md": about, "long.txt": POINTER + "x".repeat(2_000) });
    const { repository, commit } = await followed();
    const pointers = (await repository.tree(commit)).filter(({ lfs }) => lfs).map(({ path }) => path);
    expect(pointers).toEqual(["map.root"]);
  });

  test("is read whole where there are many small files and long targets", async () => {
    const files = Object.fromEntries(
      Array.from({ length: 600 }, (_, index) => [`w/${index}`, `${index}`.padEnd(200, "x\n")]),
    );
    bare.push({ ...files, "w/pointer": POINTER });
    const { repository, commit } = await followed();
    const tree = await repository.tree(commit);
    expect(tree).toHaveLength(601);
    expect(tree.filter(({ lfs }) => lfs)).toHaveLength(1);
    bare.pushTree([`120000 blob ${bare.blob("x".repeat(5_000))}\tlong`]);
    const next = await followed();
    const [long] = await next.repository.tree(next.commit);
    expect(long).not.toHaveProperty("target");
  });

  test("in a plain directory has repositories within it as submodules, and links as they are", async () => {
    writeFiles(directory.at("plain"), { "calops.yaml": "x" });
    aRepository(directory.at("plain/within")).commit({ x: "1" });
    symlinkSync("/etc/passwd", join(directory.at("plain"), "away"));
    const { repository, commit } = await followed(directory.at("plain"));
    const codes = treeMistakes(await repository.tree(commit)).map(({ file, code }) => `${file} ${code}`);
    expect(codes).toEqual(["away link-out", "within submodule"]);
  });
});

describe("one file of a commit", () => {
  test("that is a link, or too large, is not taken for one that is missing: no rules would be in force", async () => {
    const large = bare.blob("x".repeat(1_000_001));
    bare.pushTree([`120000 blob ${bare.blob("other")}\tenvironments.yaml`, `100644 blob ${large}\tpeople.yaml`]);
    const { repository, commit } = await followed();
    expect(await repository.text(commit, "environments.yaml")).toBe("# a link, which is not followed\n[");
    expect(await repository.text(commit, "people.yaml")).toBe("# larger than 1000000 bytes\n[");
  });

  test("is looked for by its name and nothing else", async () => {
    bare.push({ "*.yaml": "star", "a.yaml": "a" });
    const { repository, commit } = await followed();
    expect(await repository.text(commit, "*.yaml")).toBe("star");
    for (const name of ["?.yaml", ":(glob)*", "--help", "../a.yaml", ""])
      expect(await repository.text(commit, name).catch(() => undefined)).toBeUndefined();
  });
});
