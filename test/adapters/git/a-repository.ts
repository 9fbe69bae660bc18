/** Git repositories of a test's own, made with the machine's git. */
import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Pushing, RemoteGround } from "../../contracts/config-repository.ts";

/** Files by path. */
export type Files = Readonly<Record<string, string>>;

export type Repository = {
  readonly path: string;
  git(...args: string[]): string;
  /** Writes the files and commits everything. @returns the commit's id */
  commit(files: Files, subject?: string): string;
};

export type BareRepository = {
  readonly path: string;
  git(...args: string[]): string;
  /** Gives git something to read. */
  feed(input: string | Buffer, ...args: string[]): string;
  /** Makes a commit of just these files and lets a branch lead to it. @returns its id */
  push(files: Files, subject?: string, pushing?: Pushing): string;
  /** Lets a branch lead to a commit whose tree has just these lines of `git ls-tree`. */
  pushTree(lines: readonly string[], branch?: string): string;
  /** @returns the id of the content */
  blob(text: string): string;
};

export function aRepository(path: string): Repository {
  const git = gitIn(path);
  mkdirSync(path, { recursive: true });
  git("init", "--quiet", "--initial-branch=main");
  return {
    path,
    git,
    commit(files, subject = "a change") {
      writeFiles(path, files);
      git("add", "--all");
      git("commit", "--quiet", "--no-verify", "--message", subject);
      return git("rev-parse", "HEAD");
    },
  };
}

export function aBareRepository(path: string): BareRepository {
  mkdirSync(path, { recursive: true });
  const git = gitIn(path);
  const feed = (input: string | Buffer, ...args: string[]) => gitIn(path, input)(...args);
  git("init", "--quiet", "--bare", "--initial-branch=main");
  const blob = (text: string) => feed(text, "hash-object", "-w", "--stdin");
  return {
    path,
    git,
    feed,
    blob,
    push(files, subject = "a change", { branch = "main", author = "Ann", email = "ann@x", parent } = {}) {
      const name = `refs/heads/${branch}`;
      const at = [name, ...(branch === "main" ? [] : ["refs/heads/main"])].map((ref) => headOf(git, ref)).find(Boolean);
      const from = parent === undefined ? at : parent;
      feed(
        `reset refs/making\n\n${commitOf(files, subject, `${author} <${email}>`, from ?? undefined)}`,
        "fast-import",
        "--quiet",
        "--force",
      );
      git("update-ref", name, "refs/making");
      git("update-ref", "-d", "refs/making");
      return git("rev-parse", name);
    },
    pushTree(lines, branch = "main") {
      const tree = feed(`${lines.join("\0")}\0`, "mktree", "-z");
      const commit = git("commit-tree", tree, "-m", "a tree");
      git("update-ref", `refs/heads/${branch}`, commit);
      return commit;
    },
  };
}

/** It as the remote of a contract; away, it lies beside where it was. */
export function remoteOf({ path, git, push }: BareRepository): RemoteGround {
  const elsewhere = `${path}.away`;
  return {
    push,
    tag: (name, commit) => void git("tag", "--force", name, commit),
    deleteTag: (name) => void git("tag", "--delete", name),
    deleteBranch: (name) => void git("branch", "--quiet", "-D", name),
    setAway: (away) => (away ? renameSync(path, elsewhere) : renameSync(elsewhere, path)),
  };
}

/** As `git fast-import` reads it. */
function commitOf(files: Files, subject: string, who: string, parent: string | undefined): string {
  const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const changes = Object.entries(files).map(
    ([path, text]) => `M ${text.startsWith("#!") ? "100755" : "100644"} inline ${JSON.stringify(path)}\n${data(text)}`,
  );
  const now = `${Math.floor(Date.now() / 1_000)} +0000`;
  const from = parent === undefined ? "" : `from ${parent}\n`;
  return `commit refs/making\nauthor ${who} ${now}\ncommitter ${who} ${now}\n${data(subject)}${from}deleteall\n${changes.join("")}\n`;
}

function headOf(git: (...args: string[]) => string, ref: string): string {
  return git("for-each-ref", "--format=%(objectname)", ref);
}

function gitIn(path: string, input?: string | Buffer): (...args: string[]) => string {
  return (...args) =>
    execFileSync("git", ["-c", "user.name=Ann", "-c", "user.email=ann@x", ...args], {
      cwd: path,
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
      env: { PATH: process.env["PATH"], GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" },
      ...(input === undefined ? {} : { input }),
    }).trim();
}

/** A file whose text begins as a script does can be executed. */
export function writeFiles(directory: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { mode: text.startsWith("#!") ? 0o755 : 0o644 });
  }
}
