/** The jobs of a task are done: it is finished, signed by its rule, or people are asked; and what follows once it is signed. */
import { branchOf } from "../../core/environment/environment.ts";
import type { Metrics } from "../../core/job/outputs.ts";
import { metricsOf, resultJobs } from "../../core/job/results.ts";
import { ask, signByRule } from "../../core/signoff/life.ts";
import { dueAt, outcomeOf, ruleOfOwner, type SignoffRule } from "../../core/signoff/rule.ts";
import { shownBy } from "../../core/signoff/shown.ts";
import type { SignoffStep } from "../../core/signoff/signoff.ts";
import { awaitSignoff, finish, reject } from "../../core/task/life.ts";
import type { Task } from "../../core/task/task.ts";
import type { Judgement } from "../../core/validation/judgement.ts";
import type { Ledger } from "../ledger.ts";
import { newestEnd } from "../newest-end.ts";
import type { Scene } from "../scene.ts";
import type { Declared } from "../stages/declared.ts";
import { resultOf } from "../stages/result-of.ts";
import { authorsOf } from "./authors.ts";
import { showSignoff } from "./show.ts";

type Found = {
  /** How it ended, in people's words. */
  readonly why: string | null;
  readonly metrics: Metrics;
  /** Undefined where no thresholds are declared. */
  readonly judgement?: Judgement | undefined;
};

export async function finishOrAsk(ledger: Ledger, scene: Scene, declared: Declared, found: Found): Promise<void> {
  const { task, definition, workflow } = declared;
  const { why, metrics, judgement } = found;
  // Nothing of a mirror is used by anybody: nobody has to look at it.
  const outcome =
    branchOf(task.environment) === undefined
      ? outcomeOf(definition.signoff, judgement, metrics)
      : ({ kind: "none" } as const);
  if (outcome.kind === "none") {
    finishTask(ledger, task, { why, metrics });
    return;
  }
  const rule = definition.signoff ?? ruleOfOwner(workflow.owner);
  const of = await signoffFor(ledger, scene, task, rule, found);
  if (outcome.kind === "sign") {
    ledger.signoffs.accept(signByRule(of, outcome.why, ledger.now));
    finishTask(ledger, task, { why: `signed by the rule: ${outcome.why}`, metrics });
    return;
  }
  const asks = ledger.tasks.accept(awaitSignoff(task, outcome.why, ledger.now));
  if (!asks.ok) return;
  ledger.put("results", resultOf(asks.next, metrics));
  const asked = ledger.signoffs.accept(ask(of, outcome.why, ledger.now));
  if (asked.ok) await showSignoff(ledger, scene, asked.next);
}

/** It may be used from now on. @param by who said so, where it was a person */
export function finishTask(
  ledger: Ledger,
  task: Task,
  { why, metrics, by }: { readonly why: string | null; readonly metrics: Metrics; readonly by?: string },
): void {
  const finished = ledger.tasks.accept(finish(task, why, ledger.now), by === undefined ? undefined : { by });
  if (finished.ok) ledger.put("results", resultOf(finished.next, metrics));
}

/** It must not be used. */
export async function rejectTask(ledger: Ledger, task: Task, why: string, by?: string): Promise<void> {
  const rejected = ledger.tasks.accept(reject(task, why, ledger.now), by === undefined ? undefined : { by });
  if (rejected.ok) ledger.put("results", resultOf(rejected.next, await metricsOfTask(ledger, task)));
}

/** Of its present attempt. */
export async function metricsOfTask(ledger: Ledger, task: Task): Promise<Metrics> {
  return metricsOf(resultJobs(await ledger.ask((loads) => loads.doneAttempts([task]))));
}

async function signoffFor(
  ledger: Ledger,
  scene: Scene,
  task: Task,
  rule: SignoffRule,
  { metrics, judgement }: Found,
): Promise<Parameters<typeof ask>[0]> {
  const { environment, campaign, workflow, name, groupKey, id, attempt, commit } = task;
  const isAlone = Object.keys(scene.people()).length === 0;
  return {
    id: scene.ids.signoff(),
    environment,
    campaign,
    workflow,
    task: name,
    groupKey,
    taskId: id,
    attempt,
    commit,
    verdict: judgement?.verdict ?? null,
    shown: shownBy({ task, metrics, judgement }, scene.digest),
    steps: isAlone ? rule.steps.map(byOne) : rule.steps,
    samePerson: rule.samePerson || isAlone,
    authors: isAlone ? [] : await authorsOf(ledger, scene, task),
    dueAt: dueAt(
      rule.due,
      rule.due?.from === "release" ? await newestEnd(ledger, task.groupId) : undefined,
      ledger.now,
    ),
  };
}

/** Where nobody but whoever runs the bot is known, there are no two. */
function byOne(step: SignoffStep): SignoffStep {
  return { ...step, approvals: 1 };
}
