/** Commits as directories that nobody writes to: made aside, and put in their place when they are whole. */
import { existsSync } from "node:fs";
import { chmod, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Git } from "./git.ts";
import { linkSameFiles } from "./same-files.ts";

export type CheckoutPlaces = {
  /** Where they lie, each by its commit. */
  readonly directory: string;
  /** Where the index of one that is being made lies. */
  readonly clone: string;
};

/** To make a file is to wait for the disk, so several wait at once. */
const WORKERS = 4;

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
  const left = await linkSameFiles(git, directory, commit, making);
  const fast = ["-c", `checkout.workers=${WORKERS}`, "checkout-index", "--force", "--quiet"];
  if (left === undefined) await git([...fast, "--all"], { env });
  else if (left.length > 0)
    await git([...fast, "-z", "--stdin"], { env, input: left.map((path) => `${path}\0`).join("") });
  await rm(index, { force: true });
  await makeReadOnly(making);
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

/** Of what is to be removed, only directories need be: files may be shared with other checkouts. */
async function makeWritable(directory: string): Promise<void> {
  if (!existsSync(directory)) return;
  await chmod(directory, 0o700);
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true }))
    if (entry.isDirectory()) await chmod(join(entry.parentPath, entry.name), 0o700);
}

async function makeReadOnly(directory: string): Promise<void> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  await chmod(directory, 0o700 | (await stat(directory)).mode);
  await Promise.all(
    entries.map(async (entry) => {
      if (entry.isSymbolicLink()) return;
      const path = join(entry.parentPath, entry.name);
      const { mode } = await stat(path);
      const wanted = (mode & ~0o222) | (entry.isDirectory() ? 0o500 : 0);
      if (wanted !== mode) await chmod(path, wanted);
    }),
  );
}
