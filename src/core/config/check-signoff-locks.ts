/** A lock on a sign-off that nobody is ever asked for would never open. */
import type { Parsed } from "./checker.ts";
import { fullName } from "./compile-task.ts";
import type { WorkflowYaml } from "./workflow-yaml.ts";

export function checkSignoffLocks(workflows: readonly (Parsed<WorkflowYaml> & { readonly name: string })[]): void {
  const tasks = new Map(
    workflows.flatMap(({ name, value }) =>
      Object.entries(value.tasks).map(([task, raw]) => [fullName(task, name), raw] as const),
    ),
  );
  for (const { name, value, check } of workflows)
    for (const [task, { locks }] of Object.entries(value.tasks))
      for (const [index, { signoff }] of locks.entries()) {
        const signed = signoff && tasks.get(fullName(signoff.task, name));
        if (!signed || signed.signoff !== undefined || signed.validate !== undefined) continue;
        check.report(
          ["tasks", task, "locks", index, "signoff"],
          "conflict",
          `nobody is ever asked to sign ${signoff.task}`,
          `add a signoff to ${signoff.task}, or write needs: [${signoff.task}] instead`,
        );
      }
}
