/**
 * One unit of work of the engine: the things that were read, the decisions about them, and what is to be written.
 * Everything that is put into it is committed together or not at all.
 *
 * A thing is read once and then the same for everybody in the unit; what was put is seen by those who read it later.
 * Questions that the store answers (`ask`) are asked after everything put so far has been written to the transaction.
 */
import { type CampaignStanding, freshStanding } from "../core/campaign/campaign.ts";
import { campaignOfRef, campaignRef } from "../core/campaign/life.ts";
import { addressesOf } from "../core/chat/channel.ts";
import type { Campaign } from "../core/config/config.ts";
import type { Became } from "../core/decision.ts";
import type { Deployment } from "../core/deployment/deployment.ts";
import { type Effect, type Errand, isOutside } from "../core/effect.ts";
import { type Environment, freshEnvironment } from "../core/environment/environment.ts";
import type { Group } from "../core/group/group.ts";
import type { HistoryEntry, HistoryKind } from "../core/history.ts";
import type { Attempt, Job } from "../core/job/job.ts";
import { edited, newMessage, type Posting } from "../core/message.ts";
import type { Run } from "../core/run/run.ts";
import type { Block } from "../core/say.ts";
import type { Signoff } from "../core/signoff/signoff.ts";
import type { Task } from "../core/task/task.ts";
import type { Instant } from "../core/time.ts";
import { freshState, type WorkflowState } from "../core/workflow/workflow-state.ts";
import type { Loads } from "../ports/loads.ts";
import type { Transaction } from "../ports/store.ts";
import type { Things, Usage } from "../ports/things.ts";
import { CALOPS, type Doer } from "./doer.ts";
import { Shelf } from "./shelf.ts";
import { Subject } from "./subject.ts";
import { Tallies } from "./tallies.ts";

/** Kinds of things that are read and put: each has its shelf. */
type Shelved =
  | "runs"
  | "groups"
  | "tasks"
  | "jobs"
  | "attempts"
  | "workflowStates"
  | "environments"
  | "deployments"
  | "campaigns"
  | "signoffs";

export class Ledger {
  readonly now: Instant;
  readonly runs: Shelf<number, Run>;
  readonly groups: Subject<number, Group>;
  readonly tasks: Subject<number, Task>;
  readonly jobs: Subject<number, Job>;
  readonly attempts: Shelf<string, Attempt>;
  readonly workflowStates: Subject<string, WorkflowState>;
  readonly environments: Subject<string, Environment>;
  readonly deployments: Subject<number, Deployment>;
  readonly campaigns: Subject<string, CampaignStanding>;
  readonly signoffs: Subject<number, Signoff>;
  /** Jobs as they were before and are now, for whoever counts them after the commit. */
  readonly movedJobs: { readonly before: Job | undefined; readonly after: Job }[] = [];
  readonly movedCampaigns: CampaignStanding[] = [];
  readonly movedTasks: { readonly before: Task | undefined; readonly after: Task }[] = [];
  /** Whether there are messages to send, and errands to run outside, once this is committed. */
  readonly asksFor = { messages: false, outside: false };
  readonly usages: Usage[] = [];
  readonly cancels: Extract<Effect, { do: "cancel" }>[] = [];
  readonly #tx: Transaction;
  readonly #chats: readonly string[];
  readonly #plain: { [Kind in keyof Things]?: Things[Kind][] } = {};
  readonly #history: HistoryEntry[] = [];
  #changes = 0;
  readonly #wakes: { errand: Errand; at: Instant }[] = [];
  readonly #tallies = new Tallies();

  /** @param chats those that messages go to */
  constructor(tx: Transaction, now: Instant, chats: readonly string[]) {
    this.#tx = tx;
    this.#chats = chats;
    this.now = now;
    this.runs = new Shelf({ load: (numbers) => tx.runs(numbers), keyOf: (run) => run.number });
    this.attempts = new Shelf({ load: (keys) => tx.attempts(keys), keyOf: (attempt) => attempt.key });
    this.groups = new Subject(this, {
      load: (ids) => tx.groups(ids),
      keyOf: (group) => group.id,
      told: "group",
    });
    this.tasks = new Subject(this, {
      load: (ids) => tx.tasks(ids),
      keyOf: (task) => task.id,
      told: "task",
      commitOf: (task) => task.commit,
      onPut: (before, after) => {
        this.#tallies.moved(before, after);
        this.movedTasks.push({ before, after });
      },
    });
    this.jobs = new Subject(this, {
      load: (ids) => tx.jobs(ids),
      keyOf: (job) => job.id,
      told: "job",
      onPut: (before, after) => this.movedJobs.push({ before, after }),
    });
    this.workflowStates = new Subject<string, WorkflowState>(this, {
      load: async (keys) => (await Promise.all(keys.map((key) => loadWorkflowState(tx, key)))).flat(),
      keyOf: stateKey,
      told: "workflow",
    });
    this.campaigns = new Subject<string, CampaignStanding>(this, {
      load: async (refs) => (await Promise.all(refs.map((ref) => loadCampaign(tx, ref)))).flat(),
      keyOf: campaignRef,
      told: "campaign",
      onPut: (_, after) => this.movedCampaigns.push(after),
    });
    this.environments = new Subject(this, {
      load: (names) => tx.environmentsNamed(names),
      keyOf: (environment) => environment.name,
      told: "environment",
      commitOf: (environment) => environment.commit,
    });
    this.deployments = new Subject(this, {
      load: (ids) => tx.deploymentsById(ids),
      keyOf: (deployment) => deployment.id,
      told: "deployment",
      commitOf: (deployment) => deployment.commit,
    });
    this.signoffs = new Subject(this, {
      load: (ids) => tx.signoffs(ids),
      keyOf: (signoff) => signoff.id,
      told: "signoff",
      commitOf: (signoff) => signoff.commit,
    });
  }

  /** How much history has been written in this unit, but for that of commands. */
  get changes(): number {
    return this.#changes;
  }

  /** Asks the store something that depends on what has been put so far. */
  async ask<T>(question: (loads: Loads) => Promise<T>): Promise<T> {
    await this.flush();
    return await question(this.#tx);
  }

  /** The transaction itself, for the few deeds that are not things. */
  get transaction(): Transaction {
    return this.#tx;
  }

  async workflowState(environment: string, workflow: string): Promise<WorkflowState> {
    return (await this.workflowStates.get(stateKey({ environment, workflow }))) ?? freshState(environment, workflow);
  }

  async environment(name: string): Promise<Environment> {
    return (await this.environments.get(name)) ?? freshEnvironment(name);
  }

  /** How far a campaign is that is declared. */
  async campaign(environment: string, declared: Campaign): Promise<CampaignStanding> {
    const known = await this.campaigns.get(campaignRef({ environment, name: declared.name }));
    return known ?? freshStanding(environment, declared);
  }

  /** Things that are written as they are and not read again in this unit. */
  put<Kind extends Exclude<keyof Things, Shelved | "tallies">>(kind: Kind, thing: Things[Kind]): void {
    if (kind === "messages" || kind === "posts") this.asksFor.messages = true;
    const list: Things[Kind][] = this.#plain[kind] ?? [];
    list.push(thing);
    Object.assign(this.#plain, { [kind]: list });
  }

  /** Outputs of a workflow take more, or less. */
  addUsage(usage: Usage): void {
    if (usage.bytes === 0) return;
    this.usages.push(usage);
    this.put("usage", usage);
  }

  /** A message that is told once, under its key, in every chat that has the channel. */
  post(
    key: string,
    channel: string,
    blocks: readonly Block[],
    more: Pick<Posting, "thread" | "place" | "over"> = {},
  ): void {
    for (const address of addressesOf(channel, this.#chats))
      this.put("posts", newMessage({ ...address, key, blocks, ...more }, this.now));
  }

  /** A message as it reads from now on, wherever it was told. `false` where it never was. */
  async edit(key: string, blocks: readonly Block[], how: Parameters<typeof edited>[3] = {}): Promise<boolean> {
    const messages = await this.ask((loads) => loads.messages(key));
    for (const message of messages) this.put("messages", edited(message, blocks, this.now, how));
    return messages.length > 0;
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
    if (entry.kind !== "command") this.#changes += 1;
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

  /** Effects and history of a decision whose thing is put. */
  happened(
    kind: HistoryKind,
    ref: string | number,
    decision: Became<unknown>,
    doer: Doer = CALOPS,
    commit: string | null = null,
  ): void {
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

  /** Writes everything put so far to the transaction; it is committed with the rest, later. */
  async flush(): Promise<void> {
    const shelved: { readonly [Kind in Shelved]: readonly Things[Kind][] } = {
      runs: this.runs.takeDirty(),
      groups: this.groups.takeDirty(),
      tasks: this.tasks.takeDirty(),
      jobs: this.jobs.takeDirty(),
      attempts: this.attempts.takeDirty(),
      workflowStates: this.workflowStates.takeDirty(),
      environments: this.environments.takeDirty(),
      deployments: this.deployments.takeDirty(),
      campaigns: this.campaigns.takeDirty(),
      signoffs: this.signoffs.takeDirty(),
    };
    const put = { ...this.#plain, ...shelved, tallies: this.#tallies.take() };
    const filled = Object.fromEntries(Object.entries(put).filter(([, list]) => list.length > 0));
    const changes = { put: filled, history: this.#history.splice(0), wake: this.#wakes.splice(0) };
    for (const kind of Object.keys(this.#plain) as (keyof Things)[]) delete this.#plain[kind];
    if (Object.keys(filled).length > 0 || changes.history.length > 0 || changes.wake.length > 0)
      await this.#tx.write(changes);
  }
}

async function loadCampaign(tx: Transaction, ref: string): Promise<CampaignStanding[]> {
  const { environment, name } = campaignOfRef(ref);
  const standing = await tx.campaign(environment, name);
  return standing ? [standing] : [];
}

async function loadWorkflowState(tx: Transaction, key: string): Promise<WorkflowState[]> {
  // The name of an environment may have slashes, that of a workflow has none.
  const between = key.lastIndexOf("/");
  const state = await tx.workflowState(key.slice(0, between), key.slice(between + 1));
  return state ? [state] : [];
}

function stateKey(state: { readonly environment: string; readonly workflow: string }): string {
  return `${state.environment}/${state.workflow}`;
}
