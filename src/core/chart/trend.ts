/**
 * A metric over groups in their order: its values, what the configuration asks of it, and which values are not to be
 * relied on. A value that does not meet what is asked lies on coloured ground.
 */
import { type Axis, axisOf } from "./axis.ts";
import {
  box,
  type Colour,
  type Drawing,
  FAINT,
  INK,
  line,
  mark,
  type Point,
  type Shape,
  SOFT,
  text,
  WIDTH,
} from "./drawing.ts";
import { heading, MARGIN } from "./heading.ts";
import { labelsAlong } from "./labels.ts";
import { fitted, widthOf } from "./lettering.ts";
import type { Limit } from "./limits.ts";
import { numberInWords } from "./numbers.ts";
import { STALE } from "./task-looks.ts";

export type Trend = {
  readonly title: string;
  readonly subtitle: string;
  /** In the order of their groups, the newest last. */
  readonly points: readonly TrendPoint[];
  readonly limits: readonly Limit[];
};

export type TrendPoint = {
  readonly group: string;
  /** Null where the task has none, or is not done yet. */
  readonly value: number | null;
  readonly failed: boolean;
  readonly stale: boolean;
};

/** More cannot be told apart on a screen. */
export const MOST_POINTS = 240;

const TOP = 76;
const HEIGHT = 230;
const BELOW = 62;
const VALUE: Colour = "#0072b2";
const FAILED: Colour = "#d55e00";
const LIMIT: Colour = "#8a3b12";
const REFUSED: Colour = "#fbeee6";
const LABEL = 9.5;
const NEWEST = 10.5;
const WIDEST_LABEL = 100;

type Frame = { readonly left: number; readonly right: number; x(index: number): number; y(value: number): number };

export function trendOf(trend: Trend): Drawing {
  const points = trend.points.slice(-MOST_POINTS);
  const head = heading(trend.title, trend.subtitle);
  const values = points.flatMap(({ value }) => value ?? []);
  if (values.length === 0) return nothing(head);
  const axis = axisOf(
    values,
    trend.limits.map(({ value }) => value),
  );
  const frame = frameOf(axis, points.length, numberInWords(values.at(-1) ?? 0));
  return {
    width: WIDTH,
    height: TOP + HEIGHT + BELOW,
    shapes: [
      ...head,
      ...trend.limits.flatMap((limit) => groundOf(limit, axis, frame)),
      ...scaleOf(axis, frame),
      ...groupLabels(points, frame),
      ...trend.limits.flatMap((limit) => limitLine(limit, axis, frame)),
      ...curveOf(points, frame),
      ...trend.limits.map((limit) => limitName(limit, axis, frame)),
      ...points.flatMap((point, index) => markOf(point, frame.x(index), frame, points.length)),
      newestValue(points, frame),
      ...legendOf(points, trend.limits),
    ],
  };
}

/** @param newest what stands on the right */
function frameOf(axis: Axis, count: number, newest: string): Frame {
  const labels = axis.ticks.map(({ label }) => Math.min(WIDEST_LABEL, widthOf(label, LABEL)));
  const left = MARGIN + Math.max(24, ...labels) + 8;
  const right = WIDTH - MARGIN - widthOf(newest, NEWEST, true) - 6;
  // A point keeps half its place to either side, so that none lies on the edge.
  const step = (right - left) / count;
  return {
    left,
    right,
    x: (index) => left + (index + 0.5) * step,
    y: (value) => TOP + HEIGHT * (1 - axis.place(value)),
  };
}

function scaleOf(axis: Axis, { left, right }: Frame): Shape[] {
  return [
    ...axis.ticks.flatMap(({ at, label }) => {
      const y = TOP + HEIGHT * (1 - at);
      return [
        line(
          [
            [left, y],
            [right, y],
          ],
          FAINT,
          0.75,
        ),
        text(fitted(label, LABEL, WIDEST_LABEL), left - 7, y + 3.5, { size: LABEL, colour: SOFT, align: "end" }),
      ];
    }),
    line(
      [
        [left, TOP + HEIGHT],
        [right, TOP + HEIGHT],
      ],
      SOFT,
      1,
    ),
    ...(axis.times === undefined ? [] : [text(`×${axis.times}`, MARGIN, TOP - 8, { size: LABEL, colour: SOFT })]),
  ];
}

function groupLabels(points: readonly TrendPoint[], { left, right, x }: Frame): Shape[] {
  const names = points.map(({ group }) => group);
  return labelsAlong(names, { left: left - 20, right, size: LABEL, x }).flatMap(({ index, name, x: middle }) => [
    line(
      [
        [x(index), TOP + HEIGHT],
        [x(index), TOP + HEIGHT + 4],
      ],
      SOFT,
      1,
    ),
    text(name, middle, TOP + HEIGHT + 17, { size: LABEL, colour: SOFT, align: "middle" }),
  ]);
}

/** Where values lie that do not meet it. */
function groundOf({ sign, value }: Limit, axis: Axis, { left, right }: Frame): Shape[] {
  const at = Math.min(1, Math.max(0, axis.place(value)));
  const y = TOP + HEIGHT * (1 - at);
  if (sign === "<" || sign === "<=") return [box(left, TOP, right - left, y - TOP, REFUSED)];
  if (sign === ">" || sign === ">=") return [box(left, y, right - left, TOP + HEIGHT - y, REFUSED)];
  return [];
}

function limitLine({ value }: Limit, axis: Axis, { left, right }: Frame): Shape[] {
  const at = axis.place(value);
  if (at < 0 || at > 1) return [];
  const y = TOP + HEIGHT * (1 - at);
  return [
    line(
      [
        [left, y],
        [right, y],
      ],
      LIMIT,
      1.25,
      true,
    ),
  ];
}

/** Above its line, or below where that lies at the top; what lies outside is named at the end beyond which it lies. */
function limitName({ value, words }: Limit, axis: Axis, { left, right }: Frame): Shape {
  const at = axis.place(value);
  const looks = { size: LABEL, colour: LIMIT, halo: true };
  const most = right - left - 10;
  if (at > 1) return text(fitted(`${words} (further up)`, LABEL, most), right, TOP - 6, { ...looks, align: "end" });
  if (at < 0) return text(fitted(`${words} (further down)`, LABEL, most), left + 5, TOP + HEIGHT - 4, looks);
  const y = TOP + HEIGHT * (1 - at);
  return text(fitted(words, LABEL, most), left + 5, y - 6 < TOP + 8 ? y + 13 : y - 6, looks);
}

/** Broken where a value is missing. */
function curveOf(points: readonly TrendPoint[], frame: Frame): Shape[] {
  const pieces: Point[][] = [[]];
  for (const [index, { value }] of points.entries()) {
    if (value === null) pieces.push([]);
    else pieces.at(-1)?.push([frame.x(index), frame.y(value)]);
  }
  return pieces.filter((piece) => piece.length > 1).map((piece) => line(piece, "#8fbfdf", 1.5));
}

function markOf({ value, failed, stale }: TrendPoint, x: number, frame: Frame, count: number): Shape[] {
  const size = count > 120 ? 2.25 : count > 60 ? 3 : 4;
  // What has no value stands on the ground of the chart, so that it is not overlooked.
  if (value === null) return failed ? [mark("cross", [x, TOP + HEIGHT - 6], size, FAILED)] : [];
  const at: Point = [x, frame.y(value)];
  return [
    ...(failed ? [mark("cross", at, size + 0.5, FAILED)] : [mark("dot", at, size, VALUE)]),
    ...(stale ? [mark("ring", at, size + 2.5, STALE)] : []),
  ];
}

/** Beside the last point that has one, where nothing else is. */
function newestValue(points: readonly TrendPoint[], frame: Frame): Shape {
  const index = points.findLastIndex(({ value }) => value !== null);
  const value = points[index]?.value ?? 0;
  return text(numberInWords(value), frame.right + 6, frame.y(value) + 4, { size: NEWEST, colour: INK, bold: true });
}

/** Only what occurs. */
function legendOf(points: readonly TrendPoint[], limits: readonly Limit[]): Shape[] {
  const baseline = TOP + HEIGHT + 43;
  const entries: { name: string; shapes: (x: number) => Shape[] }[] = [
    { name: "value", shapes: (x) => [mark("dot", [x, baseline - 3.5], 4, VALUE)] },
  ];
  if (points.some(({ failed }) => failed))
    entries.push({ name: "failed", shapes: (x) => [mark("cross", [x, baseline - 3.5], 4.5, FAILED)] });
  if (points.some(({ stale }) => stale))
    entries.push({
      name: "stale",
      shapes: (x) => [mark("dot", [x, baseline - 3.5], 3.5, VALUE), mark("ring", [x, baseline - 3.5], 6, STALE)],
    });
  if (limits.some(({ sign }) => sign !== "==" && sign !== "!="))
    entries.push({
      name: "not as asked for",
      shapes: (x) => [
        box(x - 6, baseline - 9, 12, 11, REFUSED),
        line(
          [
            [x - 6, baseline - 3.5],
            [x + 6, baseline - 3.5],
          ],
          LIMIT,
          1.25,
          true,
        ),
      ],
    });
  let x = MARGIN + 6;
  return entries.flatMap(({ name, shapes }) => {
    const drawn = [...shapes(x), text(name, x + 12, baseline, { size: 10, colour: SOFT })];
    x += 12 + widthOf(name, 10) + 22;
    return drawn;
  });
}

function nothing(head: readonly Shape[]): Drawing {
  const words = text("No result has a value of it yet.", WIDTH / 2, 100, { size: 12, colour: SOFT, align: "middle" });
  return { width: WIDTH, height: 140, shapes: [...head, words] };
}
