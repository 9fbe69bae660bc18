/** Histograms of equal bins, as plain JSON: what lies outside the range is counted, not shown. */

export function histogram({ min, max, bins }) {
  return { min, max, counts: Array(bins).fill(0), outside: 0 };
}

export function fill(into, value) {
  const bin = Math.floor(((value - into.min) / (into.max - into.min)) * into.counts.length);
  if (bin >= 0 && bin < into.counts.length) into.counts[bin] += 1;
  else into.outside += 1;
}

export function sum(histograms) {
  const [first] = histograms;
  return {
    ...first,
    counts: first.counts.map((_, bin) => histograms.reduce((total, one) => total + one.counts[bin], 0)),
    outside: histograms.reduce((total, one) => total + one.outside, 0),
  };
}

/** Half of the range that holds the middle 68.3 %: the width of the peak, whatever its tails do. */
export function coreWidth(values) {
  const sorted = Float64Array.from(values).sort();
  const at = (fraction) => sorted[Math.min(sorted.length - 1, Math.floor(fraction * sorted.length))];
  return (at(0.8415) - at(0.1585)) / 2;
}
