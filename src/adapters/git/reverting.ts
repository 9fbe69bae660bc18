/** A branch that takes commits back: what lies between two commits, undone on top of a third, by a merge of three trees. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { CannotRevert, type Revert } from "../../ports/config-repository.ts";
import { type Git, GitError } from "./git.ts";

export type RevertParts = {
  /** On the clone, and between it and the remote. */
  readonly local: Git;
  readonly remote: Git;
  readonly clone: string;
  readonly source: string;
};

export async function openRevert(parts: RevertParts, revert: Revert): Promise<void> {
  const { local, remote, source } = parts;
  const { branch, onto, message } = revert;
  const name = `refs/heads/${branch}`;
  // It may be there from a time before this bot died: its name says which commit it takes back.
  if ((await remote(["ls-remote", "--", source, name])).trim() !== "") return;
  const tree = await mergedTree(parts, revert);
  const commit = (await local(["commit-tree", tree, "-p", onto.commit, "-m", message])).trim();
  try {
    await remote(["push", "--quiet", "--porcelain", `--force-with-lease=${name}:`, "--", source, `${commit}:${name}`]);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    throw new CannotRevert(`the remote takes no branch from calops (${error.message})`, error);
  }
}

async function mergedTree({ local, clone }: RevertParts, { bad, good, onto }: Revert): Promise<string> {
  const index = join(clone, `index.revert-${bad}`);
  const env = { GIT_INDEX_FILE: index };
  try {
    await rm(index, { force: true });
    await local(["read-tree", "-i", "-m", "--aggressive", bad, onto.commit, good], { env });
    const open = (await local(["ls-files", "--unmerged", "-z"], { env })).split("\0").filter((line) => line !== "");
    const paths = [...new Set(open.map((line) => line.split("\t")[1] ?? ""))];
    if (paths.length > 0)
      throw new CannotRevert(`what came after it changed the same files: ${paths.slice(0, 5).join(", ")}`);
    return (await local(["write-tree"], { env })).trim();
  } finally {
    await rm(index, { force: true });
  }
}
