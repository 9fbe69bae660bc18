/** Constants on their way into global tags, those that tasks want, and those that they used. */
import type { Migration } from "./migration.ts";

export const publications: Migration = {
  version: 11,
  statements: ({ int }) => [
    `create table publications (
      task_id ${int} not null, attempt ${int} not null, environment text not null, campaign text not null, workflow text not null,
      task text not null, tag text not null, state text not null, reason text, run ${int} not null, iovs text not null,
      waits_until ${int} not null, created_at ${int} not null, ended_at ${int}, version ${int} not null,
      primary key (task_id, attempt))`,
    `create index open_publications on publications (environment, campaign, workflow, task, run)
      where state in ('waiting', 'publishing')`,
    `create table wants (
      task_id ${int} not null, position ${int} not null, attempt ${int} not null, environment text not null, tag text not null,
      types text not null, holding text not null, span text not null, state text not null, detail text not null, found text not null,
      asked_at ${int} not null, failures ${int} not null, waiting ${int} not null, round ${int} not null, primary key (task_id, position))`,
    "create index waiting_wants on wants (environment, tag, task_id) where waiting = 1",
    `create table constant_uses (
      task_id ${int} not null, attempt ${int} not null, environment text not null, tag text not null, type text not null,
      payload text not null, iov text not null, from_major ${int} not null, from_minor ${int} not null, until_major ${int},
      until_minor ${int}, place text not null, changed text, primary key (task_id, attempt, type, iov))`,
    "create index uses_of_tag on constant_uses (environment, tag, type, from_major, from_minor)",
    "create index uses_of_payload on constant_uses (payload, task_id)",
  ],
};
