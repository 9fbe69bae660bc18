/** A git repository of a test's own, made with the machine's git. */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Files by path. */
export type Files = Readonly<Record<string, string>>;

export type Repository = {
  readonly path: string;
  git(...args: string[]): string;
  /** Writes the files and commits everything. @returns the commit's id */
  commit(files: Files, subject?: string): string;
};

export function aRepository(path: string): Repository {
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=Ann", "-c", "user.email=ann@x", ...args], {
      cwd: path,
      encoding: "utf8",
      env: { PATH: process.env["PATH"], GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" },
    }).trim();
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

/** A file whose text begins as a script does can be executed. */
export function writeFiles(directory: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { mode: text.startsWith("#!") ? 0o755 : 0o644 });
  }
}
