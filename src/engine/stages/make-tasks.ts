/** A new group gets a task of each kind that its workflow has. */
import type { Group } from "../../core/group/group.ts";
import { NO_JOBS, type Task } from "../../core/task/task.ts";
import type { Workflow } from "../../core/workflow/workflow.ts";
import { CALOPS } from "../doer.ts";
import type { Ledger } from "../ledger.ts";
import type { Scene } from "../scene.ts";

export function makeTasks(
  ledger: Ledger,
  scene: Scene,
  group: Group,
  workflow: Workflow,
  campaignPriority: number,
): void {
  const { commit } = scene.revisions.current(group.environment);
  for (const definition of workflow.tasks) {
    const task: Task = {
      id: scene.ids.task(),
      environment: group.environment,
      campaign: group.campaign,
      workflow: group.workflow,
      name: definition.name,
      groupId: group.id,
      groupKey: group.key,
      state: "new",
      reason: null,
      waiting: [],
      attempt: 1,
      iteration: 1,
      commit,
      priority: workflow.priority + campaignPriority,
      hold: null,
      stale: null,
      used: null,
      jobs: NO_JOBS,
      createdAt: ledger.now,
      modifiedAt: ledger.now,
      startedAt: null,
      endedAt: null,
      version: 0,
    };
    ledger.tasks.put(task);
    ledger.record({ kind: "task", ref: task.id, event: "new", commit }, CALOPS);
    ledger.wake({ kind: "task", ref: String(task.id) });
  }
}
