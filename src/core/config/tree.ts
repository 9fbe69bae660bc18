/** What a commit of the config repository consists of, before any of it is on disk, and what of it must not get there. */
import type { Issue } from "./issue.ts";
import { type Links, linksOf, pathAndAbove, whereLeads } from "./repository-path.ts";

export type TreeEntry = {
  /** Inside the repository, with `/` between its steps. */
  readonly path: string;
  readonly kind: "file" | "program" | "link" | "submodule";
  /** 0 for a submodule. */
  readonly bytes: number;
  /** Id of the content: the same content, the same id. */
  readonly blob: string;
  /** Where a link leads, as it is written in it; left out where that is too long to be a path. */
  readonly target?: string;
  /** It stands for a file whose content is kept by git-lfs. */
  readonly lfs?: true;
};

/** Every commit that runs is checked out, and kept as long as its jobs run. */
const MOST_BYTES_OF_FILE = 50_000_000;
const MOST_BYTES = 500_000_000;
/** A few small objects of git can be made to stand for more files than there are atoms. */
export const MOST_FILES = 20_000;
export const MOST_BYTES_OF_PATH = 500;
const MOST_DEPTH = 30;
const MOST_LINKS = 1_000;

/** All at once, in the order of the tree. */
export function treeMistakes(tree: readonly TreeEntry[]): Issue[] {
  const monsters = monstrous(tree);
  if (monsters.length > 0) return monsters;
  const links = linksOf(tree);
  return [...tree.flatMap((entry) => mistakesOf(entry, links)), ...twins(tree), ...tooMuch(tree)];
}

/** What nobody makes who means well: to look at it any closer would keep everything else waiting. */
function monstrous(tree: readonly TreeEntry[]): Issue[] {
  const instead = "keep data elsewhere, and here what configures something";
  if (tree.length > MOST_FILES) return [issue(".", "too-many", `it has more than ${MOST_FILES} files`, instead)];
  if (tree.filter(({ kind }) => kind === "link").length > MOST_LINKS)
    return [issue(".", "too-many", `it has more than ${MOST_LINKS} links`, instead)];
  const what = `its path has more than ${MOST_BYTES_OF_PATH} bytes or ${MOST_DEPTH} steps`;
  return tree
    .filter(({ path }) => isLong(path))
    .map(({ path }) => issue(path, "bad-path", what, "give it and its directories shorter names"));
}

function isLong(path: string): boolean {
  if (path.length > MOST_BYTES_OF_PATH || path.split("/").length > MOST_DEPTH) return true;
  return new TextEncoder().encode(path).length > MOST_BYTES_OF_PATH;
}

function mistakesOf({ path, kind, bytes, target, lfs }: TreeEntry, links: Links): Issue[] {
  const found: Issue[] = [];
  const report = (code: string, what: string, instead: string) => found.push(issue(path, code, what, instead));
  if (hasControls(path)) report("bad-path", "its name has control characters", "rename it in letters that can be seen");
  if (path.split("/").some((step) => /^(|\.|\.\.|\.git)$/i.test(step)))
    report(
      "bad-path",
      "its path does not stay in the repository or is git's own",
      "rename it, without steps like .. and .git",
    );
  if (kind === "submodule")
    report(
      "submodule",
      "a submodule, whose files are not in the commit",
      "put the files that are needed here themselves",
    );
  if (kind === "link" && whereLeads(path, target, links).to === "outside")
    report(
      "link-out",
      `a link out of the repository, to ${shown(target ?? "what is no path")}`,
      "put the file itself here",
    );
  if (lfs)
    report("lfs-pointer", "git-lfs keeps its content elsewhere, and here is only a pointer", "commit the file itself");
  if (bytes > MOST_BYTES_OF_FILE)
    report(
      "too-large",
      `it has ${megabytes(bytes)}`,
      `keep data elsewhere; a file here has ${megabytes(MOST_BYTES_OF_FILE)} at most`,
    );
  return found;
}

/** Two names that are one on other machines: people who have the repository there would lose a file. */
function twins(tree: readonly TreeEntry[]): Issue[] {
  const spelled = new Map<string, string>();
  const found: Issue[] = [];
  for (const path of new Set(tree.flatMap(({ path }) => pathAndAbove(path)))) {
    const folded = path.normalize("NFC").toLowerCase();
    const other = spelled.get(folded);
    if (other === undefined) spelled.set(folded, path);
    else
      found.push(issue(path, "twin", `many machines take its name for that of ${shown(other)}`, "rename one of them"));
  }
  return found;
}

/** Told at the largest, which is where one would begin. */
function tooMuch(tree: readonly TreeEntry[]): Issue[] {
  const bytes = tree.reduce((sum, entry) => sum + entry.bytes, 0);
  const largest = tree.reduce((most, entry) => (entry.bytes > most.bytes ? entry : most), { path: ".", bytes: 0 });
  if (bytes <= MOST_BYTES) return [];
  const what = `all files together have ${megabytes(bytes)}, and this is the largest`;
  return [issue(largest.path, "too-large", what, `keep data elsewhere; calops takes ${megabytes(MOST_BYTES)}`)];
}

function issue(path: string, code: string, what: string, instead: string): Issue {
  return { file: shown(path), line: 1, column: 1, code, what, instead };
}

/** In one line, whatever it is called. */
function shown(path: string): string {
  return JSON.stringify(path.slice(0, 200)).slice(1, -1).replaceAll("\u007f", "\\u007f").replaceAll('\\"', '"');
}

function hasControls(path: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  return /[\u0000-\u001f\u007f-\u009f]/.test(path);
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}
