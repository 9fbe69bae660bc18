import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readConfigFiles } from "../../src/adapters/git/config-files.ts";
import type { Commit, ConfigRepository } from "../../src/ports/config-repository.ts";

export type Files = Readonly<Record<string, string>>;

/** A config repository whose commits are made by the test. Scripts (`.sh`) may be executed. */
export class MemoryRepository implements ConfigRepository {
  readonly #root: string;
  readonly #commits: { commit: Commit; files: Files }[] = [];
  /** The remote does not answer. */
  away = false;

  constructor(root: string, files: Files) {
    this.#root = root;
    this.commit(files, "first");
  }

  commit(files: Files, subject: string): string {
    const id = `${"0".repeat(39)}${this.#commits.length + 1}`.slice(-40);
    this.#commits.push({ commit: { id, author: "Ann", subject, at: 0 }, files });
    return id;
  }

  async head(): Promise<Commit> {
    const last = this.#commits.at(-1);
    if (this.away || !last) throw new Error("the repository does not answer");
    return last.commit;
  }

  async checkout(id: string): Promise<string> {
    const directory = join(this.#root, "checkouts", id);
    for (const [path, text] of Object.entries(this.#filesOf(id))) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), text);
      if (path.endsWith(".sh")) chmodSync(join(directory, path), 0o755);
    }
    return directory;
  }

  read = readConfigFiles;

  async changes(
    from: string,
    to: string,
    path: string,
  ): Promise<{ commits: readonly Commit[]; files: readonly string[] }> {
    const ids = this.#commits.map((one) => one.commit.id);
    const commits = this.#commits
      .slice(ids.indexOf(from) + 1, ids.indexOf(to) + 1)
      .map((one) => one.commit)
      .reverse();
    const [before, after] = [this.#filesOf(from), this.#filesOf(to)];
    const files = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
      (file) => file.startsWith(path) && before[file] !== after[file],
    );
    return { commits, files };
  }

  async keepOnly(): Promise<void> {}

  #filesOf(id: string): Files {
    const found = this.#commits.find((one) => one.commit.id === id);
    if (!found) throw new Error(`no commit ${id}`);
    return found.files;
  }
}
