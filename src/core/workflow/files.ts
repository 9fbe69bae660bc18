/** The files of a commit by where they stand, and what a job may find at a place. */
import { linksOf, whereLeads } from "../config/repository-path.ts";
import type { TreeEntry } from "../config/tree.ts";

const ROOT = "";

export type RepositoryFiles = {
  /** What stands at a path or below it; everything where the path is empty. What no job reads is left out. */
  below(path: string): readonly TreeEntry[];
  /** A path, and where links below it lead within the repository, and those below these. */
  placesFrom(path: string): readonly string[];
};

export function filesOf(tree: readonly TreeEntry[]): RepositoryFiles {
  const read = tree.filter(({ path }) => !isForPeople(path)).sort((a, b) => (a.path < b.path ? -1 : 1));
  const links = linksOf(tree);
  const led = read.flatMap(({ path, kind, target }) => {
    const end = kind === "link" ? whereLeads(path, target, links) : undefined;
    return end?.to === "inside" ? [{ path, end: end.path }] : [];
  });
  return {
    below: (path) => below(read, path),
    placesFrom(path) {
      const places = new Set([path]);
      for (const place of places) for (const { end } of below(led, place)) places.add(end);
      return [...places];
    },
  };
}

/** What configures or explains something: a workflow's own settings count one by one, and pages to read change no result. */
export function isForPeople(path: string): boolean {
  return path.endsWith(".md") || /^workflows\/[^/]+\/workflow\.yaml$/.test(path);
}

/** @param sorted by path */
function below<Entry extends { readonly path: string }>(sorted: readonly Entry[], path: string): readonly Entry[] {
  if (path === ROOT) return sorted;
  const itself = sorted[firstFrom(sorted, path)];
  // `0` is the sign after `/`.
  const inside = sorted.slice(firstFrom(sorted, `${path}/`), firstFrom(sorted, `${path}0`));
  return itself?.path === path ? [itself, ...inside] : inside;
}

function firstFrom(sorted: readonly { readonly path: string }[], path: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.path ?? "") < path) low = middle + 1;
    else high = middle;
  }
  return low;
}
