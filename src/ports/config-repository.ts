/**
 * The git repository that holds the configuration: what its remote has, and a clone of calops' own from which commits are
 * read. A remote that does not answer is `RemoteAway`; nothing that cannot be seen counts as gone.
 */

import type { ConfigFiles } from "../core/config/read-config.ts";
import type { TreeEntry } from "../core/config/tree.ts";
import type { Key, Signature } from "../core/environment/signature.ts";
import type { Instant } from "../core/time.ts";

export interface ConfigRepository {
  /** A directory that is no repository: one branch, whose commits are how its files stood when they were looked at. */
  readonly plain: boolean;
  /** What stands at the remote now, by one question to it. Rejects with `RemoteAway`. */
  refs(): Promise<Refs>;
  /**
   * Brings the commits behind one ref of the remote. Rejects with `RemoteAway` when they cannot be had whole, or when the ref
   * does not lead to that commit any more. What is there already is not asked for.
   */
  fetch(ref: Ref): Promise<void>;
  /** A commit that was fetched; undefined when there is none of that id. */
  commit(id: string): Promise<Commit | undefined>;
  /** The whole id of a fetched commit by its first seven hexadecimal digits or more; undefined for none and for several. */
  find(prefix: string): Promise<string | undefined>;
  /** Whether one commit is among those that another was made from, or is it. */
  isWithin(ancestor: string, descendant: string): Promise<boolean>;
  /** What a commit consists of. */
  tree(commit: string): Promise<readonly TreeEntry[]>;
  /** The files of a commit in a directory of their own that nobody writes to; made once, then the same. Absolute path. */
  checkout(commit: string): Promise<string>;
  /** The files of a directory that configure something. */
  read(directory: string): Promise<ConfigFiles>;
  /** The text of one file of a commit, up to a megabyte; undefined when there is none. */
  text(commit: string, path: string): Promise<string | undefined>;
  /** Commits after `from` up to `to` that touch a path, newest first, with the files below it that differ. */
  changes(
    from: string,
    to: string,
    path: string,
  ): Promise<{ readonly commits: readonly Commit[]; readonly files: readonly string[] }>;
  /**
   * Who wrote what comes with a commit: its own author, and those of all that it was made from and `from` was not. Where it
   * was not made from that one, those of its last thousand count.
   */
  authors(from: string | null, to: string): Promise<readonly Author[]>;
  /** Who signed a tag (by its full name, as it was fetched) or a commit, as far as it is one of these keys. */
  signature(of: { readonly tag: string } | { readonly commit: string }, keys: readonly Key[]): Promise<Signature>;
  /**
   * Makes a branch at the remote that takes back what lies between `good` and `bad`, on top of `onto`. Made once: a branch of
   * that name that is there already stays. Rejects with `CannotRevert` where a person has to do it.
   */
  openRevert(revert: Revert): Promise<void>;
  /**
   * Makes a branch at the remote on which files are as they are proposed to be, on top of a commit that was fetched. Made once: a
   * branch of that name that is there already stays. Rejects with `CannotPropose` where the remote takes none from us.
   */
  openProposal(proposal: Proposal): Promise<void>;
  /** Removes checkouts that are not among these. */
  keepOnly(commits: readonly string[]): Promise<void>;
}

export type Ref = {
  /** In full: `refs/heads/main`, `refs/tags/v1`. */
  readonly name: string;
  readonly commit: string;
};

export type Refs = {
  /** The branch that the remote itself stands on, in full. */
  readonly head: string;
  readonly branches: readonly Ref[];
  /** Tags with the commits that they lead to, also through tag objects. Tags of other things are left out. */
  readonly tags: readonly Ref[];
};

export type Commit = {
  readonly id: string;
  readonly author: string;
  readonly email: string;
  readonly committerEmail: string;
  readonly subject: string;
  readonly at: Instant;
};

export type Author = Pick<Commit, "author" | "email">;

export type Revert = {
  /** Short name of the branch to be made. */
  readonly branch: string;
  readonly bad: string;
  readonly good: string;
  readonly onto: Ref;
  readonly message: string;
};

export type Proposal = {
  /** Short name of the branch to be made. */
  readonly branch: string;
  readonly onto: Ref;
  /** Texts by path; what is there under a path is replaced. */
  readonly files: Readonly<Record<string, string>>;
  readonly message: string;
  /** Whose proposal it is: they are its author, and calops only wrote it down. */
  readonly author: Author;
};

/** The remote did not answer, refused, or did not give what it had promised. Trying again later can help. */
export class RemoteAway extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "RemoteAway";
  }
}

/** What came since conflicts with it, or the remote takes no branch from us. */
export class CannotRevert extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "CannotRevert";
  }
}

/** The remote takes no branch from us, or has no branches. */
export class CannotPropose extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "CannotPropose";
  }
}
