/** `chart WORKFLOW METRIC`: which results are in it, and what they say. */
import { type Limit, limitsOf, meets } from "../src/core/chart/limits.ts";
import { numberInWords } from "../src/core/chart/numbers.ts";
import { MOST_POINTS, trendOf } from "../src/core/chart/trend.ts";
import { type Answer, refused } from "../src/core/command/command.ts";
import { type Block, fields, plural, say } from "../src/core/say.ts";
import type { Task } from "../src/core/task/task.ts";
import { choices } from "../src/core/text/nearest.ts";
import { iso } from "../src/core/time.ts";
import { taskOf } from "../src/core/workflow/workflow.ts";
import type { Result } from "../src/ports/things.ts";
import type { Charted } from "./chart.ts";
import { about } from "./chart-words.ts";
import type { Context } from "./context.ts";
import { isUnknownWorkflow, noSuchWorkflow } from "./refusals.ts";

type Asked = {
  readonly workflow: string;
  readonly metric: string | undefined;
  readonly task: string | undefined;
  readonly campaign: string | undefined;
  readonly limit: number;
};

/** A task of one group, with its result where it has one. */
type Made = { readonly task: Task; readonly result: Result | undefined };

export async function trendChart(asked: Asked, context: Context): Promise<Charted | Answer> {
  const { workflow, metric, campaign } = asked;
  const { config, environment, now } = context;
  const names = await taskNames(asked, context);
  if (names.length === 0 && isUnknownWorkflow(workflow, config)) return noSuchWorkflow(workflow, config);
  if (names.length === 0) return refused([say`The workflow ${workflow} has no task yet${within(campaign)}.`]);
  if (asked.task !== undefined && !names.includes(asked.task))
    return refused([say`The workflow ${workflow} has no task ${asked.task}; ${choices(asked.task, names)}.`]);

  const series = new Map<string, readonly Made[]>();
  for (const name of asked.task === undefined ? names : [asked.task])
    series.set(name, await madeBy(name, asked, context));
  const having = [...series].filter(([, made]) =>
    made.some((one) => metric !== undefined && metricOf(one, metric) !== null),
  );
  const [[task, made] = ["", []]] = having;
  if (metric === undefined || having.length === 0) return whichMetrics(asked, series);
  if (having.length > 1)
    return refused([
      say`Several tasks of ${workflow} write ${metric}: ${having.map(([name]) => name).join(", ")}. Say which: chart ${workflow} ${metric} --task ${task}.`,
    ]);

  const limits = limitsOf(metric, taskOf(config?.workflows[workflow], task));
  const title = `${metric} of ${workflow}/${task}`;
  const drawing = trendOf({
    title,
    subtitle: `${groupsInWords(made)}; ${about(campaign, context)}`,
    limits,
    points: made.map((one) => ({
      group: one.task.groupKey,
      value: metricOf(one, metric),
      failed: one.task.state === "failed",
      stale: one.task.stale !== null,
    })),
  });
  return {
    drawing,
    title: `${title}, ${groupsInWords(made)}`,
    words: [say`${title}, ${groupsInWords(made)}, in ${environment}${within(campaign)}:`, facts(made, metric, limits)],
    data: {
      environment,
      campaign: campaign ?? null,
      workflow,
      task,
      metric,
      at: iso(now),
      limits: limits.map(({ sign, value, words }) => ({ sign, value, text: words })),
      points: made.map((one) => ({
        id: one.task.id,
        group: one.task.groupKey,
        attempt: one.result?.attempt ?? null,
        state: one.task.state,
        value: metricOf(one, metric),
        stale: one.task.stale !== null,
        endedAt: one.result ? iso(one.result.endedAt) : null,
      })),
    },
  };
}

/** As the configuration has them; then those that it had once. */
async function taskNames({ workflow, campaign }: Asked, { queries, config, environment }: Context): Promise<string[]> {
  const declared = config?.workflows[workflow]?.tasks.map(({ name }) => name) ?? [];
  const tallies = await queries.tallies(environment);
  const there = tallies
    .filter((one) => one.workflow === workflow && (campaign === undefined || one.campaign === campaign))
    .map((one) => one.task);
  return [...new Set([...declared, ...there])];
}

/** The newest groups, in their order; of each the newest task. What was merged is in the group that took it. */
async function madeBy(name: string, { workflow, campaign, limit }: Asked, context: Context): Promise<Made[]> {
  const { queries, environment } = context;
  const most = Math.min(limit, MOST_POINTS);
  const newest = new Map<string, Task>();
  let before: number | undefined;
  while (newest.size < most) {
    const page = await queries.taskPage({
      environment,
      workflow,
      task: name,
      limit: most,
      ...(campaign !== undefined && { campaign }),
      ...(before !== undefined && { before }),
    });
    for (const task of page)
      if (task.state !== "merged" && newest.size < most && !newest.has(task.groupKey)) newest.set(task.groupKey, task);
    before = page.at(-1)?.id;
    if (page.length < most) break;
  }
  const tasks = [...newest.values()];
  const results = new Map((await queries.lastResults(tasks.map(({ id }) => id))).map((one) => [one.taskId, one]));
  const groups = new Map((await queries.groups(tasks.map(({ groupId }) => groupId))).map((one) => [one.id, one]));
  // Groups without runs come by the clock, and are made in their order.
  const place = (task: Task) => groups.get(task.groupId)?.firstRun ?? 0;
  return tasks
    .sort((a, b) => place(a) - place(b) || a.groupId - b.groupId)
    .map((task) => ({ task, result: results.get(task.id) }));
}

function metricOf({ result }: Made, metric: string): number | null {
  return result && Object.hasOwn(result.metrics, metric) ? (result.metrics[metric] ?? null) : null;
}

function whichMetrics(
  { workflow, metric, task, campaign }: Asked,
  series: ReadonlyMap<string, readonly Made[]>,
): Answer {
  const metrics = new Map(
    [...series].map(([name, made]) => [
      name,
      [...new Set(made.flatMap(({ result }) => Object.keys(result?.metrics ?? {})))].sort(),
    ]),
  );
  const all = [...new Set([...metrics.values()].flat())];
  const whose = task === undefined ? `the workflow ${workflow}` : `${workflow}/${task}`;
  if (all.length === 0)
    return refused([
      say`No result of ${whose} has a metric yet${within(campaign)}. Jobs write them into metrics.json in $CALOPS_OUT.`,
    ]);
  const table = fields(
    Object.fromEntries(
      [...metrics].filter(([, names]) => names.length > 0).map(([name, names]) => [name, names.join(", ")]),
    ),
  );
  if (metric === undefined) return refused([say`Which metric? The results of ${whose} have:`, table]);
  return refused([
    say`No result of ${whose} has a metric ${metric}${within(campaign)}; ${choices(metric, all)}. There are:`,
    table,
  ]);
}

function facts(made: readonly Made[], metric: string, limits: readonly Limit[]): Block {
  const valued = made.flatMap((one) => {
    const value = metricOf(one, metric);
    return value === null ? [] : [{ group: one.task.groupKey, value }];
  });
  const named = (one: { readonly group: string; readonly value: number } | undefined) =>
    one ? `${numberInWords(one.value)} (${one.group})` : null;
  const sorted = [...valued].sort((a, b) => a.value - b.value);
  const groupsOf = (some: readonly { readonly group: string }[]) =>
    some.length === 0 ? null : `${plural(some.length, "group")}: ${newestFew(some.map(({ group }) => group))}`;
  const where = (holds: (one: Made) => boolean) => made.filter(holds).map(({ task }) => ({ group: task.groupKey }));
  return fields({
    newest: named(valued.at(-1)),
    least: named(sorted[0]),
    most: named(sorted.at(-1)),
    values: valued.length,
    "without a value": groupsOf(where((one) => metricOf(one, metric) === null)),
    failed: groupsOf(where(({ task }) => task.state === "failed")),
    stale: groupsOf(where(({ task }) => task.stale !== null)),
    ...Object.fromEntries(
      limits.map((limit) => {
        const missed = valued.filter(({ value }) => !meets(value, limit));
        return [limit.words, missed.length === 0 ? "met by all" : `not met by ${groupsOf(missed)}`];
      }),
    ),
  });
}

function newestFew(groups: readonly string[]): string {
  const few = groups.slice(-5).reverse();
  return `${few.join(", ")}${groups.length > few.length ? " and earlier ones" : ""}`;
}

/** `30 groups, 8001 to 8030` */
function groupsInWords(made: readonly Made[]): string {
  const [first] = made;
  const last = made.at(-1);
  if (!first || !last) return "no groups";
  return made.length === 1
    ? `group ${first.task.groupKey}`
    : `${plural(made.length, "group")}, ${first.task.groupKey} to ${last.task.groupKey}`;
}

function within(campaign: string | undefined): string {
  return campaign === undefined ? "" : `, campaign ${campaign}`;
}
