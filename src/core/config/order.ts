/** Things after what they need, so that lists of them read as the work goes. Among those that could go first, by name. */
import type { TaskDefinition, Workflow } from "../workflow/workflow.ts";

/** Workflows after the workflows whose tasks theirs need. */
export function inOrderOfNeeds(workflows: readonly Workflow[]): Workflow[] {
  return sorted(workflows, (workflow) => workflow.tasks.flatMap((task) => task.needs.map((need) => need.workflow)));
}

/** Tasks of one workflow after the tasks that they need in it. */
export function inOrderOfNeedsWithin(tasks: readonly TaskDefinition[]): TaskDefinition[] {
  return sorted(tasks, (task) => task.needs.map((need) => need.task));
}

/** Depth first; the members of a circle, which is reported elsewhere, keep some order. */
function sorted<Thing extends { readonly name: string }>(
  things: readonly Thing[],
  needs: (thing: Thing) => readonly string[],
): Thing[] {
  const byName = new Map([...things].sort((a, b) => a.name.localeCompare(b.name)).map((thing) => [thing.name, thing]));
  const ordered: Thing[] = [];
  const entered = new Set<string>();
  const visit = (thing: Thing): void => {
    if (entered.has(thing.name)) return;
    entered.add(thing.name);
    for (const need of [...needs(thing)].sort()) {
      const before = byName.get(need);
      if (before) visit(before);
    }
    ordered.push(thing);
  };
  for (const thing of byName.values()) visit(thing);
  return ordered;
}
