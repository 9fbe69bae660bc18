/** The tables, as TypeScript sees them. Moments are milliseconds since 1970; lists and mappings are JSON texts; flags are 0 or 1. */
import type { Generated } from "kysely";

export type Schema = {
  runs: RunRow;
  run_groups: GroupRow;
  group_runs: { group_id: number; run: number };
  tasks: TaskRow;
  jobs: JobRow;
  attempts: AttemptRow;
  results: ResultRow;
  workflow_states: { environment: string; workflow: string; paused: string | null; outcomes: string; version: number };
  alerts: AlertRow;
  alert_tasks: AlertTaskRow;
  silences: SilenceRow;
  subscriptions: { person: string; environment: string; subject: string; at: number; told_at: number | null };
  messages: MessageRow;
  requests: RequestRow;
  confirmations: ConfirmationRow;
  link_codes: LinkCodeRow;
  linked_accounts: LinkedAccountRow;
  injections: { environment: string; campaign: string; run: number; injected_by: string; injected_at: number };
  quarantine: QuarantineRow;
  questions: { key: string; state: string; detail: string; asked_at: number; failures: number; spec: string };
  askers: { question: string; task_id: number };
  sources: SourceRow;
  facts: { name: string; value: string };
  tallies: { environment: string; campaign: string; workflow: string; task: string; state: string; count: number };
  usage: { environment: string; workflow: string; bytes: number };
  history: HistoryRow;
  environments: EnvironmentRow;
  deployments: DeploymentRow;
  errands: { kind: string; ref: string; rank: number; due_at: number; seq: Generated<number> };
  schema_version: { version: number; migrated_at: number };
};

export type RunRow = {
  number: number;
  source: string;
  attributes: string;
  conflict: string | null;
  hold: string | null;
  first_seen_at: number;
  changed_at: number;
  version: number;
};

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

export type TaskRow = {
  id: number;
  environment: string;
  campaign: string;
  workflow: string;
  name: string;
  group_id: number;
  group_key: string;
  state: string;
  reason: string | null;
  waiting: string;
  attempt: number;
  iteration: number;
  config_commit: string;
  priority: number;
  hold: string | null;
  stale_since: number | null;
  stale_why: string | null;
  used: string | null;
  jobs_total: number;
  jobs_done: number;
  jobs_running: number;
  jobs_queued: number;
  jobs_idle: number;
  jobs_failed: number;
  jobs_aborted: number;
  failed_attempts: number;
  created_at: number;
  modified_at: number;
  started_at: number | null;
  ended_at: number | null;
  version: number;
};

export type JobRow = {
  id: number;
  task_id: number;
  task_attempt: number;
  iteration: number;
  job_index: number;
  role: string;
  state: string;
  held: number;
  executor: string;
  environment: string;
  workflow: string;
  priority: number;
  attempts: number;
  failures: number;
  losses: number;
  attempt_key: string | null;
  not_before: number;
  share: string | null;
  failure: string | null;
  created_at: number;
  modified_at: number;
  version: number;
};

export type AttemptRow = {
  job_id: number;
  number: number;
  attempt_key: string;
  state: string;
  executor: string;
  external_id: string | null;
  host: string | null;
  config_commit: string;
  directory: string;
  submitted_at: number;
  queued_at: number | null;
  started_at: number | null;
  ended_at: number | null;
  exit_code: number | null;
  signal: string | null;
  cause: string | null;
  message: string | null;
  cpu_ms: number | null;
  outputs: string | null;
  bytes: number;
  misses: number;
  kept: number;
  version: number;
};

export type ResultRow = {
  task_id: number;
  attempt: number;
  state: string;
  reason: string | null;
  metrics: string;
  iterations: number;
  config_commit: string;
  used: string | null;
  jobs: string;
  started_at: number | null;
  ended_at: number;
};

export type AlertRow = {
  id: number;
  fingerprint: string;
  environment: string;
  workflow: string;
  task: string;
  state: string;
  tasks: string;
  count: number;
  first_at: number;
  last_at: number;
  resolved_at: number | null;
  evidence: string;
  severity: string;
  open_tasks: number;
  duty: string;
  version: number;
};

export type AlertTaskRow = {
  task_id: number;
  alert_id: number;
  attempt: number;
  group_key: string;
  failed_at: number;
  failing: number;
};

export type SilenceRow = {
  id: number;
  matchers: string;
  silenced_by: string;
  at: number;
  until: number;
  why: string;
  ended_by: string | null;
};

export type MessageRow = {
  key: string;
  chat: string;
  channel: string;
  blocks: string;
  edition: number;
  sent_edition: number;
  remote_ref: string | null;
  thread: string | null;
  place: string | null;
  over: number;
  created_at: number;
  changed_at: number;
  due_at: number;
  failures: number;
  sending: number;
};

export type RequestRow = {
  key: string;
  account: string;
  place: string;
  asking: string;
  state: string;
  at: number;
  answer: string | null;
  failures: number;
  due_at: number;
};

export type ConfirmationRow = {
  id: string;
  words: string;
  asked_by: string;
  basis: string;
  at: number;
  until: number;
  used_by: string | null;
  outcome: string | null;
};

export type LinkCodeRow = {
  chat: string;
  account: string;
  name: string;
  digest: string;
  until: number;
  used_at: number | null;
};

export type LinkedAccountRow = { chat: string; account: string; person: string | null; since: number };

export type QuarantineRow = {
  id: string;
  source: string;
  run: number | null;
  record: string;
  reasons: string;
  first_seen_at: number;
  last_seen_at: number;
  times: number;
};

export type SourceRow = {
  name: string;
  cursor: string | null;
  read_at: number | null;
  records: number;
  failures: number;
  failure: string | null;
};

export type HistoryRow = {
  seq: Generated<number>;
  at: number;
  kind: string;
  ref: string;
  event: string;
  done_by: string;
  why: string | null;
  config_commit: string | null;
  detail: string | null;
};

export type EnvironmentRow = {
  name: string;
  config_commit: string | null;
  ref: string | null;
  deployed_at: number | null;
  target: string | null;
  trouble: string | null;
  gone_since: number | null;
  archived_at: number | null;
  frozen: string | null;
  locked: string | null;
  queue: string;
  quarantine: string;
  version: number;
};

export type DeploymentRow = {
  id: number;
  environment: string;
  config_commit: string;
  ref: string | null;
  from_commit: string | null;
  kind: string;
  state: string;
  reason: string | null;
  waiting: string;
  requested_by: string;
  why: string | null;
  consents: string;
  author: string;
  email: string;
  subject: string;
  plan: string | null;
  requested_at: number;
  ended_at: number | null;
  took_ms: number | null;
  version: number;
};
