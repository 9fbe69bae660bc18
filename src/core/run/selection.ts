/** Whether a workflow takes a run: one of its run types must let it through, and its own `select` too. */
import type { Config } from "../config/config.ts";
import { type Expression, holds } from "../expression/expression.ts";
import type { Workflow } from "../workflow/workflow.ts";
import { type Run, valuesOf } from "./run.ts";

export type Selection =
  | { readonly taken: true }
  | { readonly taken: false; readonly why: string }
  /** Something that is asked for is not known of the run yet. */
  | { readonly taken: undefined; readonly why: string };

export function selectionOf(config: Config, workflow: Workflow, run: Pick<Run, "number" | "attributes">): Selection {
  const values = { run: valuesOf(run) };
  const typed = byRunTypes(config, workflow, values);
  if (typed.taken === false) return typed;
  if (!workflow.select) return typed;
  const selected = bySelect(workflow.select, values);
  return selected.taken === true ? typed : selected;
}

function byRunTypes(
  config: Config,
  workflow: Workflow,
  values: { readonly run: Readonly<Record<string, unknown>> },
): Selection {
  if (!config.runTypes) return { taken: true };
  const activating = Object.entries(config.runTypes).filter(([, type]) => type.workflows.includes(workflow.name));
  const verdicts = activating.map(([name, type]) => ({
    name,
    verdict: holds(type.filter, values),
    filter: type.filter,
  }));
  if (verdicts.some(({ verdict }) => verdict === true)) return { taken: true };
  const open = verdicts.find(({ verdict }) => verdict === undefined);
  if (open) return { taken: undefined, why: unknownIn(open.filter, values) };
  if (activating.length === 0) return { taken: false, why: "no run type activates the workflow" };
  return { taken: false, why: `it is of none of the run types ${activating.map(([name]) => name).join(", ")}` };
}

function bySelect(select: Expression, values: { readonly run: Readonly<Record<string, unknown>> }): Selection {
  const verdict = holds(select, values);
  if (verdict === true) return { taken: true };
  if (verdict === false) return { taken: false, why: `select: ${select.text}` };
  return { taken: undefined, why: unknownIn(select, values) };
}

function unknownIn(expression: Expression, values: { readonly run: Readonly<Record<string, unknown>> }): string {
  const answer = expression.ask(values);
  return answer.known ? `${expression.text} cannot be decided` : answer.why;
}
