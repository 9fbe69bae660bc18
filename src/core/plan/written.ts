/**
 * Values as they could stand in a file. Two that differ are written differently: changes are found by these words, where
 * the words of messages may round.
 */
import { type RunInterval, SIZES } from "../config/values.ts";
import { LENGTHS } from "../time.ts";

/** `1h30m`, `2d`, `0s` */
export function length(ms: number): string {
  const parts: string[] = [];
  let left = ms;
  for (const [unit, inMs] of Object.entries(LENGTHS).reverse()) {
    // Two weeks are written as 14d: that is how people think of them.
    if (unit === "w") continue;
    const count = unit === "ms" ? left : Math.floor(left / inMs);
    left -= count * inMs;
    if (count > 0) parts.push(`${count}${unit}`);
  }
  return parts.length === 0 ? "0s" : parts.join("");
}

/** `1.5TB` */
export function size(bytes: number): string {
  const [unit, amount] = Object.entries(SIZES).findLast(([, least]) => bytes >= least) ?? ["B", 1];
  return `${bytes / amount}${unit}`;
}

/** `1000-1499, 8215` */
export function runs(intervals: readonly RunInterval[]): string {
  return intervals.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`)).join(", ");
}

/** `./fit.sh --run ${run.number}`, with quotes around what has spaces */
export function command(words: readonly string[]): string {
  return words.map((word) => (/^[^\s"]+$/.test(word) ? word : JSON.stringify(word))).join(" ");
}
