import type { Alert } from "../../../core/alert/alert.ts";
import type { HistoryEntry, HistoryKind } from "../../../core/history.ts";
import type { AlertRow, HistoryRow } from "../schema.ts";
import { fromJson, fromJsonOrNull, toJson, toJsonOrNull } from "./json.ts";

export function alertRow(alert: Alert): AlertRow {
  return {
    id: alert.id,
    fingerprint: alert.fingerprint,
    environment: alert.environment,
    workflow: alert.workflow,
    task: alert.task,
    state: alert.state,
    tasks: toJson(alert.tasks),
    count: alert.count,
    first_at: alert.firstAt,
    last_at: alert.lastAt,
    resolved_at: alert.resolvedAt,
    evidence: toJson(alert.evidence),
    version: alert.version + 1,
  };
}

export function alertOf(row: AlertRow): Alert {
  return {
    id: row.id,
    fingerprint: row.fingerprint,
    environment: row.environment,
    workflow: row.workflow,
    task: row.task,
    state: row.state as Alert["state"],
    tasks: fromJson(row.tasks),
    count: row.count,
    firstAt: row.first_at,
    lastAt: row.last_at,
    resolvedAt: row.resolved_at,
    evidence: fromJson(row.evidence),
    version: row.version,
  };
}

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
