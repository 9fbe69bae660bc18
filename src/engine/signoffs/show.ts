/** What is shown to whoever signs, gathered as it stands; and the one message that shows it. */
import { isPicture } from "../../core/job/outputs.ts";
import { type DoneJob, metricsOf, outputsOf, resultJobs } from "../../core/job/results.ts";
import type { Link } from "../../core/say.ts";
import { type Evidence, isOver, signoffCard, signoffKey } from "../../core/signoff/card.ts";
import type { Signoff } from "../../core/signoff/signoff.ts";
import { signoffDetails } from "../../core/signoff/thread.ts";
import type { Task } from "../../core/task/task.ts";
import { showCard } from "../cards.ts";
import type { Ledger } from "../ledger.ts";
import type { Scene } from "../scene.ts";

/** Its message reads as it stands; who said what is told in its thread. */
export async function showSignoff(ledger: Ledger, scene: Scene, signoff: Signoff): Promise<void> {
  const task = await ledger.tasks.get(signoff.taskId);
  if (!task) return;
  const key = signoffKey(signoff);
  await showCard(ledger, {
    key,
    channel: channelOf(scene, signoff),
    blocks: signoffCard(signoff, await evidenceOf(ledger, scene, signoff, task)),
    over: isOver(signoff),
    details: signoffDetails(key, signoff),
  });
}

export function channelOf(scene: Scene, { environment, workflow }: Pick<Signoff, "environment" | "workflow">): string {
  const { config } = scene.revisions.current(environment);
  return config.workflows[workflow]?.channel ?? config.channel;
}

/** Of the attempt that is signed, whatever its task does by now. */
async function evidenceOf(ledger: Ledger, scene: Scene, signoff: Signoff, task: Task): Promise<Evidence> {
  const { environment, commit, attempt } = signoff;
  const done = resultJobs(await ledger.ask((loads) => loads.doneAttempts([{ id: task.id, attempt }])));
  const deployed = await ledger.ask((loads) => loads.lastDeploymentOf(environment, commit));
  return {
    runs: await ledger.ask((loads) => loads.runsOfGroup(task.groupId)),
    metrics: metricsOf(done),
    inUse: await inUse(ledger, signoff),
    judgement: await ledger.ask((loads) => loads.judgement(task.id, attempt)),
    stale: task.attempt === attempt ? (task.stale?.why ?? null) : null,
    author: deployed ? `${deployed.author}: ${deployed.subject}` : null,
    plots: done.flatMap((one) => plotsOf(scene, signoff, one)),
  };
}

/** The newest result of the same task that counts. */
async function inUse(ledger: Ledger, { environment, workflow, task, taskId }: Signoff): Promise<Evidence["inUse"]> {
  const last = await ledger.ask((loads) => loads.lastDone(environment, workflow, task));
  if (!last || last.id === taskId) return undefined;
  const done = resultJobs(await ledger.ask((loads) => loads.doneAttempts([last])));
  return { of: `${last.groupKey} (task ${last.id})`, metrics: metricsOf(done) };
}

function plotsOf(scene: Scene, { workflow, task, groupKey }: Signoff, { job, attempt }: DoneJob): Link[] {
  const of = { workflow, task, group: groupKey, jobId: job.id, attempt: attempt.number };
  return outputsOf(attempt).files.flatMap(({ path }) => {
    const url = isPicture(path) ? scene.outputUrl({ ...of, path }) : null;
    return url === null ? [] : [{ url, label: path }];
  });
}
