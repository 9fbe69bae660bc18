import type { Judgement, Verdict } from "../../../core/validation/judgement.ts";
import { fromJson, toJson } from "./json.ts";

export type JudgementRow = {
  task_id: number;
  attempt: number;
  verdict: string;
  findings: string;
  compared: string;
  config_commit: string;
  judged_at: number;
};

export function judgementRow(judgement: Judgement): JudgementRow {
  return {
    task_id: judgement.taskId,
    attempt: judgement.attempt,
    verdict: judgement.verdict,
    findings: toJson(judgement.findings),
    compared: toJson(judgement.compared),
    config_commit: judgement.commit,
    judged_at: judgement.at,
  };
}

export function judgementOf(row: JudgementRow): Judgement {
  return {
    taskId: row.task_id,
    attempt: row.attempt,
    verdict: row.verdict as Verdict,
    findings: fromJson(row.findings),
    compared: fromJson(row.compared),
    commit: row.config_commit,
    at: row.judged_at,
  };
}
