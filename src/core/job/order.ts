/** Everything that an executor needs to run one attempt of a job, and what the job itself gets to read. */
import { compareMoments, type Moment } from "../conditions/moment.ts";
import type { ConstantUse } from "../conditions/want.ts";
import type { Values } from "../expression/types.ts";
import type { TemplateValues } from "../template.ts";
import { fill, fillArguments } from "../template.ts";

export type Order = {
  readonly key: string;
  /** Relative to the data directory. */
  readonly directory: string;
  /** Program and arguments. A program that starts with `./` stands in `here`. */
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly walltimeMs: number;
  /** Bytes of log after which the job is ended. */
  readonly logLimit: number;
  /** What it runs may be anybody's: it gets to see and to change nothing but what is its own. An executor that cannot refuses. */
  readonly isolated: boolean;
  readonly facts: JobFacts;
};

/** `$CALOPS_JOB`: what a job may know of itself, as JSON. Fields are only ever added. */
export type JobFacts = {
  readonly experiment: string;
  readonly environment: string;
  readonly campaign: string;
  /** What the campaign marks everything with. */
  readonly label: string;
  /** From 1: how often the campaign processes its runs anew, with this one. */
  readonly campaignAttempt: number;
  readonly release: string;
  readonly tag: string;
  readonly commit: string;
  readonly workflow: string;
  readonly task: { readonly id: number; readonly name: string; readonly attempt: number; readonly iteration: number };
  readonly job: {
    readonly index: number;
    readonly of: number;
    readonly attempt: number;
    readonly role: "part" | "combine";
    readonly value: string | null;
  };
  readonly group: { readonly key: string };
  /** The run of a group that is one run; null otherwise. */
  readonly run: RunFacts | null;
  readonly runs: readonly RunFacts[];
  readonly parameters: Readonly<Record<string, string>>;
  /** Results of the tasks that it needs, of the parts that it combines, and of the iteration before. */
  readonly inputs: readonly InputFacts[];
  /** Constants that the task asked for, by payload type, in the order of their intervals; one where one holds for all its runs. */
  readonly conditions: Readonly<Record<string, readonly ConstantFacts[]>>;
};

export type ConstantFacts = {
  /** Absolute, and not to be written. */
  readonly path: string;
  /** SHA-256 of its bytes. */
  readonly hash: string;
  readonly tag: string;
  /** The first run and, where the experiment counts so, the place in it. */
  readonly from: Moment;
  /** The first for which it does not hold any more; null where it is open. */
  readonly until: Moment | null;
};

export function constantFacts(uses: readonly ConstantUse[]): JobFacts["conditions"] {
  const byType = Map.groupBy(uses, (use) => use.type);
  return Object.fromEntries(
    [...byType].map(([type, list]) => [
      type,
      list
        .map(({ place, payload, tag, iov }): ConstantFacts => ({ path: place, hash: payload, tag, ...iov }))
        .sort((a, b) => compareMoments(a.from, b.from)),
    ]),
  );
}

export type RunFacts = { readonly number: number } & Readonly<Record<string, unknown>>;

export type InputFacts = {
  readonly workflow: string;
  readonly task: string;
  readonly group: string;
  readonly attempt: number;
  readonly iteration: number;
  readonly role: "part" | "combine";
  readonly index: number;
  readonly metrics: Readonly<Record<string, number>>;
  /** Absolute paths. */
  readonly files: readonly string[];
  /** Whose input it is: `need`, `part` of this task, `previous` iteration of it. */
  readonly from: "need" | "part" | "previous";
};

export type OrderPlan = {
  readonly key: string;
  readonly directory: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly walltimeMs: number;
  readonly logLimit: number;
  readonly isolated: boolean;
  readonly facts: JobFacts;
  /** Values of `run.*`, `fill`, `tick`, parameters: what the group gives. */
  readonly groupValues: TemplateValues;
  /** Files of this job, absolute: `${input}`. */
  readonly files: readonly string[];
  /** The workflow's directory in the checkout, absolute. */
  readonly here: string;
  /** `$CALOPS_OUT`, absolute. */
  readonly output: string;
};

/** Fills the places of a job's command and environment. */
export function orderFrom(plan: OrderPlan): Order {
  const { facts } = plan;
  const values: TemplateValues = {
    ...plan.groupValues,
    experiment: facts.experiment,
    environment: facts.environment,
    campaign: facts.campaign,
    label: facts.label,
    "campaign-attempt": String(facts.campaignAttempt),
    workflow: facts.workflow,
    task: facts.task.name,
    release: facts.release,
    tag: facts.tag,
    commit: facts.commit,
    attempt: String(facts.task.attempt),
    iteration: String(facts.task.iteration),
    job: String(facts.job.index),
    jobs: String(facts.job.of),
    "job-attempt": String(facts.job.attempt),
    here: plan.here,
    output: plan.output,
    input: plan.files,
    value: facts.job.value ?? "",
    ...Object.fromEntries(
      Object.entries(facts.conditions).map(([type, list]) => [`conditions.${type}`, list.map((one) => one.path)]),
    ),
  };
  return {
    key: plan.key,
    directory: plan.directory,
    command: fillArguments(
      plan.command.map((word) => (word.startsWith("./") ? `\${here}/${word.slice(2)}` : word)),
      values,
    ),
    env: {
      ...Object.fromEntries(Object.entries(plan.env).map(([name, text]) => [name, fill(text, values)])),
      ...variables(facts),
    },
    walltimeMs: plan.walltimeMs,
    logLimit: plan.logLimit,
    isolated: plan.isolated,
    facts,
  };
}

/** The same facts as plain variables, for scripts that read no JSON. */
function variables(facts: JobFacts): Record<string, string> {
  return {
    CALOPS_EXPERIMENT: facts.experiment,
    CALOPS_ENVIRONMENT: facts.environment,
    CALOPS_CAMPAIGN: facts.campaign,
    CALOPS_CAMPAIGN_ATTEMPT: String(facts.campaignAttempt),
    CALOPS_LABEL: facts.label,
    CALOPS_RELEASE: facts.release,
    CALOPS_TAG: facts.tag,
    CALOPS_COMMIT: facts.commit,
    CALOPS_WORKFLOW: facts.workflow,
    CALOPS_TASK: facts.task.name,
    CALOPS_TASK_ID: String(facts.task.id),
    CALOPS_GROUP: facts.group.key,
    CALOPS_ATTEMPT: String(facts.task.attempt),
    CALOPS_ITERATION: String(facts.task.iteration),
    CALOPS_JOB_INDEX: String(facts.job.index),
    CALOPS_JOBS: String(facts.job.of),
    CALOPS_JOB_ATTEMPT: String(facts.job.attempt),
    ...(facts.run ? { CALOPS_RUN: String(facts.run.number) } : {}),
    ...(facts.job.value === null ? {} : { CALOPS_VALUE: facts.job.value }),
  };
}

/** The run as a job reads it. */
export function runFacts(run: { readonly number: number; readonly attributes: Values }): RunFacts {
  return { ...run.attributes, number: run.number };
}
