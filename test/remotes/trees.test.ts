/** Names and trees that were built to break out of where they belong. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { treeMistakes } from "../../src/core/config/tree.ts";
import { type ConfigRepository, RemoteAway } from "../../src/ports/config-repository.ts";
import { writeFiles } from "../adapters/git/a-repository.ts";
import { aGround, FILES, failure, follow, type Ground } from "./ground.ts";

let ground: Ground;
let repository: ConfigRepository;
const MARK = () => ground.at("executed");
beforeEach(async () => {
  ground = aGround();
  ground.bare.push(FILES, "first");
  repository = await ground.open(`file://${ground.bare.path}`);
});
afterEach(() => ground.clean());

/** A tree whose entries git would not make itself: modes, names and ids as they are. @returns its id */
function rawTree(...entries: readonly (readonly [mode: string, name: string, id: string])[]): string {
  const body = entries.map(([mode, name, id]) =>
    Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(id, "hex")]),
  );
  return ground.bare.feed(Buffer.concat(body), "hash-object", "-t", "tree", "-w", "--literally", "--stdin");
}

function branchOf(tree: string, branch = "evil"): void {
  ground.bare.git("update-ref", `refs/heads/${branch}`, ground.bare.git("commit-tree", tree, "-m", "evil"));
}

const codes = async (commit: string) =>
  treeMistakes(await repository.tree(commit)).map(({ file, code }) => `${file} ${code}`);

describe("a branch", () => {
  test("whose name looks like an option, a command or another name, is followed as what it is", async () => {
    const names = [
      "--upload-pack=touch${IFS}executed",
      "$(touch executed)",
      "`touch executed`",
      "m\u0430in",
      "a;touch&executed",
      "größe/測",
      "\u202emain",
      "HEAD",
      "%2F/%2f",
      "-",
    ];
    const valid = names.map((name) => name.replaceAll(" ", "${IFS}"));
    const commits = valid.map((name) => {
      const commit = ground.bare.push({ ...FILES, name });
      ground.bare.git("update-ref", `refs/heads/${name}`, commit);
      ground.bare.git("update-ref", "-d", "refs/heads/main");
      return commit;
    });
    ground.bare.push(FILES, "main again", { parent: null });
    for (const [index, name] of valid.entries()) {
      const ref = await follow(repository, `refs/heads/${name}`);
      expect(ref.commit).toBe(commits[index]);
      expect(readFileSync(join(await repository.checkout(ref.commit), "name"), "utf8")).toBe(name);
    }
    const everywhere = readdirSync(ground.at("."), { recursive: true, encoding: "utf8" });
    expect(everywhere.filter((path) => path.endsWith("executed") && !path.includes("/refs/"))).toEqual([]);
  });

  test("whose name git would refuse, since somebody wrote it into the remote's files, is left out", async () => {
    const { commit } = await follow(repository);
    const names = ["refs/heads/a\u001b[31mred", "refs/heads/x.lock"];
    writeFileSync(join(ground.bare.path, "packed-refs"), names.map((name) => `${commit} ${name}\n`).join(""));
    const { branches } = await repository.refs();
    expect(branches.map(({ name }) => name)).toEqual(["refs/heads/main"]);
    writeFileSync(join(ground.bare.path, "packed-refs"), `${commit} refs/heads/../../config\n`);
    // The remote's own git refuses to list them, and so nothing is known.
    await expect(repository.refs()).rejects.toBeInstanceOf(RemoteAway);
  });

  test("that is asked for by a name that is none, is refused before git hears of it", async () => {
    const { commit } = await follow(repository);
    for (const name of [
      "--upload-pack=touch x",
      "main",
      "HEAD",
      "refs/heads/main:refs/heads/x",
      "+refs/heads/main",
      "refs/heads/*",
    ])
      await expect(repository.fetch({ name, commit })).rejects.toThrow("is not the full name of a branch or a tag");
    await expect(repository.fetch({ name: "refs/heads/main", commit: "--all" })).rejects.toThrow(
      "is not the id of a commit",
    );
  });
});

describe("a tree", () => {
  const blob = () => ground.bare.blob("evil");

  test("with paths that lead out of it, is not even fetched, and other branches are followed as before", async () => {
    const within = (name: string) => rawTree(["40000", name, rawTree(["100644", "x", blob()])]);
    const trees: Readonly<Record<string, string>> = {
      hasDotdot: within(".."),
      fullPathname: rawTree(["100644", "../x", blob()]),
      hasDotgit: within(".git"),
      hasDot: within("."),
    };
    for (const [complaint, tree] of Object.entries(trees)) {
      branchOf(tree, complaint);
      const told = await failure(follow(repository, `refs/heads/${complaint}`));
      expect(told).toMatch(new RegExp(`^RemoteAway: .* sends what git does not accept: ${complaint}, `));
    }
    branchOf(within(".GIT"), "dotgit");
    expect(await failure(follow(repository, "refs/heads/dotgit"))).toContain(
      "sends what git does not accept: hasDotgit",
    );
    branchOf(rawTree(["100644", "", blob()]), "empty");
    expect(await failure(follow(repository, "refs/heads/empty"))).toMatch(/^RemoteAway: .* \(git fsck\)$/);
    expect((await follow(repository)).name).toBe("refs/heads/main");
    expect(existsSync(ground.at("data/x"))).toBe(false);
  });

  test("with such paths, where the bot's user told git to let them in, is a mistake, and is not put on the disk", async () => {
    writeFiles(ground.at("home"), {
      ".gitconfig": '[fetch "fsck"]\n\thasDotdot = ignore\n\thasDotgit = ignore\n\tfullPathname = ignore\n',
    });
    const inner = rawTree(["100644", "x", blob()]);
    branchOf(rawTree(["40000", "..", inner], ["40000", ".git", inner], ["100644", "a/../../y", blob()]));
    const { commit } = await follow(repository, "refs/heads/evil");
    expect((await codes(commit)).sort()).toEqual(["../x bad-path", ".git/x bad-path", "a/../../y bad-path"]);
    await expect(repository.checkout(commit)).rejects.toThrow(/^git (read-tree|checkout-index): /);
    const made = readdirSync(ground.at("data"), { recursive: true, encoding: "utf8" });
    expect(made.filter((path) => /(^|\/)[xy]$/.test(path))).toEqual([]);
  });

  test("with links that leave it, is told with each of them, and nothing is read through them", async () => {
    writeFiles(ground.at("outside"), { "workflow.yaml": "secret: true\n" });
    const { bare } = ground;
    const link = (path: string, target: string) => `120000 blob ${bare.blob(target)}\t${path}`;
    bare.pushTree([
      link("calops.yaml", ground.at("outside/workflow.yaml")),
      link("etc", "/etc"),
      link("inside", "within/./file"),
      link("up", "../../.."),
      link("workflows", ground.at("outside")),
    ]);
    const { commit } = await follow(repository);
    expect(await codes(commit)).toEqual(["calops.yaml", "etc", "up", "workflows"].map((path) => `${path} link-out`));
    const { texts, programs } = await repository.read(await repository.checkout(commit));
    expect([...texts, ...programs]).toEqual([]);
  });

  test("with submodules, is told with each of them, and nobody asks their addresses", async () => {
    const { bare } = ground;
    const url = `file://${ground.at("nowhere")}/.git`;
    bare.pushTree([
      `100644 blob ${bare.blob(`[submodule "lib"]\n\tpath = lib\n\turl = ${url}\n\tupdate = none\n`)}\t.gitmodules`,
      `160000 commit ${"1".repeat(40)}\tlib`,
    ]);
    const { commit } = await follow(repository);
    expect(await codes(commit)).toEqual(["lib submodule"]);
    expect(readdirSync(await repository.checkout(commit))).toEqual([".gitmodules", "lib"]);
  });

  test("with submodules whose address or name would be a command, is not even fetched", async () => {
    const { bare } = ground;
    const modules = {
      url: '[submodule "x"]\n\tpath = x\n\turl = -u./evil\n',
      name: '[submodule "../../x"]\n\tpath = x\n\turl = y\n',
    };
    for (const [complaint, text] of Object.entries(modules)) {
      bare.pushTree([`100644 blob ${bare.blob(text)}\t.gitmodules`], complaint);
      const told = await failure(follow(repository, `refs/heads/${complaint}`));
      expect(told).toMatch(/^RemoteAway: .* sends what git does not accept: gitmodules(Url|Name), /);
    }
  });

  test("with hooks, filters and settings of git among its files, is files and nothing else", async () => {
    const evil = `#!/bin/sh\necho executed >> ${MARK()}\ncat\n`;
    const files = {
      ...FILES,
      "hooks/post-checkout": evil,
      ".githooks/post-checkout": evil,
      ".gitattributes": "*.dat filter=lfs diff=lfs merge=lfs -text\n* filter=evil diff=evil\n",
      config: `[core]\n\thooksPath = hooks\n\tfsmonitor = ${MARK()}\n`,
      "map.dat": `version https://git-lfs.github.com/spec/v1\noid sha256:${"a".repeat(64)}\nsize 5\n`,
    };
    const command = ground.at("home/evil.sh");
    writeFiles(ground.at("home"), {
      "evil.sh": evil,
      ".gitconfig": ["lfs", "evil"]
        .map(
          (name) =>
            `[filter "${name}"]\n\tsmudge = ${command}\n\tclean = ${command}\n\tprocess = ${command}\n\trequired = true\n[diff "${name}"]\n\ttextconv = ${command}\n`,
        )
        .join(""),
    });
    const before = (await follow(repository)).commit;
    ground.bare.push(files);
    const { commit } = await follow(repository);
    const place = await repository.checkout(commit);
    expect(readFileSync(join(place, "map.dat"), "utf8")).toBe(files["map.dat"]);
    expect((await repository.changes(before, commit, "map.dat")).files).toEqual(["map.dat"]);
    expect(await codes(commit)).toEqual(["map.dat lfs-pointer"]);
    expect(existsSync(MARK())).toBe(false);
  });

  test("with a file of 1 GB is told before anything of it is on the disk, and other branches are followed as before", async () => {
    const { bare } = ground;
    const zeros = execFileSync(
      "sh",
      [
        "-c",
        "head -c 1000000000 /dev/zero | git -c core.compression=1 -c core.bigFileThreshold=1m hash-object -w --stdin",
      ],
      { cwd: bare.path, encoding: "utf8" },
    ).trim();
    bare.pushTree([`100644 blob ${zeros}\tmap.root`, `100644 blob ${zeros}\tcopy.root`], "large");
    repository = await ground.open(bare.path, { timeoutMs: 60_000 });
    const { commit } = await follow(repository, "refs/heads/large");
    expect(await codes(commit)).toEqual(["copy.root too-large", "map.root too-large", "copy.root too-large"]);
    expect(await repository.text(commit, "map.root")).toBe("# larger than 1000000 bytes\n[");
    const kilobytes = Number.parseInt(execFileSync("du", ["-sk", ground.at("data")], { encoding: "utf8" }), 10);
    expect(kilobytes).toBeLessThan(10_000);
    expect((await follow(repository)).name).toBe("refs/heads/main");
  });
});
