import { task as taskArg } from "../src/core/command/args.ts";
import { defineCommand, done } from "../src/core/command/command.ts";
import { ITSELF } from "../src/core/history.ts";
import { failureInWords } from "../src/core/job/failure.ts";
import { list, moment, parts, plural, say } from "../src/core/say.ts";
import { type Task, taskInWords, type Waiting } from "../src/core/task/task.ts";
import { formatDuration, iso } from "../src/core/time.ts";
import type { Queries } from "../src/ports/queries.ts";
import type { Context } from "./context.ts";
import { noSuchTask } from "./refusals.ts";
import { findTask } from "./task-answers.ts";

export const why = defineCommand({
  name: "why",
  summary: "Why a task is where it is: which lock, whose, since when; or what failed.",
  allow: "anyone",
  args: { task: taskArg() },
  options: {},
  examples: ["why 1089", "why reconstruction/reconstruct@8215"],
  json: "{id, state, reason, verdict, waitingFor: [{lock, detail, owner, since}]}",
  async run({ task: ref }, context: Context) {
    const found = await findTask(ref, context);
    if (!found) return noSuchTask(ref);
    const waiting = found.state === "processing" ? await waitingJobs(found, context) : found.waiting;
    const judgement = await context.queries.judgement(found.id, found.attempt);
    const data = {
      id: found.id,
      state: found.state,
      reason: found.reason,
      verdict: judgement?.verdict ?? null,
      waitingFor: waiting.map((one) => ({
        lock: one.lock,
        detail: one.detail,
        owner: one.owner,
        since: iso(one.since),
      })),
    };
    const head = say`Task ${found.id}, ${taskInWords(found)}, is ${found.state}${sinceWhen(found, context.now)}.`;
    const shown =
      waiting.length === 0
        ? []
        : [
            say`It waits for:`,
            list(waiting.map((one) => parts`${one.detail} (${one.lock}; ${one.owner}; since ${moment(one.since)})`)),
          ];
    const judged = judgement
      ? [say`Its thresholds say ${judgement.verdict}: evidence ${found.id} shows each with its numbers.`]
      : [];
    return done([head, ...shown, ...(await explain(found, waiting, context)), ...judged], data);
  },
});

function sinceWhen(task: Task, now: number): string {
  const since = task.endedAt ?? (task.state === "processing" ? task.startedAt : task.createdAt);
  if (since === null) return "";
  return now - since < 1_000 ? " since just now" : `, for ${formatDuration(now - since)}`;
}

async function explain(task: Task, waiting: readonly Waiting[], { queries }: Context) {
  switch (task.state) {
    case "failed": {
      const [job] = await queries.jobPage(task.id, { limit: 1, states: ["failed"], attempt: task.attempt });
      const told = job?.failure
        ? `${failureInWords(job.failure)}${job.failure.message ? `: ${job.failure.message}` : ""}`
        : (task.reason ?? "");
      return [
        say`${job ? `Job ${job.index} failed ${plural(job.attempts, "time")}: ` : ""}${told}`,
        job
          ? say`Next: logs ${task.id} | retry ${task.id} (once it is mended) | skip ${task.id} REASON (go on without it)`
          : say`Next: evidence ${task.id} | reprocess ${task.id} (make it anew) | skip ${task.id} REASON (go on without it)`,
      ];
    }
    case "processing":
      return waiting.length === 0
        ? [say`${plural(task.jobs.running, "job")} of ${task.jobs.total} running, ${task.jobs.done} done.`]
        : [];
    case "awaiting-signoff":
      return [
        say`Its jobs are done, and people are asked to sign: ${task.reason ?? ""}${task.stale ? `. It is stale: ${task.stale.why}` : ""}.`,
        say`Next: approve ${task.id} | reject ${task.id} REASON | reprocess ${task.id} (make it anew)`,
      ];
    case "done":
      return [
        say`It is done${task.stale ? `, but stale: ${task.stale.why}` : ""}${task.reason === null ? "" : ` (${task.reason})`}.`,
      ];
    case "skipped":
      return [say`${task.reason ?? ""}`];
    case "merged":
      return [say`${task.reason ?? ""}`, ...(await whereTo(task, queries))];
    default:
      return waiting.length === 0 ? [say`Its turn is about to come.`] : nextSteps(task, waiting);
  }
}

/** Where the runs of a group went whose task was merged; nothing while the group that takes them has not come yet. */
async function whereTo(task: Task, queries: Queries) {
  const [group] = await queries.groups([task.groupId]);
  const [into] = group?.mergedInto ? await queries.groups([group.mergedInto]) : [];
  if (!into) return [];
  const taker = (await queries.tasksOfGroup(into.id)).find((other) => other.name === task.name);
  return [say`Its runs are in ${into.key} now${taker ? `: task ${taker.id}, ${taker.state}` : ""}.`];
}

function nextSteps(task: Task, waiting: readonly Waiting[]) {
  const known = [...new Set(waiting.flatMap((one) => nextStep(task, one) ?? []))];
  return known.length === 0 ? [] : [say`What can be done: ${known.join(" | ")}`];
}

/** The words of a lock name what it is about, and nothing else does: `run 8215 is held by ann`, `t0/fit of 8215 (task 1088)`. */
function nextStep(task: Task, { lock, detail }: Waiting): string | undefined {
  const run = /^run (\d+)|for runs? (\d+)/.exec(detail)?.slice(1).find(Boolean);
  const needed = /\(task (\d+)\)$/.exec(detail)?.[1];
  switch (lock) {
    case "group":
      return `close ${task.workflow} ${task.groupKey} (take the group as it is)`;
    case "hold":
      return detail.startsWith("run ") ? `release run:${run}` : `release ${task.id}`;
    case "released":
      return /^\d+$/.test(task.groupKey) ? `release-hold show ${task.groupKey}` : undefined;
    case "campaign":
      return campaignStep(task, detail);
    case "pause":
      return `resume ${task.workflow}`;
    case "conflict":
      return `release run:${run} (the first record is right)`;
    case "need":
      return needed === undefined
        ? `run ${run} (why it has no such task)`
        : `why ${needed} | skip ${needed} REASON (go on without it)`;
    default:
      return undefined;
  }
}

function campaignStep({ campaign }: Task, detail: string): string | undefined {
  if (detail.includes(" is paused by ")) return `campaign resume ${campaign}`;
  return detail.includes(" is a draft") ? `campaign start ${campaign}` : `campaign show ${campaign}`;
}

/** What keeps the jobs of a task under way that have not started. */
async function waitingJobs(task: Task, { queries, operations, environment, now }: Context): Promise<Waiting[]> {
  if (task.jobs.idle + task.jobs.queued === 0) return [];
  const waiting: Waiting[] = [];
  const jobs = await queries.jobPage(task.id, { limit: 200, states: ["idle"], attempt: task.attempt });
  const held = jobs.filter((job) => job.held);
  const later = jobs.filter((job) => !job.held && job.notBefore > now);
  const state = await queries.workflowState(environment, task.workflow);
  const [first] = held;
  if (first)
    waiting.push({
      lock: "hold",
      detail: `${plural(held.length, "job")} held${first.failure ? ` after ${failureInWords(first.failure)}` : ""}: release ${task.id}`,
      owner: task.hold?.by ?? "an error rule",
      since: first.modifiedAt,
    });
  if (state?.paused)
    waiting.push({
      lock: "pause",
      detail: `the workflow is paused: ${state.paused.why}`,
      owner: state.paused.by,
      since: state.paused.since,
    });
  const [soonest] = [...later].sort((a, b) => a.notBefore - b.notBefore);
  if (soonest)
    waiting.push({
      lock: "limit",
      detail: `${plural(later.length, "job")} wait after a failure; the next is tried again in ${formatDuration(soonest.notBefore - now)}`,
      owner: ITSELF,
      since: soonest.modifiedAt,
    });
  const others = task.jobs.idle + task.jobs.queued - held.length - later.length;
  if (others > 0) {
    const executors = [...new Set(jobs.map((job) => job.executor))];
    const busy =
      operations
        ?.condition()
        .executors.filter((one) => executors.length === 0 || executors.includes(one.name))
        .map((one) => `${one.name}: ${one.live} of ${one.limit} in flight`) ?? [];
    waiting.push({
      lock: "limit",
      detail: `${plural(others, "job")} wait for a place${busy.length === 0 ? "" : ` (${busy.join(", ")})`}`,
      owner: ITSELF,
      since: task.startedAt ?? task.modifiedAt,
    });
  }
  return waiting;
}
