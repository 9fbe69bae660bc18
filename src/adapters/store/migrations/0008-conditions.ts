/**
 * Payloads, global tags and their intervals. The intervals of one type of a tag lie in chunks of at most a few hundred, by their
 * beginnings: several tags may share a chunk, so a clone copies only the list of chunks. The first chunk of a type begins at the
 * first moment that there is; each other one where its first interval does. No tag shares a chunk whose number is above its `sealed`.
 * The hash of a payload stands beside its number, so that a lookup reads one row of each type and none of the payloads.
 */
import type { Migration } from "./migration.ts";

export const conditions: Migration = {
  version: 8,
  statements: ({ int, serial, clustered }) => [
    `create table payload_types (id ${serial}, name text not null unique)`,
    `create table payloads (
      id ${serial}, hash text not null unique, type ${int} not null, bytes ${int} not null, kept_at ${int} not null)`,
    `create table global_tags (
      id ${serial}, environment text not null, name text not null, state text not null, description text not null, upstream text,
      created_at ${int} not null, modified_at ${int} not null, version ${int} not null, sealed ${int} not null,
      unique (environment, name))`,
    `create table tag_chunks (
      tag ${int} not null, type ${int} not null, from_major ${int} not null, from_minor ${int} not null, chunk ${int} not null,
      size ${int} not null,
      primary key (tag, type, from_major, from_minor)) ${clustered}`,
    "create index tag_chunks_by_chunk on tag_chunks (chunk, tag)",
    `create table iovs (
      chunk ${int} not null, from_major ${int} not null, from_minor ${int} not null, until_major ${int}, until_minor ${int},
      payload ${int} not null, hash text not null,
      primary key (chunk, from_major, from_minor)) ${clustered}`,
    "create index iovs_by_payload on iovs (payload)",
    `create table tag_changes (
      seq ${serial}, tag ${int} not null, key text not null unique, at ${int} not null, who text not null, why text,
      kind text not null, state text not null, version ${int} not null, added ${int} not null, removed ${int} not null,
      cut ${int} not null, outcome text)`,
    "create index tag_changes_by_tag on tag_changes (tag, seq)",
    "create index told_outcomes on tag_changes (at) where outcome is not null",
  ],
};
