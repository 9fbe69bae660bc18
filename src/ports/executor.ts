/**
 * What runs jobs. Every executor keeps the same contract (`test/contracts/executor.ts`):
 *
 * - an order is known by its key; handing the same key over twice starts at most one execution;
 * - what it says of a job is a sighting; no answer is `unanswered`, never "not there";
 * - the verdict that a job's wrapper wrote outranks what the batch system believes;
 * - an order that is to be isolated is run so, or refused.
 */

import type { Finding } from "../core/doctor/finding.ts";
import type { Cause } from "../core/job/failure.ts";
import type { Order } from "../core/job/order.ts";
import type { Instant } from "../core/time.ts";

export interface Executor {
  readonly name: string;
  /** Jobs in flight at most: what the engine hands over beyond the limit of the configuration is its own choice. */
  readonly capacity: number;
  /** How many listings in a row must miss a job before it counts as absent; 1 where a listing cannot err. */
  readonly sureAfter: number;
  /** Hands jobs over. One receipt for each order, in order. Never rejects for the sake of one order. */
  submit(orders: readonly Order[]): Promise<readonly Receipt[]>;
  /** How the jobs with these keys stand, by one listing. */
  survey(jobs: readonly Surveyed[]): Promise<Survey>;
  /** Ends jobs: asks, waits, forces. A key that is not known is no mistake. */
  cancel(jobs: readonly Surveyed[]): Promise<void>;
  /** Undefined where isolated orders can be run; otherwise why not, and what to do. */
  cannotIsolate(): Promise<string | undefined>;
  /** Whether it can run jobs now, looked at as an administrator would. Finds out; changes nothing. */
  examine?(): Promise<readonly Finding[]>;
  /** Called with sightings that come by themselves, where the executor has any. */
  onSighting(listener: (sightings: readonly Sighting[]) => void): void;
  /** Lets go of everything without ending a job. */
  close(): Promise<void>;
}

/** `unknown`: the submission may or may not have been taken; the next surveys will tell. `refused`: it was certainly not, and never will be. */
export type Receipt =
  | { readonly kind: "accepted"; readonly externalId: string | null }
  | { readonly kind: "unknown"; readonly why: string }
  | { readonly kind: "refused"; readonly why: string };

export type Surveyed = {
  readonly key: string;
  readonly directory: string;
  readonly externalId: string | null;
  readonly walltimeMs: number;
};

export type Survey =
  | { readonly answered: true; readonly sightings: readonly Sighting[] }
  | { readonly answered: false; readonly why: string };

export type Sighting = { readonly key: string } & (
  | { readonly state: "queued"; readonly externalId: string | null }
  | { readonly state: "running"; readonly at: Instant; readonly host: string | null }
  | { readonly state: "ended"; readonly end: JobEnd }
  /** It had claimed its key, no process of it is left, and it wrote no verdict. */
  | { readonly state: "vanished" }
  /** The listing succeeded and does not show it, and nothing claimed its key. */
  | { readonly state: "absent" }
);

export type JobEnd = {
  readonly startedAt: Instant | null;
  readonly endedAt: Instant;
  readonly host: string | null;
  readonly cpuMs: number | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** Why the executor ended it itself, where it did. */
  readonly ended: Extract<Cause, "walltime" | "log-limit" | "cancelled" | "not-started"> | null;
  readonly message?: string;
};
