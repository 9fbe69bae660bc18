import { count, flag, number, optional, task as taskArg, word } from "../src/core/command/args.ts";
import { type Actor, type Answer, defineCommand, done, refused } from "../src/core/command/command.ts";
import { isLive, type Job } from "../src/core/job/job.ts";
import { may } from "../src/core/permission/may.ts";
import { code, plural, say } from "../src/core/say.ts";
import { type Task, taskInWords } from "../src/core/task/task.ts";
import { cleanLines } from "../src/core/text/clean.ts";
import type { Context, Links } from "./context.ts";
import { noSuchTask } from "./refusals.ts";
import { findTask } from "./task-answers.ts";

/** Bytes of the end of a log that are looked at for its last lines. */
const TAIL_BYTES = 200_000;

export const logs = defineCommand({
  name: "logs",
  summary: "The end of a job's log, and where the whole of it is.",
  allow: "anyone",
  inside: true,
  args: {
    task: taskArg(),
    job: optional(word("JOB", "index of the job, or combine; where it is left out: the one that failed or ran last")),
  },
  options: {
    attempt: optional(number("N", "an earlier attempt of the job")),
    lines: optional(count("so many lines; 25 where nothing is said")),
    follow: flag("go on as it grows (terminal and command line)"),
  },
  examples: ["logs 1089", "logs t0/calibrate@8215 3 --attempt 1", "logs 1089 --follow"],
  json: "{task, job, index, attempt, state, url, lines: [...]}",
  async run({ task: ref, job: which, attempt: number, lines = 25, follow }, context: Context): Promise<Answer> {
    const { queries, workspace, links } = context;
    const found = await findTask(ref, context);
    if (!found) return noSuchTask(ref);
    const job = await chooseJob(context, found, which);
    if (!job)
      return refused([
        found.jobs.total === 0
          ? say`Task ${found.id}, ${taskInWords(found)}, has no jobs yet: it is ${found.state}. why ${found.id} tells what it waits for.`
          : say`Task ${found.id}, ${taskInWords(found)}, has no job ${which}. jobs ${found.id} lists those that it has.`,
      ]);
    const jobName = job.role === "combine" ? "combine" : String(job.index);
    const attempt = await queries.attempt(job.id, number ?? job.attempts);
    if (!attempt)
      return refused([
        job.attempts === 0
          ? say`Job ${jobName} of task ${found.id} has not been started yet. why ${found.id} tells what it waits for.`
          : say`Job ${jobName} of task ${found.id} has no attempt ${number}: it had ${plural(job.attempts, "attempt")}. logs ${found.id} ${jobName} shows the last.`,
      ]);
    const size = await workspace.logSize(attempt.directory);
    if (size === undefined)
      return refused([
        say`The log of this attempt is not there${attempt.kept === "nothing" ? " any more: it was kept as long as calops.yaml says (logs: keep)" : " yet"}.`,
      ]);

    const from = Math.max(0, size - TAIL_BYTES);
    const tail = context.redact(cleanLines(await textOf(await workspace.readLog(attempt.directory, from, size))));
    const shown = tail
      .replace(/\n$/, "")
      .split("\n")
      .slice(from > 0 ? 1 : 0)
      .slice(-lines);
    const url = links.log({
      workflow: found.workflow,
      task: found.name,
      group: found.groupKey,
      jobId: job.id,
      attempt: attempt.number,
    });
    const head = say`Job ${jobName} of ${taskInWords(found)}, attempt ${attempt.number}: ${attempt.state}${attempt.message === null ? "" : `, ${attempt.message}`}`;
    const answer = done(
      [
        head,
        code(size === 0 ? "(the log is empty so far)" : shown.join("\n")),
        ...(url === null ? [] : [say`The whole log: ${{ url, label: url }}`]),
      ],
      {
        task: found.id,
        job: job.id,
        index: job.index,
        attempt: attempt.number,
        state: attempt.state,
        url,
        lines: shown,
      },
    );
    return follow && isLive(attempt.state)
      ? { ...answer, follow: { job: job.id, attempt: attempt.number, from: size } }
      : answer;
  },
});

async function chooseJob({ queries }: Context, task: Task, which: string | undefined): Promise<Job | undefined> {
  const page = (filter: Parameters<typeof queries.jobPage>[1]) =>
    queries.jobPage(task.id, { attempt: task.attempt, ...filter });
  if (which === "combine") return (await page({ limit: 1_000 })).find((job) => job.role === "combine");
  if (which !== undefined)
    return /^\d+$/.test(which)
      ? (await page({ limit: 10, index: Number(which) })).find((job) => job.role === "part")
      : undefined;
  for (const state of ["failed", "running"] as const) {
    const [job] = await page({ limit: 1, states: [state] });
    if (job) return job;
  }
  return (await page({ limit: 100 })).sort((a, b) => b.modifiedAt - a.modifiedAt)[0];
}

async function textOf(stream: AsyncIterable<Buffer | string>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}

/** Whoever has the address of a log or of an output can read it: those get none who may not give `logs`. */
export function linksFor(actor: Actor, links: Links): Links {
  return may(actor, { command: logs }).ok ? links : { log: () => null, output: () => null };
}
