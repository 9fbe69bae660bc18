/**
 * How the states of a task look in a chart. Colours that people who do not tell red from green tell apart, some light and
 * some dark, and a sign in each, so that no meaning hangs on a colour. What is done is quiet, so that what failed is seen.
 */
import type { TaskState } from "../task/task.ts";
import type { Colour } from "./drawing.ts";

export type Look = { readonly fill: Colour; readonly ink: Colour; readonly sign: string };

export const LOOKS: Readonly<Record<TaskState, Look>> = {
  done: { fill: "#b5dfd0", ink: "#0a5a43", sign: "✓" },
  processing: { fill: "#0072b2", ink: "#ffffff", sign: "P" },
  "awaiting-signoff": { fill: "#56306f", ink: "#ffffff", sign: "?" },
  ready: { fill: "#9ccdee", ink: "#123a56", sign: "R" },
  held: { fill: "#f4dc7a", ink: "#4d3d00", sign: "H" },
  new: { fill: "#dfe3e9", ink: "#434d5b", sign: "N" },
  failed: { fill: "#d55e00", ink: "#ffffff", sign: "✗" },
  skipped: { fill: "#a9b1bd", ink: "#1c2430", sign: "S" },
  merged: { fill: "#dcb8cf", ink: "#5a2447", sign: "M" },
};

/** What was made from something that has changed since, whatever its state. */
export const STALE: Colour = "#e69f00";
