/** Results that the new configuration would make otherwise, and what was made from those. */
import type { Config } from "../config/config.ts";
import type { Versions } from "../workflow/version.ts";
import { needName } from "../workflow/workflow.ts";

export type StaleTask = {
  readonly workflow: string;
  readonly task: string;
  /** Null where the task itself makes its results otherwise; else the stale task of which it uses results. */
  readonly upstream: string | null;
  /** How many finished results there are; null where that is not known. */
  readonly results: number | null;
};

/** Each after that of which it uses results. */
export function staleTasks(
  config: Config,
  versions: { readonly before: Versions; readonly after: Versions },
  results: ReadonlyMap<string, number> | undefined,
): StaleTask[] {
  const tasks = Object.values(config.workflows).flatMap((workflow) =>
    workflow.tasks.map((task) => ({ workflow: workflow.name, task, name: `${workflow.name}/${task.name}` })),
  );
  const stale = new Map<string, StaleTask>();
  // Two workflows may need each other's tasks in turn, so that one round may not reach all.
  for (let before = -1; before < stale.size; ) {
    before = stale.size;
    for (const { workflow, task, name } of tasks) {
      // What was not there before has no results.
      if (stale.has(name) || versions.before[name] === undefined) continue;
      const upstream = task.needs.map((need) => needName(need)).find((need) => stale.has(need));
      const itself = changed(name, versions);
      if (!itself && upstream === undefined) continue;
      stale.set(name, {
        workflow,
        task: task.name,
        upstream: itself ? null : (upstream ?? null),
        results: results ? (results.get(name) ?? 0) : null,
      });
    }
  }
  return [...stale.values()];
}

/** Whether a task that was there before makes its results otherwise now. */
export function changed(
  name: string,
  { before, after }: { readonly before: Versions; readonly after: Versions },
): boolean {
  return before[name] !== undefined && after[name] !== undefined && before[name] !== after[name];
}
