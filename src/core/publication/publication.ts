/**
 * Payloads of one attempt of a task on their way into a global tag, as it is stored. Its life is told in `life.ts`.
 */
import type { Iov } from "../conditions/iov.ts";
import type { Instant } from "../time.ts";

export const PUBLICATION_STATES = ["waiting", "publishing", "published", "refused", "withdrawn"] as const;
export type PublicationState = (typeof PUBLICATION_STATES)[number];

/** One for each attempt of a task: the two together are its name. */
export type Publication = {
  readonly environment: string;
  readonly campaign: string;
  readonly workflow: string;
  readonly task: string;
  readonly taskId: number;
  readonly attempt: number;
  /** The staging tag that it goes into. */
  readonly tag: string;
  readonly state: PublicationState;
  readonly reason: string | null;
  /** The newest run of the task's group: the order of publication. */
  readonly run: number;
  /** Empty where the result is that there is nothing to publish. */
  readonly iovs: readonly Iov[];
  /** Earlier runs are waited for until then at the latest. */
  readonly waitsUntil: Instant;
  readonly createdAt: Instant;
  readonly endedAt: Instant | null;
  readonly version: number;
};
