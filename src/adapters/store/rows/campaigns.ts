import type { CampaignStanding, CampaignState } from "../../../core/campaign/campaign.ts";
import { fromJsonOrNull, toJsonOrNull } from "./json.ts";

export type CampaignRow = {
  environment: string;
  name: string;
  state: string;
  attempt: number;
  reason: string | null;
  moved_by: string;
  prepared: number;
  trouble: string | null;
  started_at: number | null;
  finished_at: number | null;
  published: string | null;
  modified_at: number;
  version: number;
};

export function campaignRow(standing: CampaignStanding): CampaignRow {
  return {
    environment: standing.environment,
    name: standing.name,
    state: standing.state,
    attempt: standing.attempt,
    reason: standing.reason,
    moved_by: standing.by,
    prepared: standing.prepared ? 1 : 0,
    trouble: standing.trouble,
    started_at: standing.startedAt,
    finished_at: standing.finishedAt,
    published: toJsonOrNull(standing.published),
    modified_at: standing.modifiedAt,
    version: standing.version + 1,
  };
}

export function campaignOf(row: CampaignRow): CampaignStanding {
  return {
    environment: row.environment,
    name: row.name,
    state: row.state as CampaignState,
    attempt: row.attempt,
    reason: row.reason,
    by: row.moved_by,
    prepared: row.prepared === 1,
    trouble: row.trouble,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    published: fromJsonOrNull(row.published),
    modifiedAt: row.modified_at,
    version: row.version,
  };
}
