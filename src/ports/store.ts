/**
 * Where everything is kept. The store decides nothing: it reads things, and it writes what was decided, all of it or nothing.
 *
 * One process writes. It works in transactions: what a transaction reads includes what it has written, and nobody else sees
 * any of it before the commit, which is on disk when `transact` resolves. Commands read through `queries`, beside it.
 */
import type { Alert, AlertTask } from "../core/alert/alert.ts";
import type { Silence } from "../core/alert/silence.ts";
import type { Subscription } from "../core/alert/subscription.ts";
import type { Confirmation } from "../core/chat/confirmation.ts";
import type { ChatRequest } from "../core/chat/request.ts";
import type { Deployment } from "../core/deployment/deployment.ts";
import type { Errand, ErrandKind } from "../core/effect.ts";
import type { Environment } from "../core/environment/environment.ts";
import type { Group, GroupHome } from "../core/group/group.ts";
import type { HistoryEntry } from "../core/history.ts";
import type { Attempt, Job } from "../core/job/job.ts";
import type { Message } from "../core/message.ts";
import type { LinkCode, LinkedAccount } from "../core/person/link.ts";
import type { Run } from "../core/run/run.ts";
import type { Task } from "../core/task/task.ts";
import type { Instant } from "../core/time.ts";
import type { Need } from "../core/workflow/workflow.ts";
import type { WorkflowState } from "../core/workflow/workflow-state.ts";
import type { Queries } from "./queries.ts";

export interface Store {
  /**
   * Runs `work` in one transaction and commits it. When it throws, nothing was written.
   * Rejects with `StaleWrite` when something was changed meanwhile by somebody else, with `StoreUnavailable` when the disk or
   * the server did not do its part.
   */
  transact<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  readonly queries: Queries;
  /** Identity of this installation, made when the store was: part of every job's key. */
  readonly instance: string;
  /** A consistent copy while everything goes on. */
  backup(file: string): Promise<void>;
  close(): Promise<void>;
}

export interface Transaction extends Loads {
  /** Takes due errands of these kinds off the list. They are back on it if the transaction fails. */
  takeErrands(now: Instant, limit: number, kinds: readonly ErrandKind[]): Promise<DueErrand[]>;
  /** Takes one errand off the list whose work was done outside the transaction. */
  finishErrand(errand: Errand): Promise<void>;
  /** The clock was set back: everything that is to come comes this much sooner. */
  advanceSchedule(byMs: number, now: Instant): Promise<void>;
  /** What was asked in chats and answered before a moment is forgotten, with what was to be confirmed; history keeps that it was. */
  forgetAnswered(before: Instant): Promise<void>;
  /** Writes things, history and errands. A versioned thing must still be the version that was read. */
  write(changes: Changes): Promise<void>;
}

/** Things by kind, as they are written. */
export type Things = {
  runs: Run;
  groups: Group;
  memberships: Membership;
  tasks: Task;
  jobs: Job;
  attempts: Attempt;
  results: Result;
  workflowStates: WorkflowState;
  environments: Environment;
  deployments: Deployment;
  alerts: Alert;
  alertTasks: AlertTask;
  silences: Silence;
  subscriptions: Subscription;
  /** Messages that are told for the first time; one that is there under its key already stays as it is. */
  posts: Message;
  /** Messages that are edited, or were sent. */
  messages: Message;
  requests: ChatRequest;
  confirmations: Confirmation;
  linkCodes: LinkCode;
  linkedAccounts: LinkedAccount;
  injections: Injection;
  quarantine: Quarantined;
  questions: Question;
  askers: Asker;
  sources: SourceState;
  facts: Fact;
  tallies: Tally;
  usage: Usage;
};

export type Changes = {
  readonly put: { readonly [Kind in keyof Things]?: readonly Things[Kind][] };
  readonly history?: readonly HistoryEntry[];
  readonly wake?: readonly { readonly errand: Errand; readonly at: Instant }[];
};

/** A run is in a group, or was. */
export type Membership = { readonly groupId: number; readonly run: number; readonly member: boolean };

/** What an attempt of a task came to; kept when the task is reprocessed. */
export type Result = {
  readonly taskId: number;
  readonly attempt: number;
  readonly state: "done" | "failed" | "skipped";
  readonly reason: string | null;
  readonly metrics: Readonly<Record<string, number>>;
  readonly iterations: number;
  readonly commit: string;
  readonly used: string | null;
  readonly jobs: Task["jobs"];
  readonly startedAt: Instant | null;
  readonly endedAt: Instant;
};

/** A run was injected into a campaign by hand. */
export type Injection = {
  readonly environment: string;
  readonly campaign: string;
  readonly run: number;
  readonly by: string;
  readonly at: Instant;
};

/** A record that broke the rules. */
export type Quarantined = {
  /** Digest of source and record: the same record again is the same entry. */
  readonly id: string;
  readonly source: string;
  readonly run: number | null;
  readonly record: string;
  readonly reasons: readonly string[];
  readonly firstSeenAt: Instant;
  readonly lastSeenAt: Instant;
  readonly times: number;
};

/** A lock's question to the outside, shared by all tasks that ask the same. */
export type Question = {
  readonly key: string;
  readonly state: "open" | "closed" | "unknown";
  readonly detail: string;
  readonly askedAt: Instant;
  readonly failures: number;
  /** What is asked, for the one who asks: enough to ask it without the task. */
  readonly spec: string;
};

/** A task that waits for a question's answer. */
export type Asker = { readonly question: string; readonly taskId: number };

export type SourceState = {
  readonly name: string;
  /** Where the next reading goes on; the source's own words. */
  readonly cursor: string | null;
  readonly readAt: Instant | null;
  readonly records: number;
  readonly failures: number;
  readonly failure: string | null;
};

/** Odds and ends of which there is one each: the horizon, the commit that the rules were read from. */
export type Fact = { readonly name: string; readonly value: string };

/** How many tasks of one kind are in one state. Written as a difference, read as the sum. */
export type Tally = {
  readonly environment: string;
  readonly campaign: string;
  readonly workflow: string;
  readonly task: string;
  readonly state: string;
  readonly count: number;
};

/** Bytes and files that the outputs of a workflow take. Written as a difference, read as the sum. */
export type Usage = { readonly environment: string; readonly workflow: string; readonly bytes: number };

export type DueErrand = Errand & { readonly at: Instant };

/** How jobs wait for a place: those of one executor, workflow and priority stand in one line. */
export type Lane = {
  readonly executor: string;
  readonly environment: string;
  readonly workflow: string;
  readonly priority: number;
};
export type LaneLoad = Lane & { readonly idle: number; readonly live: number };

export type Covering = { readonly task: Task; readonly runs: readonly number[] };

/** What the engine reads while it decides. */
export interface Loads {
  runs(numbers: readonly number[]): Promise<Run[]>;
  /** Numbers of the newest runs, newest first. */
  lastRuns(limit: number): Promise<number[]>;
  /** Numbers of the runs in an interval, both ends included, in their order. */
  runsBetween(from: number, to: number, limit: number): Promise<number[]>;
  groups(ids: readonly number[]): Promise<Group[]>;
  tasks(ids: readonly number[]): Promise<Task[]>;
  jobs(ids: readonly number[]): Promise<Job[]>;
  /** Attempts under way or ended, by key. */
  attempts(keys: readonly string[]): Promise<Attempt[]>;
  workflowState(environment: string, workflow: string): Promise<WorkflowState | undefined>;
  environmentsNamed(names: readonly string[]): Promise<Environment[]>;
  environments(): Promise<Environment[]>;
  deploymentsById(ids: readonly number[]): Promise<Deployment[]>;
  /** Those of an environment that have not ended, oldest first. */
  openDeployments(environment: string): Promise<Deployment[]>;
  /** The newest deployment of a commit to an environment. */
  lastDeploymentOf(environment: string, commit: string): Promise<Deployment | undefined>;
  /** The newest deployment that a ref led to, and that was carried out. */
  lastDeploymentBy(environment: string, ref: string): Promise<Deployment | undefined>;
  /** The deployment that runs. */
  runningDeployment(environment: string): Promise<Deployment | undefined>;

  groupByKey(home: GroupHome, key: string): Promise<Group | undefined>;
  /** The newest group of a workflow that is still open. */
  openGroup(home: GroupHome): Promise<Group | undefined>;
  openGroups(environment: string): Promise<Group[]>;
  groupsOfRun(run: number): Promise<Group[]>;
  runsOfGroup(groupId: number): Promise<number[]>;
  /** Runs of a group that a person holds or whose records contradict each other. */
  troubledRuns(groupId: number): Promise<Run[]>;
  /** Groups that had not enough data and wait for the next one. */
  groupsToAbsorb(home: GroupHome): Promise<Group[]>;
  /** The first group after this one of which no task has begun. */
  nextUnbegunGroup(group: Group): Promise<Group | undefined>;
  /** The next group of the workflow, begun or not; the one before where there is none. */
  neighbourOf(group: Group): Promise<Group | undefined>;
  tasksOfGroup(groupId: number): Promise<Task[]>;
  /** Tasks of the groups of one key, of several workflows, in the order in which they were made. */
  tasksByKey(home: Omit<GroupHome, "workflow">, key: string, workflows: readonly string[]): Promise<Task[]>;
  /** Tasks of this name in other groups (or the same) that share a run with a group. */
  covering(groupId: number, need: Need, environment: string, campaign: string): Promise<Covering[]>;
  /** Ids of tasks of this name, in any campaign, whose group shares a run with a group. */
  tasksTouching(groupId: number, need: Need, environment: string): Promise<number[]>;
  /** Ids of the tasks that locks or limits hold back. */
  waitingTasks(environment: string): Promise<number[]>;
  /** Tasks of a workflow in one environment with an id larger than one, in their order. */
  tasksAfter(environment: string, workflow: string, after: number, limit: number): Promise<Task[]>;
  /** Tasks of an environment that have not ended. */
  unfinishedTasks(environment: string, limit: number): Promise<Task[]>;
  readyTasks(environment: string, workflow: string, limit: number): Promise<Task[]>;
  jobsOfTask(taskId: number, attempt: number): Promise<Job[]>;
  /** The attempts that were done, of the jobs of these tasks in their present attempt. */
  doneAttempts(
    tasks: readonly { readonly id: number; readonly attempt: number }[],
  ): Promise<{ job: Job; attempt: Attempt }[]>;
  idleJobs(lane: Lane, now: Instant, limit: number): Promise<Job[]>;
  liveAttempts(executor?: string): Promise<Attempt[]>;
  lastDone(environment: string, workflow: string, task: string): Promise<Task | undefined>;
  alertsById(ids: readonly number[]): Promise<Alert[]>;
  /** The one of this kind that is not resolved. */
  firingAlert(fingerprint: string): Promise<Alert | undefined>;
  /** In how many ways a task fails: how many alerts of it are not resolved. */
  firingKinds(of: Pick<Alert, "environment" | "workflow" | "task">): Promise<number>;
  /** All of this kind that began after a moment, newest first, a few dozen at most. */
  alertsOfKind(fingerprint: string, since: Instant): Promise<Alert[]>;
  /** Those that are not resolved and speak of a task as failed. */
  alertsOfTask(taskId: number): Promise<{ alert: Alert; known: AlertTask }[]>;
  alertTask(alert: number, task: number): Promise<AlertTask | undefined>;
  /** The newest of the tasks that an alert speaks of and that are failed still, newest last. */
  failingTasks(alert: number, limit: number): Promise<AlertTask[]>;
  /** The last person who did something about a task since a moment. */
  handlerOf(taskId: number, since: Instant): Promise<string | undefined>;
  /** Not resolved; of one environment, or of all. The newest first, a few hundred at most. */
  firingAlerts(environment?: string): Promise<Alert[]>;
  /** Those that last at a moment. */
  silences(now: Instant): Promise<Silence[]>;
  silence(id: number): Promise<Silence | undefined>;
  /** Those that wait, oldest first. */
  subscriptions(): Promise<Subscription[]>;
  /** Whether a workflow has tasks that have not ended. */
  isUnderWay(environment: string, workflow: string): Promise<boolean>;
  message(key: string, chat: string): Promise<Message | undefined>;
  /** The same message in each chat that has it. */
  messages(key: string): Promise<Message[]>;
  request(key: string): Promise<ChatRequest | undefined>;
  confirmation(id: string): Promise<Confirmation | undefined>;
  linkCode(digest: string): Promise<LinkCode | undefined>;
  linkedAccount(chat: string, id: string): Promise<LinkedAccount | undefined>;
  /** Those that are somebody's. */
  linkedAccounts(): Promise<LinkedAccount[]>;
  injectedInto(environment: string, run: number): Promise<string[]>;
  injectedRuns(environment: string, campaign: string): Promise<number[]>;
  quarantined(ids: readonly string[]): Promise<Quarantined[]>;
  question(key: string): Promise<Question | undefined>;
  askersOf(question: string): Promise<number[]>;
  source(name: string): Promise<SourceState | undefined>;
  fact(name: string): Promise<string | undefined>;
}

/** Somebody else changed what was read: two writers. Nothing was written. */
export class StaleWrite extends Error {
  constructor(what: string) {
    super(`${what} was changed by another writer; nothing was written`);
    this.name = "StaleWrite";
  }
}

/** The disk is full, the file is read-only, the server is away. Nothing was written; trying again later can help. */
export class StoreUnavailable extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = "StoreUnavailable";
  }
}
