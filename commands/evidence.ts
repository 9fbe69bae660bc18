import { number, optional, task as taskArg } from "../src/core/command/args.ts";
import { type Answer, defineCommand, done, refused } from "../src/core/command/command.ts";
import { shortCommit } from "../src/core/environment/environment.ts";
import { isPicture } from "../src/core/job/outputs.ts";
import { filePaths, resultJobs } from "../src/core/job/results.ts";
import { type Block, fields, list, moment, plural, say } from "../src/core/say.ts";
import { runsInWords } from "../src/core/task/locks.ts";
import { type Task, taskInWords } from "../src/core/task/task.ts";
import { iso } from "../src/core/time.ts";
import {
  changesOf,
  changeTable,
  findingsList,
  findingWithNumbers,
  worstFirst,
} from "../src/core/validation/evidence.ts";
import type { Judgement, Source } from "../src/core/validation/judgement.ts";
import type { Queries } from "../src/ports/queries.ts";
import type { Result } from "../src/ports/things.ts";
import type { Context } from "./context.ts";
import { noSuchTask } from "./refusals.ts";
import { findTask } from "./task-answers.ts";

/** Lines of each part that one reads; all of them are in the data. */
const MOST = 25;

export const evidence = defineCommand({
  name: "evidence",
  summary:
    "What speaks for and against a result: each threshold with its numbers, the change since the run before, its plots.",
  allow: "anyone",
  args: { task: taskArg() },
  options: { attempt: optional(number("N", "an earlier attempt of the task")) },
  examples: ["evidence 1089", "evidence t0/calibrate@8215", "evidence 1089 --attempt 1"],
  json: "{id, environment, workflow, task, group, runs, attempt, state, reason, commit, author, verdict, judgedAt, findings: [{name, channel, verdict, detail, numbers}], previous: {group, task, attempt}, reference: {group, task, attempt}, history, metrics: [{metric, value, previous, change}], plots: [{path, url}]}",
  async run({ task: ref, attempt: wanted }, context: Context): Promise<Answer> {
    const { queries } = context;
    const task = await findTask(ref, context);
    if (!task) return noSuchTask(ref);
    const results = await queries.results(task.id);
    const attempt = wanted ?? task.attempt;
    const result = results.find((one) => one.attempt === attempt);
    if (!result) return noResult(task, attempt, results);
    const judgement = await queries.judgement(task.id, attempt);
    const [before, plots, runs, deployed] = await Promise.all([
      resultFrom(queries, judgement?.compared.previous ?? null),
      plotsOf(context, task, attempt),
      queries.runsOfGroup(task.groupId),
      queries.lastDeploymentOf(task.environment, result.commit),
    ]);
    const author = deployed ? `${deployed.author}: ${deployed.subject}` : null;
    const data = {
      ...{ id: task.id, environment: task.environment, workflow: task.workflow, task: task.name },
      ...{ group: task.groupKey, runs, attempt, state: result.state, reason: result.reason },
      ...{ commit: result.commit, author, verdict: judgement?.verdict ?? null },
      judgedAt: judgement ? iso(judgement.at) : null,
      findings: worstFirst(judgement?.findings ?? []).map((finding) => ({
        ...finding,
        channel: finding.channel ?? null,
      })),
      previous: judgement?.compared.previous ?? null,
      reference: judgement?.compared.reference ?? null,
      history: judgement?.compared.history ?? null,
      metrics: changesOf(result.metrics, before?.metrics),
      plots,
    };
    return done(
      [
        say`Task ${task.id}, ${taskInWords(task)}, attempt ${attempt}: ${judgement ? `its thresholds say ${judgement.verdict}` : "it was not judged by thresholds"}.`,
        fields({
          state: `${result.state}${result.reason === null ? "" : `: ${result.reason}`}`,
          runs: runs.length === 0 ? undefined : runsInWords(runs),
          commit: `${shortCommit(result.commit)}${author === null ? "" : ` by ${author}`}`,
          judged: judgement && moment(judgement.at),
          ...(judgement && comparedWith(judgement)),
          stale: attempt === task.attempt ? task.stale?.why : undefined,
        }),
        ...findingsList(judgement?.findings ?? [], MOST, findingWithNumbers),
        ...changeTable(result.metrics, before?.metrics, MOST),
        ...(plots.length === 0
          ? []
          : [
              say`Plots:`,
              list(plots.slice(0, MOST).map(({ path, url }) => (url === null ? path : { url, label: path }))),
            ]),
        ...nextSteps(task, attempt),
      ],
      data,
    );
  },
});

function noResult(task: Task, attempt: number, results: readonly Result[]): Answer {
  const known = results.map((one) => one.attempt);
  const instead =
    known.length === 0
      ? `why ${task.id} tells what it waits for.`
      : `There is one of attempt ${known.join(", ")}: evidence ${task.id} --attempt ${known.at(-1)}`;
  return refused([
    say`Task ${task.id}, ${taskInWords(task)}, has no result of attempt ${attempt}${attempt === task.attempt ? `: it is ${task.state}` : ""}. ${instead}`,
  ]);
}

async function resultFrom(queries: Queries, source: Source | null): Promise<Result | undefined> {
  if (!source) return undefined;
  return (await queries.results(source.task)).find(({ attempt }) => attempt === source.attempt);
}

async function plotsOf({ queries, links }: Context, task: Task, attempt: number) {
  return resultJobs(await queries.doneAttempts([{ id: task.id, attempt }])).flatMap(({ job, attempt: of }) =>
    filePaths(of, "")
      .map((path) => path.slice(1))
      .filter(isPicture)
      .map((path) => ({ path, url: links.output({ jobId: job.id, attempt: of.number, path }) })),
  );
}

function comparedWith({ compared: { previous, reference, history } }: Judgement) {
  const inWords = (source: Source) => `${source.group} (task ${source.task})`;
  return {
    before: previous ? inWords(previous) : "nothing: there was no earlier result",
    reference: reference ? inWords(reference) : undefined,
    history: history > 0 ? plural(history, "earlier result") : undefined,
  };
}

function nextSteps(task: Task, attempt: number): Block[] {
  if (task.state !== "awaiting-signoff" || attempt !== task.attempt) return [];
  return [say`Next: approve ${task.id} | reject ${task.id} REASON`];
}
