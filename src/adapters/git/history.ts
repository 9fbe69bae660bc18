/** What the clone tells of commits that were fetched. */
import type { Author, Commit } from "../../ports/config-repository.ts";
import { MOST_BYTES_OF_TEXT, unreadable } from "./config-files.ts";
import { type Git, GitError, saysYes } from "./git.ts";
import { idOf, isId } from "./ids.ts";

const FORMAT = "--format=tformat:%H%x00%an%x00%ae%x00%ce%x00%s%x00%ct";
const MOST_COMMITS = 20;
/** Looked through for their authors, where it is not known what of them has run. */
const MOST_LOOKED_THROUGH = 1_000;

export async function commitOf(git: Git, id: string): Promise<Commit | undefined> {
  if (!isId(id)) return undefined;
  const kind = await git(["cat-file", "--batch-check=%(objecttype)"], { input: `${id}\n` });
  return kind === "commit\n" ? (await log(git, ["-1", id]))[0] : undefined;
}

export async function findCommit(git: Git, prefix: string): Promise<string | undefined> {
  const digits = prefix.toLowerCase();
  if (!/^[0-9a-f]{7,64}$/.test(digits)) return undefined;
  try {
    return (await git(["rev-parse", "--verify", "--quiet", `${digits}^{commit}`])).trim();
  } catch (error) {
    // It ended by itself: there is none, or there are several.
    if (error instanceof GitError && error.code !== undefined) return undefined;
    throw error;
  }
}

export async function isWithin(git: Git, ancestor: string, descendant: string): Promise<boolean> {
  return await saysYes(git, ["merge-base", "--is-ancestor", idOf(ancestor), idOf(descendant)]);
}

/** What cannot be read as a text is no file that is missing: rules that cannot be read must not be taken for none. */
export async function textOf(git: Git, commit: string, path: string): Promise<string | undefined> {
  const [entry = ""] = (await git(["ls-tree", "-l", "-z", "--full-tree", idOf(commit), "--", path])).split("\0");
  const [, mode = "", blob = "", bytes] = /^(\d+) blob ([0-9a-f]+) +(\d+)\t/.exec(entry) ?? [];
  if (bytes === undefined) return undefined;
  if (!mode.startsWith("100")) return unreadable("a link, which is not followed");
  if (Number(bytes) > MOST_BYTES_OF_TEXT) return unreadable(`larger than ${MOST_BYTES_OF_TEXT} bytes`);
  return await git(["cat-file", "blob", blob]);
}

export async function changesIn(
  git: Git,
  from: string,
  to: string,
  path: string,
): Promise<{ commits: Commit[]; files: string[] }> {
  const [before, after] = [idOf(from), idOf(to)];
  const commits = await log(git, [`-${MOST_COMMITS}`, `${before}..${after}`, "--", path]);
  const flags = ["--name-only", "--no-renames", "--no-ext-diff", "--no-textconv", "-z"];
  const names = await git(["diff", ...flags, before, after, "--", path]);
  return { commits, files: names.split("\0").filter((name) => name !== "") };
}

export async function authorsOf(git: Git, from: string | null, to: string): Promise<Author[]> {
  const id = idOf(to);
  const follows = from !== null && (await commitOf(git, from)) !== undefined && (await isWithin(git, from, id));
  const ranges = [["-1", id], follows ? [`${idOf(from)}..${id}`] : [`-${MOST_LOOKED_THROUGH}`, id]];
  const authors = new Map<string, Author>();
  for (const range of ranges) {
    const told = (await git(["log", "-z", "--no-show-signature", "--format=tformat:%an%x00%ae", ...range])).split("\0");
    for (let index = 0; index + 1 < told.length; index += 2) {
      const [author = "", email = ""] = told.slice(index, index + 2);
      authors.set(JSON.stringify([author, email]), { author, email });
    }
  }
  return [...authors.values()];
}

async function log(git: Git, range: readonly string[]): Promise<Commit[]> {
  const told = (await git(["log", "-z", "--no-show-signature", FORMAT, ...range])).split("\0");
  return Array.from({ length: Math.floor(told.length / 6) }, (_, index) => {
    const [id = "", author = "", email = "", committerEmail = "", subject = "", seconds] = told.slice(6 * index);
    return { id, author, email, committerEmail, subject, at: Number(seconds) * 1_000 };
  });
}
