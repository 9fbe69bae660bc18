/** What all jobs of one round of a task have in common, gathered once and kept while the round lasts. */
import { labelOf } from "../core/campaign/label.ts";
import { readTag } from "../core/campaign/tags.ts";
import type { Campaign } from "../core/config/config.ts";
import { ownRun } from "../core/group/grouping.ts";
import type { Attempt, Job } from "../core/job/job.ts";
import { type AttemptIdentity, attemptDirectory, attemptKey } from "../core/job/key.ts";
import {
  constantFacts,
  type InputFacts,
  type JobFacts,
  type Order,
  orderFrom,
  type RunFacts,
  runFacts,
} from "../core/job/order.ts";
import { groupValues } from "../core/job/places.ts";
import { type DoneJob, filePaths, outputsOf, resultJobs } from "../core/job/results.ts";
import type { Task } from "../core/task/task.ts";
import { attributesFor } from "../core/task/used.ts";
import type { TemplateValues } from "../core/template.ts";
import { type TaskDefinition, taskOf, type Workflow } from "../core/workflow/workflow.ts";
import type { Revision } from "../ports/revisions.ts";
import type { Ledger } from "./ledger.ts";
import type { Scene } from "./scene.ts";
import { upstreamTasks } from "./upstream.ts";

export type OrderContext = {
  readonly revision: Revision;
  readonly workflow: Workflow;
  readonly definition: TaskDefinition;
  readonly campaign: Campaign;
  readonly runs: readonly RunFacts[];
  readonly inputs: readonly InputFacts[];
  readonly conditions: JobFacts["conditions"];
  readonly values: TemplateValues;
  /** Jobs of the round that are parts. */
  readonly parts: number;
};

const MOST_KEPT = 64;

export class OrderContexts {
  readonly #kept = new Map<string, OrderContext>();

  /** Undefined when the configuration that the task began on cannot be had, or does not know the task. */
  async of(ledger: Ledger, scene: Scene, task: Task, job: Job): Promise<OrderContext | undefined> {
    const name = `${task.id} ${task.attempt} ${job.iteration} ${job.role} ${task.commit}`;
    const known = this.#kept.get(name);
    if (known) return known;
    const made = await gather(ledger, scene, task, job);
    if (!made) return undefined;
    this.#kept.set(name, made);
    const oldest = this.#kept.keys().next().value;
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return made;
  }
}

async function gather(ledger: Ledger, scene: Scene, task: Task, job: Job): Promise<OrderContext | undefined> {
  const revision = scene.revisions.at(task.environment, task.commit);
  const workflow = revision?.config.workflows[task.workflow];
  const definition = taskOf(workflow, task.name);
  const campaign = revision?.config.campaigns[task.campaign];
  if (!revision || !workflow || !definition || !campaign) return undefined;

  const numbers = await ledger.ask((loads) => loads.runsOfGroup(task.groupId));
  const runs = (await ledger.runs.all(numbers)).map((run) => ({
    ...run,
    attributes: attributesFor(run.attributes, workflow.uses),
  }));
  return {
    revision,
    workflow,
    definition,
    campaign,
    runs: runs.map(runFacts),
    inputs: await inputsOf(ledger, scene, task, job, definition),
    conditions: definition.constants
      ? constantFacts(await ledger.ask((loads) => loads.constantsUsed(task.id, task.attempt)))
      : {},
    values: groupValues(workflow.grouping, task.groupKey, runs, workflow.parameters),
    parts: (await ledger.ask((loads) => loads.jobsOfTask(task.id, task.attempt))).filter(
      (other) => other.iteration === job.iteration && other.role === "part",
    ).length,
  };
}

async function inputsOf(
  ledger: Ledger,
  scene: Scene,
  task: Task,
  job: Job,
  definition: TaskDefinition,
): Promise<InputFacts[]> {
  const facts =
    (of: Task, from: InputFacts["from"]) =>
    ({ job, attempt }: DoneJob): InputFacts => ({
      workflow: of.workflow,
      task: of.name,
      group: of.groupKey,
      attempt: of.attempt,
      iteration: job.iteration,
      role: job.role,
      index: job.index,
      metrics: outputsOf(attempt).metrics,
      files: filePaths(attempt, scene.workspace.outputOf(attempt.directory)),
      from,
    });
  const own =
    job.iteration > 1 || job.role === "combine" ? await ledger.ask((loads) => loads.doneAttempts([task])) : [];
  const previous = job.iteration > 1 ? resultJobs(own, job.iteration - 1).map(facts(task, "previous")) : [];
  const parts =
    job.role === "combine"
      ? own.filter((one) => one.job.iteration === job.iteration && one.job.role === "part").map(facts(task, "part"))
      : [];
  // A job that is given its files by the split finds their paths in its share; it needs no list of all the others.
  if (definition.split.by === "files" && job.role === "part") return previous;

  const needed = await upstreamTasks(ledger, scene, task, definition);
  const inputs = [];
  for (const upstream of needed.filter((one) => one.state === "done")) {
    const done = await ledger.ask((loads) => loads.doneAttempts([upstream]));
    inputs.push(...resultJobs(done).map(facts(upstream, "need")));
  }
  return [...inputs, ...parts, ...previous];
}

/** The identity of an attempt: what its key and its directory are made from. */
export function identityOf(scene: Pick<Scene, "instance">, task: Task, job: Job, attempt: number): AttemptIdentity {
  return {
    instance: scene.instance,
    environment: task.environment,
    campaign: task.campaign,
    workflow: task.workflow,
    task: task.name,
    group: task.groupKey,
    taskAttempt: task.attempt,
    iteration: job.iteration,
    role: job.role,
    index: job.index,
    attempt,
    commit: task.commit,
    used: task.used ?? "",
  };
}

export function keyAndDirectory(
  scene: Pick<Scene, "instance" | "digest">,
  task: Task,
  job: Job,
  attempt: number,
): { key: string; directory: string } {
  const identity = identityOf(scene, task, job, attempt);
  const key = attemptKey(identity, scene.digest);
  return { key, directory: attemptDirectory(identity, key) };
}

/** The order for an attempt: the same whenever it is made again. */
export function orderFor(
  scene: Scene,
  context: OrderContext,
  task: Task,
  job: Job,
  attempt: Pick<Attempt, "key" | "directory" | "number">,
): Order {
  const { revision, workflow, definition, campaign } = context;
  const command = job.role === "combine" ? (definition.combine ?? definition.run) : definition.run;
  const files = (job.share.files ?? []).map((file) => scene.workspace.absolute(file));
  return orderFrom({
    key: attempt.key,
    directory: attempt.directory,
    command,
    env: definition.env,
    walltimeMs: definition.walltimeMs,
    logLimit: revision.config.logs.limit,
    isolated: revision.mirror?.isolated ?? false,
    groupValues: context.values,
    files: job.share.files ? files : context.inputs.flatMap((input) => input.files),
    here: `${revision.checkout}/workflows/${workflow.name}`,
    output: scene.workspace.outputOf(attempt.directory),
    facts: {
      experiment: revision.config.experiment,
      environment: task.environment,
      campaign: task.campaign,
      label: labelOf(campaign),
      campaignAttempt: campaign.attempt,
      release: campaign.release,
      tag: readTag(campaign),
      commit: task.commit,
      workflow: task.workflow,
      task: { id: task.id, name: task.name, attempt: task.attempt, iteration: job.iteration },
      job: {
        index: job.index,
        of: context.parts,
        attempt: attempt.number,
        role: job.role,
        value: job.share.value ?? null,
      },
      group: { key: task.groupKey },
      run: ownRun(workflow.grouping, task.groupKey, context.runs) ?? null,
      runs: context.runs,
      parameters: workflow.parameters,
      inputs: job.share.files ? [...context.inputs, filesInput(task, job, files)] : context.inputs,
      conditions: context.conditions,
    },
  });
}

function filesInput(task: Task, job: Job, files: readonly string[]): InputFacts {
  return {
    workflow: task.workflow,
    task: task.name,
    group: task.groupKey,
    attempt: task.attempt,
    iteration: job.iteration,
    role: "part",
    index: job.index,
    metrics: {},
    files,
    from: "need",
  };
}
