import type { Release, ReleaseState } from "../../../core/release/release.ts";
import { fromJson, toJson } from "./json.ts";

export type ReleaseRow = {
  group_id: number;
  state: string;
  reason: string | null;
  extra_ms: number;
  ends_at: number | null;
  wishes: string;
  released_at: number | null;
  version: number;
};

export function releaseRow(release: Release): ReleaseRow {
  return {
    group_id: release.groupId,
    state: release.state,
    reason: release.reason,
    extra_ms: release.extraMs,
    ends_at: release.endsAt,
    wishes: toJson(release.wishes),
    released_at: release.releasedAt,
    version: release.version + 1,
  };
}

export function releaseOf(row: ReleaseRow): Release {
  return {
    groupId: row.group_id,
    state: row.state as ReleaseState,
    reason: row.reason,
    extraMs: row.extra_ms,
    endsAt: row.ends_at,
    wishes: fromJson(row.wishes),
    releasedAt: row.released_at,
    version: row.version,
  };
}
