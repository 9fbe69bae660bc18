/**
 * Files that a commit has in common with one that is checked out already are put in place by a link, not made again: to make
 * a file costs a disk a millisecond, and a change touches few. A file is compared with what git says of it first, so that
 * nothing that was done to an old checkout gets into a new one.
 */
import { createHash } from "node:crypto";
import { link, lstat, mkdir, readdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { TreeEntry } from "../../core/config/tree.ts";
import type { Git } from "./git.ts";
import { isId } from "./ids.ts";
import { entriesOf } from "./tree.ts";

const AT_ONCE = 32;
/** To read a large one takes longer than to make it, and memory. */
const MOST_BYTES_COMPARED = 1_000_000;

/** @returns the paths of the commit that are still to be made; undefined for all of them */
export async function linkSameFiles(
  git: Git,
  checkouts: string,
  commit: string,
  into: string,
): Promise<readonly string[] | undefined> {
  const base = await newestOf(checkouts);
  if (base === undefined) return undefined;
  const changed = await git(["diff-tree", "-r", "-z", "--no-renames", "--name-only", base, commit]).catch(
    () => undefined,
  );
  if (changed === undefined) return undefined;
  const different = new Set(changed.split("\0"));
  const entries = await entriesOf(git, commit);
  const left: string[] = [];
  const made = new Set<string>();
  for (let from = 0; from < entries.length; from += AT_ONCE) {
    const linked = entries.slice(from, from + AT_ONCE).map(async (entry) => {
      const isLinked = !different.has(entry.path) && (await linkOne(join(checkouts, base), into, entry, made));
      return isLinked ? [] : [entry.path];
    });
    left.push(...(await Promise.all(linked)).flat());
  }
  return left;
}

async function newestOf(checkouts: string): Promise<string | undefined> {
  const names = (await readdir(checkouts).catch(() => [])).filter(isId);
  const ages = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(join(checkouts, name))).mtimeMs })),
  );
  return ages.sort((a, b) => b.at - a.at)[0]?.name;
}

async function linkOne(
  base: string,
  into: string,
  { path, kind, blob }: TreeEntry,
  made: Set<string>,
): Promise<boolean> {
  // Of links and submodules nothing is taken over.
  if (kind !== "file" && kind !== "program") return false;
  const [from, to] = [join(base, path), join(into, path)];
  try {
    const found = await lstat(from);
    const isProgram = (found.mode & 0o111) !== 0;
    const isSuch = found.isFile() && isProgram === (kind === "program") && found.size <= MOST_BYTES_COMPARED;
    if (!isSuch || blobOf(await readFile(from), blob.length) !== blob) return false;
    const directory = dirname(to);
    if (!made.has(directory)) await mkdir(directory, { recursive: true });
    made.add(directory);
    await link(from, to);
    return true;
  } catch {
    // It is made anew by git, whatever kept it from being linked.
    return false;
  }
}

/** As git makes it from a content (gitformat-pack, "object id"). */
function blobOf(content: Buffer, length: number): string {
  const hash = createHash(length === 64 ? "sha256" : "sha1");
  return hash.update(`blob ${content.length}\0`).update(content).digest("hex");
}
