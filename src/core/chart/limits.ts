/** What the configuration asks of a metric, as far as it can be drawn as a line: comparisons of it with a number. */
import { formulaOf, partsOf, subjectsOf } from "../plan/formula.ts";
import type { TaskDefinition } from "../workflow/workflow.ts";

export type Limit = {
  readonly sign: "<" | "<=" | ">" | ">=" | "==" | "!=";
  readonly value: number;
  /** As the configuration has it. */
  readonly words: string;
};

/**
 * Only what is asked for in any case: a comparison that stands beside others, joined by `or`, is no limit by itself. What
 * cannot be read off is left out.
 */
export function limitsOf(metric: string, definition: TaskDefinition | undefined): Limit[] {
  const accepts = (definition?.validation?.thresholds ?? []).map((one) => one.kind === "condition" && one.accept);
  const asked = [definition?.repeat?.until, ...accepts].flatMap((one) => (one ? [one.text] : []));
  if (asked.length === 0) return [];
  const [subject] = subjectsOf(formulaOf([`metrics[${quoted(metric)}] < 0`]));
  return partsOf(formulaOf(asked)).flatMap((part) =>
    part.kind === "comparison" && part.subject === subject && part.constant.of === "number"
      ? [{ sign: part.sign, value: part.constant.value, words: part.words }]
      : [],
  );
}

export function meets(value: number, { sign, value: limit }: Limit): boolean {
  switch (sign) {
    case "<":
      return value < limit;
    case "<=":
      return value <= limit;
    case ">":
      return value > limit;
    case ">=":
      return value >= limit;
    case "==":
      return value === limit;
    case "!=":
      return value !== limit;
  }
}

/** A text as an expression writes it. */
function quoted(words: string): string {
  return `"${words.replace(/["\\\n\r]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`)}"`;
}
