/** Commits of a repository that somebody works in, to be looked at: nothing of it is changed. */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { ConfigFiles } from "../../core/config/read-config.ts";
import type { TreeEntry } from "../../core/config/tree.ts";
import { checkout, keepOnly } from "./checkouts.ts";
import { readConfigFiles } from "./config-files.ts";
import { GitError, localGit } from "./git.ts";
import { treeOf } from "./tree.ts";

export type LocalCommits = {
  /** The id of a commit by whatever git takes for one. Rejects with what to do where there is none. */
  resolve(ref: string): Promise<string>;
  tree(commit: string): Promise<TreeEntry[]>;
  files(commit: string): Promise<ConfigFiles>;
  close(): Promise<void>;
};

export async function openLocalCommits(directory: string, env: NodeJS.ProcessEnv): Promise<LocalCommits> {
  const asked = promisify(execFile)("git", ["rev-parse", "--absolute-git-dir"], { cwd: directory, env });
  const { stdout } = await asked.catch((cause) => {
    throw new Error(`${directory} is no git repository; run it in one, or name one with --config DIR`, { cause });
  });
  const git = localGit({ directory: stdout.trim(), env });
  const scratch = await mkdtemp(join(tmpdir(), "calops-plan-"));
  const places = { directory: scratch, clone: scratch };
  return {
    async resolve(ref) {
      try {
        return (await git(["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`])).trim();
      } catch (error) {
        if (!(error instanceof GitError)) throw error;
        throw new Error(
          `${ref} is no commit of ${directory}; in a CI job, fetch the branch that it is compared with first`,
        );
      }
    },
    tree: (commit) => treeOf(git, commit),
    files: async (commit) => await readConfigFiles(await checkout(git, places, commit)),
    async close() {
      await keepOnly(places, []);
      await rm(scratch, { recursive: true, force: true });
    },
  };
}
