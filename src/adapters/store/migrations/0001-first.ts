/** The first tables. */
import type { Migration } from "./migration.ts";

export const first: Migration = {
  version: 1,
  statements: ({ int, real, serial, clustered }) => [
    `create table runs (
      number ${int} primary key, source text not null, attributes text not null, conflict text, hold text,
      first_seen_at ${int} not null, changed_at ${int} not null, version ${int} not null)`,
    "create index runs_in_conflict on runs (number) where conflict is not null",

    `create table run_groups (
      id ${int} primary key, environment text not null, campaign text not null, workflow text not null, key text not null,
      state text not null, count ${int} not null, luminosity ${real} not null, first_run ${int}, last_run ${int},
      opened_at ${int} not null, changed_at ${int} not null, closed_at ${int}, closed_why text, merged_into ${int},
      version ${int} not null)`,
    "create unique index groups_by_key on run_groups (environment, campaign, workflow, key)",
    "create index groups_by_name on run_groups (workflow, key)",
    "create index open_groups on run_groups (environment, campaign, workflow, id) where state = 'open'",
    "create index groups_to_absorb on run_groups (environment, campaign, workflow, id) where state = 'merged' and merged_into is null",

    `create table group_runs (group_id ${int} not null, run ${int} not null, primary key (group_id, run)) ${clustered}`,
    "create index groups_of_run on group_runs (run, group_id)",

    `create table tasks (
      id ${int} primary key, environment text not null, campaign text not null, workflow text not null, name text not null,
      group_id ${int} not null, group_key text not null, state text not null, reason text, waiting text not null,
      attempt ${int} not null, iteration ${int} not null, config_commit text not null, priority ${int} not null, hold text,
      stale_since ${int}, stale_why text, used text,
      jobs_total ${int} not null, jobs_done ${int} not null, jobs_running ${int} not null, jobs_queued ${int} not null,
      jobs_idle ${int} not null, jobs_failed ${int} not null, jobs_aborted ${int} not null, failed_attempts ${int} not null,
      created_at ${int} not null, modified_at ${int} not null, started_at ${int}, ended_at ${int}, version ${int} not null)`,
    "create unique index tasks_of_group on tasks (group_id, name)",
    "create index tasks_by_workflow on tasks (workflow, name, state, id)",
    "create index tasks_of_workflow on tasks (workflow, id)",
    "create index tasks_by_state on tasks (state, id)",
    "create index tasks_by_campaign on tasks (campaign, id)",
    "create index stale_tasks on tasks (id) where stale_since is not null",

    `create table jobs (
      id ${int} primary key, task_id ${int} not null, task_attempt ${int} not null, iteration ${int} not null, job_index ${int} not null,
      role text not null, state text not null, held ${int} not null, executor text not null, environment text not null,
      workflow text not null, priority ${int} not null, attempts ${int} not null, failures ${int} not null, losses ${int} not null,
      attempt_key text, not_before ${int} not null, share text, failure text, created_at ${int} not null, modified_at ${int} not null,
      version ${int} not null)`,
    "create index jobs_of_task on jobs (task_id, task_attempt, iteration, job_index)",
    `create index idle_jobs on jobs (executor, environment, workflow, priority, not_before, id) where state = 'idle' and held = 0`,
    `create index live_jobs on jobs (executor, environment, workflow, priority) where state in ('submitting', 'queued', 'running')`,

    `create table attempts (
      job_id ${int} not null, number ${int} not null, attempt_key text not null, state text not null, executor text not null,
      external_id text, host text, config_commit text not null, directory text not null, submitted_at ${int} not null,
      queued_at ${int}, started_at ${int}, ended_at ${int}, exit_code ${int}, signal text, cause text, message text, cpu_ms ${int},
      outputs text, bytes ${int} not null, misses ${int} not null, kept ${int} not null, version ${int} not null,
      primary key (job_id, number)) ${clustered}`,
    "create unique index live_attempts on attempts (attempt_key) where state in ('submitting', 'queued', 'running')",
    "create index kept_files on attempts (kept, ended_at) where kept > 0 and ended_at is not null",

    `create table results (
      task_id ${int} not null, attempt ${int} not null, state text not null, reason text, metrics text not null, iterations ${int} not null,
      config_commit text not null, used text, jobs text not null, started_at ${int}, ended_at ${int} not null,
      primary key (task_id, attempt)) ${clustered}`,

    `create table workflow_states (
      environment text not null, workflow text not null, paused text, outcomes text not null, version ${int} not null,
      primary key (environment, workflow))`,

    `create table alerts (
      id ${int} primary key, fingerprint text not null, environment text not null, workflow text not null, task text not null,
      state text not null, tasks text not null, count ${int} not null, first_at ${int} not null, last_at ${int} not null,
      resolved_at ${int}, evidence text not null, version ${int} not null)`,
    "create unique index firing_alerts on alerts (fingerprint) where state = 'firing'",
    `create table alert_tasks (task_id ${int} not null, alert_id ${int} not null, primary key (task_id, alert_id))`,

    `create table messages (
      key text primary key, channel text not null, blocks text not null, edition ${int} not null, sent_edition ${int} not null,
      remote_ref text, created_at ${int} not null, changed_at ${int} not null, due_at ${int} not null, failures ${int} not null)`,
    "create index unsent_messages on messages (due_at) where sent_edition < edition",

    `create table injections (
      environment text not null, campaign text not null, run ${int} not null, injected_by text not null, injected_at ${int} not null,
      primary key (environment, campaign, run))`,
    "create index injections_of_run on injections (run)",

    `create table quarantine (
      id text primary key, source text not null, run ${int}, record text not null, reasons text not null,
      first_seen_at ${int} not null, last_seen_at ${int} not null, times ${int} not null)`,
    "create index quarantine_by_time on quarantine (last_seen_at)",

    `create table questions (
      key text primary key, state text not null, detail text not null, asked_at ${int} not null, failures ${int} not null, spec text not null)`,
    `create table askers (question text not null, task_id ${int} not null, primary key (question, task_id))`,

    `create table sources (
      name text primary key, cursor text, read_at ${int}, records ${int} not null, failures ${int} not null, failure text)`,
    "create table facts (name text primary key, value text not null)",

    `create table tallies (
      environment text not null, campaign text not null, workflow text not null, task text not null, state text not null,
      count ${int} not null, primary key (environment, campaign, workflow, task, state))`,
    `create table usage (
      environment text not null, workflow text not null, bytes ${int} not null, primary key (environment, workflow))`,

    `create table history (
      seq ${serial}, at ${int} not null, kind text not null, ref text not null, event text not null, done_by text not null,
      why text, config_commit text, detail text)`,
    "create index history_of on history (kind, ref, seq)",

    `create table errands (
      seq ${serial}, kind text not null, ref text not null, rank ${int} not null, due_at ${int} not null)`,
    "create unique index errands_once on errands (kind, ref)",
    "create index errands_due on errands (due_at)",
  ],
};
