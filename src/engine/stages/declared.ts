import type { Task } from "../../core/task/task.ts";
import { type TaskDefinition, taskOf, type Workflow } from "../../core/workflow/workflow.ts";
import type { Deployment } from "../../ports/deployments.ts";

/** A task with everything that the configuration says of it. */
export type Declared = {
  readonly task: Task;
  readonly deployment: Deployment;
  readonly workflow: Workflow;
  readonly definition: TaskDefinition;
};

export function declare(task: Task, deployment: Deployment | undefined): Declared | undefined {
  const workflow = deployment?.config.workflows[task.workflow];
  const definition = taskOf(workflow, task.name);
  return deployment && workflow && definition && { task, deployment, workflow, definition };
}
