/** Which moment a run is: `calops.yaml` says it by expressions over the run, since experiments count differently. */
import type { Expression } from "../expression/expression.ts";
import type { Values } from "../expression/types.ts";
import { valuesOf } from "../run/run.ts";
import type { Span } from "./iov.ts";
import { compareMoments, following, type Moment } from "./moment.ts";

/** Where nothing is declared a run is its number and 0. */
export type MomentRule = { readonly major: Expression; readonly minor: Expression };

/** What is needed of a run. */
type Numbered = { readonly number: number; readonly attributes: Values };

export type Placed<Thing> = ({ readonly known: true } & Thing) | { readonly known: false; readonly why: string };

/** Not known where the run does not have yet what the rule reads, or it comes to something that is no moment. */
export function momentOfRun(run: Numbered, rule: MomentRule): Placed<{ readonly moment: Moment }> {
  const values = { run: valuesOf(run) };
  const parts = { major: rule.major.ask(values), minor: rule.minor.ask(values) };
  for (const part of ["major", "minor"] as const) {
    const answer = parts[part];
    const where = `conditions.${part} of run ${run.number} (${rule[part].text})`;
    if (!answer.known) return { known: false, why: `${where}: ${answer.why}` };
    if (!isPlace(answer.value))
      return { known: false, why: `${where} is ${JSON.stringify(answer.value)}, not a whole number of 0 or more` };
  }
  const { major, minor } = parts as Record<"major" | "minor", { value: number }>;
  return { known: true, moment: { major: major.value, minor: minor.value } };
}

/**
 * From the first to the last run of a group, with all that lies between them. Where every run has a major number of its own,
 * a run reaches to the next major number; otherwise to the next minor one.
 *
 * @param runs at least one
 */
export function spanOfRuns(runs: readonly Numbered[], rule: MomentRule): Placed<{ readonly span: Span }> {
  const moments: Moment[] = [];
  for (const run of runs) {
    const placed = momentOfRun(run, rule);
    if (!placed.known) return placed;
    moments.push(placed.moment);
  }
  const [first, ...others] = moments.sort(compareMoments);
  if (!first) return { known: false, why: "there is no run in it" };
  return { known: true, span: { from: first, until: endOf(others.at(-1) ?? first, rule) } };
}

/** A minor number that asks nothing of the run is the same for all: then the major number alone tells runs apart. */
function endOf(moment: Moment, { minor }: MomentRule): Moment {
  return minor.reads.size === 0 ? { major: moment.major + 1, minor: 0 } : following(moment);
}

/** Where a run can begin at the earliest that does not begin before this moment. */
export function nextRunAt(moment: Moment, { minor }: MomentRule): Moment {
  if (minor.reads.size > 0) return moment;
  const always = minor.ask({ run: {} });
  if (!always.known || !isPlace(always.value)) return moment;
  return { major: moment.minor > always.value ? moment.major + 1 : moment.major, minor: always.value };
}

function isPlace(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
