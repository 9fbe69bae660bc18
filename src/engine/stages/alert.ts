/** A task failed for good: people are told once of each kind of failure, and once more when it is over. */

import { type Alert, type Evidence, fingerprintOf, raise, repeat, settle } from "../../core/alert/alert.ts";
import { alertMessage } from "../../core/alert/words.ts";
import { shortCommit } from "../../core/environment/environment.ts";
import type { Task } from "../../core/task/task.ts";
import { iso } from "../../core/time.ts";
import type { ConfigRepository } from "../../ports/config-repository.ts";
import type { Queries } from "../../ports/queries.ts";
import { CALOPS } from "../doer.ts";
import type { Ledger } from "../ledger.ts";
import type { Scene } from "../scene.ts";

/** Looked up beside the engine's units of work: it reads history and asks git. */
export async function gatherEvidence(
  queries: Queries,
  repository: ConfigRepository,
  scene: Scene,
  taskId: number,
): Promise<Evidence | undefined> {
  const [task] = await queries.tasks([taskId]);
  if (task?.state !== "failed") return undefined;
  const [job] = await queries.jobPage(task.id, { limit: 1, states: ["failed"], attempt: task.attempt });
  const attempts = job ? await queries.attemptsOfJob(job.id) : [];
  const last = attempts.at(-1);
  return {
    group: task.groupKey,
    firstError: last?.message ?? null,
    logUrl:
      last && job
        ? scene.logUrl({
            workflow: task.workflow,
            task: task.name,
            group: task.groupKey,
            jobId: job.id,
            attempt: last.number,
          })
        : null,
    jobId: job?.id ?? null,
    attempts: Math.max(1, attempts.length),
    since: attempts[0]?.submittedAt ?? task.startedAt ?? task.modifiedAt,
    reason: task.reason ?? "it failed",
    changed: await changedSinceSuccess(queries, repository, task),
  };
}

/** What is different in the configuration of a workflow since its task was last done. */
async function changedSinceSuccess(queries: Queries, repository: ConfigRepository, task: Task): Promise<string> {
  const good = await queries.lastDone(task.environment, task.workflow, task.name);
  if (!good) return "it has never been done so far";
  const success = `${good.groupKey}, ${iso(good.endedAt ?? good.modifiedAt)
    .slice(0, 16)
    .replace("T", " ")} UTC`;
  if (good.commit === task.commit) return `nothing in the configuration since it last was done (${success})`;
  try {
    const { commits, files } = await repository.changes(good.commit, task.commit, `workflows/${task.workflow}`);
    if (files.length === 0) return `nothing in workflows/${task.workflow} since it last was done (${success})`;
    const by = commits.slice(0, 3).map((commit) => `${shortCommit(commit.id)} by ${commit.author}: ${commit.subject}`);
    return `${files.slice(0, 5).join(", ")} since it last was done (${success}); ${by.join("; ")}`;
  } catch {
    // The old commit may be gone from the repository; that it is another one is still worth saying.
    return `the configuration, from ${shortCommit(good.commit)} to ${shortCommit(task.commit)}, since it last was done (${success})`;
  }
}

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
  const subject = { environment: task.environment, workflow: task.workflow, task: task.name };
  const fingerprint = fingerprintOf(subject, evidence.firstError);
  const failed = { task: task.id, attempt: task.attempt, group: task.groupKey };
  const firing = await ledger.ask((loads) => loads.firingAlert(fingerprint));
  if (!firing) {
    const alert = raise(scene.ids.alert(), subject, fingerprint, failed, evidence, ledger.now);
    ledger.put("alerts", alert);
    ledger.record(
      { kind: "alert", ref: alert.id, event: "firing", commit: task.commit, detail: { task: task.id } },
      { ...CALOPS, why: evidence.reason },
    );
    ledger.post(messageKey(alert), channelOf(scene, task), alertMessage(alert));
    return;
  }
  const repeated = repeat(firing, failed, evidence, ledger.now);
  if (!repeated.ok) return;
  ledger.put("alerts", repeated.next);
  ledger.happened("alert", repeated.next.id, repeated);
  await editMessage(ledger, repeated.next);
}

/** A task is failed no longer. */
export async function settleAlerts(ledger: Ledger, ref: string): Promise<void> {
  for (const alert of await ledger.ask((loads) => loads.alertsOfTask(Number(ref)))) {
    const settled = settle(alert, Number(ref), ledger.now);
    if (!settled.ok) continue;
    ledger.put("alerts", settled.next);
    ledger.happened("alert", alert.id, settled);
    await editMessage(ledger, settled.next);
  }
}

async function editMessage(ledger: Ledger, alert: Alert): Promise<void> {
  await ledger.edit(messageKey(alert), alertMessage(alert), { over: alert.state === "resolved" });
}

function messageKey(alert: Alert): string {
  return `alert ${alert.id}`;
}

function channelOf(scene: Scene, task: Task): string {
  const { config } = scene.revisions.current(task.environment);
  return config.workflows[task.workflow]?.channel ?? config.channel;
}
