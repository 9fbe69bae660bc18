/** A task may move. Before it has begun: its locks, then its limits. Once it is processing: whether its jobs have ended. */
import { shortCommit } from "../../core/environment/environment.ts";
import { holdBack, makeReady } from "../../core/task/life.ts";
import { evaluateLimits } from "../../core/task/limits.ts";
import { evaluateLocks } from "../../core/task/locks.ts";
import type { Task, Waiting } from "../../core/task/task.ts";
import type { Revision } from "../../ports/revisions.ts";
import { bytesNow, processingNow } from "../as-of-now.ts";
import type { Ledger } from "../ledger.ts";
import type { Scene } from "../scene.ts";
import { beginTask } from "./begin-task.ts";
import { concludeTask } from "./conclude-task.ts";
import { type Declared, declare } from "./declared.ts";
import { gatherLocks } from "./gather-locks.ts";
import { measureLater } from "./measure-quota.ts";

export async function advanceTask(ledger: Ledger, scene: Scene, ref: string): Promise<void> {
  const task = await ledger.tasks.get(Number(ref));
  if (!task) return;
  if (task.state === "processing") {
    const declared = declare(task, scene.revisions.at(task.environment, task.commit));
    if (declared) await concludeTask(ledger, scene, declared);
    return;
  }
  if (task.state !== "new" && task.state !== "held" && task.state !== "ready") return;
  const revision = scene.revisions.current(task.environment);
  const declared = declare(task, revision);
  if (declared) await approach(ledger, scene, declared);
  else ledger.tasks.accept(holdBack(task, [notDeclared(task, revision)], ledger.now));
}

async function approach(ledger: Ledger, scene: Scene, declared: Declared): Promise<void> {
  const { task, revision, workflow, definition } = declared;
  const facts = await gatherLocks(ledger, scene, declared);
  const { waiting, opensAt } = evaluateLocks(task, definition.locks, facts, ledger.now);
  if (opensAt !== undefined) ledger.wake({ kind: "task", ref: String(task.id) }, opensAt);
  if (waiting.length > 0) {
    ledger.tasks.accept(holdBack(task, waiting, ledger.now));
    return;
  }
  const campaign = revision.config.campaigns[task.campaign];
  const limits = evaluateLimits(
    task,
    workflow,
    {
      state: await ledger.workflowState(task.environment, workflow.name),
      processing: processingNow(ledger, scene, task.environment, workflow.name),
      bytes: bytesNow(ledger, scene, task.environment, workflow.name),
      campaign: campaign && (await ledger.campaign(task.environment, campaign)),
    },
    ledger.now,
  );
  if (limits.length === 0) {
    await beginTask(ledger, scene, declared);
  } else {
    ledger.tasks.accept(makeReady(task, limits, ledger.now));
    if (limits.some((limit) => limit.lock === "quota")) measureLater(ledger, task.environment, workflow.name);
  }
}

function notDeclared(task: Task, revision: Revision): Waiting {
  return {
    lock: "configuration",
    detail: `the configuration (${shortCommit(revision.commit)}) has no task ${task.workflow}/${task.name} any more; skip it, or bring the task back`,
    owner: "the configuration",
    since: task.modifiedAt,
  };
}
