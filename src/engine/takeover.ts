/** What an earlier bot left is taken over: the jobs that it had under way, and the schedule that it had made. */
import { formatDuration, type Instant } from "../core/time.ts";
import { taskOf } from "../core/workflow/workflow.ts";
import type { Log } from "../ports/log.ts";
import type { Queries } from "../ports/queries.ts";
import { CALOPS } from "./doer.ts";
import type { Engine } from "./engine.ts";
import type { LoadedRevisions } from "./environments/revisions.ts";

/** Clocks of machines are set right by less than this all the time. */
const NOTICED_MS = 2_000;

export async function takeOverJobs(engine: Engine, queries: Queries, revisions: LoadedRevisions): Promise<void> {
  const attempts = await queries.liveAttempts();
  const jobs = new Map((await queries.jobs(attempts.map((attempt) => attempt.jobId))).map((job) => [job.id, job]));
  const tasks = new Map(
    (await queries.tasks([...new Set([...jobs.values()].map((job) => job.taskId))])).map((task) => [task.id, task]),
  );
  for (const attempt of attempts) {
    const task = tasks.get(jobs.get(attempt.jobId)?.taskId ?? 0);
    const definition =
      task && taskOf(revisions.at(task.environment, task.commit)?.config.workflows[task.workflow], task.name);
    engine.live.add({ ...attempt, walltimeMs: definition?.walltimeMs ?? Number.MAX_SAFE_INTEGER });
  }
}

/** Where somebody set the clock back meanwhile, what was to come in an hour is not to come in two. */
export async function takeOverSchedule(engine: Engine, queries: Queries, log: Log, now: Instant): Promise<void> {
  const back = ((await queries.lastWrite()) ?? now) - now;
  if (back < NOTICED_MS) return;
  log.warn({ back: formatDuration(back) }, "the clock was set back; what is scheduled is moved with it");
  await engine.do("clock", async (ledger) => {
    await ledger.transaction.advanceSchedule(back, now);
    ledger.record({ kind: "bot", ref: "clock", event: "set back" }, { ...CALOPS, why: formatDuration(back) });
  });
}
