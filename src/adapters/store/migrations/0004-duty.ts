/** Alerts that are acknowledged, silenced, repeated and escalated; silences; who wants to be told what. */
import type { Migration } from "./migration.ts";

export const duty: Migration = {
  version: 4,
  statements: ({ int, clustered }) => [
    "alter table alerts add column severity text not null default 'warning'",
    `alter table alerts add column open_tasks ${int} not null default 0`,
    "alter table alerts add column duty text not null default '{}'",
    "drop index firing_alerts",
    "create unique index open_alerts on alerts (fingerprint) where state <> 'resolved'",
    "create index open_alerts_of_task on alerts (environment, workflow, task) where state <> 'resolved'",
    "create index alerts_by_kind on alerts (fingerprint, first_at)",
    "create index alerts_by_time on alerts (last_at)",

    `alter table alert_tasks add column attempt ${int} not null default 1`,
    "alter table alert_tasks add column group_key text not null default ''",
    `alter table alert_tasks add column failed_at ${int} not null default 0`,
    `alter table alert_tasks add column failing ${int} not null default 0`,
    // A task that is failed no longer, and of which its alert has not heard yet, is of those that it speaks of.
    `update alert_tasks set failing = 1
      where exists (select 1 from alerts where alerts.id = alert_id and alerts.state <> 'resolved')
        and (exists (select 1 from tasks where tasks.id = task_id and tasks.state = 'failed')
          or exists (select 1 from errands where errands.kind = 'settle' and errands.ref = cast(task_id as text)))`,
    `update alert_tasks set attempt = coalesce((select attempt from tasks where tasks.id = task_id), 1),
        group_key = coalesce((select group_key from tasks where tasks.id = task_id), ''),
        failed_at = coalesce((select ended_at from tasks where tasks.id = task_id), 0)
      where failing = 1`,
    `update alerts set open_tasks = (select count(*) from alert_tasks where alert_id = alerts.id and failing = 1)
      where state <> 'resolved'`,
    "create index failing_tasks on alert_tasks (alert_id, failed_at) where failing = 1",

    `create table silences (
      id ${int} primary key, matchers text not null, silenced_by text not null, at ${int} not null, until ${int} not null,
      why text not null, ended_by text)`,
    "create index lasting_silences on silences (until)",

    `create table subscriptions (
      person text not null, environment text not null, subject text not null, at ${int} not null, told_at ${int},
      primary key (person, environment, subject)) ${clustered}`,
    "create index open_subscriptions on subscriptions (at) where told_at is null",
  ],
};
