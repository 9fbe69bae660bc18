/** Environments and their deployments; what production ran until now goes on. */
import type { Migration } from "./migration.ts";

export const environments: Migration = {
  version: 2,
  statements: ({ int }) => [
    `create table environments (
      name text primary key, config_commit text, ref text, deployed_at ${int}, target text, trouble text, gone_since ${int},
      archived_at ${int}, frozen text, locked text, queue text not null, quarantine text not null, version ${int} not null)`,
    `create table deployments (
      id ${int} primary key, environment text not null, config_commit text not null, ref text, from_commit text, kind text not null,
      state text not null, reason text, waiting text not null, requested_by text not null, why text, consents text not null,
      author text not null, email text not null, subject text not null, plan text, requested_at ${int} not null, ended_at ${int},
      took_ms ${int}, version ${int} not null)`,
    "create index deployments_of on deployments (environment, id)",
    "create index deployments_by_commit on deployments (config_commit, id)",
    "create index open_deployments on deployments (environment, id) where state in ('requested', 'waiting')",

    `insert into environments (name, config_commit, queue, quarantine, version)
      select 'production', value, '[]', '[]', 1 from facts where name = 'deployed'`,
    "delete from facts where name = 'deployed'",

    "create index tasks_by_commit on tasks (config_commit, id)",
    "create index results_by_commit on results (config_commit, task_id)",
    "create index held_tasks on tasks (id) where hold is not null",
    "create index held_runs on runs (number) where hold is not null",
  ],
};
