import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { GitConfigRepository } from "../../../src/adapters/git/config-repository.ts";
import { CannotRevert, type Commit, type ConfigRepository, RemoteAway } from "../../../src/ports/config-repository.ts";
import { aDirectory } from "../sources/a-directory.ts";
import { aBareRepository, aRepository, type Repository, writeFiles } from "./a-repository.ts";

let directory: ReturnType<typeof aDirectory>;
let source: Repository;
let root: string;
beforeEach(() => {
  directory = aDirectory();
  root = directory.at("data");
  source = aRepository(directory.at("source"));
});
afterEach(() => directory.remove());

const env = () => ({ PATH: process.env["PATH"], HOME: directory.at("home") });
const open = (from = source.path) => GitConfigRepository.open({ source: from, root, env: env() });
const checkouts = () => (existsSync(join(root, "checkouts")) ? readdirSync(join(root, "checkouts")) : []);

/** Follows the remote as the bot does, to the commit of its default branch. */
async function headOf(repository: ConfigRepository): Promise<Commit> {
  const { head, branches } = await repository.refs();
  const ref = branches.find(({ name }) => name === head);
  if (!ref) throw new Error(`no ${head}`);
  await repository.fetch(ref);
  const commit = await repository.commit(ref.commit);
  if (!commit) throw new Error(`no commit ${ref.commit}`);
  return commit;
}

const COMMIT = { author: "Ann", email: "ann@x", committerEmail: "ann@x", at: expect.any(Number) };
const FILES = { "calops.yaml": "experiment: One\n", "workflows/t0/fit.sh": "#!/bin/sh\n", "notes/x.txt": "x" };

describe("a config repository", () => {
  test("gives the files of the commit that it stands at, as they were committed", async () => {
    const id = source.commit(FILES, "first");
    writeFiles(source.path, { "calops.yaml": "experiment: Not yet\n", "new.txt": "new" });
    const repository = await open();
    const head = await headOf(repository);
    expect(head).toEqual({ ...COMMIT, id, subject: "first" });
    expect(Math.abs(head.at - Date.now())).toBeLessThan(60_000);
    const { texts, programs } = await repository.read(await repository.checkout(id));
    expect([...texts]).toEqual([["calops.yaml", "experiment: One\n"]]);
    expect(Object.fromEntries(programs)).toEqual({
      "calops.yaml": false,
      "workflows/t0/fit.sh": true,
      "notes/x.txt": false,
    });
  });

  test("gives each commit its own directory, which nobody writes to", async () => {
    const repository = await open();
    const first = source.commit(FILES);
    await headOf(repository);
    const before = await repository.checkout(first);
    const second = source.commit({ "calops.yaml": "experiment: Two\n" });
    expect((await headOf(repository)).id).toBe(second);
    const after = await repository.checkout(second);
    expect(readFileSync(join(before, "calops.yaml"), "utf8")).toBe("experiment: One\n");
    expect(readFileSync(join(after, "calops.yaml"), "utf8")).toBe("experiment: Two\n");
    expect(await repository.checkout(first)).toBe(before);
    for (const path of Object.keys(FILES)) expect(statSync(join(before, path)).mode & 0o222).toBe(0);
    await repository.keepOnly([second]);
    expect(checkouts()).toEqual([second]);
  });

  test("can be asked by several at once", async () => {
    const id = source.commit(FILES);
    const repository = await open();
    const heads = await Promise.all([headOf(repository), headOf(repository), headOf(repository)]);
    expect(heads.map((head) => head.id)).toEqual([id, id, id]);
    const places = await Promise.all([repository.checkout(id), repository.checkout(id), repository.keepOnly([id])]);
    expect(places[0]).toBe(places[1]);
    expect(checkouts()).toEqual([id]);
  });

  test("takes up what was left half made", async () => {
    const id = source.commit(FILES);
    const repository = await open();
    await headOf(repository);
    writeFiles(join(root, "checkouts", `${id}.making`), { "calops.yaml": "half", other: "" });
    chmodSync(join(root, "checkouts", `${id}.making`), 0o500);
    const { texts, programs } = await repository.read(await repository.checkout(id));
    expect(texts.get("calops.yaml")).toBe("experiment: One\n");
    expect(programs.has("other")).toBe(false);
  });

  test("is not stopped by what held it when the machine stopped", async () => {
    const id = source.commit(FILES);
    await headOf(await open());
    const locks = ["index.lock", "shallow.lock", `index.${id}.lock`, "refs/calops/heads/main.lock", "packed-refs.lock"];
    writeFiles(join(root, "config.git"), Object.fromEntries(locks.map((lock) => [lock, ""])));
    const next = source.commit({ more: "x" });
    const repository = await open();
    expect((await headOf(repository)).id).toBe(next);
    expect(existsSync(await repository.checkout(id))).toBe(true);
  });

  test("keeps files whatever they are called", async () => {
    const names = [
      "a b.sh",
      "-n",
      "tab\tand\nline",
      "größe-測.txt",
      '"quoted"',
      ":(glob)*",
      "[x]",
      "back\\slash",
      "$(id)",
    ];
    source.commit(Object.fromEntries(names.map((name) => [`workflows/t0/${name}`, name])));
    const repository = await open();
    const place = await repository.checkout((await headOf(repository)).id);
    for (const name of names) expect(readFileSync(join(place, "workflows/t0", name), "utf8")).toBe(name);
    const { programs } = await repository.read(place);
    expect([...programs.keys()].sort()).toEqual(names.map((name) => `workflows/t0/${name}`).sort());
  });

  test("keeps files byte for byte, whatever attributes they were given", async () => {
    const bare = aBareRepository(directory.at("remote.git"));
    const files = { "calops.yaml": "a: $Id$\r\nb: \n", "workflows/t0/x.txt": "größe\n$Id: old $\n" };
    const attributes = "*.yaml text eol=crlf ident filter=lfs\n*.txt ident working-tree-encoding=UTF-16LE\n";
    const id = bare.push({ ...files, ".gitattributes": attributes });
    const repository = await open(bare.path);
    await headOf(repository);
    const place = await repository.checkout(id);
    for (const [path, text] of Object.entries(files)) expect(readFileSync(join(place, path), "utf8")).toBe(text);
  });

  test("tells which commits touched a path, and which files differ", async () => {
    const first = source.commit(FILES);
    const second = source.commit(
      { "workflows/t0/a b.txt": "1", "workflows/t00/x": "1" },
      "fit: with \u001f and \u001e",
    );
    const third = source.commit({ "notes/y.txt": "1" }, "elsewhere");
    const repository = await open();
    await headOf(repository);
    expect(await repository.changes(first, third, "workflows/t0")).toEqual({
      commits: [{ ...COMMIT, id: second, subject: "fit: with \u001f and \u001e" }],
      files: ["workflows/t0/a b.txt"],
    });
    expect(await repository.changes(third, third, "workflows/t0")).toEqual({ commits: [], files: [] });
  });

  test("tells who wrote what a merge brings, whoever merged it", async () => {
    const running = source.commit(FILES, "running");
    const as = (name: string, ...args: string[]) =>
      source.git("-c", `user.name=${name}`, "-c", `user.email=${name}@x`, ...args);
    source.git("checkout", "--quiet", "-b", "fit");
    as("cem", "commit", "--quiet", "--allow-empty", "--message", "a fit");
    source.git("checkout", "--quiet", "main");
    as("dee", "commit", "--quiet", "--allow-empty", "--message", "meanwhile");
    as("ben", "merge", "--quiet", "--no-ff", "--no-edit", "fit");
    const repository = await open();
    const { id } = await headOf(repository);
    const names = (await repository.authors(running, id)).map(({ author }) => author);
    expect(names.toSorted()).toEqual(["ben", "cem", "dee"]);
    expect(await repository.authors(id, id)).toEqual([{ author: "ben", email: "ben@x" }]);
  });

  test("follows a branch that was rewritten", async () => {
    source.commit(FILES);
    const repository = await open();
    await headOf(repository);
    source.git("commit", "--amend", "--quiet", "--message", "anew");
    expect(await headOf(repository)).toMatchObject({ id: source.git("rev-parse", "HEAD"), subject: "anew" });
  });

  test("is not read through links that lead out of it", async () => {
    writeFiles(directory.path, { "secret.yaml": "experiment: Secret\n" });
    symlinkSync(directory.at("secret.yaml"), join(source.path, "calops.yaml"));
    symlinkSync(directory.path, join(source.path, "workflows"));
    source.commit({});
    const repository = await open();
    const { texts, programs } = await repository.read(await repository.checkout((await headOf(repository)).id));
    expect([...texts, ...programs]).toEqual([]);
  });
});

describe("nothing that a repository brings is executed", () => {
  const MARK = () => directory.at("executed");
  const evil = () => `#!/bin/sh\necho "$0" >> ${MARK()}\ncat 2>/dev/null\n`;
  const HOOKS = [
    "post-checkout",
    "reference-transaction",
    "post-index-change",
    "pre-auto-gc",
    "post-update",
    "fsmonitor",
  ];

  test("neither hooks nor filters, of it or of whoever runs the bot", async () => {
    const hooks = Object.fromEntries(HOOKS.map((hook) => [hook, evil()]));
    source.commit({ ...FILES, ".gitattributes": "* filter=evil\n" });
    writeFiles(join(source.path, ".git/hooks"), hooks);
    source.git("config", "core.fsmonitor", join(source.path, ".git/hooks/fsmonitor"));
    source.git("config", "filter.evil.smudge", join(source.path, ".git/hooks/fsmonitor"));
    writeFiles(directory.at("home"), {
      ".gitconfig": `[core]\n\thooksPath = ${source.path}/.git/hooks\n[filter "evil"]\n\tsmudge = ${source.path}/.git/hooks/fsmonitor\n`,
    });
    rmSync(MARK(), { force: true });

    const repository = await open();
    writeFiles(join(root, "config.git/hooks"), hooks);
    const place = await repository.checkout((await headOf(repository)).id);
    await repository.keepOnly([]);
    expect(existsSync(place)).toBe(false);
    expect(existsSync(MARK()) && readFileSync(MARK(), "utf8")).toBe(false);
  });
});

describe("what is not there", () => {
  test("as a commit, since it is the name of something else, is refused before git hears of it", async () => {
    source.commit(FILES);
    const repository = await open();
    await headOf(repository);
    for (const name of ["main", "HEAD", "../../x", "--force", "", "0123"])
      await expect(repository.checkout(name)).rejects.toThrow(`"${name}" is not the id of a commit`);
    expect(checkouts()).toEqual([]);
  });

  test("as a commit of this repository, is no directory", async () => {
    source.commit(FILES);
    const repository = await open();
    await headOf(repository);
    const unknown = "0123456789".repeat(4);
    await expect(repository.checkout(unknown)).rejects.toThrow(/^git read-tree: /);
    expect(checkouts()).not.toContain(unknown);
    await expect(repository.changes(unknown, unknown, "x")).rejects.toThrow(/^git log: /);
  });

  test("as a directory, is told at once", async () => {
    await expect(open(directory.at("nowhere"))).rejects.toThrow(
      `there is no configuration at ${directory.at("nowhere")}`,
    );
  });

  test("as a commit yet, and at an address, is told when it is asked for", async () => {
    await expect(headOf(await open())).rejects.toThrow(`${source.path} has no branch; push one`);
    const address = `file://${directory.at("nowhere")}`;
    await expect(headOf(await open(address))).rejects.toThrow(`${address} has no repository there`);
  });

  test("because git is not, says so", async () => {
    const without = { source: source.path, root, env: { PATH: directory.path } };
    await expect(GitConfigRepository.open(without)).rejects.toThrow("git init: spawn git ENOENT");
  });
});

describe("a plain directory", () => {
  const plain = () => directory.at("plain [x] *");

  test("becomes commits: one for each way that its files stood when they were looked at", async () => {
    writeFiles(plain(), FILES);
    const repository = await open(plain());
    const first = await headOf(repository);
    expect(await headOf(repository)).toEqual(first);
    writeFiles(plain(), { "calops.yaml": "experiment: Two\n" });
    rmSync(join(plain(), "notes"), { recursive: true });
    const second = await headOf(repository);
    expect(second.id).not.toBe(first.id);
    const { texts, programs } = await repository.read(await repository.checkout(second.id));
    expect(texts.get("calops.yaml")).toBe("experiment: Two\n");
    expect([...programs.keys()].sort()).toEqual(["calops.yaml", "workflows/t0/fit.sh"]);
    expect((await repository.changes(first.id, second.id, "notes")).files).toEqual(["notes/x.txt"]);
  });

  test("is taken whole, whatever whoever runs the bot ignores elsewhere", async () => {
    mkdirSync(directory.at("home"));
    writeFiles(directory.at("home"), {
      ".gitconfig": `[core]\n\texcludesFile = ${directory.at("home")}/ignored\n\tattributesFile = ${directory.at("home")}/attributes\n[filter "evil"]\n\tclean = tr a-z A-Z\n`,
      ignored: "*.yaml\n",
      attributes: "* filter=evil\n",
    });
    writeFiles(plain(), { ...FILES, "notes/.gitignore": "x.txt\n" });
    const repository = await open(plain());
    const { texts, programs } = await repository.read(await repository.checkout((await headOf(repository)).id));
    expect(texts.get("calops.yaml")).toBe("experiment: One\n");
    expect(programs.has("notes/x.txt")).toBe(false);
  });

  test("without anything in it is a commit too", async () => {
    mkdirSync(plain());
    const repository = await open(plain());
    const place = await repository.checkout((await headOf(repository)).id);
    expect(readdirSync(place)).toEqual([]);
  });

  test("that is gone is away, rather than empty", async () => {
    writeFiles(plain(), FILES);
    const repository = await open(plain());
    const { id } = await headOf(repository);
    rmSync(plain(), { recursive: true });
    await expect(repository.refs()).rejects.toBeInstanceOf(RemoteAway);
    expect(existsSync(await repository.checkout(id))).toBe(true);
  });

  test("has a history only here, so that nothing can be taken back in it", async () => {
    writeFiles(plain(), FILES);
    const repository = await open(plain());
    expect(repository.plain).toBe(true);
    const { id } = await headOf(repository);
    const revert = { branch: "x", bad: id, good: id, onto: { name: "refs/heads/directory", commit: id }, message: "x" };
    await expect(repository.openRevert(revert)).rejects.toBeInstanceOf(CannotRevert);
  });
});

describe("the clone", () => {
  const clone = () => join(root, "config.git");
  const packs = () => readdirSync(join(clone(), "objects/pack")).filter((name) => name.endsWith(".pack"));

  test("has nothing of a fetch that did not come to its end", async () => {
    const id = source.commit(FILES);
    const repository = await open();
    await headOf(repository);
    const before = readdirSync(clone()).sort();
    const promised = { name: "refs/heads/main", commit: source.commit({ more: "x" }) };
    source.commit({ more: "y" });
    await expect(repository.fetch(promised)).rejects.toThrow(
      new RegExp(
        `^refs/heads/main of ${source.path} was moved while it was fetched: from ${promised.commit.slice(0, 8)} to`,
      ),
    );
    expect(await repository.commit(promised.commit)).toBeUndefined();
    expect(readdirSync(clone()).sort()).toEqual(
      [...before, ...["FETCH_HEAD"].filter((name) => !before.includes(name))].sort(),
    );
    expect(packs()).toHaveLength(1);
    writeFiles(clone(), {
      "incoming-x1/pack/tmp_pack_1": "half",
      "objects/pack/tmp_pack_2": "half",
      "gc.pid": "1 here",
    });
    await open();
    expect(readdirSync(clone())).not.toContain("incoming-x1");
    expect(readdirSync(join(clone(), "objects/pack"))).not.toContain("tmp_pack_2");
    expect(await repository.find(id)).toBe(id);
  });

  test("asks for a tag again when it became another one for the same commit, as when it was signed later", async () => {
    const commit = source.commit(FILES);
    source.git("tag", "-a", "-m", "first", "v1");
    const repository = await open();
    const fetched = async () => {
      const { tags } = await repository.refs();
      expect(tags).toEqual([{ name: "refs/tags/v1", commit }]);
      for (const tag of tags) await repository.fetch(tag);
      return aRepository(directory.at("scratch")).git("--git-dir", clone(), "rev-parse", "refs/calops/tags/v1");
    };
    expect(await fetched()).toBe(source.git("rev-parse", "v1"));
    source.git("tag", "-f", "-a", "-m", "second", "v1");
    expect(await fetched()).toBe(source.git("rev-parse", "v1"));
    source.git("tag", "-f", "v1");
    expect(await fetched()).toBe(commit);
  });

  test("leaves out tags of what is no commit, once it was seen", async () => {
    source.commit(FILES);
    source.git("tag", "blob", source.git("rev-parse", "HEAD:calops.yaml"));
    const repository = await open();
    const [tag] = (await repository.refs()).tags;
    if (!tag) throw new Error("no tag");
    await expect(repository.fetch(tag)).rejects.toThrow(/^refs\/tags\/blob of .* leads to no commit/);
    expect((await repository.refs()).tags).toEqual([]);
  });

  test("fetches a commit that is pinned by its id", async () => {
    const commit = source.commit(FILES);
    source.commit({ more: "x" });
    const repository = await open();
    await repository.fetch({ name: commit, commit });
    expect(await repository.commit(commit)).toMatchObject({ id: commit });
    const unknown = "f".repeat(40);
    await expect(repository.fetch({ name: unknown, commit: unknown })).rejects.toBeInstanceOf(RemoteAway);
  });
});
