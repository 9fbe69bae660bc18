/** A task begins: its jobs are made, and it keeps the commit that it began on. */
import { ownRun } from "../../core/group/grouping.ts";
import type { Job, Share } from "../../core/job/job.ts";
import { outputsOf, resultJobs } from "../../core/job/results.ts";
import { sharesOf } from "../../core/job/split.ts";
import { valuesOf } from "../../core/run/run.ts";
import { begin, holdBack } from "../../core/task/life.ts";
import type { Task } from "../../core/task/task.ts";
import { runsDigest, usedDigest } from "../../core/task/used.ts";
import type { TaskDefinition } from "../../core/workflow/workflow.ts";
import { freezeConstants } from "../constants/wants.ts";
import type { Ledger } from "../ledger.ts";
import type { Scene } from "../scene.ts";
import { digestOfUpstream, upstreamTasks } from "../upstream.ts";
import type { Declared } from "./declared.ts";

export async function beginTask(ledger: Ledger, scene: Scene, declared: Declared): Promise<void> {
  const { task, revision, workflow, definition } = declared;
  const runs = await ledger.runs.all(await ledger.ask((loads) => loads.runsOfGroup(task.groupId)));
  const own = ownRun(workflow.grouping, task.groupKey, runs);
  const values = own ? { run: valuesOf(own) } : {};
  const files = definition.split.by === "files" ? await filesOf(ledger, scene, task, definition) : [];
  const split = sharesOf(definition.split, values, files);
  if ("problem" in split) {
    ledger.tasks.accept(
      holdBack(
        task,
        [{ lock: "configuration", detail: split.problem, owner: workflow.owner, since: ledger.now }],
        ledger.now,
      ),
    );
    return;
  }
  const used = usedDigest(
    runsDigest(runs, workflow.uses, scene.digest),
    await digestOfUpstream(ledger, scene, task, definition),
    revision.versions[`${workflow.name}/${definition.name}`] ?? "",
    scene.digest(await freezeConstants(ledger, declared)),
  );
  const begun = ledger.tasks.accept(
    begin(task, { jobs: split.shares.length, commit: revision.commit, used }, ledger.now),
  );
  if (!begun.ok) return;
  makeJobs(ledger, scene, begun.next, definition, "part", split.shares);
  // A task without jobs has nothing that would wake it when it ends.
  if (split.shares.length === 0) ledger.wake({ kind: "task", ref: String(task.id) });
}

/** Jobs of one round of a task; its counts are the caller's to change. */
export function makeJobs(
  ledger: Ledger,
  scene: Scene,
  task: Task,
  definition: TaskDefinition,
  role: Job["role"],
  shares: readonly Share[],
): void {
  const campaign = scene.revisions.at(task.environment, task.commit)?.config.campaigns[task.campaign];
  const executor = campaign?.executor ?? definition.executor;
  for (const [index, share] of shares.entries()) {
    ledger.jobs.put({
      id: scene.ids.job(),
      taskId: task.id,
      taskAttempt: task.attempt,
      iteration: task.iteration,
      index,
      role,
      state: "idle",
      held: task.hold !== null,
      executor,
      environment: task.environment,
      workflow: task.workflow,
      priority: task.priority,
      attempts: 0,
      failures: 0,
      losses: 0,
      key: null,
      notBefore: ledger.now,
      share,
      failure: null,
      createdAt: ledger.now,
      modifiedAt: ledger.now,
      version: 0,
    });
  }
}

/** Output files of the needed tasks, relative to the data directory, in the order of their jobs. */
async function filesOf(ledger: Ledger, scene: Scene, task: Task, definition: TaskDefinition): Promise<string[]> {
  const { split } = definition;
  const from = split.by === "files" ? split.from : undefined;
  const upstream = (await upstreamTasks(ledger, scene, task, definition)).filter(
    (one) => !from || (one.workflow === from.workflow && one.name === from.task),
  );
  const files: string[] = [];
  for (const one of upstream) {
    const done = resultJobs(await ledger.ask((loads) => loads.doneAttempts([one])));
    files.push(
      ...done.flatMap(({ attempt }) => outputsOf(attempt).files.map((file) => `${attempt.directory}/out/${file.path}`)),
    );
  }
  return files;
}
