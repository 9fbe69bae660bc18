import type { Group } from "../../../core/group/group.ts";

export type GroupRow = {
  id: number;
  environment: string;
  campaign: string;
  workflow: string;
  key: string;
  state: string;
  count: number;
  luminosity: number;
  first_run: number | null;
  last_run: number | null;
  opened_at: number;
  changed_at: number;
  closed_at: number | null;
  closed_why: string | null;
  merged_into: number | null;
  version: number;
};

export function groupRow(group: Group): GroupRow {
  return {
    id: group.id,
    environment: group.environment,
    campaign: group.campaign,
    workflow: group.workflow,
    key: group.key,
    state: group.state,
    count: group.count,
    luminosity: group.luminosity,
    first_run: group.firstRun,
    last_run: group.lastRun,
    opened_at: group.openedAt,
    changed_at: group.changedAt,
    closed_at: group.closedAt,
    closed_why: group.closedWhy,
    merged_into: group.mergedInto,
    version: group.version + 1,
  };
}

export function groupOf(row: GroupRow): Group {
  return {
    id: row.id,
    environment: row.environment,
    campaign: row.campaign,
    workflow: row.workflow,
    key: row.key,
    state: row.state as Group["state"],
    count: row.count,
    luminosity: row.luminosity,
    firstRun: row.first_run,
    lastRun: row.last_run,
    openedAt: row.opened_at,
    changedAt: row.changed_at,
    closedAt: row.closed_at,
    closedWhy: row.closed_why,
    mergedInto: row.merged_into,
    version: row.version,
  };
}
