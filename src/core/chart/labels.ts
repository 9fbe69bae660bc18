/** Names along an edge of a chart, as many as stand beside each other. */
import { fitted, widthOf } from "./lettering.ts";

export type Label = { readonly index: number; readonly name: string /** Its middle. */; readonly x: number };

export type Edge = {
  readonly left: number;
  readonly right: number;
  readonly size: number;
  /** Where the place of a name has its middle. */
  x(index: number): number;
};

const BETWEEN = 8;
const WIDEST = 100;

/** The last one in any case, and from it backwards every second, third ...; none reaches over an end of the edge. */
export function labelsAlong(names: readonly string[], { left, right, size, x }: Edge): Label[] {
  const fitting = names.map((name) => fitted(name, size, WIDEST));
  const widest = Math.max(0, ...fitting.map((name) => widthOf(name, size))) + BETWEEN;
  const step = names.length < 2 ? widest : x(1) - x(0);
  const every = Math.max(1, Math.ceil(widest / step));
  const labels: Label[] = [];
  let free = Number.POSITIVE_INFINITY;
  for (let index = names.length - 1; index >= 0; index -= every) {
    const name = fitting[index] ?? "";
    const half = widthOf(name, size) / 2;
    const middle = Math.min(right - half, Math.max(left + half, x(index)));
    if (middle + half > free) continue;
    labels.push({ index, name, x: middle });
    free = middle - half - BETWEEN;
  }
  return labels;
}
