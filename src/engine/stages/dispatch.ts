/**
 * Which waiting jobs are handed over next. What is decided here is the intent: it is committed before any executor hears
 * of it, and the orders that come out are handed over after the commit.
 */

import { labelOf } from "../../core/campaign/label.ts";
import { recount } from "../../core/job/counts.ts";
import type { Attempt, Job } from "../../core/job/job.ts";
import { submit } from "../../core/job/life.ts";
import type { Order } from "../../core/job/order.ts";
import type { Task } from "../../core/task/task.ts";
import { CALOPS } from "../doer.ts";
import type { Lanes } from "../lanes.ts";
import type { Ledger } from "../ledger.ts";
import { keyAndDirectory, orderFor } from "../order-contexts.ts";
import type { Scene } from "../scene.ts";
import { type LaneWish, laneShares } from "./lane-shares.ts";

/** Jobs to a turn: each is a directory and a process to come, and nobody is to wait long for the next turn. */
const AT_ONCE = 50;

export type Dispatched = {
  readonly executor: string;
  readonly order: Order;
  readonly attempt: Attempt;
  readonly task: Task;
};

/** @param limits how many jobs each executor may have in flight, by its name */
export async function dispatch(
  ledger: Ledger,
  scene: Scene,
  limits: ReadonlyMap<string, number>,
): Promise<Dispatched[]> {
  const dispatched: Dispatched[] = [];
  const lanes = scene.standing.lanes.after(ledger.movedJobs);
  for (const [executor, limit] of limits) {
    const places = Math.min(AT_ONCE, limit - lanes.liveOn(executor));
    if (places <= 0) continue;
    for (const { lane, count } of laneShares(await openLanes(ledger, scene, lanes, executor), places)) {
      const jobs = await ledger.jobs.ask((loads) => loads.idleJobs(lane, ledger.now, count));
      await ledger.tasks.fetch(jobs.map((job) => job.taskId));
      for (const job of jobs) {
        const one = await handOver(ledger, scene, job);
        if (one) dispatched.push(one);
      }
    }
  }
  return dispatched;
}

/** Lines of an executor in which somebody waits whose workflow is neither paused nor full, with the places left in each workflow. */
async function openLanes(ledger: Ledger, scene: Scene, lanes: Lanes, executor: string): Promise<LaneWish[]> {
  const open: LaneWish[] = [];
  const leftInMirror = new Map<string, number>();
  for (const lane of lanes.waiting.filter((one) => one.executor === executor)) {
    if (!scene.revisions.environments.includes(lane.environment)) continue;
    const state = await ledger.workflowState(lane.environment, lane.workflow);
    if (state.paused) continue;
    const { config, mirror } = scene.revisions.current(lane.environment);
    const limit = config.workflows[lane.workflow]?.limits.jobs;
    const left =
      leftInMirror.get(lane.environment) ?? (mirror ? mirror.jobs - lanes.liveIn(lane.environment) : lane.idle);
    const most = Math.min(
      lane.idle,
      limit === undefined ? lane.idle : limit - lanes.liveOf(lane.environment, lane.workflow),
      left,
    );
    if (most > 0) open.push({ lane, most });
    if (mirror) leftInMirror.set(lane.environment, left - Math.max(0, most));
  }
  return open;
}

async function handOver(ledger: Ledger, scene: Scene, job: Job): Promise<Dispatched | undefined> {
  const task = await ledger.tasks.get(job.taskId);
  if (!task) return undefined;
  const context = await scene.contexts.of(ledger, scene, task, job);
  if (!context) {
    // The configuration that it began on cannot be had: it waits where it is, and the task says so when it is asked why.
    ledger.jobs.put({ ...job, held: true, modifiedAt: ledger.now });
    ledger.record(
      { kind: "task", ref: task.id, event: "configuration missing", commit: task.commit },
      { ...CALOPS, why: "the commit that it began on cannot be read" },
    );
    return undefined;
  }
  const attempt = keyAndDirectory(scene, task, job, job.attempts + 1);
  const move = submit(job, { ...attempt, commit: task.commit, label: labelOf(context.campaign) }, ledger.now);
  if ("refused" in move) return undefined;
  ledger.jobs.put(move.job);
  ledger.attempts.put(move.attempt);
  ledger.tasks.put({ ...task, jobs: recount(task.jobs, job, move.job) });
  return {
    executor: job.executor,
    order: orderFor(scene, context, task, job, move.attempt),
    attempt: move.attempt,
    task,
  };
}
