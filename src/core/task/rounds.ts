/** What comes after all jobs of a round of a task have ended well: a job that combines them, another iteration, or the end. */
import type { Metrics } from "../job/outputs.ts";
import { plural } from "../say.ts";
import type { TaskDefinition } from "../workflow/workflow.ts";

export type Round =
  | { readonly kind: "combine" }
  | { readonly kind: "iterate" }
  | { readonly kind: "done"; readonly why: string | null }
  | { readonly kind: "fail"; readonly why: string };

export function nextRound(definition: TaskDefinition, iteration: number, combined: boolean, metrics: Metrics): Round {
  if (definition.combine && !combined) return { kind: "combine" };
  const { repeat } = definition;
  if (!repeat) return { kind: "done", why: null };
  const last = iteration >= repeat.max;
  const rounds = plural(iteration, "iteration");
  if (!repeat.until) return last ? { kind: "done", why: rounds } : { kind: "iterate" };

  const answer = repeat.until.ask({ metrics, iteration });
  if (!answer.known) return { kind: "fail", why: `${repeat.until.text} cannot be decided: ${answer.why}` };
  if (answer.value === true) return { kind: "done", why: `${repeat.until.text} after ${rounds}` };
  if (!last) return { kind: "iterate" };
  const why = `${repeat.until.text} does not hold after ${rounds}`;
  return repeat.otherwise === "accept" ? { kind: "done", why: `${why}; accepted as declared` } : { kind: "fail", why };
}
