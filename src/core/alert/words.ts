/** Alerts in the field's own form: subsystem, workflow, run, verdict, log; then what helps to act on them. */
import { type Block, type Button, buttons, fields, moment, type Part, parts, plural, say } from "../say.ts";
import { formatDuration } from "../time.ts";
import type { Alert } from "./alert.ts";
import { pastInWords } from "./past.ts";

/** Groups that an alert names one by one before it only counts them. */
const NAMED = 8;

export function alertMessage(alert: Alert): Block[] {
  const { evidence, workflow, task, tasks, open, count, acknowledged, quiet } = alert;
  if (alert.state === "resolved") {
    const took = formatDuration((alert.resolvedAt ?? alert.lastAt) - alert.firstAt);
    return [
      say`[${subsystem(alert)}]: Workflow ${workflow} for ${groupInWords(evidence.group)}: resolved after ${took}. ${plural(count, "failure")} of ${task} altogether; none is left.`,
    ];
  }
  const newest = tasks.at(-1)?.task;
  const others = tasks.slice(0, -1).map((one) => one.group);
  const hidden = Math.max(0, open - 1 - Math.min(others.length, NAMED));
  const named = `${others.slice(-NAMED).join(", ")}${hidden > 0 ? ` and ${hidden} more` : ""}`;
  const more = open < 2 ? undefined : parts`${named} (${plural(count, "failure")} since ${{ at: alert.firstAt }})`;
  return [
    headline(alert),
    ...logLine(alert),
    fields({
      alert: `${alert.id}, ${alert.severity}`,
      task: `${task} (task ${newest})`,
      "first error": evidence.firstError ?? evidence.reason,
      reason:
        evidence.firstError === null || evidence.reason.includes(evidence.firstError) ? undefined : evidence.reason,
      attempts: parts`${evidence.attempts} since ${{ at: evidence.since }}`,
      "also failed the same way": more,
      seen: pastInWords(alert.past),
      "tried next": evidence.nextTry,
      "in hand": acknowledged ? inHand(alert) : undefined,
      silenced: quiet ? "nobody is told of it; silences tells why" : undefined,
      changed: evidence.changed,
      next: evidence.refused
        ? `evidence ${newest} | reprocess ${newest} | skip ${newest} REASON`
        : `logs ${newest} | why ${newest} | skip ${newest} REASON`,
    }),
    alertButtons(alert),
  ];
}

/** Told again, to the channel or to somebody who is to take care of it. */
export function reminder(alert: Alert, why: readonly Part[]): Block[] {
  const { evidence, open, task } = alert;
  return [
    headline(alert),
    { kind: "text", parts: why },
    ...logLine(alert),
    fields({
      alert: `${alert.id}, ${alert.severity}`,
      task,
      "first error": evidence.firstError ?? evidence.reason,
      failures: open > 1 ? `${open} tasks are failed now` : undefined,
    }),
    alertButtons(alert),
  ];
}

function headline(alert: Alert): Block {
  return say`[${subsystem(alert)}]: Workflow ${alert.workflow} for ${groupInWords(alert.evidence.group)} permanently marked as failed.`;
}

function logLine({ evidence }: Alert): Block[] {
  return evidence.logUrl === null
    ? []
    : [say`Please check the logs: ${{ url: evidence.logUrl, label: evidence.logUrl }}`];
}

function inHand({ acknowledged }: Alert): Part[] | undefined {
  if (!acknowledged) return undefined;
  const { by, at, until, why } = acknowledged;
  return parts`${by} since ${moment(at)}, until ${moment(until)}${why === null ? "" : `: ${why}`}`;
}

function alertButtons(alert: Alert): Block {
  const { id, state, environment, workflow, task } = alert;
  const newest = alert.tasks.at(-1);
  // Where no job failed there is none to be run again.
  const retry: Button | undefined =
    newest && !alert.evidence.refused
      ? {
          label: "Retry",
          words: ["retry", String(newest.task)],
          look: "primary",
          while: { task: newest.task, state: "failed", since: newest.failedAt },
        }
      : undefined;
  return buttons(
    retry,
    newest && { label: "Why", words: ["why", String(newest.task)] },
    state === "acknowledged"
      ? { label: "Leave it to others", words: ["unack", String(id)], while: { alert: id, state } }
      : { label: "Acknowledge", words: ["ack", String(id)], while: { alert: id, state } },
    { label: "Silence", words: ["silence", `environment=${environment},workflow=${workflow},task=${task}`] },
  );
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
