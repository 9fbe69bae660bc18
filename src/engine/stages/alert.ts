/** A task failed for good: people are told once of each kind of failure, and once more when it is over. */
import {
  type Alert,
  type AlertedTask,
  type AlertSubject,
  type Evidence,
  fingerprintOf,
  fingerprintOfMany,
  MOST_KEPT,
  raise,
  repeat,
  settle,
} from "../../core/alert/alert.ts";
import { PAST_MS, pastOf } from "../../core/alert/past.ts";
import { endedLine, resolvedLine } from "../../core/alert/thread.ts";
import { stateSince } from "../../core/chat/standing.ts";
import type { Task } from "../../core/task/task.ts";
import { taskOf } from "../../core/workflow/workflow.ts";
import { CALOPS } from "../doer.ts";
import { editAlert, tellInThread } from "../duty/alert-messages.ts";
import type { Ledger } from "../ledger.ts";
import type { Scene } from "../scene.ts";

/** A task that fails in more ways at once fails in too many for people to be told of each. */
const MOST_KINDS = 5;

export async function raiseAlert(
  ledger: Ledger,
  scene: Scene,
  taskId: number,
  evidence: Evidence | undefined,
): Promise<void> {
  await ledger.transaction.finishErrand({ kind: "alert", ref: String(taskId) });
  const task = await ledger.tasks.get(taskId);
  // It may have been retried or skipped in the meantime: then there is nothing to tell any more.
  if (task?.state !== "failed" || !evidence) return;
  // An environment that runs nothing any more has nobody to tell, and its messages must not go to others.
  if (!scene.revisions.environments.includes(task.environment)) return;
  const subject = subjectOf(scene, task);
  const failed = { task: task.id, attempt: task.attempt, group: task.groupKey, failedAt: stateSince(task) };
  const { fingerprint, firing } = await kindOf(ledger, subject, evidence);
  if (firing) await repeated(ledger, firing, failed, evidence);
  else await begin(ledger, scene, subject, fingerprint, { failed, evidence, task });
}

/** Of which kind a failure is, and what people know of that already. */
async function kindOf(ledger: Ledger, subject: AlertSubject, { firstError }: Evidence) {
  const fingerprint = fingerprintOf(subject, firstError);
  const firing = await ledger.ask((loads) => loads.firingAlert(fingerprint));
  if (firing || (await ledger.ask((loads) => loads.firingKinds(subject))) < MOST_KINDS) return { fingerprint, firing };
  const many = fingerprintOfMany(subject);
  return { fingerprint: many, firing: await ledger.ask((loads) => loads.firingAlert(many)) };
}

async function begin(
  ledger: Ledger,
  scene: Scene,
  subject: AlertSubject,
  fingerprint: string,
  { failed, evidence, task }: { readonly failed: AlertedTask; readonly evidence: Evidence; readonly task: Task },
): Promise<void> {
  const earlier = await ledger.ask((loads) => loads.alertsOfKind(fingerprint, ledger.now - PAST_MS));
  const past = pastOf(earlier, ledger.now);
  const alert = raise(scene.ids.alert(), subject, fingerprint, failed, { evidence, past }, ledger.now);
  ledger.put("alerts", alert);
  ledger.put("alertTasks", { ...failed, alert: alert.id, failing: true });
  ledger.record(
    { kind: "alert", ref: alert.id, event: "firing", commit: task.commit, detail: { task: task.id } },
    { ...CALOPS, why: evidence.reason },
  );
  // Whether it is told, and what follows when nobody takes it, is seen when it is looked at: in the same unit.
  ledger.wake({ kind: "watch", ref: String(alert.id) });
}

async function repeated(ledger: Ledger, firing: Alert, failed: AlertedTask, evidence: Evidence): Promise<void> {
  const earlier = await ledger.ask((loads) => loads.alertTask(firing.id, failed.task));
  const decision = repeat(firing, failed, earlier, evidence, ledger.now);
  if (!decision.ok) return;
  ledger.put("alerts", decision.next);
  ledger.put("alertTasks", { ...failed, alert: firing.id, failing: true });
  ledger.happened("alert", firing.id, decision);
  await editAlert(ledger, decision.next);
  if (decision.happening.event !== "grew" || !firing.acknowledged) return;
  await tellInThread(ledger, decision.next, "grew", endedLine(decision.next, firing.acknowledged.by, "grew"));
  ledger.wake({ kind: "watch", ref: String(firing.id) });
}

/** A task is failed no longer. */
export async function settleAlerts(ledger: Ledger, ref: string): Promise<void> {
  const task = Number(ref);
  for (const { alert, known } of await ledger.ask((loads) => loads.alertsOfTask(task))) {
    const failing = await ledger.ask((loads) => loads.failingTasks(alert.id, MOST_KEPT + 1));
    const left = failing.filter((one) => one.task !== task).map(({ alert: _, failing: __, ...one }) => one);
    const by = (await ledger.ask((loads) => loads.handlerOf(task, known.failedAt))) ?? null;
    const settled = settle(alert, known, left, by, ledger.now);
    if (!settled.ok) continue;
    ledger.put("alerts", settled.next);
    ledger.put("alertTasks", { ...known, failing: false });
    ledger.happened("alert", alert.id, settled);
    await editAlert(ledger, settled.next);
    if (settled.next.state === "resolved")
      await tellInThread(ledger, settled.next, "resolved", resolvedLine(settled.next));
  }
}

function subjectOf(scene: Scene, task: Task): AlertSubject {
  const workflow = scene.revisions.current(task.environment).config.workflows[task.workflow];
  const severity = taskOf(workflow, task.name)?.severity ?? workflow?.severity ?? "warning";
  return { environment: task.environment, workflow: task.workflow, task: task.name, severity };
}
