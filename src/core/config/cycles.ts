/** Tasks that wait for each other in a circle would wait for ever. */
import type { Parsed } from "./checker.ts";
import { fullName } from "./compile-task.ts";
import type { Path } from "./path.ts";
import type { WorkflowYaml } from "./workflow-yaml.ts";

/** What a task waits for: a task that it needs, or that is to be signed before it. */
type Edge = { readonly to: string; readonly path: Path };

/** Reports one issue for each circle, at the need that closes it. */
export function checkForCycles(workflows: readonly (Parsed<WorkflowYaml> & { readonly name: string })[]): void {
  const tasks = new Map(
    workflows.flatMap(({ name, value, check }) =>
      Object.entries(value.tasks).map(([task, { needs, locks }]) => {
        const edges: Edge[] = [
          ...needs.map((need, index) => ({ to: fullName(need, name), path: ["tasks", task, "needs", index] })),
          ...locks.flatMap(({ signoff }, index) =>
            signoff ? [{ to: fullName(signoff.task, name), path: ["tasks", task, "locks", index, "signoff"] }] : [],
          ),
        ];
        return [fullName(task, name), { check, edges }] as const;
      }),
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
    for (const { to } of tasks.get(task)?.edges ?? []) visit(to, [...trail, task]);
    finished.add(task);
  };

  const report = (circle: readonly string[]): void => {
    const last = tasks.get(circle.at(-1) ?? "");
    const first = circle[0] ?? "";
    last?.check.report(
      last.edges.find(({ to }) => to === first)?.path ?? [],
      "cycle",
      `the tasks wait for each other: ${[...circle, first].join(" needs ")}`,
      "take one of these needs away",
    );
  };

  for (const task of tasks.keys()) visit(task, []);
}
