/** What the thresholds of a task say of its result, compared with what counts of earlier runs; kept with the numbers it was made from. */
import type { Metrics } from "../../core/job/outputs.ts";
import { judge } from "../../core/validation/judge.ts";
import type { Judgement, Source } from "../../core/validation/judgement.ts";
import { historyOf } from "../../core/validation/seen.ts";
import type { GroupResult } from "../../ports/loads.ts";
import type { Ledger } from "../ledger.ts";
import type { Declared } from "./declared.ts";

/** @returns undefined where the task declares no thresholds */
export async function judgeTask(
  ledger: Ledger,
  { task, definition }: Declared,
  metrics: Metrics,
): Promise<Judgement | undefined> {
  const { validation } = definition;
  if (!validation) return undefined;
  const group = await ledger.groups.get(task.groupId);
  const earlier = group ? await ledger.ask((loads) => loads.earlierResults(group, task.name, validation.window)) : [];
  const reference = await referenceOf(ledger, validation.referenceRun, task);
  const [previous] = earlier;
  const judged = judge(validation, {
    metrics,
    previous: previous?.result.metrics,
    reference: reference?.result.metrics,
    history: historyOf(earlier.map(({ result }) => result.metrics)),
  });
  const judgement: Judgement = {
    taskId: task.id,
    attempt: task.attempt,
    ...judged,
    compared: {
      previous: previous ? sourceOf(previous) : null,
      reference: reference ? sourceOf(reference) : null,
      history: earlier.length,
    },
    commit: task.commit,
    at: ledger.now,
  };
  ledger.put("judgements", judgement);
  return judgement;
}

async function referenceOf(
  ledger: Ledger,
  run: number | undefined,
  { workflow, name, environment, campaign }: Declared["task"],
): Promise<GroupResult | undefined> {
  if (run === undefined) return undefined;
  return await ledger.ask((loads) => loads.resultOfRun(run, { workflow, task: name }, environment, campaign));
}

function sourceOf({ group, result }: GroupResult): Source {
  return { group, task: result.taskId, attempt: result.attempt };
}
