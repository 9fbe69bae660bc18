/** What is kept, by kind, and the small things that have no room of their own. */
import type { Alert, AlertTask } from "../core/alert/alert.ts";
import type { Silence } from "../core/alert/silence.ts";
import type { Subscription } from "../core/alert/subscription.ts";
import type { CampaignStanding } from "../core/campaign/campaign.ts";
import type { Confirmation } from "../core/chat/confirmation.ts";
import type { ChatRequest } from "../core/chat/request.ts";
import type { ConstantUse, Want } from "../core/conditions/want.ts";
import type { Deployment } from "../core/deployment/deployment.ts";
import type { Environment } from "../core/environment/environment.ts";
import type { Group } from "../core/group/group.ts";
import type { Attempt, Job } from "../core/job/job.ts";
import type { Message } from "../core/message.ts";
import type { LinkCode, LinkedAccount } from "../core/person/link.ts";
import type { Publication } from "../core/publication/publication.ts";
import type { Release } from "../core/release/release.ts";
import type { Run } from "../core/run/run.ts";
import type { Signoff } from "../core/signoff/signoff.ts";
import type { Task } from "../core/task/task.ts";
import type { Ticket } from "../core/ticket/ticket.ts";
import type { Instant } from "../core/time.ts";
import type { Judgement } from "../core/validation/judgement.ts";
import type { WorkflowState } from "../core/workflow/workflow-state.ts";

/** Things by kind, as they are written. */
export type Things = {
  runs: Run;
  groups: Group;
  memberships: Membership;
  tasks: Task;
  jobs: Job;
  attempts: Attempt;
  results: Result;
  signoffs: Signoff;
  judgements: Judgement;
  releases: Release;
  publications: Publication;
  wants: Want;
  constantUses: ConstantUse;
  tickets: Ticket;
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
  campaigns: CampaignStanding;
  injections: Injection;
  quarantine: Quarantined;
  questions: Question;
  askers: Asker;
  sources: SourceState;
  facts: Fact;
  tallies: Tally;
  usage: Usage;
};

/** A run is in a group, or was. */
export type Membership = { readonly groupId: number; readonly run: number; readonly member: boolean };

/** What an attempt of a task came to; kept when the task is reprocessed. */
export type Result = {
  readonly taskId: number;
  readonly attempt: number;
  readonly state: "done" | "failed" | "skipped" | "awaiting-signoff";
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
