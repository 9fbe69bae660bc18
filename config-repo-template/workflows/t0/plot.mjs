/** What an expert looks at before signing off constants: the residuals, how fast they settled, and the constants themselves. */
import { COLOURS, figure } from "../../lib/plot.mjs";

export function plotOf(title, { steps, first, last }, t0_ns) {
  const { before, after, accent } = COLOURS;
  return figure(title, [
    {
      title: "residuals of the hits",
      x: { label: "measured time - track [ns]", min: first.min, max: first.max },
      y: { label: `hits / ${(first.max - first.min) / first.counts.length} ns` },
      marks: [
        { kind: "bars", histogram: first, colour: before, label: `before: ${(steps[0].rms_ps / 1000).toFixed(2)} ns` },
        { kind: "steps", histogram: last, colour: after, label: `now: ${(steps.at(-1).rms_ps / 1000).toFixed(2)} ns` },
      ],
    },
    {
      title: "convergence",
      x: { label: "iteration", min: 0.5, max: Math.max(5, steps.length) + 0.5 },
      y: { label: "largest shift of a constant [ps]", log: true, min: 0.5, max: 100_000 },
      marks: [
        {
          kind: "points",
          line: true,
          points: steps.map((step, index) => [index + 1, Math.max(0.5, step.max_shift_ps)]),
          colour: after,
        },
        { kind: "level", y: 10, colour: accent, label: "enough: 10 ps" },
      ],
    },
    {
      title: "constants",
      x: { label: "wire", min: -1, max: t0_ns.length },
      y: { label: "t0 [ns]", min: Math.floor(Math.min(...t0_ns)) - 1, max: Math.ceil(Math.max(...t0_ns)) + 1 },
      marks: [{ kind: "points", points: t0_ns.map((value, wire) => [wire, value]), colour: after }],
    },
  ]);
}
