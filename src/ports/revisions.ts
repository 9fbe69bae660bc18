/** Which configuration runs where. */
import type { Config } from "../core/config/config.ts";
import type { Versions } from "../core/workflow/version.ts";

/** A configuration at one commit, checked out for its jobs, as one kind of environment runs it. */
export type Revision = {
  readonly commit: string;
  readonly config: Config;
  /** Absolute path of the checkout, read-only. */
  readonly checkout: string;
  /** By what each of its tasks makes its results: other results are stale. */
  readonly versions: Versions;
  /** Undefined in production. */
  readonly mirror: MirrorBounds | undefined;
};

/** What keeps a branch from doing harm. */
export type MirrorBounds = {
  /** Its jobs see nothing of the bot and write nothing but their own results. */
  readonly isolated: boolean;
  /** Jobs of the whole mirror in flight at most. */
  readonly jobs: number;
};

export interface Revisions {
  /** The environments that run. */
  readonly environments: readonly string[];
  /** What new tasks of an environment begin on; one without workflows where nothing is deployed (any more). */
  current(environment: string): Revision;
  /** Nothing runs there any more. */
  retire(environment: string): void;
  /** The configuration that a task began on; undefined when that commit is not to be had any more. */
  at(environment: string, commit: string): Revision | undefined;
}
