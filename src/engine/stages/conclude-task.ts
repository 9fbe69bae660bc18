/** The jobs of a task have moved: is there another round, is it done, has it failed? */
import { branchOf } from "../../core/environment/environment.ts";
import { failureInWords } from "../../core/job/failure.ts";
import type { Job } from "../../core/job/job.ts";
import type { Metrics } from "../../core/job/outputs.ts";
import { hasTooLittleData, metricsOf, resultJobs } from "../../core/job/results.ts";
import { plural } from "../../core/say.ts";
import { addJobs, fail, skip } from "../../core/task/life.ts";
import { nextRound, type Round } from "../../core/task/rounds.ts";
import type { Task } from "../../core/task/task.ts";
import { type Judgement, verdictInWords } from "../../core/validation/judgement.ts";
import { CALOPS } from "../doer.ts";
import type { Ledger } from "../ledger.ts";
import type { Scene } from "../scene.ts";
import { finishOrAsk } from "../signoffs/finish.ts";
import { makeJobs } from "./begin-task.ts";
import type { Declared } from "./declared.ts";
import { judgeTask } from "./judge.ts";
import { mergeGroup } from "./merge-group.ts";
import { resultOf } from "./result-of.ts";

const TELL_LATER_MS = 15_000;

export async function concludeTask(ledger: Ledger, scene: Scene, declared: Declared): Promise<void> {
  const { task, definition } = declared;
  const { idle, queued, running, failed } = task.jobs;
  // Told as soon as it is certain; the jobs that are under way go on, and what they do is not lost for a retry.
  if (failed > 0) return await failTask(ledger, scene, task);
  if (idle + queued + running > 0) return;

  const jobs = (await ledger.jobs.ask((loads) => loads.jobsOfTask(task.id, task.attempt))).filter(
    (job) => job.iteration === task.iteration,
  );
  const done = (await ledger.ask((loads) => loads.doneAttempts([task]))).filter(
    ({ job }) => job.iteration === task.iteration,
  );
  if (hasTooLittleData(done)) return await mergeGroup(ledger, scene, declared);
  if (jobs.length > 0 && done.length === 0) {
    const why = jobs.find((job) => job.failure)?.failure;
    ledger.tasks.accept(
      skip(task, why ? `every job was skipped: ${failureInWords(why)}` : "every job was skipped", ledger.now),
    );
    return;
  }
  const metrics = metricsOf(resultJobs(done, task.iteration));
  const round = nextRound(
    definition,
    task.iteration,
    done.some(({ job }) => job.role === "combine"),
    metrics,
  );
  await goOn(ledger, scene, declared, round, { jobs, metrics });
}

async function goOn(
  ledger: Ledger,
  scene: Scene,
  declared: Declared,
  round: Round,
  found: { jobs: readonly Job[]; metrics: Metrics },
): Promise<void> {
  const { task, definition } = declared;
  switch (round.kind) {
    case "combine": {
      const added = ledger.tasks.accept(addJobs(task, 1, task.iteration, ledger.now));
      if (added.ok) makeJobs(ledger, scene, added.next, definition, "combine", [{}]);
      return;
    }
    case "iterate": {
      const shares = found.jobs.filter((job) => job.role === "part").map((job) => job.share);
      const added = ledger.tasks.accept(addJobs(task, shares.length, task.iteration + 1, ledger.now));
      if (added.ok) makeJobs(ledger, scene, added.next, definition, "part", shares);
      return;
    }
    case "fail": {
      const failed = ledger.tasks.accept(fail(task, round.why, ledger.now));
      if (failed.ok) ledger.put("results", resultOf(failed.next, found.metrics));
      tellReviewers(ledger, scene, task);
      return;
    }
    case "done": {
      const judgement = await judgeTask(ledger, declared, found.metrics);
      if (judgement?.verdict === "veto") failVetoed(ledger, task, judgement, found.metrics);
      else
        await finishOrAsk(ledger, scene, declared, {
          why: [round.why, judgement && verdictInWords(judgement)].filter((why) => why != null).join("; ") || null,
          metrics: found.metrics,
          judgement,
        });
      tellReviewers(ledger, scene, task);
      ledger.wake({ kind: "admit", ref: `${task.environment} ${task.workflow}` });
    }
  }
}

function failVetoed(ledger: Ledger, task: Task, judgement: Judgement, metrics: Metrics): void {
  const failed = ledger.tasks.accept(fail(task, verdictInWords(judgement), ledger.now));
  if (failed.ok) ledger.put("results", resultOf(failed.next, metrics));
}

async function failTask(ledger: Ledger, scene: Scene, task: Task): Promise<void> {
  const jobs = await ledger.jobs.ask((loads) => loads.jobsOfTask(task.id, task.attempt));
  const failed = jobs.filter((job) => job.state === "failed");
  const [first] = failed;
  const words = first?.failure
    ? `${failureInWords(first.failure)}${first.failure.message ? `: ${first.failure.message}` : ""}`
    : "a job failed";
  const why =
    task.jobs.total === 1
      ? words
      : `${plural(failed.length, "job")} of ${task.jobs.total} failed for good; the first: ${words}`;
  const decision = ledger.tasks.accept(fail(task, why, ledger.now), CALOPS);
  if (decision.ok) ledger.put("results", resultOf(decision.next, {}));
  tellReviewers(ledger, scene, task);
  ledger.wake({ kind: "admit", ref: `${task.environment} ${task.workflow}` });
}

/** A task of a mirror ended: its pull request shows how it does, a little later and with those that end meanwhile. */
function tellReviewers(ledger: Ledger, scene: Scene, { environment }: Task): void {
  const branch = branchOf(environment);
  if (branch !== undefined && scene.isReviewed())
    ledger.wake({ kind: "propose", ref: branch }, ledger.now + TELL_LATER_MS);
}
