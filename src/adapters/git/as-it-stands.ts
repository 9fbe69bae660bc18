import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { TreeEntry } from "../../core/config/tree.ts";
import { openClone } from "./clone.ts";
import { takeIn } from "./plain-directory.ts";
import { treeOf } from "./tree.ts";

/** What a commit of a directory would consist of, as its files stand now: those that git ignores are left out. */
export async function treeAsItStands(directory: string, env: NodeJS.ProcessEnv): Promise<TreeEntry[]> {
  const scratch = await mkdtemp(join(tmpdir(), "calops-check-"));
  try {
    const git = await openClone({ directory: join(scratch, "clone"), env });
    return await treeOf(git, await takeIn(git, resolve(directory), scratch));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
