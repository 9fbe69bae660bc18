/** How a task becomes jobs: one share for each. */
import type { Expression } from "../expression/expression.ts";
import type { Values } from "../expression/types.ts";
import type { Split } from "../workflow/workflow.ts";
import type { Share } from "./job.ts";

/** More jobs than this are a mistake in an expression, not a plan. */
export const MOST_JOBS = 100_000;

export type Shares = { readonly shares: readonly Share[] } | { readonly problem: string };

/**
 * @param values what expressions may read: `run` where the group is one run
 * @param files output files of the tasks that it needs, in order
 */
export function sharesOf(split: Split, values: Values, files: readonly string[]): Shares {
  switch (split.by) {
    case "one":
      return { shares: [{}] };
    case "number":
      return byNumber(split.jobs, values);
    case "values":
      return byValues(split.values, values);
    case "files":
      return limited(chunks(files, split.per).map((some) => ({ files: some })));
  }
}

/** How many jobs it makes whatever the group is; undefined where that depends on it. */
export function constantJobs(split: Split): number | undefined {
  if (split.by === "files") return undefined;
  if (split.by === "number" && split.jobs.reads.size > 0) return undefined;
  if (split.by === "values" && "reads" in split.values && split.values.reads.size > 0) return undefined;
  const made = sharesOf(split, {}, []);
  return "shares" in made ? made.shares.length : undefined;
}

function byNumber(jobs: Expression, values: Values): Shares {
  const answer = jobs.ask(values);
  if (!answer.known) return { problem: `the number of jobs cannot be said: ${answer.why}` };
  const count = Number(answer.value);
  if (!Number.isInteger(count) || count < 0)
    return { problem: `the number of jobs would be ${String(answer.value)} (${jobs.text})` };
  if (count > MOST_JOBS) return tooMany(count);
  return { shares: Array.from({ length: count }, () => ({})) };
}

function byValues(wanted: Expression | readonly string[], values: Values): Shares {
  if (!("ask" in wanted)) return limited(wanted.map((value) => ({ value })));
  const answer = wanted.ask(values);
  if (!answer.known) return { problem: `the values cannot be said: ${answer.why}` };
  if (!Array.isArray(answer.value)) return { problem: `${wanted.text} is not a list` };
  return limited(answer.value.map((value) => ({ value: String(value) })));
}

function limited(shares: readonly Share[]): Shares {
  return shares.length > MOST_JOBS ? tooMany(shares.length) : { shares };
}

function tooMany(count: number): Shares {
  return { problem: `${count} jobs are more than the ${MOST_JOBS} that a task may have` };
}

function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}
