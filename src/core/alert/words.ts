/** Alerts in the field's own form: subsystem, workflow, run, verdict, log; then what helps to act on them. */
import { type Block, fields, parts, plural, say } from "../say.ts";
import { formatDuration } from "../time.ts";
import type { Alert } from "./alert.ts";

/** Groups that an alert names one by one before it only counts them. */
const NAMED = 8;

export function alertMessage(alert: Alert): Block[] {
  const { evidence, workflow, task, tasks, count } = alert;
  if (alert.state === "resolved") {
    const took = formatDuration((alert.resolvedAt ?? alert.lastAt) - alert.firstAt);
    return [
      say`[${subsystem(alert)}]: Workflow ${workflow} for ${groupInWords(evidence.group)}: resolved after ${took}. ${plural(count, "failure")} of ${task} altogether; none is left.`,
    ];
  }
  const newest = tasks.at(-1)?.task;
  const others = tasks.slice(0, -1).map((one) => one.group);
  const named = `${others.slice(-NAMED).join(", ")}${others.length > NAMED ? ` and ${others.length - NAMED} more` : ""}`;
  const more =
    others.length === 0 ? undefined : parts`${named} (${plural(count, "failure")} since ${{ at: alert.firstAt }})`;
  return [
    say`[${subsystem(alert)}]: Workflow ${workflow} for ${groupInWords(evidence.group)} permanently marked as failed.`,
    ...(evidence.logUrl === null
      ? []
      : [say`Please check the logs: ${{ url: evidence.logUrl, label: evidence.logUrl }}`]),
    fields({
      task: `${task} (task ${newest})`,
      "first error": evidence.firstError ?? evidence.reason,
      reason:
        evidence.firstError === null || evidence.reason.includes(evidence.firstError) ? undefined : evidence.reason,
      attempts: parts`${evidence.attempts} since ${{ at: evidence.since }}`,
      "also failed the same way": more,
      changed: evidence.changed,
      next: `logs ${newest} | why ${newest} | retry ${newest} | skip ${newest} REASON`,
    }),
  ];
}

export function pauseMessage(workflow: string, environment: string, why: string): Block[] {
  return [
    say`[${workflow.toUpperCase()}]: Workflow ${workflow} has paused itself: ${why}. Jobs that run go on; no further ones start.`,
    fields({
      environment: environment === "production" ? undefined : environment,
      next: `tasks --workflow ${workflow} --state failed | resume ${workflow}`,
    }),
  ];
}

export function heldJobMessage(
  of: { readonly workflow: string; readonly name: string; readonly groupKey: string; readonly id: number },
  why: string,
): Block[] {
  return [
    say`[${of.workflow.toUpperCase()}]: A job of ${of.workflow}/${of.name} for ${groupInWords(of.groupKey)} is held by an error rule: ${why}`,
    fields({ next: `logs ${of.id} | release ${of.id} | skip ${of.id} REASON` }),
  ];
}

function subsystem(alert: Alert): string {
  const name = alert.workflow.toUpperCase();
  return alert.environment === "production" ? name : `${name} ${alert.environment}`;
}

/** `run 8215`, `fill 7234`, `bucket-1` */
export function groupInWords(key: string): string {
  if (/^\d+$/.test(key)) return `run ${key}`;
  return key.replace(/^(fill|from)-(\d+)$/, (_, kind: string, number: string) =>
    kind === "fill" ? `fill ${number}` : `the group from run ${number}`,
  );
}
