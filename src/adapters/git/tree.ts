/** What a commit consists of, by one listing; nothing of it is on disk yet. */
import type { TreeEntry } from "../../core/config/tree.ts";
import type { Git } from "./git.ts";

const KINDS: Readonly<Record<string, TreeEntry["kind"]>> = {
  "100644": "file",
  "100755": "program",
  "120000": "link",
  "160000": "submodule",
};
/** The first line of what stands for a file whose content lies elsewhere (git-lfs, docs/spec.md). */
const LFS = "version https://git-lfs.github.com/spec/v1";
/** A link's target is a path; longer ones lead nowhere that we want to know of. */
const LONGEST_TARGET = 4_096;

export async function treeOf(git: Git, commit: string): Promise<TreeEntry[]> {
  const listed = await git(["ls-tree", "-r", "-l", "-z", "--full-tree", commit]);
  const entries = listed.split("\0").flatMap(parseEntry);
  const targets = await targetsOf(git, entries);
  const pointers = await pointersOf(git, commit);
  return entries.map((entry) => ({
    ...entry,
    ...(entry.kind === "link" ? { target: targets.get(entry.blob) ?? "" } : {}),
    ...(pointers.has(entry.path) ? { lfs: true as const } : {}),
  }));
}

/** `100644 blob 1a2b...     123<tab>path` */
function parseEntry(line: string): TreeEntry[] {
  const [, mode = "", blob = "", bytes = "", path] = /^(\d+) \w+ ([0-9a-f]+) +(\d+|-)\t(.*)$/s.exec(line) ?? [];
  if (path === undefined) return [];
  return [{ path, kind: KINDS[mode] ?? "file", bytes: bytes === "-" ? 0 : Number(bytes), blob }];
}

async function targetsOf(git: Git, entries: readonly TreeEntry[]): Promise<Map<string, string>> {
  const targets = new Map<string, string>();
  for (const { blob, bytes } of entries.filter(({ kind }) => kind === "link"))
    if (!targets.has(blob)) targets.set(blob, bytes > LONGEST_TARGET ? "/too-long" : await git(["cat-file", "blob", blob]));
  return targets;
}

async function pointersOf(git: Git, commit: string): Promise<Set<string>> {
  const found = await git(["grep", "-l", "-z", "-F", "-e", LFS, commit, "--"]).catch((error: { code?: number }) => {
    if (error.code === 1) return "";
    throw error;
  });
  return new Set(found.split("\0").map((line) => line.slice(commit.length + 1)));
}
