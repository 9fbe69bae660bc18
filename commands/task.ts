import { task as taskArg } from "../src/core/command/args.ts";
import { defineCommand, done } from "../src/core/command/command.ts";
import { shortCommit } from "../src/core/environment/environment.ts";
import { ITSELF } from "../src/core/history.ts";
import { filePaths, metricsOf, resultJobs } from "../src/core/job/results.ts";
import { type Block, fields, list, moment, parts, plural, right, say, table } from "../src/core/say.ts";
import { taskInWords } from "../src/core/task/task.ts";
import { formatDuration, iso } from "../src/core/time.ts";
import type { Context } from "./context.ts";
import { noSuchTask } from "./refusals.ts";
import { findTask, tasksJson } from "./task-answers.ts";

export const task = defineCommand({
  name: "task",
  summary: "One task: its state, its jobs, what it made and from what, its earlier attempts.",
  allow: "anyone",
  args: { task: taskArg() },
  options: {},
  examples: ["task 1089", "task t0/calibrate@8215"],
  json: "the fields of tasks, and {waitingFor, verdict, metrics, files: [{path, url}], attempts: [{attempt, state, reason, metrics, commit, startedAt, endedAt}], history: [{at, event, by, why}]}",
  async run({ task: ref }, context: Context) {
    const { queries } = context;
    const found = await findTask(ref, context);
    if (!found) return noSuchTask(ref);
    const [results, history, done_, [json]] = await Promise.all([
      queries.results(found.id),
      queries.history({ kind: "task", ref: String(found.id), limit: 30 }),
      queries.doneAttempts([found]),
      tasksJson([found], context),
    ]);
    const judgement = await queries.judgement(found.id, found.attempt);
    const result = resultJobs(done_);
    const metrics = metricsOf(result);
    const files = result.slice(0, 20).flatMap(({ job, attempt }) =>
      filePaths(attempt, "").map((path) => ({
        path: path.slice(1),
        url: context.links.output({ jobId: job.id, attempt: attempt.number, path: path.slice(1) }),
      })),
    );
    const { jobs } = found;
    const blocks: Block[] = [
      say`Task ${found.id}, ${taskInWords(found)}: ${found.state}${found.reason === null ? "" : `: ${found.reason}`}`,
      ...(found.stale
        ? [say`Stale since ${moment(found.stale.since)}: ${found.stale.why}. reprocess ${found.id} makes it anew.`]
        : []),
      fields({
        campaign: found.campaign,
        attempt: `${found.attempt}${found.iteration > 1 ? `, iteration ${found.iteration}` : ""}`,
        "config commit": found.commit.slice(0, 12),
        jobs:
          jobs.total === 0
            ? undefined
            : `${jobs.total}: ${jobs.done} done, ${jobs.running} running, ${jobs.queued} queued, ${jobs.idle} to do, ${jobs.failed} failed, ${jobs.aborted} aborted; ${plural(jobs.failedAttempts, "failed attempt")}`,
        thresholds: judgement && `${judgement.verdict} (evidence ${found.id})`,
        created: moment(found.createdAt),
        began: moment(found.startedAt),
        ended:
          found.endedAt === null
            ? undefined
            : parts`${moment(found.endedAt)}${found.startedAt === null ? "" : ` after ${formatDuration(found.endedAt - found.startedAt)}`}`,
        held: found.hold ? `by ${found.hold.by}: ${found.hold.why}` : undefined,
      }),
      ...(found.waiting.length === 0
        ? []
        : [
            say`It waits for:`,
            list(
              found.waiting.map(
                (waiting) => parts`${waiting.detail} (${waiting.owner}, since ${moment(waiting.since)})`,
              ),
            ),
          ]),
      ...(Object.keys(metrics).length === 0
        ? []
        : [
            table(
              ["metric", right("value")],
              Object.entries(metrics).map(([name, value]) => [name, String(Number(value.toPrecision(6)))]),
            ),
          ]),
      ...(files.length === 0
        ? []
        : [
            say`Files:`,
            list(
              files.slice(0, 20).map((file) => (file.url === null ? file.path : { url: file.url, label: file.path })),
            ),
          ]),
      ...(results.length <= 1
        ? []
        : [
            say`Attempts:`,
            list(
              results.map(
                (one) =>
                  parts`${one.attempt}: ${one.state}${one.reason === null ? "" : `, ${one.reason}`}, ended ${moment(one.endedAt)}, on ${shortCommit(one.commit)}`,
              ),
            ),
          ]),
      say`What happened:`,
      list(
        history
          .slice(0, 12)
          .reverse()
          .map(
            (entry) =>
              parts`${moment(entry.at)} ${entry.event}${entry.by === ITSELF ? "" : ` by ${entry.by}`}${entry.why === null ? "" : `: ${entry.why}`}`,
          ),
      ),
    ];
    const data = {
      ...json,
      waitingFor: found.waiting.map((waiting) => ({ ...waiting, since: iso(waiting.since) })),
      verdict: judgement?.verdict ?? null,
      metrics,
      files,
      attempts: results.map((one) => ({
        attempt: one.attempt,
        state: one.state,
        reason: one.reason,
        metrics: one.metrics,
        commit: one.commit,
        startedAt: one.startedAt === null ? null : iso(one.startedAt),
        endedAt: iso(one.endedAt),
      })),
      history: history.map((entry) => ({ at: iso(entry.at), event: entry.event, by: entry.by, why: entry.why })),
    };
    return done(blocks, data);
  },
});
