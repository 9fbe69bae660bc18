/** A directory that is no repository: its files become commits of the clone, so that every job has an exact commit all the same. */
import { join } from "node:path";
import type { Git } from "./git.ts";

/** As environments call the only branch that there is. */
export const DIRECTORY_BRANCH = "refs/heads/directory";
const HEAD = "refs/calops/directory";

/** @returns the commit of the files as they stand: the last one where nothing has changed */
export async function takeIn(git: Git, directory: string, clone: string): Promise<string> {
  const env = { GIT_INDEX_FILE: join(clone, "index.directory"), GIT_WORK_TREE: directory };
  await git(["add", "--all", "--", directory], { env });
  const tree = (await git(["write-tree"], { env })).trim();
  const parent = await git(["rev-parse", "--verify", "--quiet", HEAD]).then(
    (id) => id.trim(),
    () => "",
  );
  if (parent !== "" && (await git(["rev-parse", `${parent}^{tree}`])).trim() === tree) return parent;
  const parents = parent === "" ? [] : ["-p", parent];
  const commit = (await git(["commit-tree", tree, ...parents, "-m", "Files as they stand in the directory"])).trim();
  await git(["update-ref", HEAD, commit]);
  return commit;
}
