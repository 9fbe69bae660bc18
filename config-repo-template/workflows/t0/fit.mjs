#!/usr/bin/env node
/** The end of an iteration: new time offsets from what all parts found. */
import { NOMINAL_T0_NS } from "../../lib/chamber.mjs";
import { sum } from "../../lib/histogram.mjs";
import { inputFiles, job, readJson, runsInWords, write } from "../../lib/job.mjs";
import { solve, sumOf } from "./normal-equations.mjs";
import { plotOf } from "./plot.mjs";

/** A wire with fewer hits keeps the constant that it had. */
const LEAST_HITS = 20;

const { iteration } = job.task;
const parts = inputFiles("accumulated.json", { from: "part" }).map(readJson);
const [events, tracks, chi2] = ["events", "tracks", "chi2"].map((name) =>
  parts.reduce((total, part) => total + part[name], 0),
);
console.log(
  `${job.experiment} t0, ${runsInWords}, iteration ${iteration}: ${parts.length} parts, ${events} events, ${tracks} tracks`,
);

if (tracks < Number(job.parameters.least_tracks)) {
  console.log(
    `  too little for constants: ${job.parameters.least_tracks} tracks are wanted; this goes together with the next run`,
  );
  write("metrics.json", { events, tracks });
  write("outputs.json", { verdict: "not-enough-data" });
} else {
  calibrate();
}

function calibrate() {
  const before = readPrevious();
  const solution = solve(sumOf(parts.map((part) => part.equations)), LEAST_HITS);
  const t0_ns = before.t0_ns.map((old, wire) => old + (solution[wire]?.shift_ns ?? 0));
  const missing = solution.flatMap((found, wire) => (found ? [] : [wire]));
  const fitted = solution.filter(Boolean);
  const residuals = sum(parts.map((part) => part.residuals));
  const step = {
    max_shift_ps: 1000 * Math.max(...fitted.map((wire) => Math.abs(wire.shift_ns))),
    rms_ps: 1000 * widthOf(residuals),
    chi2: chi2 / tracks,
  };
  const error_ps = (1000 * fitted.reduce((total, wire) => total + wire.error_ns, 0)) / fitted.length;
  const course = { steps: [...before.steps, step], first: before.first ?? residuals, last: residuals };

  console.log(
    `  residuals ${step.rms_ps.toFixed(0)} ps wide, chi2/ndf ${step.chi2.toFixed(2)}; statistical error of a constant ${error_ps.toFixed(0)} ps`,
  );
  console.log(
    `  largest shift ${step.max_shift_ps.toFixed(1)} ps; so far: ${course.steps.map((one) => one.max_shift_ps.toFixed(1)).join(", ")}`,
  );
  if (missing.length > 0) console.log(`  fewer than ${LEAST_HITS} hits, constant kept: wires ${missing.join(", ")}`);

  const runs = job.runs.map((run) => run.number);
  write("t0.json", { runs, iteration, t0_ns });
  write("course.json", course);
  write("t0.svg", plotOf(`Time-zero calibration, ${runsInWords}, iteration ${iteration}`, course, t0_ns));
  write("metrics.json", { ...step, error_ps, events, tracks, wires_calibrated: fitted.length });
  write("outputs.json", {
    files: ["t0.json", "course.json", "t0.svg"],
    payloads: [{ type: "t0", path: "t0.json" }],
  });
}

function readPrevious() {
  const [constants] = inputFiles("t0.json", { from: "previous" });
  const [course] = inputFiles("course.json", { from: "previous" });
  return constants
    ? { ...readJson(constants), ...readJson(course) }
    : { t0_ns: NOMINAL_T0_NS, steps: [], first: undefined };
}

/** The width of a histogram, in the unit of its axis. */
function widthOf({ min, max, counts }) {
  const centre = (bin) => min + ((max - min) * (bin + 0.5)) / counts.length;
  const total = counts.reduce((sum, count) => sum + count, 0);
  const mean = counts.reduce((sum, count, bin) => sum + count * centre(bin), 0) / total;
  return Math.sqrt(counts.reduce((sum, count, bin) => sum + count * (centre(bin) - mean) ** 2, 0) / total);
}
