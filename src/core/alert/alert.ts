/**
 * One message about failures of one kind, however many runs they hit.
 *
 *   (none)   -> firing     a task of a workflow failed for good in a way that nobody was told of yet
 *   firing   -> firing     another run failed the same way: the same message, edited
 *   firing   -> resolved   the last of its tasks is well again, skipped or being reprocessed
 *
 * A failure after the end is a new alert with a new message.
 */
import { become, type Decision, refuse } from "../decision.ts";
import type { Instant } from "../time.ts";

export type Alert = {
  readonly id: number;
  /** What makes two failures alike: environment, workflow, task and the shape of the first error. */
  readonly fingerprint: string;
  readonly environment: string;
  readonly workflow: string;
  readonly task: string;
  readonly state: "firing" | "resolved";
  /** The failed tasks that it speaks of and that are still failed. */
  readonly tasks: readonly AlertedTask[];
  /** How many failures it has spoken of altogether. */
  readonly count: number;
  readonly firstAt: Instant;
  readonly lastAt: Instant;
  readonly resolvedAt: Instant | null;
  readonly evidence: Evidence;
  readonly version: number;
};

export type AlertedTask = { readonly task: number; readonly attempt: number; readonly group: string };

/** What was found out about the newest failure. */
export type Evidence = {
  readonly group: string;
  readonly firstError: string | null;
  readonly logUrl: string | null;
  readonly jobId: number | null;
  /** Attempts that the job had, and when the first of them was handed over. */
  readonly attempts: number;
  readonly since: Instant;
  readonly reason: string;
  /** What changed in the configuration since the task last succeeded, in one line. */
  readonly changed: string;
};

export type AlertSubject = { readonly environment: string; readonly workflow: string; readonly task: string };

export function raise(
  id: number,
  subject: AlertSubject,
  fingerprint: string,
  failed: AlertedTask,
  evidence: Evidence,
  now: Instant,
): Alert {
  return {
    id,
    fingerprint,
    ...subject,
    state: "firing",
    tasks: [failed],
    count: 1,
    firstAt: now,
    lastAt: now,
    resolvedAt: null,
    evidence,
    version: 0,
  };
}

/** The same failure again, or of another run. Being told twice of one attempt of one task changes nothing. */
export function repeat(
  alert: Alert,
  failed: AlertedTask,
  evidence: Evidence,
  now: Instant,
): Decision<Alert, "resolved" | "known"> {
  if (alert.state !== "firing") return refuse("resolved");
  if (alert.tasks.some((one) => one.task === failed.task && one.attempt === failed.attempt)) return refuse("known");
  const tasks = [...alert.tasks.filter((one) => one.task !== failed.task), failed];
  return become(
    alert,
    { tasks, count: alert.count + 1, lastAt: now, evidence },
    { event: "repeated", detail: { task: failed.task } },
  );
}

/** A task is failed no longer. */
export function settle(alert: Alert, task: number, now: Instant): Decision<Alert, "not-concerned"> {
  if (alert.state !== "firing" || !alert.tasks.some((one) => one.task === task)) return refuse("not-concerned");
  const tasks = alert.tasks.filter((one) => one.task !== task);
  if (tasks.length > 0) return become(alert, { tasks }, { event: "settled", detail: { task } });
  return become(alert, { tasks, state: "resolved", resolvedAt: now }, { event: "resolved" });
}

/** Two failures are alike when their first errors are, but for the numbers, paths and addresses in them. */
export function fingerprintOf(subject: AlertSubject, firstError: string | null): string {
  const shape = (firstError ?? "no error line")
    .toLowerCase()
    .replace(/0x[0-9a-f]+|[0-9]+|\/\S+/g, "#")
    .replace(/\s+/g, " ")
    .slice(0, 200);
  return `${subject.environment}|${subject.workflow}|${subject.task}|${shape}`;
}
