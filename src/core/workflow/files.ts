/** The files of a commit by where they stand. */
import type { TreeEntry } from "../config/tree.ts";

const ROOT = "";

export type RepositoryFiles = {
  /** What stands at a path or below it, by path; everything where the path is empty. */
  below(path: string): readonly TreeEntry[];
};

export function filesOf(tree: readonly TreeEntry[]): RepositoryFiles {
  const sorted = [...tree].sort((a, b) => (a.path < b.path ? -1 : 1));
  const firstFrom = (path: string): number => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle]?.path ?? "") < path) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    below(path) {
      if (path === ROOT) return sorted;
      const itself = sorted[firstFrom(path)];
      // `0` is the sign after `/`.
      const inside = sorted.slice(firstFrom(`${path}/`), firstFrom(`${path}0`));
      return itself?.path === path ? [itself, ...inside] : inside;
    },
  };
}

/**
 * What a job may find at a path: the files below it, and those of this repository to which links there lead. What configures
 * or explains something is not among them: no job reads it.
 */
export function foundBelow(files: RepositoryFiles, path: string): TreeEntry[] {
  const found = new Map<string, TreeEntry>();
  const paths = [path];
  for (let next = paths.pop(); next !== undefined; next = paths.pop()) {
    for (const entry of files.below(next)) {
      if (found.has(entry.path) || isForPeople(entry.path)) continue;
      found.set(entry.path, entry);
      const target = entry.kind === "link" ? targetOf(entry) : undefined;
      if (target !== undefined) paths.push(target);
    }
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A workflow's own settings count one by one, and pages to read change no result. */
export function isForPeople(path: string): boolean {
  return path.endsWith(".md") || /^workflows\/[^/]+\/workflow\.yaml$/.test(path);
}

/** The path in the repository to which a link leads; undefined for one that leads out of it. */
function targetOf({ path, target = "" }: TreeEntry): string | undefined {
  if (target.startsWith("/")) return undefined;
  const steps = path.split("/").slice(0, -1);
  for (const step of target.split("/")) {
    if (step === ".." && steps.pop() === undefined) return undefined;
    if (step !== ".." && step !== "." && step !== "") steps.push(step);
  }
  return steps.join("/");
}
