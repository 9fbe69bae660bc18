import type { Alert } from "../../../core/alert/alert.ts";
import type { HistoryEntry, HistoryKind } from "../../../core/history.ts";
import type { Message } from "../../../core/message.ts";
import type { AlertRow, HistoryRow, MessageRow } from "../schema.ts";
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

export function messageRow(message: Message): MessageRow {
  return {
    key: message.key,
    channel: message.channel,
    blocks: toJson(message.blocks),
    edition: message.edition,
    sent_edition: message.sentEdition,
    remote_ref: message.remoteRef,
    created_at: message.createdAt,
    changed_at: message.changedAt,
    due_at: message.dueAt,
    failures: message.failures,
  };
}

export function messageOf(row: MessageRow): Message {
  return {
    key: row.key,
    channel: row.channel,
    blocks: fromJson(row.blocks),
    edition: row.edition,
    sentEdition: row.sent_edition,
    remoteRef: row.remote_ref,
    createdAt: row.created_at,
    changedAt: row.changed_at,
    dueAt: row.due_at,
    failures: row.failures,
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
