/** What speaks for and against a result, in words: what each threshold said, the worst first, and how far its numbers are from those before. */
import type { Metrics } from "../job/outputs.ts";
import { type Block, list, right, say, table } from "../say.ts";
import { type ThresholdFinding, VERDICTS } from "./judgement.ts";
import { rounded } from "./seen.ts";

const SIGNS = { accept: "✓", ask: "?", veto: "✗" } as const;

/** Those of one verdict stay in their order. */
export function worstFirst(findings: readonly ThresholdFinding[]): ThresholdFinding[] {
  return [...findings].sort((a, b) => VERDICTS.indexOf(b.verdict) - VERDICTS.indexOf(a.verdict));
}

/** `✗ t0 17: change 31: more than the 20 that it may be` */
function findingInWords({ name, channel, verdict, detail }: ThresholdFinding): string {
  return `${SIGNS[verdict]} ${name}${channel === undefined ? "" : ` ${channel}`}: ${detail}`;
}

/** The same, with the numbers that its words leave out. */
export function findingWithNumbers(finding: ThresholdFinding): string {
  const left = Object.entries(finding.numbers).filter(([name]) => !finding.detail.includes(name));
  const numbers = left.map(([name, value]) => `${name} ${rounded(value)}`).join(", ");
  return `${findingInWords(finding)}${numbers === "" ? "" : ` (${numbers})`}`;
}

/** @param most so many of them; how many more there are is said */
export function findingsList(
  findings: readonly ThresholdFinding[],
  most: number,
  inWords: (finding: ThresholdFinding) => string = findingInWords,
): Block[] {
  if (findings.length === 0) return [];
  const more = findings.length - most;
  return [
    list([
      ...worstFirst(findings)
        .slice(0, most)
        .map((finding) => inWords(finding)),
      ...(more > 0 ? [`and ${more} more`] : []),
    ]),
  ];
}

/** Each metric beside what it was before, the largest relative changes first. */
export function changeTable(metrics: Metrics, before: Metrics | undefined, most: number): Block[] {
  const all = changesOf(metrics, before);
  if (all.length === 0) return [];
  const rows = all
    .slice(0, most)
    .map(({ metric, value, previous, change }) =>
      before
        ? [metric, shown(value), shown(previous), change === null ? null : signed(change)]
        : [metric, shown(value)],
    );
  const columns = before ? ["metric", right("value"), right("before"), right("change")] : ["metric", right("value")];
  const more = all.length - rows.length;
  return [table(columns, rows), ...(more > 0 ? [say`${more} more: with --json.`] : [])];
}

export type MetricChange = {
  readonly metric: string;
  /** Null where there is none any more, or was none before. */
  readonly value: number | null;
  readonly previous: number | null;
  readonly change: number | null;
};

export function changesOf(metrics: Metrics, before: Metrics = {}): MetricChange[] {
  const of = (all: Metrics, name: string) => (Object.hasOwn(all, name) ? (all[name] ?? null) : null);
  return [...new Set([...Object.keys(metrics), ...Object.keys(before)])]
    .map((metric) => {
      const [value, previous] = [of(metrics, metric), of(before, metric)];
      return { metric, value, previous, change: value === null || previous === null ? null : value - previous };
    })
    .sort((a, b) => relative(b) - relative(a));
}

/** A number that appeared, or is gone, changed by more than any other. */
function relative({ value, previous, change }: MetricChange): number {
  if (change === null) return value === null || previous === null ? Number.MAX_VALUE : 0;
  return change === 0 ? 0 : Math.min(Number.MAX_VALUE / 2, Math.abs(change / (previous || 1)));
}

function shown(value: number | null): string | null {
  return value === null ? null : rounded(value);
}

function signed(change: number): string {
  return change === 0 ? "0" : `${change > 0 ? "+" : ""}${rounded(change)}`;
}
