/** What is asked of a server that keeps conditions for others. It knows nothing of environments, keys and histories. */
import type { TagRefusal } from "../../core/conditions/change.ts";
import type { Contents } from "../../core/conditions/contents.ts";
import type { Iov, Payload } from "../../core/conditions/iov.ts";
import type { Moment } from "../../core/conditions/moment.ts";
import type { Difference } from "../../core/conditions/report.ts";
import type { TagState } from "../../core/conditions/tag.ts";
import type { Finding } from "../../core/doctor/finding.ts";
import type { Instant } from "../../core/time.ts";

/** A tag as such a server knows it. */
export type ServerTag = {
  readonly name: string;
  readonly state: TagState;
  readonly createdAt: Instant;
  readonly modifiedAt: Instant;
  /** Empty where the server keeps none. */
  readonly description: string;
};

export type HeldTag = ServerTag & { readonly contents: Contents };

/** Undefined where it was done. */
export type Refusal = { readonly reason: TagRefusal; readonly detail: string } | undefined;

/** Every method rejects with `ConditionsUnavailable` when there is no answer, or one that makes no sense. */
export interface ConditionsServer {
  /** What people call it: `nopayloaddb`. */
  readonly kind: string;
  tags(): Promise<readonly ServerTag[]>;
  /** With all that is in it. */
  held(name: string): Promise<HeldTag | undefined>;
  /** What covers the moment, in any order. An unknown tag holds nothing. */
  lookup(name: string, moment: Moment): Promise<readonly Iov[]>;
  types(): Promise<readonly string[]>;
  create(name: string, by: string, description: string): Promise<Refusal>;
  clone(of: HeldTag, name: string): Promise<Refusal>;
  /** Makes the tag what the difference says. One that breaks off in the middle is whole once it was asked for again. */
  apply(tag: HeldTag, kind: "put" | "append" | "merge" | "remove" | "empty", difference: Difference): Promise<Refusal>;
  setState(name: string, to: TagState): Promise<Refusal>;
  keep(type: string, file: string): Promise<Payload>;
  payload(hash: string): Promise<Payload | undefined>;
  /** Those that were seen or kept. */
  payloadsLike(beginning: string, limit: number): Promise<readonly Payload[]>;
  placeOf(hash: string): Promise<string>;
  /** For the doctor: whether it answers, what the token may. */
  examine(): Promise<readonly Finding[]>;
}
