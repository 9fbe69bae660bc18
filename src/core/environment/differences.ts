/** Metrics of one task before and after, in the order of their names. */

export type Difference = {
  readonly group: string;
  /** `t0/calibrate` */
  readonly task: string;
  readonly metric: string;
  /** Null where there is none on that side. */
  readonly before: number | null;
  readonly after: number | null;
  /** `+2.5 %`, or what is missing. */
  readonly change: string;
};

type Metrics = Readonly<Record<string, number>>;

export function differencesOf(
  of: { readonly workflow: string; readonly name: string; readonly groupKey: string },
  before: Metrics,
  after: Metrics,
): Difference[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.map((metric) => {
    const [old, fresh] = [numberOf(before, metric), numberOf(after, metric)];
    return {
      group: of.groupKey,
      task: `${of.workflow}/${of.name}`,
      metric,
      before: old,
      after: fresh,
      change: changeOf(old, fresh),
    };
  });
}

/** What every object has, `constructor`, is no metric. */
function numberOf(metrics: Metrics, metric: string): number | null {
  return Object.hasOwn(metrics, metric) ? (metrics[metric] ?? null) : null;
}

function changeOf(before: number | null, after: number | null): string {
  if (before === null) return "new";
  if (after === null) return "gone";
  if (before === after) return "";
  const difference = after - before;
  const sign = difference > 0 ? "+" : "";
  if (before === 0) return `${sign}${rounded(difference)}`;
  return `${sign}${rounded((100 * difference) / Math.abs(before))} %`;
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
