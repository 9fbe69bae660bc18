/** A directory that is no repository: its files become commits of the clone, so that every job has an exact commit all the same. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { RemoteAway } from "../../ports/config-repository.ts";
import { type Git, GitError } from "./git.ts";
import { keptName } from "./remote-refs.ts";

/** As environments call the only branch that there is. */
export const DIRECTORY_BRANCH = "refs/heads/directory";
const KEPT = keptName(DIRECTORY_BRANCH);

export function isPlain(directory: string): boolean {
  const has = (name: string) => existsSync(join(directory, name));
  return !has(".git") && !(has("HEAD") && has("objects"));
}

/** @returns the commit of the files as they stand: the last one where nothing has changed */
export async function takeIn(git: Git, directory: string, clone: string): Promise<string> {
  // Taken for empty, everything would be gone.
  if (!existsSync(directory)) throw new RemoteAway(`${directory} is gone; look whether its disk is mounted`);
  const env = { GIT_INDEX_FILE: join(clone, "index.directory"), GIT_WORK_TREE: directory };
  await git(["add", "--all", "--", directory], { env });
  const tree = (await git(["write-tree"], { env })).trim();
  const parent = (await git(["rev-parse", "--verify", "--quiet", KEPT]).catch(noneYet)).trim();
  if (parent !== "" && (await git(["rev-parse", `${parent}^{tree}`])).trim() === tree) return parent;
  const parents = parent === "" ? [] : ["-p", parent];
  const commit = (await git(["commit-tree", tree, ...parents, "-m", "Files as they stand in the directory"])).trim();
  await git(["update-ref", KEPT, commit]);
  return commit;
}

function noneYet(error: unknown): string {
  if (error instanceof GitError && error.code === 1) return "";
  throw error;
}
