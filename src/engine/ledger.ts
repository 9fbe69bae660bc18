/**
 * One unit of work of the engine: the things that were read, the decisions about them, and what is to be written.
 * Everything that is put into it is committed together or not at all.
 *
 * A thing is read once and then the same for everybody in the unit; what was put is seen by those who read it later.
 * Questions that the store answers (`ask`) are asked after everything put so far has been written to the transaction.
 */
import type { Became, Decision } from "../core/decision.ts";
import type { Deployment } from "../core/deployment/deployment.ts";
import { type Effect, type Errand, isOutside } from "../core/effect.ts";
import { type Environment, freshEnvironment } from "../core/environment/environment.ts";
import type { Group } from "../core/group/group.ts";
import type { HistoryEntry, HistoryKind } from "../core/history.ts";
import type { Attempt, Job } from "../core/job/job.ts";
import { newMessage } from "../core/message.ts";
import type { Run } from "../core/run/run.ts";
import type { Block } from "../core/say.ts";
import type { Task } from "../core/task/task.ts";
import type { Instant } from "../core/time.ts";
import { freshState, type WorkflowState } from "../core/workflow/workflow-state.ts";
import type { Loads, Tally, Things, Transaction, Usage } from "../ports/store.ts";
import { Shelf } from "./shelf.ts";

/** Who makes a change: a person, or calops itself. */
export type Doer = { readonly by: string; readonly why?: string };
export const CALOPS: Doer = { by: "calops" };

export class Ledger {
  readonly now: Instant;
  readonly runs: Shelf<number, Run>;
  readonly groups: Shelf<number, Group>;
  readonly tasks: Shelf<number, Task>;
  readonly jobs: Shelf<number, Job>;
  readonly attempts: Shelf<string, Attempt>;
  readonly deployments: Shelf<number, Deployment>;
  /** Jobs as they were before and are now, for whoever counts them after the commit. */
  readonly movedJobs: { readonly before: Job | undefined; readonly after: Job }[] = [];
  readonly movedTasks: { readonly before: Task | undefined; readonly after: Task }[] = [];
  /** Whether there are messages to send, and errands to run outside, once this is committed. */
  readonly asksFor = { messages: false, outside: false };
  readonly usages: Usage[] = [];
  readonly cancels: Extract<Effect, { do: "cancel" }>[] = [];
  readonly #tx: Transaction;
  readonly #workflows: Shelf<string, WorkflowState>;
  readonly #environments: Shelf<string, Environment>;
  readonly #plain: { [Kind in keyof Things]?: Things[Kind][] } = {};
  readonly #history: HistoryEntry[] = [];
  readonly #wakes: { errand: Errand; at: Instant }[] = [];
  readonly #tallies = new Map<string, Tally>();

  constructor(tx: Transaction, now: Instant) {
    this.#tx = tx;
    this.now = now;
    this.runs = new Shelf(
      (numbers) => tx.runs(numbers),
      (run) => run.number,
    );
    this.groups = new Shelf(
      (ids) => tx.groups(ids),
      (group) => group.id,
    );
    this.tasks = new Shelf(
      (ids) => tx.tasks(ids),
      (task) => task.id,
    );
    this.jobs = new Shelf(
      (ids) => tx.jobs(ids),
      (job) => job.id,
    );
    this.attempts = new Shelf(
      (keys) => tx.attempts(keys),
      (attempt) => attempt.key,
    );
    this.deployments = new Shelf(
      (ids) => tx.deploymentsById(ids),
      (deployment) => deployment.id,
    );
    this.#environments = new Shelf(
      (names) => tx.environmentsNamed(names),
      (environment) => environment.name,
    );
    this.#workflows = new Shelf<string, WorkflowState>(
      async (keys) => (await Promise.all(keys.map((key) => this.#loadWorkflowState(key)))).flat(),
      stateKey,
    );
  }

  /** Asks the store something that depends on what has been put so far. */
  async ask<T>(question: (loads: Loads) => Promise<T>): Promise<T> {
    await this.flush();
    return await question(this.#tx);
  }

  /** Things that a question answers with, as this unit knows them. */
  async askTasks(question: (loads: Loads) => Promise<readonly Task[]>): Promise<Task[]> {
    return (await this.ask(question)).map((task) => this.tasks.take(task));
  }

  async askGroups(question: (loads: Loads) => Promise<readonly Group[]>): Promise<Group[]> {
    return (await this.ask(question)).map((group) => this.groups.take(group));
  }

  async askJobs(question: (loads: Loads) => Promise<readonly Job[]>): Promise<Job[]> {
    return (await this.ask(question)).map((job) => this.jobs.take(job));
  }

  /** The transaction itself, for the few deeds that are not things. */
  get transaction(): Transaction {
    return this.#tx;
  }

  putRun(run: Run): void {
    this.runs.put(run);
  }

  putGroup(group: Group): void {
    this.groups.put(group);
  }

  putTask(task: Task): void {
    const before = this.tasks.known(task.id);
    if (before?.state !== task.state) {
      if (before) this.#count(before, -1);
      this.#count(task, +1);
    }
    this.movedTasks.push({ before, after: task });
    this.tasks.put(task);
  }

  putJob(job: Job): void {
    this.movedJobs.push({ before: this.jobs.known(job.id), after: job });
    this.jobs.put(job);
  }

  putAttempt(attempt: Attempt): void {
    this.attempts.put(attempt);
  }

  /** Outputs of a workflow take more, or less. */
  addUsage(usage: Usage): void {
    if (usage.bytes === 0) return;
    this.usages.push(usage);
    this.put("usage", usage);
  }

  async workflowState(environment: string, workflow: string): Promise<WorkflowState> {
    return (await this.#workflows.get(stateKey({ environment, workflow }))) ?? freshState(environment, workflow);
  }

  putWorkflowState(state: WorkflowState): void {
    this.#workflows.put(state);
  }

  async askDeployments(question: (loads: Loads) => Promise<readonly Deployment[]>): Promise<Deployment[]> {
    return (await this.ask(question)).map((deployment) => this.deployments.take(deployment));
  }

  async environment(name: string): Promise<Environment> {
    return (await this.#environments.get(name)) ?? freshEnvironment(name);
  }

  putEnvironment(environment: Environment): void {
    this.#environments.put(environment);
  }

  /** Things that are written as they are and not read again in this unit. */
  put<
    Kind extends Exclude<
      keyof Things,
      "runs" | "groups" | "tasks" | "jobs" | "attempts" | "workflowStates" | "environments" | "deployments" | "tallies"
    >,
  >(kind: Kind, thing: Things[Kind]): void {
    if (kind === "messages" || kind === "posts") this.asksFor.messages = true;
    const list: Things[Kind][] = this.#plain[kind] ?? [];
    list.push(thing);
    Object.assign(this.#plain, { [kind]: list });
  }

  /** A message that is told once, under its key. */
  post(key: string, channel: string, blocks: readonly Block[]): void {
    this.put("posts", newMessage(key, channel, blocks, this.now));
  }

  record(
    entry: {
      kind: HistoryKind;
      ref: string | number;
      event: string;
      commit?: string | null;
      detail?: Readonly<Record<string, unknown>>;
    },
    doer: Doer,
  ): void {
    this.#history.push({
      at: this.now,
      kind: entry.kind,
      ref: String(entry.ref),
      event: entry.event,
      by: doer.by,
      why: doer.why ?? null,
      commit: entry.commit ?? null,
      detail: entry.detail ?? null,
    });
  }

  wake(errand: Errand, at: Instant = this.now): void {
    if (isOutside(errand.kind)) this.asksFor.outside = true;
    this.#wakes.push({ errand, at });
  }

  /** Takes a decision about a task into the ledger: the task, its history and its effects. A refusal is handed through. */
  task<Reason extends string>(decision: Decision<Task, Reason>, doer: Doer = CALOPS): Decision<Task, Reason> {
    if (!decision.ok) return decision;
    this.putTask(decision.next);
    this.#take("task", decision.next.id, decision, doer, decision.next.commit);
    return decision;
  }

  group<Reason extends string>(decision: Decision<Group, Reason>, doer: Doer = CALOPS): Decision<Group, Reason> {
    if (!decision.ok) return decision;
    this.putGroup(decision.next);
    this.#take("group", decision.next.id, decision, doer, null);
    return decision;
  }

  workflow<Reason extends string>(
    decision: Decision<WorkflowState, Reason>,
    doer: Doer = CALOPS,
  ): Decision<WorkflowState, Reason> {
    if (!decision.ok) return decision;
    this.putWorkflowState(decision.next);
    this.#take("workflow", `${decision.next.environment}/${decision.next.workflow}`, decision, doer, null);
    return decision;
  }

  environmentDecision<Reason extends string>(
    decision: Decision<Environment, Reason>,
    doer: Doer = CALOPS,
  ): Decision<Environment, Reason> {
    if (!decision.ok) return decision;
    this.putEnvironment(decision.next);
    this.#take("environment", decision.next.name, decision, doer, decision.next.commit);
    return decision;
  }

  deployment<Reason extends string>(
    decision: Decision<Deployment, Reason>,
    doer: Doer = CALOPS,
  ): Decision<Deployment, Reason> {
    if (!decision.ok) return decision;
    this.deployments.put(decision.next);
    this.#take("deployment", decision.next.id, decision, doer, decision.next.commit);
    return decision;
  }

  /** Effects and history of a decision whose thing was put by the caller. */
  take(kind: HistoryKind, ref: string | number, decision: Became<unknown>, doer: Doer = CALOPS): void {
    this.#take(kind, ref, decision, doer, null);
  }

  /** Writes everything put so far to the transaction; it is committed with the rest, later. */
  async flush(): Promise<void> {
    const put = {
      ...this.#plain,
      runs: this.runs.takeDirty(),
      groups: this.groups.takeDirty(),
      tasks: this.tasks.takeDirty(),
      jobs: this.jobs.takeDirty(),
      attempts: this.attempts.takeDirty(),
      workflowStates: this.#workflows.takeDirty(),
      environments: this.#environments.takeDirty(),
      deployments: this.deployments.takeDirty(),
      tallies: [...this.#tallies.values()].filter((tally) => tally.count !== 0),
    };
    const filled = Object.fromEntries(Object.entries(put).filter(([, list]) => list.length > 0));
    const changes = { put: filled, history: this.#history.splice(0), wake: this.#wakes.splice(0) };
    for (const kind of Object.keys(this.#plain) as (keyof Things)[]) delete this.#plain[kind];
    this.#tallies.clear();
    if (Object.keys(filled).length > 0 || changes.history.length > 0 || changes.wake.length > 0)
      await this.#tx.write(changes);
  }

  #take(kind: HistoryKind, ref: string | number, decision: Became<unknown>, doer: Doer, commit: string | null): void {
    const { event, why, detail } = decision.happening;
    const reason = doer.why ?? why;
    this.record(
      { kind, ref, event, commit, ...(detail ? { detail } : {}) },
      reason === undefined ? { by: doer.by } : { by: doer.by, why: reason },
    );
    for (const effect of decision.effects) {
      if (effect.do === "wake") this.wake(effect.errand, effect.at);
      else this.cancels.push(effect);
    }
  }

  #count(task: Task, difference: number): void {
    const { environment, campaign, workflow, name, state } = task;
    const key = JSON.stringify([environment, campaign, workflow, name, state]);
    const before = this.#tallies.get(key)?.count ?? 0;
    this.#tallies.set(key, { environment, campaign, workflow, task: name, state, count: before + difference });
  }

  async #loadWorkflowState(key: string): Promise<WorkflowState[]> {
    const [environment = "", workflow = ""] = key.split(" ");
    const state = await this.#tx.workflowState(environment, workflow);
    return state ? [state] : [];
  }
}

function stateKey(state: { readonly environment: string; readonly workflow: string }): string {
  return `${state.environment} ${state.workflow}`;
}
