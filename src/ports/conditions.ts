/**
 * Where constants are kept: payloads by their content, and global tags that say which of them is valid when. The bot's own store
 * is one, an outside server another; whoever asks does not know which.
 *
 * Reading in an environment that is not production finds production's tag where the environment has none of that name. The first
 * change there makes the environment's own copy, so that a mirror never changes what production uses.
 *
 * Every method rejects with `ConditionsUnavailable` when there is no answer: unknown, which opens no lock and changes nothing.
 */
import type { ChangeRequest, TagChanged } from "../core/conditions/change.ts";
import type { TagDiff } from "../core/conditions/diff.ts";
import type { TagEvent } from "../core/conditions/history.ts";
import type { Iov, Payload, Span } from "../core/conditions/iov.ts";
import type { Moment } from "../core/conditions/moment.ts";
import type { GlobalTag, TagRef } from "../core/conditions/tag.ts";
import type { Finding } from "../core/doctor/finding.ts";

export interface Conditions {
  /** By name; those of production that the environment has no copy of included. */
  tags(environment: string): Promise<readonly GlobalTag[]>;
  tag(ref: TagRef): Promise<GlobalTag | undefined>;
  /** The interval of each type that covers the moment. A type without one is not in the answer; all types where none is named. */
  lookup(ref: TagRef, moment: Moment, types?: readonly string[]): Promise<readonly Iov[]>;
  /** Those that share a moment with the span, ordered by type and beginning. An unknown tag has none. */
  iovs(ref: TagRef, filter?: { readonly type?: string; readonly span?: Span }): Promise<readonly Iov[]>;
  /** How many intervals it has of each type, without looking at one of them. A type without any is not in it. */
  counts(ref: TagRef): Promise<ReadonlyMap<string, number>>;
  /** What is to be done to `before` so that it holds what `after` holds. An unknown tag holds nothing. */
  diff(before: TagRef, after: TagRef, filter?: { readonly type?: string; readonly span?: Span }): Promise<TagDiff>;
  /** What was done to it, the newest first. */
  history(ref: TagRef, limit: number): Promise<readonly TagEvent[]>;
  /**
   * One change, whole or not at all, with its history. On disk when it resolves: never within a unit of work of the store, which
   * waits for it. A key that was refused is asked anew; one that was done is answered with what it came to.
   */
  change(request: ChangeRequest): Promise<TagChanged>;
  /** What a change under this key came to; undefined where none was done. */
  outcome(key: string): Promise<Extract<TagChanged, { ok: true }> | undefined>;
  /** Keeps the bytes of a file under their SHA-256; the same bytes again are the same payload. */
  keep(type: string, file: string): Promise<Payload>;
  payload(hash: string): Promise<Payload | undefined>;
  /** The same for many at once, in any order; those that there are none of are not among them. */
  payloads(hashes: readonly string[]): Promise<readonly Payload[]>;
  /** Those whose hashes begin so, ordered, so many at most. */
  payloadsLike(beginning: string, limit: number): Promise<readonly Payload[]>;
  /** The absolute path of a file with its bytes, read-only for whoever gets it. Rejects when there is none. */
  placeOf(hash: string): Promise<string>;
  /** Every interval in any tag that has it. */
  whereUsed(hash: string): Promise<readonly { readonly tag: TagRef; readonly iov: Iov }[]>;
  /** Types that a payload was ever kept for, by name. */
  types(): Promise<readonly string[]>;
  /** The environment is gone, and its own tags with it. Production is never forgotten. */
  forget(environment: string): Promise<void>;
  close(): Promise<void>;
  /** For the doctor, where they are kept somewhere else: whether that answers, and what may be done there. */
  examine?(): Promise<readonly Finding[]>;
}

/** What changes nothing. */
export type ReadConditions = Omit<Conditions, "change" | "keep" | "forget" | "close">;

/** The store of conditions does not answer. Nothing was changed; asking again later can help. */
export class ConditionsUnavailable extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "ConditionsUnavailable";
  }
}
