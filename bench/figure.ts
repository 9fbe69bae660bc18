/** One figure of the benchmark, as one line of JSON: what was measured, and what it was measured against in the same run. */
export type Figure = {
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
  /** What the promise is, where there is one. */
  readonly promised?: string;
  readonly against?: string;
  readonly ratio?: number;
  readonly detail?: Readonly<Record<string, unknown>>;
};

export function print(figure: Figure): void {
  process.stdout.write(`${JSON.stringify(figure)}\n`);
}

export function round(value: number, digits = 2): number {
  return Number(value.toPrecision(digits + 1));
}

/** The value below which so many of a hundred lie. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((percent / 100) * sorted.length) - 1)] ?? 0;
}

export function median(values: readonly number[]): number {
  return percentile(values, 50);
}
