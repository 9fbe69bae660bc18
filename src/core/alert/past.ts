/** What earlier failures of a kind tell about one: how often it comes, and whether it usually goes by itself. */
import { formatDuration, type Instant } from "../time.ts";

/** How far back is looked. */
export const PAST_MS = 30 * 86_400_000;

export type Past = {
  /** Alerts of this kind in the time before this one. */
  readonly before: number;
  /** When the last of them began; null where there is none. */
  readonly lastAt: Instant | null;
  /** How many of them were resolved without that anybody did anything. */
  readonly healed: number;
  /** Within so long, nearly all that were. */
  readonly healedWithinMs: number | null;
};

export const NO_PAST: Past = { before: 0, lastAt: null, healed: 0, healedWithinMs: null };

export type Earlier = {
  readonly firstAt: Instant;
  readonly resolvedAt: Instant | null;
  readonly handledBy: string | null;
};

/** @param earlier alerts of the same kind, in any order */
export function pastOf(earlier: readonly Earlier[], now: Instant): Past {
  const recent = earlier.filter(({ firstAt }) => firstAt > now - PAST_MS && firstAt <= now);
  const healed = recent
    .flatMap(({ firstAt, resolvedAt, handledBy }) =>
      resolvedAt === null || handledBy !== null ? [] : [resolvedAt - firstAt],
    )
    .sort((a, b) => a - b);
  return {
    before: recent.length,
    lastAt: recent.length === 0 ? null : Math.max(...recent.map(({ firstAt }) => firstAt)),
    healed: healed.length,
    // The one that took longest may have taken a weekend.
    healedWithinMs: healed[Math.ceil(healed.length * 0.9) - 1] ?? null,
  };
}

/** `the 4th in 30 days; it healed itself 3 times of 3, within 12m` */
export function pastInWords({ before, healed, healedWithinMs }: Past): string {
  const days = formatDuration(PAST_MS).replace(/d$/, " days");
  if (before === 0) return `for the first time in ${days}`;
  const often = `the ${ordinal(before + 1)} time in ${days}`;
  if (healed === 0) return `${often}; it never healed itself`;
  const usually = 2 * healed > before ? "it usually heals itself" : "it seldom heals itself";
  return `${often}; ${usually}: ${healed} of ${before} did, within ${formatDuration(healedWithinMs ?? 0)}`;
}

function ordinal(count: number): string {
  const teens = count % 100 >= 11 && count % 100 <= 13;
  return `${count}${(teens ? undefined : { 1: "st", 2: "nd", 3: "rd" }[count % 10]) ?? "th"}`;
}
