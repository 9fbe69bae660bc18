import type { Generated } from "kysely";
import type { HistoryEntry, HistoryKind } from "../../../core/history.ts";
import { fromJsonOrNull, toJsonOrNull } from "./json.ts";

export type HistoryRow = {
  seq: Generated<number>;
  at: number;
  kind: string;
  ref: string;
  event: string;
  done_by: string;
  why: string | null;
  config_commit: string | null;
  detail: string | null;
};

export function historyRow(entry: HistoryEntry): Omit<HistoryRow, "seq"> {
  return {
    at: entry.at,
    kind: entry.kind,
    ref: entry.ref,
    event: entry.event,
    done_by: entry.by,
    why: entry.why,
    config_commit: entry.commit,
    detail: toJsonOrNull(entry.detail),
  };
}

export function historyOf(row: Omit<HistoryRow, "seq">): HistoryEntry {
  return {
    at: row.at,
    kind: row.kind as HistoryKind,
    ref: row.ref,
    event: row.event,
    by: row.done_by,
    why: row.why,
    commit: row.config_commit,
    detail: fromJsonOrNull(row.detail),
  };
}
