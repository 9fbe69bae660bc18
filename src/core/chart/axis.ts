/** Where values stand on a chart. */
import { ticks as evenTicks } from "d3-array";
import { tenTo } from "./numbers.ts";

export type Axis = {
  /** From 0 at the lower end to 1 at the upper; outside for what lies outside. */
  place(value: number): number;
  readonly ticks: readonly Tick[];
  /** What every label is to be multiplied with; undefined for 1. */
  readonly times: string | undefined;
};

export type Tick = { readonly at: number; readonly label: string };

/** A value that is this many times another cannot stand beside it on even steps. */
const POWERS_FROM = 1_000;
/** Something that would press the values into less than this part of the axis is left outside. */
const LEAST_SHARE = 0.2;
const STEPS = 5;
const ROOM = 0.08;
const MOST_DIGITS = 14;

/**
 * @param values finite ones; the axis holds them all
 * @param limits the axis holds each that leaves the values room
 */
export function axisOf(values: readonly number[], limits: readonly number[]): Axis {
  const [low, high] = [least(values), most(values)];
  if (low > 0 && high / low >= POWERS_FROM && Number.isFinite(high / low)) return axisOfPowers(low, high, limits);
  return evenAxis(low, high, limits);
}

function evenAxis(low: number, high: number, limits: readonly number[]): Axis {
  // Counted in a power of ten, no difference of two values is too large or too small for a number.
  const power = powerOf(Math.max(Math.abs(low), Math.abs(high)));
  const scaled = (value: number) =>
    power === 0 ? value : value / 10 ** Math.trunc(power / 2) / 10 ** (power - Math.trunc(power / 2));
  let [from, to] = [scaled(low), scaled(high)];
  if (from === to) {
    const around = from === 0 ? 1 : Math.abs(from) * 0.1;
    [from, to] = [from - around, to + around];
  }
  for (const limit of limits.map(scaled)) {
    const [wider, widest] = [Math.min(from, limit), Math.max(to, limit)];
    if (to - from >= (widest - wider) * LEAST_SHARE) [from, to] = [wider, widest];
  }
  const room = (to - from) * ROOM;
  // What is never below zero does not seem to be so because there is room.
  const start = from >= 0 && from - room < 0 ? 0 : from - room;
  const end = to + room;
  return {
    place: (value) => (scaled(value) - start) / (end - start),
    ticks: labelled(evenTicks(start, end, STEPS)).map(({ tick, label }) => ({
      at: (tick - start) / (end - start),
      label,
    })),
    times: power === 0 ? undefined : tenTo(power),
  };
}

/** With as many digits as tell one from the next. */
function labelled(ticks: readonly number[]): { tick: number; label: string }[] {
  const [first = 0, second = first + 1] = ticks;
  const digits = Math.min(MOST_DIGITS, Math.max(0, Math.ceil(-Math.log10(second - first) - 1e-9)));
  return ticks.map((tick) => ({ tick, label: tick.toFixed(digits) }));
}

/** Nought for what can be read as it is. */
function powerOf(size: number): number {
  if (size === 0 || (size >= 1e-2 && size < 1e5)) return 0;
  return Math.floor(Math.log10(size));
}

function axisOfPowers(low: number, high: number, limits: readonly number[]): Axis {
  let [from, to] = [Math.log10(low), Math.log10(high)];
  for (const limit of limits.filter((one) => one > 0).map(Math.log10)) {
    const [wider, widest] = [Math.min(from, limit), Math.max(to, limit)];
    if (to - from >= (widest - wider) * LEAST_SHARE) [from, to] = [wider, widest];
  }
  const room = (to - from) * ROOM;
  const [start, end] = [from - room, to + room];
  const powers = evenTicks(Math.ceil(start), Math.floor(end), STEPS).filter(Number.isInteger);
  return {
    // What is nought or less lies below all powers.
    place: (value) => (value > 0 ? (Math.log10(value) - start) / (end - start) : Number.NEGATIVE_INFINITY),
    ticks: powers.map((power) => ({ at: (power - start) / (end - start), label: tenTo(power) })),
    times: undefined,
  };
}

function least(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b), values[0] ?? 0);
}

function most(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b), values[0] ?? 0);
}
