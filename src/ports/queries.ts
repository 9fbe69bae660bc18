/** What commands and pages read: committed state only, in pages, at a cost that follows what is shown and not what is stored. */
import type { Alert } from "../core/alert/alert.ts";
import type { TaskHistory } from "../core/campaign/estimate.ts";
import type { ChatRequest } from "../core/chat/request.ts";
import type { Deployment, DeploymentState } from "../core/deployment/deployment.ts";
import type { ErrandKind } from "../core/effect.ts";
import type { Group } from "../core/group/group.ts";
import type { HistoryEntry, HistoryKind } from "../core/history.ts";
import type { Attempt, Job, JobState } from "../core/job/job.ts";
import type { Message } from "../core/message.ts";
import type { Run } from "../core/run/run.ts";
import type { Signoff, SignoffState } from "../core/signoff/signoff.ts";
import type { Task, TaskState } from "../core/task/task.ts";
import type { Instant } from "../core/time.ts";
import type { WorkflowState } from "../core/workflow/workflow-state.ts";
import type { DueErrand, LaneLoad, Loads } from "./loads.ts";
import type { Quarantined, Result, SourceState, Usage } from "./things.ts";

export interface Queries extends Loads {
  /** Newest first. */
  runPage(filter: RunFilter): Promise<Run[]>;
  runCounts(): Promise<{ runs: number; conflicts: number; quarantined: number }>;
  quarantine(limit: number): Promise<Quarantined[]>;
  /** Newest first. */
  taskPage(filter: TaskFilter): Promise<Task[]>;
  tasksOfRuns(runs: readonly number[], environment: string): Promise<{ run: number; task: Task }[]>;
  /** The newest task of this name whose group has this key. */
  taskByName(
    environment: string,
    workflow: string,
    task: string,
    group: string,
    campaign?: string,
  ): Promise<Task | undefined>;
  /** Newest first. */
  signoffPage(filter: SignoffFilter): Promise<Signoff[]>;
  runsOfGroups(groupIds: readonly number[]): Promise<Map<number, number[]>>;
  results(taskId: number): Promise<Result[]>;
  /** Of each of these tasks that has one, the result of its newest attempt. */
  lastResults(taskIds: readonly number[]): Promise<Result[]>;
  jobPage(taskId: number, filter: JobFilter): Promise<Job[]>;
  attemptsOfJob(jobId: number): Promise<Attempt[]>;
  lastAttempts(jobIds: readonly number[]): Promise<Attempt[]>;
  attempt(jobId: number, number: number): Promise<Attempt | undefined>;
  /** What the last tasks of a name that were done cost together; undefined where none was. */
  taskCosts(environment: string, workflow: string, task: string, last: number): Promise<TaskHistory | undefined>;
  openGroupsOf(environment: string, workflow?: string): Promise<Group[]>;
  usage(): Promise<Usage[]>;
  lanes(): Promise<LaneLoad[]>;
  workflowStates(environment: string): Promise<WorkflowState[]>;
  /** Newest first. */
  deploymentPage(filter: DeploymentFilter): Promise<Deployment[]>;
  /** What people hold back in an environment beyond what its configuration says, oldest first, a few hundred at most. */
  heldTasks(environment: string): Promise<Task[]>;
  heldRuns(): Promise<Run[]>;
  /** How many results a commit made, by environment and task, in all their attempts. */
  madeBy(commit: string): Promise<Made[]>;
  /** Those that something failed of in a time, or that were resolved in it, oldest first. */
  alertsBetween(from: Instant, to: Instant, limit: number): Promise<Alert[]>;
  sources(): Promise<SourceState[]>;
  injectionCounts(environment: string): Promise<{ campaign: string; runs: number }[]>;
  /** Newest first. */
  history(filter: HistoryFilter): Promise<HistoryEntry[]>;
  /** The first of each channel, so that one with many keeps no other waiting. */
  unsentMessages(each: number): Promise<Message[]>;
  /** What was asked in chats and is not answered yet, oldest first. */
  openRequests(limit: number): Promise<ChatRequest[]>;
  dueErrands(now: Instant, limit: number, kinds: readonly ErrandKind[]): Promise<DueErrand[]>;
  /** When the next errand of these kinds is due; undefined when there is none. */
  nextErrand(kinds: readonly ErrandKind[]): Promise<Instant | undefined>;
  /** Commits that tasks under way still need. */
  commitsInUse(): Promise<{ environment: string; commit: string }[]>;
  /** Attempts that ended before a moment and of which so much is still kept, oldest first. */
  attemptsEndedBefore(moment: Instant, kept: Attempt["kept"], limit: number): Promise<Attempt[]>;
  /**
   * Attempts whose outputs are still there, of tasks of a campaign that are done and were made anew more than `keep` times since;
   * those that ended before a moment.
   */
  supersededAttempts(of: {
    readonly environment: string;
    readonly campaign: string;
    readonly keep: number;
    readonly before: Instant;
    readonly limit: number;
  }): Promise<{ attempt: Attempt; workflow: string }[]>;
  /** Attempts of a campaign that ended and of which everything is still kept. */
  workOfCampaign(environment: string, campaign: string, limit: number): Promise<Attempt[]>;
  /** The highest id given so far, by kind. */
  highestIds(): Promise<{
    groups: number;
    tasks: number;
    jobs: number;
    alerts: number;
    deployments: number;
    silences: number;
    signoffs: number;
  }>;
  /** The newest moment that anything was written at; undefined for an empty store. */
  lastWrite(): Promise<Instant | undefined>;
}

export type RunFilter = {
  readonly limit: number;
  readonly from?: number;
  readonly to?: number;
  readonly conflict?: boolean;
};

export type TaskFilter = {
  readonly limit: number;
  readonly environment?: string;
  readonly campaign?: string;
  readonly workflow?: string;
  readonly task?: string;
  readonly group?: string;
  readonly run?: number;
  readonly states?: readonly TaskState[];
  readonly stale?: boolean;
  /** The first digits of the commit that they run on, or were made by. */
  readonly commit?: string;
  /** Tasks with a smaller id only: the next page. */
  readonly before?: number;
};

export type SignoffFilter = {
  readonly limit: number;
  readonly environment?: string;
  readonly campaign?: string;
  readonly workflow?: string;
  readonly task?: number;
  readonly states?: readonly SignoffState[];
};

export type DeploymentFilter = {
  readonly limit: number;
  readonly environment?: string;
  readonly states?: readonly DeploymentState[];
  readonly commit?: string;
};

export type Made = {
  readonly environment: string;
  readonly workflow: string;
  readonly task: string;
  readonly results: number;
  readonly underWay: number;
};

export type JobFilter = {
  readonly limit: number;
  readonly states?: readonly JobState[];
  readonly index?: number;
  readonly attempt?: number;
};

export type HistoryFilter = {
  readonly limit: number;
  readonly kind?: HistoryKind;
  /** All kinds but this. */
  readonly without?: HistoryKind;
  readonly ref?: string;
  readonly since?: Instant;
};
