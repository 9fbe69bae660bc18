/** What the engine reads while it decides, and commands beside it. */
import type { Alert, AlertTask } from "../core/alert/alert.ts";
import type { Silence } from "../core/alert/silence.ts";
import type { Subscription } from "../core/alert/subscription.ts";
import type { CampaignStanding } from "../core/campaign/campaign.ts";
import type { Confirmation } from "../core/chat/confirmation.ts";
import type { ChatRequest } from "../core/chat/request.ts";
import type { Span } from "../core/conditions/iov.ts";
import type { Moment } from "../core/conditions/moment.ts";
import type { ConstantUse, Want } from "../core/conditions/want.ts";
import type { Deployment } from "../core/deployment/deployment.ts";
import type { Errand } from "../core/effect.ts";
import type { Environment } from "../core/environment/environment.ts";
import type { Group, GroupHome } from "../core/group/group.ts";
import type { Attempt, Job } from "../core/job/job.ts";
import type { Message } from "../core/message.ts";
import type { LinkCode, LinkedAccount } from "../core/person/link.ts";
import type { Publication } from "../core/publication/publication.ts";
import type { Earlier } from "../core/publication/turn.ts";
import type { Release } from "../core/release/release.ts";
import type { Run } from "../core/run/run.ts";
import type { Signoff } from "../core/signoff/signoff.ts";
import type { RunAndState } from "../core/stage/stage.ts";
import type { Task } from "../core/task/task.ts";
import type { Ticket } from "../core/ticket/ticket.ts";
import type { Instant } from "../core/time.ts";
import type { Judgement } from "../core/validation/judgement.ts";
import type { Need } from "../core/workflow/workflow.ts";
import type { WorkflowState } from "../core/workflow/workflow-state.ts";
import type { Quarantined, Question, Result, SourceState, Tally } from "./things.ts";

export interface Loads
  extends RunLoads,
    GroupLoads,
    TaskLoads,
    PublicationLoads,
    JobLoads,
    EnvironmentLoads,
    AlertLoads,
    ChatLoads {}

/** Runs, what brought them, and what was put aside. */
interface RunLoads {
  runs(numbers: readonly number[]): Promise<Run[]>;
  /** Numbers of the newest runs, newest first. */
  lastRuns(limit: number): Promise<number[]>;
  /** Numbers of the runs in an interval, both ends included, in their order. */
  runsBetween(from: number, to: number, limit: number): Promise<number[]>;
  injectedInto(environment: string, run: number): Promise<string[]>;
  injectedRuns(environment: string, campaign: string): Promise<number[]>;
  campaign(environment: string, name: string): Promise<CampaignStanding | undefined>;
  /** Those of an environment of which something was decided, by name. */
  campaigns(environment: string): Promise<CampaignStanding[]>;
  quarantined(ids: readonly string[]): Promise<Quarantined[]>;
  source(name: string): Promise<SourceState | undefined>;
}

/** Groups, and the runs in them. */
interface GroupLoads {
  groups(ids: readonly number[]): Promise<Group[]>;
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
  /** Holds of these groups, as far as somebody has looked at them. */
  releases(groupIds: readonly number[]): Promise<Release[]>;
}

/** Constants on their way into tags, those that tasks want, and those that they used. */
interface PublicationLoads {
  /** Of all attempts of a task, in their order. */
  publications(taskId: number): Promise<Publication[]>;
  /** Of a task of the configuration, those that have not ended, by run. */
  openPublications(of: Publishing): Promise<Publication[]>;
  /** The first of a task of the configuration that has not ended and whose runs are all before one. */
  earliestUnended(of: Publishing, run: number): Promise<Earlier | undefined>;
  wants(taskId: number): Promise<Want[]>;
  /** Of tasks with a larger id that have not begun, in their order. */
  waitingWants(environment: string, tag: string, after: number, limit: number): Promise<Want[]>;
  constantsUsed(taskId: number, attempt: number): Promise<ConstantUse[]>;
  /** Of so many tasks with a larger id, all those for runs that share a moment with the span, in the order of the tasks. */
  usesWithin(
    of: Pick<ConstantUse, "environment" | "tag" | "type">,
    span: Span,
    after: number,
    limit: number,
  ): Promise<{ readonly uses: ConstantUse[]; readonly tasks: number }>;
  /** The first moment after all that they were used for; undefined where nothing was. */
  usedUntil(of: Pick<ConstantUse, "environment" | "tag" | "type">): Promise<Moment | undefined>;
  /** The newest tasks first. */
  usesOf(payload: string, limit: number): Promise<ConstantUse[]>;
}

/** Tasks, what they wait for, and what they wait behind. */
interface TaskLoads {
  tasks(ids: readonly number[]): Promise<Task[]>;
  tasksOfGroup(groupId: number): Promise<Task[]>;
  /** Tasks of the groups of one key, of several workflows, in the order in which they were made. */
  tasksByKey(home: Omit<GroupHome, "workflow">, key: string, workflows: readonly string[]): Promise<Task[]>;
  /** Tasks of this name in other groups (or the same) that share a run with a group. */
  covering(groupId: number, need: Need, environment: string, campaign: string): Promise<Covering[]>;
  /** How tasks of this name stand on the runs of a group: each run that one of them takes, with each of their states. */
  statesOverGroup(groupId: number, need: Need, environment: string, campaign: string): Promise<RunAndState[]>;
  /** The same on the runs that were injected into a campaign, of the campaign itself. */
  statesOverCampaign(environment: string, campaign: string, need: Need): Promise<RunAndState[]>;
  /** Ids of tasks of this name, in any campaign, whose group shares a run with a group. */
  tasksTouching(groupId: number, need: Need, environment: string): Promise<number[]>;
  /** Ids of the tasks that locks or limits hold back. */
  waitingTasks(environment: string): Promise<number[]>;
  /** Tasks of a workflow in one environment with an id larger than one, in their order. */
  tasksAfter(environment: string, workflow: string, after: number, limit: number): Promise<Task[]>;
  /** Tasks of an environment that have not ended. */
  unfinishedTasks(environment: string, limit: number): Promise<Task[]>;
  /** Those of the first rank first; `without`: of no such campaign. */
  readyTasks(environment: string, workflow: string, limit: number, without: readonly string[]): Promise<Task[]>;
  lastDone(environment: string, workflow: string, task: string): Promise<Task | undefined>;
  /** Whether a workflow has tasks that have not ended. */
  isUnderWay(environment: string, workflow: string): Promise<boolean>;
  judgement(taskId: number, attempt: number): Promise<Judgement | undefined>;
  /** What counts of a task in the groups before one, of its campaign: the newest runs first. */
  earlierResults(group: Group, task: string, limit: number): Promise<GroupResult[]>;
  /** What counts of a task on a run: of this campaign rather than of others, of this environment rather than of production. */
  resultOfRun(run: number, of: Need, environment: string, campaign: string): Promise<GroupResult | undefined>;
  signoffs(ids: readonly number[]): Promise<Signoff[]>;
  /** The newest of a task, whatever became of it. */
  lastSignoffOf(taskId: number): Promise<Signoff | undefined>;
  /** Who asked last that a task is made anew. */
  remadeBy(taskId: number): Promise<string | undefined>;
  /** The last person who did something about a task since a moment. */
  handlerOf(taskId: number, since: Instant): Promise<string | undefined>;
  question(key: string): Promise<Question | undefined>;
  askersOf(question: string): Promise<number[]>;
  /** How many tasks of each kind there are in each state. */
  tallies(environment?: string): Promise<Tally[]>;
  workflowState(environment: string, workflow: string): Promise<WorkflowState | undefined>;
}

/** Jobs and their attempts. */
interface JobLoads {
  jobs(ids: readonly number[]): Promise<Job[]>;
  /** Attempts under way or ended, by key. */
  attempts(keys: readonly string[]): Promise<Attempt[]>;
  jobsOfTask(taskId: number, attempt: number): Promise<Job[]>;
  /** The attempts that were done, of the jobs of these tasks in their present attempt. */
  doneAttempts(
    tasks: readonly { readonly id: number; readonly attempt: number }[],
  ): Promise<{ job: Job; attempt: Attempt }[]>;
  idleJobs(lane: Lane, now: Instant, limit: number): Promise<Job[]>;
  liveAttempts(executor?: string): Promise<Attempt[]>;
}

/** Environments, what was deployed there, and what the bot remembers of itself. */
interface EnvironmentLoads {
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
  tickets(keys: readonly string[]): Promise<Ticket[]>;
  fact(name: string): Promise<string | undefined>;
}

/** Alerts, what keeps them quiet, and who wants to be told. */
interface AlertLoads {
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
  /** Not resolved; of one environment, or of all. The newest first, a few hundred at most. */
  firingAlerts(environment?: string): Promise<Alert[]>;
  /** Those that last at a moment. */
  silences(now: Instant): Promise<Silence[]>;
  silence(id: number): Promise<Silence | undefined>;
  /** Those that wait, oldest first. */
  subscriptions(): Promise<Subscription[]>;
}

/** Messages, what was asked in chats, and whose accounts there are. */
interface ChatLoads {
  message(key: string, chat: string): Promise<Message | undefined>;
  /** The same message in each chat that has it. */
  messages(key: string): Promise<Message[]>;
  request(key: string): Promise<ChatRequest | undefined>;
  confirmation(id: string): Promise<Confirmation | undefined>;
  linkCode(digest: string): Promise<LinkCode | undefined>;
  linkedAccount(chat: string, id: string): Promise<LinkedAccount | undefined>;
  /** Those that are somebody's. */
  linkedAccounts(): Promise<LinkedAccount[]>;
}

/** A task of the configuration, as one campaign has it. */
export type Publishing = Pick<Publication, "environment" | "campaign" | "workflow" | "task">;

export type DueErrand = Errand & { readonly at: Instant };

/** How jobs wait for a place: those of one executor, workflow and priority stand in one line. */
export type Lane = {
  readonly executor: string;
  readonly environment: string;
  readonly workflow: string;
  readonly priority: number;
};
export type LaneLoad = Lane & { readonly idle: number; readonly live: number };

/** A result, and the key of its group. */
export type GroupResult = { readonly group: string; readonly result: Result };

export type Covering = { readonly task: Task; readonly runs: readonly number[] };
