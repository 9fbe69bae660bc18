/** How long to wait before an attempt is made again. */

export type Backoff = { readonly firstMs: number; readonly factor: number; readonly maxMs: number };

/** The wait after the nth failure (from 1): the first wait, then each `factor` times longer, never more than the most. */
export function waitAfter(backoff: Backoff, failures: number): number {
  // Never infinite: a first wait of 0 times infinity would be no number.
  const grown = Math.min(Number.MAX_VALUE, backoff.factor ** Math.max(0, failures - 1));
  return Math.min(backoff.maxMs, Math.round(backoff.firstMs * grown));
}
