/** What is found out about a failure before people are told of it. It reads history and asks git, beside the engine's units of work. */
import { type Alert, type Evidence, fingerprintOf } from "../../core/alert/alert.ts";
import { shortCommit } from "../../core/environment/environment.ts";
import { plural } from "../../core/say.ts";
import type { Task } from "../../core/task/task.ts";
import { iso } from "../../core/time.ts";
import type { ConfigRepository } from "../../ports/config-repository.ts";
import type { Queries } from "../../ports/queries.ts";
import type { Scene } from "../scene.ts";

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
  const firstError = last?.message ?? null;
  const tried = Math.max(1, attempts.length);
  return {
    group: task.groupKey,
    firstError,
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
    attempts: tried,
    since: attempts[0]?.submittedAt ?? task.startedAt ?? task.modifiedAt,
    reason: task.reason ?? "it failed",
    refused: job === undefined,
    nextTry: nextTry(scene, task, job === undefined ? "what its jobs made was refused" : usedUp(tried)),
    commit: task.commit,
    changed: (await alreadyKnown(queries, task, firstError)) ?? (await changedSinceSuccess(queries, repository, task)),
  };
}

/** Ten thousand failures of one kind do not ask git ten thousand times what changed. */
async function alreadyKnown(queries: Queries, task: Task, firstError: string | null): Promise<string | undefined> {
  const subject = { environment: task.environment, workflow: task.workflow, task: task.name };
  const alert: Alert | undefined = await queries.firingAlert(fingerprintOf(subject, firstError));
  return alert?.evidence.commit === task.commit ? alert.evidence.changed : undefined;
}

function usedUp(tried: number): string {
  return tried === 1 ? "its attempt is used up" : `its ${plural(tried, "attempt")} are used up`;
}

function nextTry(scene: Scene, task: Task, why: string): string {
  const workflow = scene.revisions.current(task.environment).config.workflows[task.workflow];
  return workflow?.whenStale === "reprocess"
    ? `not before something changes that it is made from: ${why}`
    : `not by itself: ${why}`;
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
