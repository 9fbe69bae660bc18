/** A workflow as the configuration declares it: tasks chained by what they need, an owner, a channel. */

import type { Severity } from "../alert/severity.ts";
import type { ConditionsRule } from "../conditions/wanted.ts";
import type { Expression } from "../expression/expression.ts";
import type { Grouping } from "../group/grouping.ts";
import type { Backoff } from "../job/backoff.ts";
import type { ErrorRule } from "../job/error-rules.ts";
import type { PublishRule } from "../publication/rule.ts";
import type { ReleaseRule } from "../release/rule.ts";
import type { SignoffRule } from "../signoff/rule.ts";
import type { Validation } from "../validation/thresholds.ts";

export type Workflow = {
  readonly name: string;
  readonly description: string;
  /** A person or a role of people.yaml: whom to ask. */
  readonly owner: string;
  readonly channel: string;
  readonly severity: Severity;
  readonly grouping: Grouping;
  /** Which runs it takes; all that its run types give it when undefined. */
  readonly select?: Expression | undefined;
  /** The attributes of a run that its jobs are given, and by which a result goes stale; all of them when undefined. */
  readonly uses?: readonly string[] | undefined;
  /** Files and directories of the repository that its scripts use, beside its own: a change there makes its results stale. */
  readonly shares: readonly string[];
  /** What happens to a result once something that it was made from has changed: it is only marked, or made anew. */
  readonly whenStale: "mark" | "reprocess";
  readonly priority: number;
  readonly limits: { readonly tasks?: number | undefined; readonly jobs?: number | undefined };
  /** Paused by itself when `failures` of its last `of` jobs failed for good; never when undefined. */
  readonly pauseAfter?: { readonly failures: number; readonly of: number } | undefined;
  /** Bytes that its kept outputs may take together; a task waits while they are more. */
  readonly quota?: number | undefined;
  readonly parameters: Readonly<Record<string, string>>;
  /** In an order in which each comes after what it needs. */
  readonly tasks: readonly TaskDefinition[];
};

/** A task, or all tasks of a workflow when `task` is undefined. */
export type TasksNamed = { readonly workflow: string; readonly task?: string | undefined };

export type Need = { readonly workflow: string; readonly task: string };

export type TaskDefinition = {
  readonly name: string;
  readonly description?: string | undefined;
  /** How bad it is when it fails for good. */
  readonly severity: Severity;
  readonly needs: readonly Need[];
  readonly locks: readonly LockDefinition[];
  /** Program and arguments of each job, with `${name}` places. */
  readonly run: readonly string[];
  /** One more job after all others of the task, given their outputs: it makes one result of many. */
  readonly combine?: readonly string[] | undefined;
  readonly split: Split;
  readonly repeat?: Repeat | undefined;
  readonly executor: string;
  /** Further attempts of a job after its first. */
  readonly retries: number;
  readonly backoff: Backoff;
  readonly walltimeMs: number;
  readonly errors: readonly ErrorRule[];
  readonly env: Readonly<Record<string, string>>;
  /** Constants that its jobs are given, and that must hold for its runs before it begins. */
  readonly constants?: ConditionsRule | undefined;
  readonly publish?: PublishRule | undefined;
  /** What its result must be like before it may be used. */
  readonly validation?: Validation | undefined;
  /** Who is to say that its results may be used; nobody where it is undefined, unless a threshold asks for somebody. */
  readonly signoff?: SignoffRule | undefined;
};

/** How a task becomes jobs. */
export type Split =
  | { readonly by: "one" }
  | { readonly by: "number"; readonly jobs: Expression }
  | { readonly by: "values"; readonly values: Expression | readonly string[] }
  /** The output files of the tasks that it needs (all, or one of them), so many to a job. */
  | { readonly by: "files"; readonly from?: Need | undefined; readonly per: number };

export type Repeat = {
  /** Over `metrics` and `iteration`; repeated `max` times in any case when undefined. */
  readonly until?: Expression | undefined;
  readonly max: number;
  /** What becomes of a task that has not got there after `max` iterations. */
  readonly otherwise: "fail" | "accept";
};

export type LockDefinition =
  /** Constants of a global tag hold for the runs of the group. */
  | ({ readonly kind: "conditions" } & ConditionsRule)
  /** So long after the end of the newest run of the group. */
  | { readonly kind: "delay"; readonly ms: number }
  /** A hold that is announced, that people may put off or end, and that ends early when everything is signed. */
  | ({ readonly kind: "released" } & ReleaseRule)
  /** The results of a task are signed for all runs of the group, by all or as far as one role goes. */
  | { readonly kind: "signoff"; readonly need: Need; readonly role: string | undefined }
  /** A data set of `calops.yaml` is complete. */
  | { readonly kind: "stage"; readonly stage: string }
  /** Asks outside, on its own rhythm: a page of JSON, or a command that prints JSON; open when the expression over `answer` holds. */
  | {
      readonly kind: "ask";
      readonly what: string;
      readonly owner: string;
      readonly url?: string | undefined;
      readonly run?: readonly string[] | undefined;
      readonly open: Expression;
      readonly everyMs: number;
    };

export function taskOf(workflow: Workflow | undefined, name: string): TaskDefinition | undefined {
  return workflow?.tasks.find((task) => task.name === name);
}

/** The hold that keeps something of a workflow; all its tasks that have one have the same. */
export function releaseRuleOf(workflow: Workflow | undefined): ReleaseRule | undefined {
  return workflow?.tasks.flatMap((task) => task.locks).find((lock) => lock.kind === "released");
}

/** `calibrate` within the workflow, `t0/calibrate` from elsewhere. */
export function needName(need: Need, from?: string): string {
  return need.workflow === from ? need.task : `${need.workflow}/${need.task}`;
}
