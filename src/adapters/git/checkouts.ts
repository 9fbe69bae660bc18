/** Commits as directories that nobody writes to: made aside, and put in their place when they are whole. */
import { existsSync } from "node:fs";
import { chmod, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Git } from "./git.ts";

export type CheckoutPlaces = {
  /** Where they lie, each by its commit. */
  readonly directory: string;
  /** Where the index of one that is being made lies. */
  readonly clone: string;
};

export async function checkout(git: Git, { directory, clone }: CheckoutPlaces, commit: string): Promise<string> {
  const final = join(directory, commit);
  if (existsSync(final)) return final;
  const making = `${final}.making`;
  await makeWritable(making);
  await rm(making, { recursive: true, force: true });
  await mkdir(making, { recursive: true });
  const index = join(clone, `index.${commit}`);
  const env = { GIT_INDEX_FILE: index, GIT_WORK_TREE: making };
  await git(["read-tree", commit], { env });
  await git(["checkout-index", "--all", "--force", "--quiet"], { env });
  await rm(index, { force: true });
  await changeModes(making, (mode) => mode & ~0o222);
  await rename(making, final);
  return final;
}

/** Removes those that are not among these, and what was left half made. */
export async function keepOnly({ directory }: CheckoutPlaces, commits: readonly string[]): Promise<void> {
  for (const name of await readdir(directory).catch(() => [])) {
    if (commits.includes(name)) continue;
    await makeWritable(join(directory, name));
    await rm(join(directory, name), { recursive: true, force: true });
  }
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
