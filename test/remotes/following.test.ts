/** What it costs to follow a remote, in runs of git and in what is fetched: by a whole bot, with its store. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Files } from "../adapters/git/a-repository.ts";
import { aBot } from "./a-bot.ts";
import { aGround, type Ground } from "./ground.ts";

const WORKFLOWS = 200;
const COMMITS = 10_000;

let ground: Ground;
beforeEach(() => {
  ground = aGround();
});
afterEach(() => ground.clean());

const rules = (production = "{}") =>
  `poll: 1h\nproduction: ${production}\nmirrors: { branches: ["*"], channel: "#dev", isolation: none }\n`;
const filesOf = (workflows: number, edition: number): Files => ({
  "calops.yaml": "experiment: One\n",
  "environments.yaml": rules(),
  ...Object.fromEntries(
    Array.from({ length: workflows }, (_, n) => [
      [
        `workflows/w${n}/workflow.yaml`,
        `description: Workflow ${n}, edition ${n === 0 ? edition : 0}\nowner: nobody\ntasks: { fit: { run: [./fit.sh] } }\n`,
      ],
      [`workflows/w${n}/fit.sh`, `#!/bin/sh\necho ${n}\n`],
    ]).flat(),
  ),
});

test("a look that finds nothing is one ls-remote and no other git, whatever is followed", async () => {
  const { bare } = ground;
  const files = { ...filesOf(3, 0), "environments.yaml": rules('{ follow: { tag: "v*" } }') };
  const first = bare.push(files, "first");
  bare.git("tag", "--annotate", "--message", "one", "v1", first);
  const tried = bare.push({ ...files, "workflows/w0/more.sh": "#!/bin/sh\n" }, "try", { branch: "try" });
  bare.push(files, "leaving", { branch: "leaving" });
  bare.push({ ...files, "calops.yaml": "experimnt: One\n" }, "a mistake", { branch: "typo" });
  const bot = ground.closing(await aBot(ground.at, `file://${bare.path}`));
  bare.git("branch", "-D", "leaving");
  await bot.look();
  expect(await bot.commitOf("production")).toBe(first);
  expect(await bot.commitOf("mirror/try")).toBe(tried);
  bot.gits();
  for (let look = 0; look < 5; look++) {
    await bot.look();
    expect(bot.gits()).toEqual(["ls-remote"]);
  }
});

test("a repository with 200 workflows and 10,000 commits is followed by what changes, not by what there is", async () => {
  const { bare } = ground;
  importHistory(ground, COMMITS - 1);
  const first = bare.push(filesOf(WORKFLOWS, 0), "the workflows");
  expect(bare.git("rev-list", "--count", "main")).toBe(String(COMMITS));
  const bot = ground.closing(await aBot(ground.at, `file://${bare.path}`));
  expect(await bot.commitOf("production")).toBe(first);
  expect(Object.keys(bot.bot.engine.scene.revisions.current("production").config.workflows)).toHaveLength(WORKFLOWS);
  // As many runs of git as for a repository with one workflow and one commit.
  expect(bot.gits().length).toBeLessThan(30);

  const before = inClone(ground);
  const files = filesIn(ground, first);
  expect(files).toHaveLength(2 * WORKFLOWS + 2);
  const second = bare.push(filesOf(WORKFLOWS, 1), "another edition of one");
  await bot.look();
  expect(await bot.commitOf("production")).toBe(second);
  const gits = bot.gits();
  expect(gits.filter((git) => git === "ls-remote" || git === "fetch")).toEqual(["ls-remote", "fetch"]);
  expect(gits.length).toBeLessThan(30);
  const after = inClone(ground);
  // The commit, the changed file, the directories on the way to it, and what these are told by their difference to.
  expect(after.objects - before.objects).toBeLessThanOrEqual(10);
  expect(after.bytes - before.bytes).toBeLessThan(50_000);
  // All other files of the checkout are those of the one before.
  const made = filesIn(ground, second).filter(({ inode }) => !files.some((file) => file.inode === inode));
  expect(made.map(({ path }) => path)).toEqual(["workflows/w0/workflow.yaml"]);
  await bot.look();
  expect(bot.gits()).toEqual(["ls-remote"]);
});

/** Notes of many years, before there was a workflow. */
function importHistory({ bare }: Ground, commits: number): void {
  const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const lines = Array.from({ length: commits }, (_, n) => {
    const who = `committer Ann <ann@x> ${1_700_000_000 + n} +0000\n`;
    return `commit refs/heads/main\n${who}${data(`commit ${n}`)}M 100644 inline notes/${n % 100}.txt\n${data(`note ${n}`)}\n`;
  });
  bare.feed(lines.join(""), "fast-import", "--quiet");
}

/** Everything that the clone has, and how large it is. */
function inClone({ at, bare }: Ground): { objects: number; bytes: number } {
  const clone = at("data/config.git");
  const counts = new Map(
    bare
      .git("--git-dir", clone, "count-objects", "--verbose")
      .split("\n")
      .map((line) => line.split(": "))
      .map(([name = "", count]) => [name, Number(count)]),
  );
  const packs = readdirSync(join(clone, "objects/pack")).map(
    (name) => statSync(join(clone, "objects/pack", name)).size,
  );
  return {
    objects: (counts.get("count") ?? 0) + (counts.get("in-pack") ?? 0),
    bytes: packs.reduce((all, size) => all + size, 0),
  };
}

/** The checkout of a commit. */
function filesIn({ at }: Ground, commit: string): { path: string; inode: number }[] {
  const directory = at(`data/checkouts/${commit}`);
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: path.slice(directory.length + 1), inode: statSync(path).ino }));
}
