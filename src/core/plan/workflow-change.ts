/** What is different in one workflow. */
import type { TaskDefinition, Workflow } from "../workflow/workflow.ts";
import type { FileChange } from "./file-changes.ts";
import type { JudgedChange } from "./judged.ts";
import { inBoth, type NamedChanges, namedChanges, type SettingChange, settingChanges } from "./settings.ts";
import { asksOf, taskThresholds, workflowThresholds } from "./thresholds.ts";
import { askChanges, orderOfRules, taskSettings, workflowSettings } from "./workflow-settings.ts";

export type WorkflowChange = {
  readonly workflow: string;
  /** But for its thresholds, which the plan has apart. */
  readonly settings: readonly SettingChange[];
  readonly tasks: NamedChanges;
  /** In its directory. */
  readonly files: readonly FileChange[];
  /** Its tasks whose results are made otherwise now. */
  readonly versions: readonly string[];
};

export function thresholdChanges(before: Workflow, after: Workflow): JudgedChange[] {
  return [
    ...workflowThresholds(before, after),
    ...inBoth(tasksByName(before), tasksByName(after)).flatMap(([name, old, now]) =>
      taskThresholds(`${after.name}/${name}`, old, now),
    ),
  ];
}

/** @param thresholds those of the workflow: what is told there is not told here */
export function workflowChange(
  before: Workflow,
  after: Workflow,
  thresholds: readonly JudgedChange[],
  { files, versions }: Pick<WorkflowChange, "files" | "versions">,
): WorkflowChange {
  const told = new Set(thresholds.map(({ of, what }) => `${of} ${what}`));
  const untold = (of: string) => (change: SettingChange) => !told.has(`${of} ${change.what}`);
  return {
    workflow: after.name,
    settings: settingChanges(workflowSettings(before), workflowSettings(after)),
    tasks: namedChanges(tasksByName(before), tasksByName(after), (old, now, name) =>
      taskChanges(old, now, after.name).filter(untold(`${after.name}/${name}`)),
    ),
    files,
    versions,
  };
}

export function isChange({ settings, tasks, files, versions }: WorkflowChange): boolean {
  const lists = [settings, tasks.added, tasks.removed, tasks.changed, files, versions];
  return lists.some((list) => list.length > 0);
}

function taskChanges(before: TaskDefinition, after: TaskDefinition, workflow: string): SettingChange[] {
  return [
    ...settingChanges(taskSettings(before, workflow), taskSettings(after, workflow)),
    ...orderOfRules(before, after),
    ...askChanges(asksOf(before.locks), asksOf(after.locks)),
  ];
}

function tasksByName({ tasks }: Workflow): Record<string, TaskDefinition> {
  return Object.fromEntries(tasks.map((task) => [task.name, task]));
}
