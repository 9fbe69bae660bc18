/** What a commit of the config repository consists of, before any of it is on disk, and what of it must not get there. */
import type { Issue } from "./issue.ts";

export type TreeEntry = {
  /** Inside the repository, with `/` between its steps. */
  readonly path: string;
  readonly kind: "file" | "program" | "link" | "submodule";
  /** 0 for a submodule. */
  readonly bytes: number;
  /** Id of the content: the same content, the same id. */
  readonly blob: string;
  /** Where a link leads, as it is written in it. */
  readonly target?: string;
  /** It stands for a file whose content is kept by git-lfs. */
  readonly lfs?: true;
};

/** Every commit that runs is checked out, and kept as long as its jobs run. */
const MOST_BYTES_OF_FILE = 50_000_000;
const MOST_BYTES = 500_000_000;

export function treeMistakes(tree: readonly TreeEntry[]): Issue[] {
  const total = tree.reduce((sum, entry) => sum + entry.bytes, 0);
  return [
    ...tree.flatMap((entry) => mistakeOf(entry) ?? []),
    ...lookAlikes(tree),
    ...(total > MOST_BYTES && !tree.some((entry) => entry.bytes > MOST_BYTES_OF_FILE)
      ? [issue(".", "too-large", `the files take ${megabytes(total)} together`, `keep data elsewhere; calops takes ${megabytes(MOST_BYTES)}`)]
      : []),
  ];
}

function mistakeOf(entry: TreeEntry): Issue | undefined {
  const { path, kind, bytes, target = "" } = entry;
  if (isOutside(path))
    return issue(shown(path), "bad-path", "a path that could lead out of the checkout", "rename it in plain letters");
  if (kind === "submodule")
    return issue(path, "submodule", "a submodule: its files are not part of the commit", "copy what is needed into the repository");
  if (kind === "link" && leadsOut(path, target))
    return issue(path, "link-out", `a link to ${JSON.stringify(target.slice(0, 100))}, out of the repository`, "put the file itself here");
  if (entry.lfs)
    return issue(path, "lfs-pointer", "git-lfs keeps its content elsewhere, and only a pointer is here", "commit the file itself, or keep it where jobs fetch it from");
  if (bytes > MOST_BYTES_OF_FILE)
    return issue(path, "too-large", `it takes ${megabytes(bytes)}`, `keep data elsewhere; a file here takes ${megabytes(MOST_BYTES_OF_FILE)} at most`);
  return undefined;
}

/** Git itself refuses most of these; whoever made the tree need not have used git. */
function isOutside(path: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  return /[\u0000-\u001f\u007f]/.test(path) || path.split("/").some((step) => /^(|\.|\.\.|\.git)$/i.test(step));
}

function leadsOut(path: string, target: string): boolean {
  if (target === "" || target.startsWith("/")) return true;
  const at = path.split("/").slice(0, -1);
  for (const step of target.split("/")) {
    if (step === "..") {
      if (at.pop() === undefined) return true;
    } else if (step !== "." && step !== "") at.push(step);
  }
  // What it leads through may be a link itself; one into the directory of git is never meant.
  return at.some((step) => step.toLowerCase() === ".git");
}

/** Two names that some file systems, and all readers, take for one. */
function lookAlikes(tree: readonly TreeEntry[]): Issue[] {
  const seen = new Map<string, string>();
  const found: Issue[] = [];
  for (const { path } of tree) {
    const like = path.normalize("NFKC").toLowerCase();
    const other = seen.get(like);
    if (other === undefined) seen.set(like, path);
    else found.push(issue(shown(path), "look-alike", `it is called like ${shown(other)}, but for case or look-alike letters`, "rename one of them"));
  }
  return found;
}

function issue(file: string, code: string, what: string, instead: string): Issue {
  return { file, line: 1, column: 1, code, what, instead };
}

function shown(path: string): string {
  return JSON.stringify(path.slice(0, 200)).slice(1, -1);
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
