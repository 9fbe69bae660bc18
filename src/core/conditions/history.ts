/** Who did what to a tag, when and why. */
import type { Instant } from "../time.ts";
import type { TagChange } from "./change.ts";
import type { TagState } from "./tag.ts";

export type TagEvent = {
  readonly at: Instant;
  readonly by: string;
  readonly why: string | null;
  readonly kind: TagChange["kind"];
  /** The tag's state and version after it. */
  readonly state: TagState;
  readonly version: number;
  /** How many intervals. */
  readonly added: number;
  readonly removed: number;
  readonly cut: number;
  /** The key under which it was asked for. */
  readonly key: string;
};
