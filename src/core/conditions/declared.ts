/** A global tag as git declares it. What the store has beside it, or otherwise, is drift. */
import type { TagState } from "./tag.ts";

export type DeclaredTag = {
  readonly name: string;
  readonly description: string;
  readonly state: TagState;
  /** A staging tag feeds this one. */
  readonly upstream: string | null;
  /** By name, those that it may hold. */
  readonly types: Readonly<Record<string, PayloadType>>;
  /** Nothing in it holds for an earlier run. */
  readonly firstRun: number | null;
};

export type PayloadType = {
  readonly description: string;
  /** A value holds for one run only, and a run without one is an error; otherwise the last one holds on. */
  readonly oneRun: boolean;
};
