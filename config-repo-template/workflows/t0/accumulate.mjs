#!/usr/bin/env node
/** One part of an iteration: what a share of the events says about the time offsets. */
import { NOMINAL_T0_NS } from "../../lib/chamber.mjs";
import { fill, histogram } from "../../lib/histogram.mjs";
import { inputFiles, job, readJson, runsInWords, write } from "../../lib/job.mjs";
import { runData } from "../../lib/run-data.mjs";
import { fitTrack, residualsOf } from "../../lib/tracks.mjs";
import { addTrack, noEquations } from "./normal-equations.mjs";

const { index, of } = job.job;
const [constants] = inputFiles("t0.json", { from: "previous" });
const t0_ns = constants ? readJson(constants).t0_ns : NOMINAL_T0_NS;

console.log(`${job.experiment} t0, ${runsInWords}, iteration ${job.task.iteration}, part ${index + 1} of ${of}`);
console.log(`  constants: ${constants ? `of iteration ${job.task.iteration - 1}` : "nominal"}`);

const equations = noEquations();
const residuals = histogram({ min: -20, max: 20, bins: 80 });
const found = { events: 0, tracks: 0, chi2: 0 };

for (const { events, pedestals, velocity } of runData()) {
  for (const event of events.filter((_, number) => number % of === index)) {
    found.events += 1;
    const track = fitTrack(event, { pedestals, t0_ns, velocity });
    if (!track) continue;
    const hits = residualsOf(track, velocity);
    found.tracks += 1;
    found.chi2 += addTrack(equations, track, hits);
    for (const { residual_ns } of hits) fill(residuals, residual_ns);
  }
}

console.log(
  `  ${found.events} events, ${found.tracks} tracks, chi2/ndf ${(found.chi2 / Math.max(1, found.tracks)).toFixed(2)}`,
);
write("accumulated.json", { ...found, equations, residuals });
write("metrics.json", { events: found.events, tracks: found.tracks });
