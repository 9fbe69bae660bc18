/** Making results anew: what would be touched, and doing it. */
import { dependentsOf } from "../../core/config/config.ts";
import { reprocess } from "../../core/task/life.ts";
import type { Task } from "../../core/task/task.ts";
import type { Loads } from "../../ports/loads.ts";
import type { Consequences, NotReprocessed } from "../../ports/operations.ts";
import type { Ledger } from "../ledger.ts";
import type { Scene } from "../scene.ts";
import { usersOf } from "../signoffs/users.ts";
import { abortJobs } from "../stages/abort-jobs.ts";

export async function reprocessTasks(ledger: Ledger, scene: Scene, ids: readonly number[], why: string, by: string) {
  const tasks: Task[] = [];
  const refused: NotReprocessed[] = [];
  await ledger.tasks.fetch(ids);
  for (const id of ids) {
    const task = await ledger.tasks.get(id);
    if (!task) {
      refused.push({ task: id, reason: "unknown-task" });
      continue;
    }
    const decision = reprocess(task, why, scene.revisions.current(task.environment).commit, ledger.now);
    if (!decision.ok) {
      refused.push({ task: id, reason: decision.reason });
      continue;
    }
    // A task that failed may still have jobs under way.
    await abortJobs(ledger, task);
    ledger.tasks.accept(decision, { by, why });
    tasks.push(decision.next);
  }
  return { ok: true as const, tasks, refused };
}

/** The tasks themselves, and everything finished that was made from them, from what was made from them, and so on. */
export async function consequencesOf(loads: Loads, scene: Scene, ids: readonly number[]): Promise<Consequences> {
  const tasks = await loads.tasks(ids);
  const seen = new Map(tasks.map((task) => [task.id, task]));
  const downstream: Task[] = [];
  const queue = [...tasks];
  for (let task = queue.shift(); task; task = queue.shift()) {
    for (const dependent of await madeFrom(loads, scene, task)) {
      if (seen.has(dependent.id)) continue;
      seen.set(dependent.id, dependent);
      queue.push(dependent);
      if (dependent.used !== null) downstream.push(dependent);
    }
  }
  const users = new Map<number, Task>();
  for (const task of tasks)
    for (const user of (await usersOf(loads, task)).tasks) if (!seen.has(user.id)) users.set(user.id, user);
  const runs = new Set<number>();
  for (const group of new Set(tasks.map((task) => task.groupId)))
    for (const run of await loads.runsOfGroup(group)) runs.add(run);
  return {
    tasks,
    downstream,
    users: [...users.values()],
    runs: [...runs].sort((a, b) => a - b),
    jobs: tasks.reduce((sum, task) => sum + task.jobs.total, 0),
  };
}

async function madeFrom(loads: Loads, scene: Scene, task: Task): Promise<Task[]> {
  const { config } = scene.revisions.current(task.environment);
  const found: Task[] = [];
  for (const dependent of dependentsOf(config, task.workflow, task.name)) {
    const need = { workflow: dependent.workflow.name, task: dependent.task };
    if (need.workflow === task.workflow)
      found.push(...(await loads.tasksOfGroup(task.groupId)).filter((sibling) => sibling.name === need.task));
    else found.push(...(await loads.tasks(await loads.tasksTouching(task.groupId, need, task.environment))));
  }
  return found;
}
