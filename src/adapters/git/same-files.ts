/**
 * Files that a commit has in common with one that is checked out already are put in place by a link, not made again: to make
 * a file costs a disk a millisecond, and a change touches few. A file is compared with what git says of it first, so that
 * nothing that was done to an old checkout gets into a new one.
 */
import { createHash } from "node:crypto";
import { link, lstat, mkdir, readdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Git } from "./git.ts";

type Entry = { readonly path: string; readonly blob: string; readonly isProgram: boolean };

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
  const entries = parse(await git(["ls-tree", "-r", "-z", "--full-tree", commit]));
  const left: string[] = [];
  const made = new Set<string>();
  for (let from = 0; from < entries.length; from += AT_ONCE) {
    const linked = entries.slice(from, from + AT_ONCE).map(async (entry) => {
      const isLinked =
        !different.has(entry.path) && entry.blob !== "" && (await linkOne(join(checkouts, base), into, entry, made));
      return isLinked ? [] : [entry.path];
    });
    left.push(...(await Promise.all(linked)).flat());
  }
  return left;
}

async function newestOf(checkouts: string): Promise<string | undefined> {
  const names = (await readdir(checkouts).catch(() => [])).filter((name) => /^[0-9a-f]{40,64}$/.test(name));
  const ages = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(join(checkouts, name))).mtimeMs })),
  );
  return ages.sort((a, b) => b.at - a.at)[0]?.name;
}

async function linkOne(
  base: string,
  into: string,
  { path, blob, isProgram }: Entry,
  made: Set<string>,
): Promise<boolean> {
  const [from, to] = [join(base, path), join(into, path)];
  try {
    const found = await lstat(from);
    const isKind = found.isFile() && ((found.mode & 0o111) !== 0) === isProgram && found.size <= MOST_BYTES_COMPARED;
    if (!isKind || idOf(await readFile(from), blob.length) !== blob) return false;
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
function idOf(content: Buffer, length: number): string {
  const hash = createHash(length === 64 ? "sha256" : "sha1");
  return hash.update(`blob ${content.length}\0`).update(content).digest("hex");
}

/** Of links and submodules nothing is taken over. */
function parse(listed: string): Entry[] {
  return listed.split("\0").flatMap((line) => {
    const [, mode = "", blob = "", path] = /^(\d+) \w+ ([0-9a-f]+)\t(.*)$/s.exec(line) ?? [];
    if (path === undefined) return [];
    return [{ path, blob: mode.startsWith("100") ? blob : "", isProgram: mode === "100755" }];
  });
}
