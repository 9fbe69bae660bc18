/** What thresholds see of a result and of those before it. */
import type { Metrics } from "../job/outputs.ts";

export type Seen = {
  readonly metrics: Metrics;
  /** Of the newest earlier result; undefined where there is none. */
  readonly previous: Metrics | undefined;
  /** Undefined where none is declared, or it has no result. */
  readonly reference: Metrics | undefined;
  readonly history: History;
};

/** What earlier results come to, by metric; over those that have it. */
export type History = {
  /** How many results there are, whatever they have. */
  readonly count: number;
  readonly mean: Metrics;
  /** The root of the mean square of what is off the mean; 0 of one result. */
  readonly sigma: Metrics;
  readonly min: Metrics;
  readonly max: Metrics;
};

export const STATISTICS = ["mean", "sigma", "min", "max"] as const;

export function historyOf(earlier: readonly Metrics[]): History {
  const values = new Map<string, number[]>();
  for (const metrics of earlier)
    for (const [name, value] of Object.entries(metrics)) {
      const before = values.get(name);
      if (before) before.push(value);
      else values.set(name, [value]);
    }
  const each = (of: (all: readonly number[]) => number): Metrics =>
    Object.fromEntries([...values].map(([name, all]) => [name, of(all)]));
  return {
    count: earlier.length,
    mean: each(meanOf),
    sigma: each((all) => {
      const mean = meanOf(all);
      return Math.sqrt(meanOf(all.map((value) => (value - mean) ** 2)));
    }),
    min: each((all) => all.reduce((least, value) => Math.min(least, value))),
    max: each((all) => all.reduce((most, value) => Math.max(most, value))),
  };
}

function meanOf(all: readonly number[]): number {
  return all.reduce((sum, value) => sum + value / all.length, 0);
}

/** As people read it. */
export function rounded(value: number): string {
  return String(Number(value.toPrecision(5)));
}
