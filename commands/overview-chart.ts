/** `chart overview`: what is in the matrix of runs and tasks. */
import { MOST_RUNS, type OverviewRow, overviewOf, runsInWords } from "../src/core/chart/overview.ts";
import { type Answer, done } from "../src/core/command/command.ts";
import { type Block, list, parts, plural, say } from "../src/core/say.ts";
import { TASK_STATES, type Task, taskInWords } from "../src/core/task/task.ts";
import { iso } from "../src/core/time.ts";
import type { Charted } from "./chart.ts";
import { about } from "./chart-words.ts";
import type { Context } from "./context.ts";

type Asked = { readonly campaign: string | undefined; readonly limit: number };

/** Tasks of a campaign that are looked through for its newest runs. */
const MOST_TASKS = 5_000;
const FAILED_NAMED = 10;

export async function overviewChart({ campaign, limit }: Asked, context: Context): Promise<Charted | Answer> {
  const { queries, environment, now } = context;
  const runs = await runsOf(campaign, Math.min(limit, MOST_RUNS), context);
  const covering = (await queries.tasksOfRuns(runs, environment)).filter(
    ({ task }) => campaign === undefined || task.campaign === campaign,
  );
  const found = rowsOf(runs, covering, context);
  const data = {
    environment,
    campaign: campaign ?? null,
    at: iso(now),
    runs,
    rows: found.map(({ workflow, task, tasks }) => ({
      workflow,
      task,
      cells: tasks.map((one, index) =>
        one ? { run: runs[index], id: one.id, group: one.groupKey, state: one.state, stale: one.stale !== null } : null,
      ),
    })),
  };
  if (runs.length === 0)
    return done(
      [
        campaign === undefined
          ? say`There is no run yet. Runs come from the sources in calops.yaml; status shows how they do.`
          : say`No run is in the campaign ${campaign} yet. inject brings runs into a campaign.`,
      ],
      data,
    );
  const rows: OverviewRow[] = found.map(({ workflow, task, tasks }) => ({
    workflow,
    task,
    cells: tasks.map((one) => (one ? { task: one.id, state: one.state, stale: one.stale !== null } : null)),
  }));
  const title = context.config ? `${context.config.experiment}: runs and tasks` : "Runs and tasks";
  const shown = overviewOf({ title, about: about(campaign, context), runs, rows });
  const tasks = [...new Map(found.flatMap((row) => row.tasks).flatMap((one) => (one ? [[one.id, one]] : []))).values()];
  const cut: string[] = [];
  if (limit > runs.length && runs.length === MOST_RUNS) cut.push(`at most ${MOST_RUNS} runs are shown`);
  if (shown.runs < runs.length) cut.push(`there is room for the newest ${shown.runs} runs`);
  if (shown.rows < rows.length) cut.push(`there is room for ${shown.rows} of ${rows.length} tasks`);
  return {
    drawing: shown.drawing,
    title: `${title}, ${runsInWords(runs.slice(-shown.runs))}`,
    words: [
      say`${capital(runsInWords(runs))}, in ${environment}${campaign === undefined ? "" : `, campaign ${campaign}`}: ${countsInWords(tasks)}.`,
      ...failedOf(tasks),
      ...(cut.length === 0 ? [] : [say`In the picture ${cut.join(", and ")}.`]),
    ],
    data,
  };
}

/** The newest, in their order. */
async function runsOf(
  campaign: string | undefined,
  limit: number,
  { queries, environment }: Context,
): Promise<number[]> {
  if (campaign === undefined) return (await queries.lastRuns(limit)).sort((a, b) => a - b);
  const tasks = await queries.taskPage({ environment, campaign, limit: MOST_TASKS });
  const runs = await queries.runsOfGroups([...new Set(tasks.map(({ groupId }) => groupId))]);
  return [...new Set([...runs.values()].flat())].sort((a, b) => a - b).slice(-limit);
}

type Row = { readonly workflow: string; readonly task: string; readonly tasks: readonly (Task | null)[] };

/** The newest task of each name on each run, in the order of the configuration; what that does not name any more comes last. */
function rowsOf(
  runs: readonly number[],
  covering: readonly { readonly run: number; readonly task: Task }[],
  { config }: Context,
): Row[] {
  const places = new Map(runs.map((run, place) => [run, place]));
  const rows = new Map<string, (Task | null)[]>();
  for (const { run, task } of covering) {
    const name = `${task.workflow}/${task.name}`;
    const row = rows.get(name) ?? runs.map(() => null);
    const place = places.get(run) ?? 0;
    if ((row[place]?.id ?? 0) < task.id) row[place] = task;
    rows.set(name, row);
  }
  const declared = Object.values(config?.workflows ?? {}).flatMap((one) =>
    one.tasks.map((task) => `${one.name}/${task.name}`),
  );
  const others = [...rows.keys()].filter((name) => !declared.includes(name)).sort();
  return [...declared, ...others].flatMap((name) => {
    const tasks = rows.get(name);
    const [workflow = "", task = ""] = name.split("/");
    return tasks ? [{ workflow, task, tasks }] : [];
  });
}

function countsInWords(tasks: readonly Task[]): string {
  if (tasks.length === 0) return "no workflow has taken any of them yet";
  const counts = TASK_STATES.map((state) => [tasks.filter((task) => task.state === state).length, state] as const);
  const stale = tasks.filter((task) => task.stale !== null).length;
  return [
    plural(tasks.length, "task"),
    ...counts.filter(([count]) => count > 0).map(([count, state]) => `${count} ${state}`),
    ...(stale > 0 ? [`${stale} stale`] : []),
  ].join(", ");
}

function failedOf(tasks: readonly Task[]): Block[] {
  const failed = tasks.filter(({ state }) => state === "failed").sort((a, b) => b.id - a.id);
  if (failed.length === 0) return [];
  const named = failed.slice(0, FAILED_NAMED).map((task) => parts`task ${task.id}, ${taskInWords(task)}`);
  const more = failed.length - named.length;
  return [say`Failed:`, list([...named, ...(more > 0 ? [`and ${more} more`] : [])])];
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
