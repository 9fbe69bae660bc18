import { type Alert, type AlertTask, MOST_KEPT } from "../../../core/alert/alert.ts";
import { NO_PAST } from "../../../core/alert/past.ts";
import type { Silence } from "../../../core/alert/silence.ts";
import type { Subscription } from "../../../core/alert/subscription.ts";
import type { Schema } from "../schema.ts";
import { fromJson, toJson } from "./json.ts";

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

type Duty = Pick<
  Alert,
  "acknowledged" | "firingSince" | "round" | "toldAt" | "reminders" | "steps" | "quiet" | "handledBy" | "past"
>;

export function alertRow(alert: Alert): AlertRow {
  const { acknowledged, firingSince, round, toldAt, reminders, steps, quiet, handledBy, past } = alert;
  const duty: Duty = { acknowledged, firingSince, round, toldAt, reminders, steps, quiet, handledBy, past };
  return {
    id: alert.id,
    fingerprint: alert.fingerprint,
    environment: alert.environment,
    workflow: alert.workflow,
    task: alert.task,
    severity: alert.severity,
    state: alert.state,
    tasks: toJson(alert.tasks),
    open_tasks: alert.open,
    count: alert.count,
    first_at: alert.firstAt,
    last_at: alert.lastAt,
    resolved_at: alert.resolvedAt,
    evidence: toJson(alert.evidence),
    duty: toJson(duty),
    version: alert.version + 1,
  };
}

export function alertOf(row: AlertRow): Alert {
  // Alerts from before there was anything to take care of: people were told of each.
  const before: Duty = {
    acknowledged: null,
    firingSince: row.first_at,
    round: 0,
    toldAt: row.first_at,
    reminders: 0,
    steps: 0,
    quiet: false,
    handledBy: null,
    past: NO_PAST,
  };
  return {
    id: row.id,
    fingerprint: row.fingerprint,
    environment: row.environment,
    workflow: row.workflow,
    task: row.task,
    severity: row.severity as Alert["severity"],
    state: row.state as Alert["state"],
    tasks: fromJson<Alert["tasks"]>(row.tasks)
      .slice(-MOST_KEPT)
      .map((task) => ({ ...task, failedAt: task.failedAt ?? row.last_at })),
    open: row.open_tasks,
    count: row.count,
    firstAt: row.first_at,
    lastAt: row.last_at,
    resolvedAt: row.resolved_at,
    evidence: fromJson(row.evidence),
    ...before,
    ...fromJson<Partial<Duty>>(row.duty),
    version: row.version,
  };
}

export function alertTaskRow(one: AlertTask): AlertTaskRow {
  return {
    task_id: one.task,
    alert_id: one.alert,
    attempt: one.attempt,
    group_key: one.group,
    failed_at: one.failedAt,
    failing: one.failing ? 1 : 0,
  };
}

export function alertTaskOf(row: AlertTaskRow): AlertTask {
  return {
    task: row.task_id,
    alert: row.alert_id,
    attempt: row.attempt,
    group: row.group_key,
    failedAt: row.failed_at,
    failing: row.failing === 1,
  };
}

export function silenceRow(silence: Silence): SilenceRow {
  return {
    id: silence.id,
    matchers: toJson(silence.matchers),
    silenced_by: silence.by,
    at: silence.at,
    until: silence.until,
    why: silence.why,
    ended_by: silence.endedBy,
  };
}

export function silenceOf(row: SilenceRow): Silence {
  return {
    id: row.id,
    matchers: fromJson(row.matchers),
    by: row.silenced_by,
    at: row.at,
    until: row.until,
    why: row.why,
    endedBy: row.ended_by,
  };
}

export function subscriptionRow(one: Subscription): Schema["subscriptions"] {
  const { person, environment, to, at, toldAt } = one;
  return { person, environment, subject: JSON.stringify(to), at, told_at: toldAt };
}

export function subscriptionOf(row: Schema["subscriptions"]): Subscription {
  const { person, environment, subject, at, told_at } = row;
  return { person, environment, to: fromJson(subject), at, toldAt: told_at };
}
