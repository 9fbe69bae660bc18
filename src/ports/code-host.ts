/** Where the config repository is reviewed: GitHub, GitLab. A repository that is only git has none. */
import type { Finding } from "../core/doctor/finding.ts";
import type { Block } from "../core/say.ts";

export interface CodeHost {
  /** Open pull or merge requests from this branch of the repository itself; forks are not followed. */
  pulls(branch: string): Promise<readonly Pull[]>;
  /** Opens one from a branch; one that is open from it already stays as it is, and is the answer. */
  openPull(pull: NewPull): Promise<Pull>;
  /** Posts a comment, or edits the one that was posted under this key before. */
  comment(pull: number, key: string, blocks: readonly Block[]): Promise<void>;
  /** What calops says of a commit under this context. The newest counts. */
  status(commit: string, status: CommitStatus): Promise<void>;
  /** The page on which a pull request from a branch is opened. */
  proposal(branch: string, into: string): string;
  /** Whether its token is taken, and what it may. Finds out; changes nothing. */
  examine?(): Promise<readonly Finding[]>;
}

export type Pull = {
  readonly number: number;
  readonly title: string;
  /** Its description, as its author wrote it. */
  readonly text: string;
  /** The branch that it is to be merged into. */
  readonly into: string;
  readonly url: string;
};

export type NewPull = Pick<Pull, "title" | "into"> & { readonly branch: string; readonly text: readonly Block[] };

export type CommitStatus = {
  readonly context: "calops/validate" | "calops/production";
  readonly state: "pending" | "success" | "failure";
  readonly description: string;
};

/** The host did not answer or refused; `retryAfterMs` where it says when to come again. */
export class CodeHostError extends Error {
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: { cause?: unknown; retryAfterMs?: number } = {}) {
    super(message, { cause: options.cause });
    this.name = "CodeHostError";
    this.retryAfterMs = options.retryAfterMs;
  }
}
