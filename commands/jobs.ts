import { count, optional, someOf, task as taskArg } from "../src/core/command/args.ts";
import { defineCommand, done } from "../src/core/command/command.ts";
import { failureInWords } from "../src/core/job/failure.ts";
import { JOB_STATES } from "../src/core/job/job.ts";
import { moment, right, say, table } from "../src/core/say.ts";
import { taskInWords } from "../src/core/task/task.ts";
import { formatDuration, iso } from "../src/core/time.ts";
import type { Context } from "./context.ts";
import { noSuchTask } from "./refusals.ts";
import { findTask } from "./task-answers.ts";

export const jobs = defineCommand({
  name: "jobs",
  summary: "The jobs of a task, with their last attempts.",
  allow: "anyone",
  args: { task: taskArg() },
  options: {
    state: optional(someOf("STATE", JOB_STATES, `in these states: ${JOB_STATES.join(", ")}; several with commas`)),
    limit: optional(count("at most so many; 40 where nothing is said")),
  },
  examples: ["jobs 1089", "jobs t0/calibrate@8215 --state failed"],
  json: "[{id, index, iteration, role, state, held, attempts, failures, executor, host, label, startedAt, endedAt, exitCode, signal, cause, message, log}]",
  async run({ task: ref, state, limit = 40 }, context: Context) {
    const { queries, links } = context;
    const found = await findTask(ref, context);
    if (!found) return noSuchTask(ref);
    const page = await queries.jobPage(found.id, {
      limit: limit + 1,
      attempt: found.attempt,
      ...(state ? { states: state } : {}),
    });
    const shown = page.slice(0, limit);
    const attempts = new Map(
      (await queries.lastAttempts(shown.map((job) => job.id))).map((attempt) => [attempt.jobId, attempt]),
    );
    const data = shown.map((job) => {
      const last = attempts.get(job.id);
      return {
        id: job.id,
        index: job.index,
        iteration: job.iteration,
        role: job.role,
        state: job.state,
        held: job.held,
        attempts: job.attempts,
        failures: job.failures,
        executor: job.executor,
        host: last?.host ?? null,
        label: last?.label ?? null,
        startedAt: last?.startedAt ? iso(last.startedAt) : null,
        endedAt: last?.endedAt ? iso(last.endedAt) : null,
        exitCode: last?.exitCode ?? null,
        signal: last?.signal ?? null,
        cause: last?.cause ?? null,
        message: last?.message ?? null,
        log: last
          ? links.log({
              workflow: found.workflow,
              task: found.name,
              group: found.groupKey,
              jobId: job.id,
              attempt: last.number,
            })
          : null,
      };
    });
    if (shown.length === 0)
      return done(
        [
          say`Task ${found.id}, ${taskInWords(found)}, has no such jobs${found.jobs.total === 0 ? " yet: it has not begun" : ""}.`,
        ],
        data,
      );
    const rows = shown.map((job) => {
      const last = attempts.get(job.id);
      const took = last?.startedAt && last.endedAt ? formatDuration(last.endedAt - last.startedAt) : "";
      const why =
        job.state === "done" || !job.failure
          ? ""
          : `${failureInWords(job.failure)}${job.failure.message ? `: ${job.failure.message}` : ""}`;
      return [
        job.role === "combine" ? "combine" : job.index,
        job.iteration,
        job.held ? `${job.state}, held` : job.state,
        job.attempts,
        last?.host,
        moment(last?.startedAt),
        took,
        why,
      ];
    });
    return done(
      [
        say`Task ${found.id}, ${taskInWords(found)}:`,
        table(
          [
            right("job"),
            right("iteration"),
            "state",
            right("attempts"),
            "host",
            "started",
            right("took"),
            "last failure",
          ],
          rows,
        ),
        ...(page.length > limit
          ? [say`There are more: --limit N shows them, --state failed only those that failed.`]
          : []),
        say`logs ${found.id} JOB shows the log of one.`,
      ],
      data,
    );
  },
});
