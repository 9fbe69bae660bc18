/** The append-only history: every change with who, when, why and under which config commit. */
import type { Instant } from "./time.ts";

export const HISTORY_KINDS = [
  "run",
  "group",
  "task",
  "signoff",
  "job",
  "workflow",
  "campaign",
  "tag",
  "ticket",
  "alert",
  "silence",
  "environment",
  "deployment",
  "source",
  "person",
  "command",
  "bot",
] as const;
export type HistoryKind = (typeof HISTORY_KINDS)[number];

/** Who did it, where nobody did. */
export const ITSELF = "calops";

export type HistoryEntry = {
  readonly at: Instant;
  readonly kind: HistoryKind;
  readonly ref: string;
  readonly event: string;
  /** A person, or `ITSELF`. */
  readonly by: string;
  readonly why: string | null;
  readonly commit: string | null;
  readonly detail: Readonly<Record<string, unknown>> | null;
};
