/** How many groups a workflow would make of runs, before any of them is there. */
import type { Config } from "../config/config.ts";
import { placeOf } from "../group/grouping.ts";
import { type Run, valuesOf } from "../run/run.ts";
import { selectionOf } from "../run/selection.ts";
import type { Workflow } from "../workflow/workflow.ts";

/** Runs of which something is not known yet, or that have no place, are in none. */
export function groupsOf(config: Config, workflow: Workflow, runs: readonly Run[]): { groups: number; runs: number } {
  const taken = runs.filter((run) => selectionOf(config, workflow, run).taken === true);
  const { grouping } = workflow;
  switch (grouping.by) {
    case "tick":
      return { groups: 0, runs: 0 };
    case "runs":
      return { groups: Math.ceil(taken.length / grouping.count), runs: taken.length };
    case "luminosity": {
      const sum = taken.reduce((all, run) => all + Number(run.attributes["luminosity"] ?? 0), 0);
      return { groups: Math.min(taken.length, Math.ceil(sum / grouping.amount)), runs: taken.length };
    }
    default: {
      const keys = taken.flatMap((run) => {
        const place = placeOf(grouping, { number: run.number, attributes: valuesOf(run) });
        return place.kind === "key" ? [place.key] : [];
      });
      return { groups: new Set(keys).size, runs: taken.length };
    }
  }
}
