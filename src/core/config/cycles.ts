/** Tasks that wait for each other in a circle would wait for ever. */
import { needName, type Workflow } from "../workflow/workflow.ts";
import type { Issue } from "./issue.ts";
import type { YamlDocument } from "./yaml-document.ts";

/** One issue for each circle, at the need that closes it. */
export function cyclesAmong(
  compiled: readonly { readonly workflow: Workflow; readonly file: YamlDocument }[],
): Issue[] {
  const issues: Issue[] = [];
  const finished = new Set<string>();
  const needs = new Map<string, string[]>(
    compiled.flatMap(({ workflow }) =>
      workflow.tasks.map(
        (task) => [`${workflow.name}/${task.name}`, task.needs.map((need) => needName(need))] as const,
      ),
    ),
  );
  const files = new Map(compiled.map(({ workflow, file }) => [workflow.name, file]));

  const visit = (task: string, trail: readonly string[]): void => {
    if (finished.has(task)) return;
    const before = trail.indexOf(task);
    if (before >= 0) {
      const circle = trail.slice(before);
      issues.push(issueAt(circle.at(-1) ?? task, task, circle));
      return;
    }
    for (const need of needs.get(task) ?? []) visit(need, [...trail, task]);
    finished.add(task);
  };

  const issueAt = (from: string, to: string, circle: readonly string[]): Issue => {
    const [workflow = "", task = ""] = from.split("/");
    const position = (needs.get(from) ?? []).indexOf(to);
    const issue = {
      code: "cycle",
      what: `the tasks wait for each other: ${[...circle, circle[0]].join(" needs ")}`,
      instead: "take one of these needs away",
    };
    return (files.get(workflow) as YamlDocument).issueAt(["tasks", task, "needs", position], issue);
  };

  for (const task of needs.keys()) visit(task, []);
  return issues;
}
