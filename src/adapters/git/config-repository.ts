/**
 * The config repository through the machine's git. A clone of calops' own is kept in the data directory; what runs is
 * checked out from it, each commit once. A directory that is no repository is taken in as commits of that clone, so that
 * every job has an exact commit whatever its configuration came from.
 */
import { existsSync } from "node:fs";
import { chmod, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Commit, ConfigRepository } from "../../ports/config-repository.ts";
import { readConfigFiles } from "./config-files.ts";
import { type Git, gitIn } from "./git.ts";

export type RepositoryParts = {
  /** A repository by address or path, or a plain directory. */
  readonly source: string;
  /** The data directory. */
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
};

const HEAD = "refs/calops/head";

export class GitConfigRepository implements ConfigRepository {
  readonly #git: Git;
  readonly #root: string;
  readonly #source: string;
  readonly #plain: boolean;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(parts: RepositoryParts, git: Git, plain: boolean) {
    this.#git = git;
    this.#root = parts.root;
    this.#source = parts.source;
    this.#plain = plain;
  }

  static async open(parts: RepositoryParts): Promise<GitConfigRepository> {
    const directory = join(parts.root, "config.git");
    await mkdir(directory, { recursive: true });
    await removeLocks(directory);
    const git = gitIn(directory, parts.env);
    if (!existsSync(join(directory, "HEAD"))) await git(["init", "--bare", "--quiet"]);
    const local = !isAddress(parts.source);
    const source = local ? resolve(parts.source) : parts.source;
    if (local && !existsSync(source)) throw new Error(`there is no configuration at ${source}`);
    const plain = local && !existsSync(join(source, ".git")) && !existsSync(join(source, "HEAD"));
    return new GitConfigRepository({ ...parts, source }, git, plain);
  }

  head(): Promise<Commit> {
    return this.#inTurn(() => this.#head());
  }

  checkout(commit: string): Promise<string> {
    return this.#inTurn(() => this.#checkout(commit));
  }

  read = readConfigFiles;

  async changes(from: string, to: string, path: string): Promise<{ commits: Commit[]; files: string[] }> {
    const commits = await this.#log(["-20", `${from}..${to}`, "--", path]);
    const names = await this.#git(["diff", "--name-only", "-z", from, to, "--", path]);
    return { commits, files: names.split("\0").filter((name) => name !== "") };
  }

  keepOnly(commits: readonly string[]): Promise<void> {
    return this.#inTurn(() => this.#keepOnly(commits));
  }

  /** A deployment and a person's validate may come at once, and git locks what both would write. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }

  async #head(): Promise<Commit> {
    if (this.#plain) await this.#takeIn();
    else
      await this.#git([
        "fetch",
        "--quiet",
        "--no-tags",
        "--no-recurse-submodules",
        "--force",
        "--",
        this.#source,
        `+HEAD:${HEAD}`,
      ]);
    const [commit] = await this.#log(["-1", HEAD]);
    if (!commit) throw new Error(`${this.#source} has no commit`);
    return commit;
  }

  async #checkout(commit: string): Promise<string> {
    if (!/^[0-9a-f]{40,64}$/.test(commit)) throw new Error(`"${commit}" is not the id of a commit`);
    const final = join(this.#root, "checkouts", commit);
    if (existsSync(final)) return final;
    const making = `${final}.making`;
    await makeWritable(making);
    await rm(making, { recursive: true, force: true });
    await mkdir(making, { recursive: true });
    const index = join(this.#root, "config.git", `index.${commit}`);
    const here = { GIT_INDEX_FILE: index, GIT_WORK_TREE: making };
    await this.#git(["read-tree", commit], here);
    await this.#git(["checkout-index", "--all", "--force", "--quiet"], here);
    await rm(index, { force: true });
    await makeReadOnly(making);
    await rename(making, final);
    return final;
  }

  async #keepOnly(commits: readonly string[]): Promise<void> {
    const directory = join(this.#root, "checkouts");
    for (const name of await readdir(directory).catch(() => [])) {
      if (commits.includes(name)) continue;
      await makeWritable(join(directory, name));
      await rm(join(directory, name), { recursive: true, force: true });
    }
  }

  /** A plain directory: its files become a commit, unless they are those of the last one. */
  async #takeIn(): Promise<void> {
    const here = { GIT_INDEX_FILE: join(this.#root, "config.git", "index.directory"), GIT_WORK_TREE: this.#source };
    await this.#git(["add", "--all", "--", this.#source], here);
    const tree = (await this.#git(["write-tree"], here)).trim();
    const parent = await this.#git(["rev-parse", "--verify", "--quiet", HEAD]).then(
      (id) => id.trim(),
      () => "",
    );
    if (parent !== "" && (await this.#git(["rev-parse", `${parent}^{tree}`])).trim() === tree) return;
    const commit = await this.#git([
      "commit-tree",
      tree,
      ...(parent === "" ? [] : ["-p", parent]),
      "-m",
      "Files as they stand in the directory",
    ]);
    await this.#git(["update-ref", HEAD, commit.trim()]);
  }

  async #log(range: readonly string[]): Promise<Commit[]> {
    const text = await this.#git(["log", "-z", "--format=tformat:%H%x00%an%x00%s%x00%ct", ...range]);
    const told = text.split("\0");
    return Array.from({ length: Math.floor(told.length / 4) }, (_, index) => {
      const [id = "", author = "", subject = "", seconds] = told.slice(4 * index);
      return { id, author, subject, at: Number(seconds) * 1_000 };
    });
  }
}

/** An address with a protocol, or `user@host:path`. */
function isAddress(source: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(source) || /^[^/\s]+@[^/\s]+:/.test(source);
}

/** Whoever held these when the machine stopped is gone: one bot works on a data directory, and it is just beginning. */
async function removeLocks(directory: string): Promise<void> {
  const locks = (await readdir(directory)).filter((name) => name.endsWith(".lock"));
  for (const lock of [...locks, `${HEAD}.lock`]) await rm(join(directory, lock), { force: true });
}

async function makeReadOnly(directory: string): Promise<void> {
  await changeModes(directory, (mode) => mode & ~0o222);
}

async function makeWritable(directory: string): Promise<void> {
  if (existsSync(directory)) await changeModes(directory, (mode) => mode | 0o200);
}

async function changeModes(directory: string, change: (mode: number) => number): Promise<void> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  await chmod(directory, change((await stat(directory)).mode) | 0o700);
  for (const entry of entries) {
    if (entry.isSymbolicLink()) continue;
    const path = join(entry.parentPath, entry.name);
    const { mode } = await stat(path);
    await chmod(path, entry.isDirectory() ? change(mode) | 0o500 : change(mode));
  }
}
