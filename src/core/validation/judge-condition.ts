/** A threshold that is expressions: what they said, why, and of which numbers. */
import type { Expression } from "../expression/expression.ts";
import type { Name } from "../expression/names-in.ts";
import type { ThresholdFinding, Verdict } from "./judgement.ts";
import { rounded, type Seen } from "./seen.ts";
import type { ConditionThreshold, First } from "./thresholds.ts";

/** Numbers that are kept of one that is read as a whole. */
const MOST_KEPT = 50;

export function judgeCondition({ name, veto, accept }: ConditionThreshold, seen: Seen, first: First): ThresholdFinding {
  const both = [veto, accept].filter((condition) => condition !== undefined);
  const numbers = numbersOf(
    both.flatMap(({ names }) => names),
    seen,
  );
  const found = (verdict: Verdict, detail: string): ThresholdFinding => ({ name, verdict, detail, numbers });
  const told = (condition: Expression, how: string) => `${condition.text} ${how}${inWords(condition, numbers)}`;

  const vetoes = veto?.ask(valuesOf(seen));
  if (veto && vetoes?.known && vetoes.value === true) return found("veto", told(veto, "holds"));
  const lacks = both.map((condition) => ({ condition, lack: lackOf(condition.names, seen) }));
  const missing = lacks.find(({ lack }) => lack?.kind === "metric");
  if (missing?.lack?.kind === "metric")
    return found("ask", `${missing.lack.what}, so ${missing.condition.text} cannot be decided`);

  const accepts = accept?.ask(valuesOf(seen));
  // What can be compared with nothing yet may still be known to be outside the limits.
  if (accept && accepts?.known && accepts.value !== true) return found("ask", told(accept, "does not hold"));
  if (lacks.some(({ lack }) => lack?.kind === "earlier")) return found(first, firstInWords(first));
  if (veto && vetoes && !vetoes.known) return found("ask", `${veto.text} cannot be decided: ${vetoes.why}`);
  if (!accept || !accepts)
    return found("ask", `nothing accepts it${veto ? `, and ${told(veto, "does not hold")}` : ""}`);
  if (!accepts.known) return found("ask", `${accept.text} cannot be decided: ${accepts.why}`);
  return found("accept", told(accept, "holds"));
}

export function firstInWords(first: First): string {
  const why = "the first result: there is no earlier one to compare it with";
  return first === "accept" ? `${why}, and it is declared to be accepted` : why;
}

type Lack = { readonly kind: "metric"; readonly what: string } | { readonly kind: "earlier" };

/** What an expression names and cannot have. What lacks in the result itself comes before that there is nothing earlier. */
function lackOf(names: readonly Name[], { metrics, previous, reference, history }: Seen): Lack | undefined {
  const missing = (of: string, among: object | undefined) =>
    names.find(([root, name]) => root === of && name !== undefined && !(among && Object.hasOwn(among, name)))?.[1];
  const reads = (of: string) => names.some(([root]) => root === of);

  const own = missing("metrics", metrics);
  if (own !== undefined) return { kind: "metric", what: `the result has no ${own}` };
  if (reads("reference") && !reference) return { kind: "metric", what: "the reference has no result" };
  const ofReference = missing("reference", reference);
  if (ofReference !== undefined) return { kind: "metric", what: `the reference has no ${ofReference}` };
  const statistics = names.flatMap(([root, , name]) => (root === "history" && name !== undefined ? [name] : []));
  if ((reads("previous") && !previous) || (statistics.length > 0 && history.count === 0)) return { kind: "earlier" };
  const before = missing("previous", previous);
  if (before !== undefined) return { kind: "metric", what: `the result before has no ${before}` };
  const ever = statistics.find((name) => !Object.hasOwn(history.mean, name));
  return ever === undefined ? undefined : { kind: "metric", what: `no earlier result has ${ever}` };
}

function valuesOf({ metrics, previous, reference, history }: Seen): Record<string, unknown> {
  return { metrics, previous: previous ?? {}, reference: reference ?? {}, history };
}

/** What was read, under the names by which it was read: `metrics.shift`, `history.mean.shift`. */
function numbersOf(names: readonly Name[], seen: Seen): Record<string, number> {
  const values = valuesOf(seen);
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = name.reduce<unknown>((within, key) => inside(within, key), values);
      if (typeof value === "number") return [[name.join("."), value] as const];
      // A word such as `metrics.all(...)` reads all of them.
      if (name.length !== 1 || typeof value !== "object" || value === null) return [];
      return Object.entries(value)
        .flatMap(([key, one]) => (typeof one === "number" ? [[`${name[0]}.${key}`, one] as const] : []))
        .slice(0, MOST_KEPT);
    }),
  );
}

function inside(within: unknown, key: string): unknown {
  if (typeof within !== "object" || within === null || !Object.hasOwn(within, key)) return undefined;
  return (within as Record<string, unknown>)[key];
}

/** ` (metrics.shift 12, previous.shift 3)` */
function inWords({ names }: Expression, numbers: Readonly<Record<string, number>>): string {
  const read = names.flatMap((name) => {
    const key = name.join(".");
    const value = Object.hasOwn(numbers, key) ? numbers[key] : undefined;
    return value === undefined ? [] : [`${key} ${rounded(value)}`];
  });
  return read.length === 0 ? "" : ` (${read.join(", ")})`;
}
