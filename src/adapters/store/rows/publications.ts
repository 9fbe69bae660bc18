import type { ConstantUse, Want } from "../../../core/conditions/want.ts";
import type { Publication, PublicationState } from "../../../core/publication/publication.ts";
import { fromJson, toJson } from "./json.ts";

export type PublicationRow = {
  task_id: number;
  attempt: number;
  environment: string;
  campaign: string;
  workflow: string;
  task: string;
  tag: string;
  state: string;
  reason: string | null;
  run: number;
  iovs: string;
  waits_until: number;
  created_at: number;
  ended_at: number | null;
  version: number;
};

export type WantRow = {
  task_id: number;
  position: number;
  attempt: number;
  environment: string;
  tag: string;
  types: string;
  holding: string;
  span: string;
  state: string;
  detail: string;
  found: string;
  asked_at: number;
  failures: number;
  waiting: number;
  round: number;
};

export type ConstantUseRow = {
  task_id: number;
  attempt: number;
  environment: string;
  tag: string;
  type: string;
  payload: string;
  iov: string;
  /** The runs that it was used for. */
  from_major: number;
  from_minor: number;
  until_major: number | null;
  until_minor: number | null;
  place: string;
  changed: string | null;
};

export function publicationRow(publication: Publication): PublicationRow {
  return {
    task_id: publication.taskId,
    attempt: publication.attempt,
    environment: publication.environment,
    campaign: publication.campaign,
    workflow: publication.workflow,
    task: publication.task,
    tag: publication.tag,
    state: publication.state,
    reason: publication.reason,
    run: publication.run,
    iovs: toJson(publication.iovs),
    waits_until: publication.waitsUntil,
    created_at: publication.createdAt,
    ended_at: publication.endedAt,
    version: publication.version + 1,
  };
}

export function publicationOf(row: PublicationRow): Publication {
  return {
    taskId: row.task_id,
    attempt: row.attempt,
    environment: row.environment,
    campaign: row.campaign,
    workflow: row.workflow,
    task: row.task,
    tag: row.tag,
    state: row.state as PublicationState,
    reason: row.reason,
    run: row.run,
    iovs: fromJson(row.iovs),
    waitsUntil: row.waits_until,
    createdAt: row.created_at,
    endedAt: row.ended_at,
    version: row.version,
  };
}

export function wantRow(want: Want): WantRow {
  return {
    task_id: want.taskId,
    position: want.position,
    attempt: want.attempt,
    environment: want.environment,
    tag: want.tag,
    types: toJson(want.types),
    holding: want.holding,
    span: toJson(want.span),
    state: want.state,
    detail: want.detail,
    found: toJson(want.found),
    asked_at: want.askedAt,
    failures: want.failures,
    waiting: want.waiting ? 1 : 0,
    round: want.round,
  };
}

export function wantOf(row: WantRow): Want {
  return {
    taskId: row.task_id,
    position: row.position,
    attempt: row.attempt,
    environment: row.environment,
    tag: row.tag,
    types: fromJson(row.types),
    holding: row.holding as Want["holding"],
    span: fromJson(row.span),
    state: row.state as Want["state"],
    detail: row.detail,
    found: fromJson(row.found),
    askedAt: row.asked_at,
    failures: row.failures,
    waiting: row.waiting === 1,
    round: row.round,
  };
}

export function constantUseRow(use: ConstantUse): ConstantUseRow {
  return {
    task_id: use.taskId,
    attempt: use.attempt,
    environment: use.environment,
    tag: use.tag,
    type: use.type,
    payload: use.payload,
    iov: toJson(use.iov),
    from_major: use.span.from.major,
    from_minor: use.span.from.minor,
    until_major: use.span.until?.major ?? null,
    until_minor: use.span.until?.minor ?? null,
    place: use.place,
    changed: use.changed,
  };
}

export function constantUseOf(row: ConstantUseRow): ConstantUse {
  return {
    taskId: row.task_id,
    attempt: row.attempt,
    environment: row.environment,
    tag: row.tag,
    type: row.type,
    payload: row.payload,
    iov: fromJson(row.iov),
    span: {
      from: { major: row.from_major, minor: row.from_minor },
      until:
        row.until_major === null || row.until_minor === null
          ? null
          : { major: row.until_major, minor: row.until_minor },
    },
    place: row.place,
    changed: row.changed,
  };
}
