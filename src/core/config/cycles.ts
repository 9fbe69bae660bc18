/** Tasks that wait for each other in a circle would wait for ever. */
import type { Parsed } from "./checker.ts";
import { fullName } from "./compile-task.ts";
import type { WorkflowYaml } from "./workflow-yaml.ts";

/** Reports one issue for each circle, at the need that closes it. */
export function checkForCycles(workflows: readonly (Parsed<WorkflowYaml> & { readonly name: string })[]): void {
  const tasks = new Map(
    workflows.flatMap(({ name, value, check }) =>
      Object.entries(value.tasks).map(([task, { needs }]) => [
        `${name}/${task}`,
        { check, path: ["tasks", task, "needs"], needs: needs.map((need) => fullName(need, name)) },
      ]),
    ),
  );
  const finished = new Set<string>();

  const visit = (task: string, trail: readonly string[]): void => {
    if (finished.has(task)) return;
    const before = trail.indexOf(task);
    if (before >= 0) {
      report(trail.slice(before));
      return;
    }
    for (const need of tasks.get(task)?.needs ?? []) visit(need, [...trail, task]);
    finished.add(task);
  };

  const report = (circle: readonly string[]): void => {
    const last = tasks.get(circle.at(-1) ?? "");
    const first = circle[0] ?? "";
    last?.check.report(
      [...last.path, last.needs.indexOf(first)],
      "cycle",
      `the tasks wait for each other: ${[...circle, first].join(" needs ")}`,
      "take one of these needs away",
    );
  };

  for (const task of tasks.keys()) visit(task, []);
}
