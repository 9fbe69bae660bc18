/** The change of an environment to a commit, as it is stored. Its life is told in `life.ts`. */
import type { Plan } from "../plan/plan.ts";
import type { Instant } from "../time.ts";

export type DeploymentState = "requested" | "waiting" | "deployed" | "failed" | "superseded" | "rolled-back";

export type Deployment = {
  readonly id: number;
  readonly environment: string;
  readonly commit: string;
  /** The full name of the ref that led to it; null where a person named the commit. */
  readonly ref: string | null;
  /** What ran before; null for the first. */
  readonly from: string | null;
  /** `rollback`: it takes back what `from` did. */
  readonly kind: "deploy" | "rollback";
  readonly state: DeploymentState;
  /** Why it is in this state, in people's words. */
  readonly reason: string | null;
  /** The gates that are closed. */
  readonly waiting: readonly Gate[];
  /** `calops` where it follows its ref by itself. */
  readonly requestedBy: string;
  readonly why: string | null;
  readonly consents: readonly Consent[];
  readonly author: string;
  readonly email: string;
  readonly subject: string;
  /** What it changes; null before it was looked at, and for a commit that cannot be read. */
  readonly plan: Plan | null;
  readonly requestedAt: Instant;
  readonly endedAt: Instant | null;
  /** How long it took to check and switch, without the time that it waited. */
  readonly tookMs: number | null;
  readonly version: number;
};

/** What a person said to it. It holds for this commit and no other. */
export type Consent = {
  /** `request`: it is wanted now; `approve`: by somebody with the role that is asked for. */
  readonly to: "request" | "confirm" | "approve" | "through-freeze";
  readonly by: string;
  readonly at: Instant;
};

/** What a deployment waits for: in what words, whose it is, since when. */
export type Gate = {
  readonly gate: GateKind;
  readonly detail: string;
  readonly owner: string;
  readonly since: Instant;
};

export type GateKind = "request" | "confirm" | "approval" | "freeze" | "lock";

export function isOpen({ state }: Deployment): boolean {
  return state === "requested" || state === "waiting";
}
