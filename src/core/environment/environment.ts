/** An isolated instance of the configuration: `production`, or `mirror/<branch>`. Its life is told in `life.ts`. */
import type { Hold } from "../hold.ts";
import type { Instant } from "../time.ts";

export const PRODUCTION = "production";
const MIRROR = "mirror/";

export type Environment = {
  readonly name: string;
  /** What runs; null where nothing was deployed yet, or nothing is any more. */
  readonly commit: string | null;
  /** The full name of the ref by which it came; null where a person named the commit itself. */
  readonly ref: string | null;
  readonly deployedAt: Instant | null;
  /** What it should run by its rules, as the remote stood when it was last seen. */
  readonly target: Target | null;
  /** Why there is no target, or why the target cannot be had; null while all is well. */
  readonly trouble: string | null;
  /** The remote was seen without the branch that this mirror follows. */
  readonly goneSince: Instant | null;
  readonly archivedAt: Instant | null;
  readonly freeze: Freeze | null;
  readonly lock: Hold | null;
  /** Who waits for the lock, first come first. */
  readonly queue: readonly Hold[];
  /** Commits that a rollback took back: no deployment picks them by itself. */
  readonly quarantine: readonly Quarantined[];
  readonly version: number;
};

export type Target = { readonly ref: string; readonly commit: string };
export type Freeze = Hold & { readonly until: Instant };
export type Quarantined = Hold & { readonly commit: string };

export function freshEnvironment(name: string): Environment {
  return {
    name,
    commit: null,
    ref: null,
    deployedAt: null,
    target: null,
    trouble: null,
    goneSince: null,
    archivedAt: null,
    freeze: null,
    lock: null,
    queue: [],
    quarantine: [],
    version: 0,
  };
}

export function mirrorName(branch: string): string {
  return MIRROR + branch;
}

/** The branch that a mirror follows; undefined for production. */
export function branchOf(environment: string): string | undefined {
  return environment.startsWith(MIRROR) ? environment.slice(MIRROR.length) : undefined;
}

/** `v1.2` of `refs/tags/v1.2`, `main` of `refs/heads/main`: as people say it. */
export function shortRef(ref: string): string {
  return ref.replace(/^refs\/(heads|tags)\//, "");
}

/** As people write commits. */
export function shortCommit(commit: string): string {
  return commit.slice(0, 8);
}
