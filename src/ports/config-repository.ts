/** The git repository that holds the configuration. */
import type { ConfigFiles } from "../core/config/read-config.ts";
import type { Instant } from "../core/time.ts";

export interface ConfigRepository {
  /** The commit that is to run now. Rejects when the repository cannot be reached. */
  head(): Promise<Commit>;
  /** The files of a commit in a directory of their own that nobody writes to; made once, then the same. Absolute path. */
  checkout(commit: string): Promise<string>;
  /** The files of a directory that configure something. */
  read(directory: string): Promise<ConfigFiles>;
  /** Commits after `from` up to `to` that touch a path, newest first, with the files below it that differ. */
  changes(
    from: string,
    to: string,
    path: string,
  ): Promise<{ readonly commits: readonly Commit[]; readonly files: readonly string[] }>;
  /** Removes checkouts that are not among these. */
  keepOnly(commits: readonly string[]): Promise<void>;
}

export type Commit = { readonly id: string; readonly author: string; readonly subject: string; readonly at: Instant };
