import type { Run } from "../../../core/run/run.ts";
import type { Quarantined } from "../../../ports/things.ts";
import { fromJson, fromJsonOrNull, toJson, toJsonOrNull } from "./json.ts";

export type RunRow = {
  number: number;
  source: string;
  attributes: string;
  conflict: string | null;
  hold: string | null;
  first_seen_at: number;
  changed_at: number;
  version: number;
};

export type QuarantineRow = {
  id: string;
  source: string;
  run: number | null;
  record: string;
  reasons: string;
  first_seen_at: number;
  last_seen_at: number;
  times: number;
};

export function runRow(run: Run): RunRow {
  return {
    number: run.number,
    source: run.source,
    attributes: toJson(run.attributes),
    conflict: toJsonOrNull(run.conflict),
    hold: toJsonOrNull(run.hold),
    first_seen_at: run.firstSeenAt,
    changed_at: run.changedAt,
    version: run.version + 1,
  };
}

export function runOf(row: RunRow): Run {
  return {
    number: row.number,
    source: row.source,
    attributes: fromJson(row.attributes),
    conflict: fromJsonOrNull(row.conflict),
    hold: fromJsonOrNull(row.hold),
    firstSeenAt: row.first_seen_at,
    changedAt: row.changed_at,
    version: row.version,
  };
}

export function quarantineRow(entry: Quarantined): QuarantineRow {
  return {
    id: entry.id,
    source: entry.source,
    run: entry.run,
    record: entry.record,
    reasons: toJson(entry.reasons),
    first_seen_at: entry.firstSeenAt,
    last_seen_at: entry.lastSeenAt,
    times: entry.times,
  };
}

export function quarantinedOf(row: QuarantineRow): Quarantined {
  return {
    id: row.id,
    source: row.source,
    run: row.run,
    record: row.record,
    reasons: fromJson(row.reasons),
    firstSeenAt: row.first_seen_at,
    lastSeenAt: row.last_seen_at,
    times: row.times,
  };
}
