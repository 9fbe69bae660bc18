import type { Signoff, SignoffState } from "../../../core/signoff/signoff.ts";
import { fromJson, toJson } from "./json.ts";

export type SignoffRow = {
  id: number;
  environment: string;
  campaign: string;
  workflow: string;
  task: string;
  group_key: string;
  task_id: number;
  attempt: number;
  config_commit: string;
  state: string;
  reason: string | null;
  verdict: string | null;
  shown: string;
  steps: string;
  same_person: number;
  authors: string;
  votes: string;
  reminders: number;
  reminded_at: number | null;
  escalated_at: number | null;
  overdue_at: number | null;
  asked_at: number;
  turn_since: number;
  due_at: number | null;
  ended_at: number | null;
  version: number;
};

export function signoffRow(signoff: Signoff): SignoffRow {
  return {
    id: signoff.id,
    environment: signoff.environment,
    campaign: signoff.campaign,
    workflow: signoff.workflow,
    task: signoff.task,
    group_key: signoff.groupKey,
    task_id: signoff.taskId,
    attempt: signoff.attempt,
    config_commit: signoff.commit,
    state: signoff.state,
    reason: signoff.reason,
    verdict: signoff.verdict,
    shown: signoff.shown,
    steps: toJson(signoff.steps),
    same_person: signoff.samePerson ? 1 : 0,
    authors: toJson(signoff.authors),
    votes: toJson(signoff.votes),
    reminders: signoff.reminders,
    reminded_at: signoff.remindedAt,
    escalated_at: signoff.escalatedAt,
    overdue_at: signoff.overdueAt,
    asked_at: signoff.askedAt,
    turn_since: signoff.turnSince,
    due_at: signoff.dueAt,
    ended_at: signoff.endedAt,
    version: signoff.version + 1,
  };
}

export function signoffOf(row: SignoffRow): Signoff {
  return {
    id: row.id,
    environment: row.environment,
    campaign: row.campaign,
    workflow: row.workflow,
    task: row.task,
    groupKey: row.group_key,
    taskId: row.task_id,
    attempt: row.attempt,
    commit: row.config_commit,
    state: row.state as SignoffState,
    reason: row.reason,
    verdict: row.verdict as Signoff["verdict"],
    shown: row.shown,
    steps: fromJson(row.steps),
    samePerson: row.same_person !== 0,
    authors: fromJson(row.authors),
    votes: fromJson(row.votes),
    reminders: row.reminders,
    remindedAt: row.reminded_at,
    escalatedAt: row.escalated_at,
    overdueAt: row.overdue_at,
    askedAt: row.asked_at,
    turnSince: row.turn_since,
    dueAt: row.due_at,
    endedAt: row.ended_at,
    version: row.version,
  };
}
