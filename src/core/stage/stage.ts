/**
 * A data set by its name, and when it is complete: something holds for each of its runs, tasks are done for all of them, or both.
 * Tasks wait for it by the lock `stage`.
 */
import type { Expression } from "../expression/expression.ts";
import { holds } from "../expression/expression.ts";
import { plural } from "../say.ts";
import type { AskFact } from "../task/locks.ts";
import { runsInWords } from "../task/locks.ts";
import { satisfies, type TaskState } from "../task/task.ts";
import { type Need, needName, type TasksNamed } from "../workflow/workflow.ts";

export type Stage = {
  readonly name: string;
  /** What is waited for, in people's words. */
  readonly what: string;
  readonly owner: string;
  /** Which runs it is about: those of the group that waits, or all that were injected into its campaign. */
  readonly of: "group" | "campaign";
  /** Over `run`; nothing is asked of the runs themselves when undefined. */
  readonly runs: Expression | undefined;
  readonly tasks: readonly TasksNamed[];
};

export type StageFacts = {
  /** Number and values of each run of the data set; empty where nothing is asked of runs. */
  readonly runs: readonly { readonly number: number; readonly values: Readonly<Record<string, unknown>> }[];
  /** For each task that is to be done: how it stands on each run that it takes. */
  readonly tasks: readonly { readonly need: Need; readonly on: readonly RunAndState[] }[];
};

export type RunAndState = { readonly run: number; readonly state: TaskState };

export function judgeStage(stage: Stage, facts: StageFacts): AskFact {
  const missing = [...missingRuns(stage, facts), ...facts.tasks.flatMap(missingTask)];
  return missing.length === 0 ? { state: "open", detail: "complete" } : { state: "closed", detail: missing.join("; ") };
}

function missingRuns({ runs: condition }: Stage, { runs }: StageFacts): string[] {
  if (!condition) return [];
  if (runs.length === 0) return ["it has no runs yet"];
  const not = runs.filter(({ values }) => holds(condition, { run: values }) !== true).map(({ number }) => number);
  return not.length === 0 ? [] : [`${condition.text} does not hold for ${share(not, runs.length)}`];
}

function missingTask({ need, on }: StageFacts["tasks"][number]): string[] {
  if (on.length === 0) return [`no run of it has ${needName(need)}`];
  const not = [...new Set(on.filter(({ state }) => !satisfies(state)).map(({ run }) => run))];
  const all = new Set(on.map(({ run }) => run)).size;
  return not.length === 0 ? [] : [`${needName(need)} is not done for ${share(not, all)}`];
}

/** `run 3`, `runs 1, 2 and 8 more of 20` */
function share(not: readonly number[], all: number): string {
  return all === 1 ? runsInWords(not) : `${runsInWords(not)} of ${plural(all, "run")}`;
}
