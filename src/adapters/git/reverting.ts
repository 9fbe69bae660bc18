/** A branch that takes commits back: what lies between two commits, undone on top of a third, by a merge as `git revert` does it. */
import { shortCommit, shortRef } from "../../core/environment/environment.ts";
import { CannotPropose, CannotRevert, type Revert } from "../../ports/config-repository.ts";
import { type Git, GitError } from "./git.ts";
import { idOf } from "./ids.ts";
import { pushBranch, refOfBranch } from "./new-branch.ts";
import type { RemoteParts } from "./remote.ts";

const SHOWN_PATHS = 5;

export async function openRevert(parts: RemoteParts, revert: Revert): Promise<void> {
  const { branch } = revert;
  refOfBranch(branch);
  const commit = await revertCommit(parts.local, revert);
  try {
    await pushBranch(parts, { branch, commit, byHand: byHand(revert) });
  } catch (error) {
    if (error instanceof CannotPropose) throw new CannotRevert(error.message, error);
    throw error;
  }
}

/** @returns the commit that stands on `onto` and takes back what lies between `good` and `bad` */
async function revertCommit(git: Git, revert: Revert): Promise<string> {
  const [bad, good, onto] = [idOf(revert.bad), idOf(revert.good), idOf(revert.onto.commit)];
  const make = async (tree: string, parent: string, message: string) =>
    (await git(["commit-tree", tree, "-p", parent, "-F", "-"], { input: message })).trim();
  // Seen from the bad commit, one side made what came since, and the other took it back.
  const since = await make(`${onto}^{tree}`, bad, "since");
  const back = await make(`${good}^{tree}`, bad, "back");
  const tree = await mergedTree(git, [since, back], revert);
  if (tree === (await git(["rev-parse", `${onto}^{tree}`])).trim())
    throw new CannotRevert(
      `nothing of ${shortCommit(bad)} is left in ${shortRef(revert.onto.name)}: it was taken back already; look at its history`,
    );
  return await make(tree, onto, revert.message);
}

async function mergedTree(git: Git, sides: readonly string[], revert: Revert): Promise<string> {
  try {
    return (
      (await git(["merge-tree", "--write-tree", "--name-only", "--no-messages", "-z", ...sides])).split("\0")[0] ?? ""
    );
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    if (error.code !== 1)
      throw new CannotRevert(
        `the git of the bot's machine does not merge by itself: it wants git 2.38; ${byHand(revert)}`,
        error,
      );
    const paths = error.output
      .split("\0")
      .slice(1)
      .filter((path) => path !== "");
    const more = paths.length > SHOWN_PATHS ? ` and ${paths.length - SHOWN_PATHS} more` : "";
    throw new CannotRevert(
      `what came after ${shortCommit(revert.bad)} changed the same lines of ${paths.slice(0, SHOWN_PATHS).join(", ")}${more}; ${byHand(revert)}`,
      error,
    );
  }
}

function byHand(revert: Revert): string {
  const { bad, good, branch } = revert;
  const [from, to] = [quoted(shortRef(revert.onto.name)), quoted(branch)];
  const steps = [
    "git pull",
    `git switch --create ${to}`,
    // Not `git revert`, which wants to be told how for each merge among them.
    `git diff --binary ${shortCommit(bad)} ${shortCommit(good)} | git apply --3way --index`,
    `git commit -m ${quoted(`Take back ${shortCommit(bad)}`)}`,
    `git push origin ${to}`,
  ];
  return `take it back by hand: ${[`git switch ${from}`, ...steps].join(" && ")}`;
}

/** As a shell takes it for one word: people will paste it there. */
function quoted(word: string): string {
  return /^[\w./-]+$/.test(word) && !word.startsWith("-") ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
