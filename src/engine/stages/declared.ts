import type { Task } from "../../core/task/task.ts";
import { type TaskDefinition, taskOf, type Workflow } from "../../core/workflow/workflow.ts";
import type { Revision } from "../../ports/revisions.ts";

/** A task with everything that the configuration says of it. */
export type Declared = {
  readonly task: Task;
  readonly revision: Revision;
  readonly workflow: Workflow;
  readonly definition: TaskDefinition;
};

export function declare(task: Task, revision: Revision | undefined): Declared | undefined {
  const workflow = revision?.config.workflows[task.workflow];
  const definition = taskOf(workflow, task.name);
  return revision && workflow && definition && { task, revision, workflow, definition };
}
