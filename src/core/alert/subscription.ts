/** Somebody wants to be told, alone and once, when a run or a workflow has ended. */
import type { Instant } from "../time.ts";

export type Subscription = {
  readonly person: string;
  readonly environment: string;
  /** All tasks of a run have ended, or all that a workflow has. */
  readonly to: { readonly run: number } | { readonly workflow: string };
  readonly at: Instant;
  /** When they were told, or wanted it no longer; null while they wait. */
  readonly toldAt: Instant | null;
};

export function subjectOf({ to }: Pick<Subscription, "to">): string {
  return "run" in to ? `run ${to.run}` : `workflow ${to.workflow}`;
}
