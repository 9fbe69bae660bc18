/**
 * One message about failures of one kind, however many runs they hit.
 *
 *   (none)       -> firing                  a task of a workflow failed for good in a way that nobody was told of yet
 *   firing       -> firing                  another run failed the same way: the same message, edited; nobody speaks of it for
 *                                           a while, or a silence is over
 *   firing       -> acknowledged            somebody takes care of it
 *   acknowledged -> acknowledged            they go on, or a run that was among those that they saw failed again
 *                -> firing                  another run failed the same way, their time is up, or they leave it to others
 *   firing | acknowledged -> resolved       the last of its tasks is well again, skipped or being reprocessed
 *
 * A failure after the end is a new alert with a new message. While a silence matches, an alert is quiet: what happens to it
 * happens all the same, and nobody is told of it.
 */
import { become, type Decision, refuse } from "../decision.ts";
import type { Instant } from "../time.ts";
import type { Past } from "./past.ts";
import type { Severity } from "./severity.ts";

export type AlertState = "firing" | "acknowledged" | "resolved";

export type Alert = {
  readonly id: number;
  /** What makes two failures alike: environment, workflow, task and the shape of the first error. */
  readonly fingerprint: string;
  readonly environment: string;
  readonly workflow: string;
  readonly task: string;
  readonly severity: Severity;
  readonly state: AlertState;
  /** The newest of the failed tasks that it speaks of and that are still failed, newest last. */
  readonly tasks: readonly AlertedTask[];
  /** How many there are of them. */
  readonly open: number;
  /** How many failures it has spoken of altogether. */
  readonly count: number;
  readonly firstAt: Instant;
  readonly lastAt: Instant;
  readonly resolvedAt: Instant | null;
  readonly acknowledged: Acknowledgement | null;
  /** Since when it is there for anybody to take: repetitions and steps count from here. */
  readonly firingSince: Instant;
  /** How often that began anew. */
  readonly round: number;
  /** When people were told of it last, but for edits; null while nobody was told in this round. */
  readonly toldAt: Instant | null;
  /** Messages about it in this round, the first not counted. */
  readonly reminders: number;
  /** Steps of its route that were taken in this round. */
  readonly steps: number;
  /** A silence matches. */
  readonly quiet: boolean;
  /** Who did something about it before it was resolved, if anybody did. */
  readonly handledBy: string | null;
  readonly evidence: Evidence;
  /** What was known of failures of this kind when it began. */
  readonly past: Past;
  readonly version: number;
};

export type AlertedTask = {
  readonly task: number;
  readonly attempt: number;
  readonly group: string;
  readonly failedAt: Instant;
};

/** A task that an alert has spoken of, and whether it is failed still. */
export type AlertTask = AlertedTask & { readonly alert: number; readonly failing: boolean };

export type Acknowledgement = {
  readonly by: string;
  readonly at: Instant;
  readonly until: Instant;
  readonly why: string | null;
};

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
  /** When it is tried again, if ever by itself; left out in what was found before this was asked. */
  readonly nextTry?: string;
  /** No job failed: what they made was refused, as by a threshold; left out in what was found before this was asked. */
  readonly refused?: boolean;
  /** The commit that it failed on; left out in what was found before this was asked. */
  readonly commit?: string;
};

export type AlertSubject = {
  readonly environment: string;
  readonly workflow: string;
  readonly task: string;
  readonly severity: Severity;
};

/** So many tasks are kept with an alert; of the others it is known how many there are. */
export const MOST_KEPT = 10;

export function raise(
  id: number,
  subject: AlertSubject,
  fingerprint: string,
  failed: AlertedTask,
  found: { readonly evidence: Evidence; readonly past: Past },
  now: Instant,
): Alert {
  return {
    id,
    fingerprint,
    ...subject,
    state: "firing",
    tasks: [failed],
    open: 1,
    count: 1,
    firstAt: now,
    lastAt: now,
    resolvedAt: null,
    acknowledged: null,
    ...newRound(0, now),
    quiet: false,
    handledBy: null,
    ...found,
    version: 0,
  };
}

/**
 * The same failure again, or of another run. Being told twice of one attempt of one task changes nothing.
 * @param earlier what the alert knows of this task, if it has spoken of it before
 */
export function repeat(
  alert: Alert,
  failed: AlertedTask,
  earlier: AlertTask | undefined,
  evidence: Evidence,
  now: Instant,
): Decision<Alert, "resolved" | "known"> {
  if (alert.state === "resolved") return refuse("resolved");
  if (earlier?.failing && earlier.attempt === failed.attempt) return refuse("known");
  const tasks = [...alert.tasks.filter((one) => one.task !== failed.task), failed].slice(-MOST_KEPT);
  const grown = {
    tasks,
    open: earlier?.failing ? alert.open : alert.open + 1,
    count: alert.count + 1,
    lastAt: now,
    evidence,
  };
  const { acknowledged } = alert;
  if (!acknowledged || earlier) return become(alert, grown, { event: "repeated", detail: { task: failed.task } });
  // Whoever took it has not seen this one.
  return become(
    alert,
    { ...grown, ...unattended(alert, now) },
    { event: "grew", detail: { task: failed.task, acknowledgedBy: acknowledged.by } },
  );
}

/**
 * A task is failed no longer.
 * @param left the newest of the others that are failed still, as far as they are kept, newest last
 * @param by who did something about this task since it failed; null where nobody did
 */
export function settle(
  alert: Alert,
  known: AlertTask | undefined,
  left: readonly AlertedTask[],
  by: string | null,
  now: Instant,
): Decision<Alert, "not-concerned"> {
  if (alert.state === "resolved" || !known?.failing) return refuse("not-concerned");
  const change = { tasks: left.slice(-MOST_KEPT), open: alert.open - 1, handledBy: by ?? alert.handledBy };
  if (change.open > 0) return become(alert, change, { event: "settled", detail: { task: known.task } });
  return become(alert, { ...change, tasks: [], open: 0, state: "resolved", resolvedAt: now }, { event: "resolved" });
}

/** Somebody takes care of it. Whoever has it already may go on for longer. */
export function acknowledge(
  alert: Alert,
  of: Pick<Acknowledgement, "by" | "until" | "why">,
  now: Instant,
): Decision<Alert, "resolved" | "acknowledged" | "over-already"> {
  if (alert.state === "resolved") return refuse("resolved");
  if (alert.acknowledged && alert.acknowledged.by !== of.by) return refuse("acknowledged", alert.acknowledged.by);
  if (of.until <= now) return refuse("over-already");
  return become(
    alert,
    { state: "acknowledged", acknowledged: { ...of, at: now } },
    { event: "acknowledged", ...(of.why === null ? {} : { why: of.why }), detail: { until: of.until } },
  );
}

/** It is there for others again. */
export function unacknowledge(alert: Alert, now: Instant): Decision<Alert, "not-acknowledged"> {
  if (alert.state !== "acknowledged") return refuse("not-acknowledged");
  return become(alert, unattended(alert, now), { event: "unacknowledged" });
}

/** The time is up that somebody took for it. */
export function lapse(alert: Alert, now: Instant): Decision<Alert, "not-acknowledged" | "not-yet"> {
  if (alert.state !== "acknowledged" || !alert.acknowledged) return refuse("not-acknowledged");
  if (now < alert.acknowledged.until) return refuse("not-yet");
  return become(alert, unattended(alert, now), { event: "lapsed", detail: { acknowledgedBy: alert.acknowledged.by } });
}

/** A silence begins to match, or none does any more: then it is as new. */
export function quieten(alert: Alert, quiet: boolean, now: Instant): Decision<Alert, "resolved" | "as-it-is"> {
  if (alert.state === "resolved") return refuse("resolved");
  if (alert.quiet === quiet) return refuse("as-it-is");
  if (quiet) return become(alert, { quiet }, { event: "silenced" });
  return become(alert, { quiet, ...newRound(alert.round + 1, now) }, { event: "heard" });
}

/** People were told: for the first time in this round, or once more. */
export function tell(alert: Alert, now: Instant): Decision<Alert> {
  const reminders = alert.toldAt === null ? alert.reminders : alert.reminders + 1;
  return become(alert, { toldAt: now, reminders }, { event: alert.toldAt === null ? "told" : "reminded" });
}

/** The next step of its route was taken. */
export function escalate(alert: Alert, to: string): Decision<Alert, "not-firing"> {
  if (alert.state !== "firing") return refuse("not-firing");
  return become(alert, { steps: alert.steps + 1 }, { event: "escalated", detail: { to } });
}

function unattended(alert: Alert, now: Instant): Partial<Alert> {
  // People know of it: it is the one who had it that they have to be told of.
  return { state: "firing", acknowledged: null, ...newRound(alert.round + 1, now), toldAt: now };
}

function newRound(round: number, now: Instant) {
  return { round, firingSince: now, toldAt: null, reminders: 0, steps: 0 };
}

/** Two failures are alike when their first errors are, but for the numbers, paths and addresses in them. */
export function fingerprintOf(subject: Omit<AlertSubject, "severity">, firstError: string | null): string {
  const shape = (firstError ?? "no error line")
    .toLowerCase()
    .replace(/0x[0-9a-f]+|[0-9]+|\/\S+/g, "#")
    .replace(/\s+/g, " ")
    .slice(0, 200);
  return `${subjectName(subject)}|${shape}`;
}

/** A task that fails in more ways than people can read of: all further ones are one kind. */
export function fingerprintOfMany(subject: Omit<AlertSubject, "severity">): string {
  return `${subjectName(subject)}||many`;
}

function subjectName({ environment, workflow, task }: Omit<AlertSubject, "severity">): string {
  return `${environment}|${workflow}|${task}`;
}
