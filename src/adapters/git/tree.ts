/** What a commit consists of, by one listing; nothing of it is on disk yet. */
import { MOST_BYTES_OF_PATH, MOST_FILES, type TreeEntry } from "../../core/config/tree.ts";
import { type Git, GitError } from "./git.ts";

const KINDS: Readonly<Record<string, TreeEntry["kind"]>> = {
  "100644": "file",
  "100755": "program",
  "120000": "link",
  "160000": "submodule",
};
/** The first line of what stands for a file whose content lies elsewhere, and how large it may be (git-lfs, docs/spec.md). */
const LFS = "version https://git-lfs.github.com/spec/v1\n";
const SMALLEST_POINTER = 100;
const LARGEST_POINTER = 1_024;
/** No path of Linux is longer: a link with such a target leads nowhere. */
const LONGEST_TARGET = 4_096;
/** With mode, id and size. What is listed beyond it has too many files, or a path that is too long, before that. */
const MOST_BYTES_LISTED = MOST_FILES * (MOST_BYTES_OF_PATH + 120);
/** So that an answer fits into memory however many small files there are. */
const ASKED_AT_ONCE = 10_000;

/** Of one that is a mistake by its size alone, so much that this can be seen. */
export async function treeOf(git: Git, commit: string): Promise<TreeEntry[]> {
  const entries = await entriesOf(git, commit);
  if (entries.length > MOST_FILES) return entries;
  const texts = await textsOf(git, new Set(entries.filter(hasMeaning).map(({ blob }) => blob)));
  return entries.map((entry) => {
    const text = texts.get(entry.blob);
    if (entry.kind === "link") return text === undefined ? entry : { ...entry, target: text };
    return text?.startsWith(LFS) && hasMeaning(entry) ? { ...entry, lfs: true } : entry;
  });
}

/** Without what a content may say. */
export async function entriesOf(git: Git, commit: string): Promise<TreeEntry[]> {
  const listed = await git(["ls-tree", "-r", "-l", "-z", "--full-tree", commit], {
    mostBytesPrinted: MOST_BYTES_LISTED,
  }).catch(beginning);
  return listed.split("\0").flatMap(parseEntry);
}

function beginning(error: unknown): string {
  if (error instanceof GitError && error.ended === "talkative") return error.output;
  throw error;
}

/** `100644 blob 1a2b...     123<tab>path` */
function parseEntry(line: string): TreeEntry[] {
  const [, mode = "", blob = "", bytes = "", path] = /^(\d+) \w+ ([0-9a-f]+) +(\d+|-)\t(.*)$/s.exec(line) ?? [];
  if (path === undefined) return [];
  return [{ path, kind: KINDS[mode] ?? "file", bytes: bytes === "-" ? 0 : Number(bytes), blob }];
}

/** The content may say where it leads, or that it lies elsewhere. */
function hasMeaning({ kind, bytes }: TreeEntry): boolean {
  if (kind === "submodule") return false;
  return kind === "link" ? bytes <= LONGEST_TARGET : bytes >= SMALLEST_POINTER && bytes < LARGEST_POINTER;
}

async function textsOf(git: Git, blobs: ReadonlySet<string>): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  const asked = [...blobs];
  for (let from = 0; from < asked.length; from += ASKED_AT_ONCE) {
    const input = asked.slice(from, from + ASKED_AT_ONCE).join("\n");
    // Byte by byte, since the answer says how many there are.
    const told = await git(["cat-file", "--batch"], { input: `${input}\n`, encoding: "latin1" });
    for (let at = 0; at < told.length; ) {
      const end = told.indexOf("\n", at);
      const [, blob = "", bytes] = /^([0-9a-f]+) blob (\d+)$/.exec(told.slice(at, end)) ?? [];
      if (bytes === undefined) throw new Error(`git cat-file answers ${JSON.stringify(told.slice(at, end))}`);
      at = end + 1 + Number(bytes) + 1;
      texts.set(blob, Buffer.from(told.slice(end + 1, at - 1), "latin1").toString("utf8"));
    }
  }
  return texts;
}
