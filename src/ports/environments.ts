/** What people can do with environments, and what can be asked of them. */
import type { TagDrift } from "../core/conditions/drift.ts";
import type { Config } from "../core/config/config.ts";
import type { Issue } from "../core/config/issue.ts";
import type { Deployment } from "../core/deployment/deployment.ts";
import type { Environment } from "../core/environment/environment.ts";
import type { EnvironmentRules } from "../core/environment/rules.ts";
import type { Health, Sync } from "../core/environment/standing.ts";
import type { Plan } from "../core/plan/plan.ts";
import type { Instant } from "../core/time.ts";
import type { Commit } from "./config-repository.ts";
import type { Done, Refusal } from "./operations.ts";

/** Who does it: as history names them, and what they may. */
export type Person = { readonly id: string; readonly roles: readonly string[]; readonly owner: boolean };

export type DeployWish = {
  readonly environment: string;
  /** A tag, a branch or a commit; what the environment follows where it is left out. */
  readonly to?: string | undefined;
  readonly why?: string | undefined;
  /** Also while it is frozen. */
  readonly throughFreeze?: boolean | undefined;
};

export interface Environments {
  /**
   * Asks for a deployment, or says yes to one that waits: it is the request, the confirmation and, by somebody with the role,
   * the approval, as far as these are missing. Resolves when it was carried out, or is known to wait.
   */
  deploy(
    wish: DeployWish,
    by: Person,
  ): Promise<
    | Done<{ deployment: Deployment; issues: readonly Issue[] }>
    /** It runs already. */
    | Refusal<"already-deployed">
    | Refusal<
        "unknown-environment" | "archived" | "unknown-ref" | "ambiguous-ref" | "nothing-to-deploy" | "unreachable"
      >
    /** What waits needs a person who has looked at it: they name its commit. */
    | (Refusal<"name-the-commit"> & { readonly deployment: Deployment })
    | (Refusal<"own-work" | "wrong-role" | "already-said"> & { readonly deployment: Deployment })
  >;
  /** Back to the last good commit, or to another that has run; the one that it leaves comes back only by a person. */
  rollback(
    wish: { readonly environment: string; readonly to?: string | undefined; readonly why: string },
    by: Person,
  ): Promise<
    | Done<{ deployment: Deployment; issues: readonly Issue[] }>
    | Refusal<
        "unknown-environment" | "nothing-before" | "unknown-ref" | "ambiguous-ref" | "already-deployed" | "never-ran"
      >
  >;
  freeze(
    environment: string,
    until: Instant,
    why: string,
    by: string,
  ): Promise<Done | Refusal<"unknown-environment" | "over-already">>;
  unfreeze(
    environment: string,
    by: string,
  ): Promise<Done<{ was: string }> | Refusal<"unknown-environment" | "not-frozen">>;
  /** Takes the lock, or a place in the queue for it: `position` counts those before. */
  lock(
    environment: string,
    why: string,
    by: string,
  ): Promise<
    Done<{ position: number; holder: string }> | Refusal<"unknown-environment" | "already-yours" | "already-queued">
  >;
  /**
   * Ends a lock, whoever has it, or leaves the queue: `was` says whose lock it was, and nothing where it goes on; `holder`
   * who has it now.
   */
  unlock(
    environment: string,
    by: string,
  ): Promise<Done<{ was: string | null; holder: string | null }> | Refusal<"unknown-environment" | "not-locked">>;

  /** Every environment, or one of them, with all that stands around it. */
  describe(environment?: string): Promise<readonly EnvironmentFacts[]>;
  /** The configuration of a commit; undefined where it cannot be read any more. */
  config(commit: string): Promise<Config | undefined>;
  /** What deploying something would change, and nothing is. */
  plan(
    from: string | undefined,
    to: string | undefined,
    environment: string,
  ): Promise<
    | Done<{ from: Commit | null; to: Commit; plan: Plan }>
    | Refusal<"unknown-ref" | "ambiguous-ref" | "nothing-to-deploy" | "unreachable">
    | (Refusal<"mistakes"> & { readonly commit: string; readonly issues: readonly Issue[] })
  >;
  /** Looks for mistakes in the commit that production follows now. Rejects where there is none, with why. */
  checkNewest(): Promise<{
    readonly commit: string;
    readonly subject: string;
    readonly issues: readonly Issue[];
    readonly workflows: number;
  }>;
  /** A commit by a tag, a branch or its own id, as far as it was fetched. */
  resolve(
    word: string,
  ): Promise<Done<{ commit: Commit; ref: string | null }> | Refusal<"unknown-ref" | "ambiguous-ref">>;
}

/** An environment as a person sees it. */
export type EnvironmentFacts = Sync & {
  readonly environment: Environment;
  readonly health: Health;
  readonly commit: Commit | null;
  readonly targetCommit: Commit | null;
  /** The one that runs, and the newest that has not ended. */
  readonly running: Deployment | null;
  readonly pending: Deployment | null;
  readonly overlays: readonly Overlay[];
  /** Global tags that are not as what runs declares them; null where the conditions do not answer. */
  readonly tagDrift: readonly TagDrift[] | null;
  readonly rules: EnvironmentRules;
};

/** Something that holds beside what git says, by whom and until when. */
export type Overlay = {
  readonly what: string;
  readonly by: string;
  readonly why: string;
  readonly since: Instant;
  /** Null until somebody ends it; the line that ends it says how. */
  readonly until: Instant | null;
  readonly end: string;
};
