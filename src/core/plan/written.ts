/**
 * Values as they could stand in a file. Two that differ are written differently: changes are found by these words, where
 * the words of messages may round.
 */
import type { RunInterval } from "../config/values.ts";

/** `1h30m`, `2d`, `0s` */
export function length(ms: number): string {
  const parts: string[] = [];
  let left = ms;
  for (const [unit, inMs] of LENGTHS) {
    const count = unit === "ms" ? left : Math.floor(left / inMs);
    left -= count * inMs;
    if (count > 0) parts.push(`${count}${unit}`);
  }
  return parts.length === 0 ? "0s" : parts.join("");
}

const LENGTHS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
  ["ms", 1],
] as const;

/** `1.5TB` */
export function size(bytes: number): string {
  const [unit, amount] = SIZES.find(([, least]) => bytes >= least) ?? ["B", 1];
  return `${bytes / amount}${unit}`;
}

const SIZES = [
  ["PB", 1e15],
  ["TB", 1e12],
  ["GB", 1e9],
  ["MB", 1e6],
  ["kB", 1e3],
] as const;

/** `1000-1499, 8215` */
export function runs(intervals: readonly RunInterval[]): string {
  return intervals.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`)).join(", ");
}

/** `./fit.sh --run ${run.number}`, with quotes around what has spaces */
export function command(words: readonly string[]): string {
  return words.map((word) => (/^[^\s"]+$/.test(word) ? word : JSON.stringify(word))).join(" ");
}
