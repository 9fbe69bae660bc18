/** The metrics of a mirror beside those of production, group by group: what a branch changes in the results. */
import { type Difference, differencesOf } from "../../core/environment/differences.ts";
import { PRODUCTION } from "../../core/environment/environment.ts";
import { type Block, plural, right, say, table } from "../../core/say.ts";
import type { Task } from "../../core/task/task.ts";
import type { Queries } from "../../ports/queries.ts";

/** Rows of the table; the rest is counted. */
const MOST_ROWS = 200;

export async function comparison(queries: Queries, mirror: string, runs: readonly number[]): Promise<Block[]> {
  if (runs.length === 0) return [say`None of the runs that are to be replayed is known.`];
  const tasks = new Map<number, Task>();
  for (const { task } of await queries.tasksOfRuns(runs, mirror)) tasks.set(task.id, task);
  const differences: Difference[] = [];
  let left = 0;
  for (const task of tasks.values()) {
    if (task.state !== "done") {
      left++;
      continue;
    }
    const before = await queries.taskByName(PRODUCTION, task.workflow, task.name, task.groupKey, task.campaign);
    differences.push(...differencesOf(task, await metricsOf(queries, before), await metricsOf(queries, task)));
  }
  const changed = differences.filter((one) => one.before !== one.after);
  const summary = say`Replay of ${plural(runs.length, "run")}: ${plural(changed.length, "metric")} of ${differences.length} differ from production${left > 0 ? `; ${plural(left, "task")} not done yet` : ""}.`;
  if (changed.length === 0) return [summary];
  return [
    summary,
    table(
      ["group", "task", "metric", right("production"), right("mirror"), right("change")],
      changed
        .slice(0, MOST_ROWS)
        .map((one) => [one.group, one.task, one.metric, shown(one.before), shown(one.after), one.change]),
    ),
    ...(changed.length > MOST_ROWS ? [say`And ${changed.length - MOST_ROWS} more.`] : []),
  ];
}

async function metricsOf(queries: Queries, task: Task | undefined): Promise<Readonly<Record<string, number>>> {
  if (!task) return {};
  const results = await queries.results(task.id);
  return results.findLast((result) => result.state === "done")?.metrics ?? {};
}

function shown(value: number | null): string {
  return value === null ? "-" : String(Number(value.toPrecision(6)));
}
