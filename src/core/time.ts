/** Moments and lengths of time. Every moment in calops is UTC, in milliseconds since 1970; screens turn it into the reader's zone. */

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

/** By unit, in milliseconds; from the shortest to the longest. */
export const LENGTHS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** Reads `90s`, `10m`, `1h30m`, `2d`, `1w` as milliseconds; undefined when it is not a length of time. */
export function parseDuration(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d|w))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d|w)/g)) {
    total += Number(amount) * LENGTHS[unit as keyof typeof LENGTHS];
  }
  return total;
}

/** `48h`, `1h30m`, `12s`, `250ms`: the two largest units, as people say it. */
export function formatDuration(ms: number): string {
  const length = Math.max(0, Math.round(ms));
  if (length < 1_000) return `${length}ms`;
  const seconds = Math.round(length / 1_000);
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.round(seconds / 60);
  if (seconds < 3_600) return seconds % 60 === 0 ? `${seconds / 60}m` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
  if (minutes < 2 * 24 * 60)
    return minutes % 60 === 0 ? `${minutes / 60}h` : `${Math.floor(minutes / 60)}h${minutes % 60}m`;
  const hours = Math.round(minutes / 60);
  return hours % 24 === 0 ? `${hours / 24}d` : `${Math.floor(hours / 24)}d${hours % 24}h`;
}

/** ISO 8601 in UTC, as data carries it. */
export function iso(at: Instant): string {
  return new Date(at).toISOString();
}

/** Reads an ISO 8601 date or moment; a moment without a zone is UTC, as registries write it. Undefined when it is neither. */
export function parseInstant(text: string): Instant | undefined {
  if (!/^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/.test(text)) return undefined;
  if (!isDay(text.slice(0, 10))) return undefined;
  const zoned = /(Z|[+-]\d{2}:?\d{2})$/.test(text.slice(10)) ? text : `${text}${text.length > 10 ? "Z" : ""}`;
  const at = Date.parse(zoned.replace(" ", "T"));
  return Number.isNaN(at) ? undefined : at;
}

/** The runtime reads 30 February as 2 March. */
function isDay(text: string): boolean {
  const at = Date.parse(text);
  return !Number.isNaN(at) && iso(at).startsWith(text);
}

/** Reads seconds since 1970, as registries write them; undefined outside the years 1970 to 9999, which are other units. */
export function fromEpochSeconds(seconds: number): Instant | undefined {
  return seconds >= 0 && seconds < 253_402_300_800 ? Math.round(seconds * 1_000) : undefined;
}
