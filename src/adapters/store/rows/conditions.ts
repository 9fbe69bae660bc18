import type { Generated, Selectable } from "kysely";
import type { ChangeRequest, TagChanged } from "../../../core/conditions/change.ts";
import type { TagEvent } from "../../../core/conditions/history.ts";
import type { Iov } from "../../../core/conditions/iov.ts";
import type { GlobalTag, TagState } from "../../../core/conditions/tag.ts";

export type PayloadRow = { id: Generated<number>; hash: string; type: number; bytes: number; kept_at: number };

export type TagRow = {
  id: Generated<number>;
  environment: string;
  name: string;
  state: string;
  description: string;
  upstream: string | null;
  created_at: number;
  modified_at: number;
  version: number;
  sealed: number;
};

export type TagChunkRow = {
  tag: number;
  type: number;
  from_major: number;
  from_minor: number;
  chunk: number;
  size: number;
};

export type IovRow = {
  chunk: number;
  from_major: number;
  from_minor: number;
  until_major: number | null;
  until_minor: number | null;
  payload: number;
  hash: string;
};

export type TagChangeRow = {
  seq: Generated<number>;
  tag: number;
  key: string;
  at: number;
  who: string;
  why: string | null;
  kind: string;
  state: string;
  version: number;
  added: number;
  removed: number;
  cut: number;
  outcome: string | null;
};

export function tagOf(row: Selectable<TagRow>): GlobalTag {
  return {
    environment: row.environment,
    name: row.name,
    state: row.state as TagState,
    description: row.description,
    upstream: row.upstream,
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
    version: row.version,
  };
}

export function tagRow(tag: GlobalTag, sealed: number): Omit<TagRow, "id"> {
  return {
    environment: tag.environment,
    name: tag.name,
    state: tag.state,
    description: tag.description,
    upstream: tag.upstream,
    created_at: tag.createdAt,
    modified_at: tag.modifiedAt,
    version: tag.version,
    sealed,
  };
}

/** An interval as it is read: with the name of its type. */
export type NamedIovRow = Omit<IovRow, "chunk" | "payload"> & { readonly type: string };

export function iovOf(row: NamedIovRow): Iov {
  return {
    type: row.type,
    from: { major: row.from_major, minor: row.from_minor },
    until: row.until_major === null ? null : { major: row.until_major, minor: row.until_minor ?? 0 },
    payload: row.hash,
  };
}

/** Of an outcome with more intervals than this, only the numbers are kept. */
const TOLD_INTERVALS = 10_000;

export function tagChangeRow(
  tag: number,
  { key, by, why, change }: ChangeRequest,
  outcome: Extract<TagChanged, { ok: true }>,
  now: number,
): Omit<TagChangeRow, "seq"> {
  const { added, removed, cut } = outcome.report;
  const short = { ...outcome.report, added: [], removed: [], cut: [] };
  const long = added.length + removed.length + cut.length > TOLD_INTERVALS;
  return {
    tag,
    key,
    at: now,
    who: by,
    why,
    kind: change.kind,
    state: outcome.tag.state,
    version: outcome.tag.version,
    added: added.length,
    removed: removed.length,
    cut: cut.length,
    outcome: JSON.stringify(long ? { ...outcome, report: short } : outcome),
  };
}

export function tagEventOf(row: Selectable<TagChangeRow>): TagEvent {
  const { at, who, why, version, added, removed, cut, key } = row;
  const kind = row.kind as TagEvent["kind"];
  return { at, by: who, why, kind, state: row.state as TagState, version, added, removed, cut, key };
}
