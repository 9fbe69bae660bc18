#!/usr/bin/env node
/** Fits the tracks of a run with its constants, and says how well the chamber measured them. */
import { HIT_RESOLUTION_NS } from "../../lib/chamber.mjs";
import { coreWidth, fill, histogram } from "../../lib/histogram.mjs";
import { job, runsInWords, write } from "../../lib/job.mjs";
import { COLOURS, figure } from "../../lib/plot.mjs";
import { asLines } from "../../lib/raw-data.mjs";
import { runData, t0For } from "../../lib/run-data.mjs";
import { fitTrack, residualsOf, wiresCrossed } from "../../lib/tracks.mjs";

const { luminosity } = job.run;
console.log(`${job.experiment} reconstruction, ${runsInWords}, release ${job.release}, campaign ${job.campaign}`);
const [{ run, events, pedestals, velocity }] = runData();
const t0_ns = t0For(run);

const tracks = [];
const residuals_um = [];
const charges_adc = [];
const wires = { crossed: 0, seen: 0 };

events.forEach((event, number) => {
  const track = fitTrack(event, { pedestals, t0_ns, velocity });
  if (!track) return;
  const hits = residualsOf(track, velocity);
  const seen = new Set(hits.filter((hit) => Math.abs(hit.residual_ns) < 5 * HIT_RESOLUTION_NS).map((hit) => hit.wire));
  const crossed = wiresCrossed(track.line);
  wires.crossed += crossed.length;
  wires.seen += crossed.filter((wire) => seen.has(wire)).length;
  residuals_um.push(...hits.map((hit) => 1000 * velocity * hit.residual_ns));
  charges_adc.push(...hits.map((hit) => hit.charge_adc));
  tracks.push({
    event: number,
    x_mm: round(track.line.at(0), 3),
    slope: round(track.line.at(1) - track.line.at(0), 5),
    hits: hits.length,
  });
});

const metrics = {
  events: events.length,
  tracks: tracks.length,
  hits_per_track: residuals_um.length / tracks.length,
  resolution_um: coreWidth(residuals_um),
  efficiency: wires.seen / wires.crossed,
  charge_adc: charges_adc.reduce((sum, charge) => sum + charge, 0) / charges_adc.length,
  // The yield must be the same in every run: the first thing to look at when a luminosity is in doubt.
  ...(luminosity > 0 ? { tracks_per_nb: tracks.length / luminosity } : {}),
};
console.log(`  ${tracks.length} tracks in ${events.length} events, ${metrics.hits_per_track.toFixed(2)} hits each`);
console.log(
  `  resolution ${metrics.resolution_um.toFixed(0)} um, efficiency ${(100 * metrics.efficiency).toFixed(2)} %`,
);

const histograms = {
  residual_um: histogram({ min: -1000, max: 1000, bins: 80 }),
  charge_adc: histogram({ min: 0, max: 600, bins: 60 }),
};
for (const value of residuals_um) fill(histograms.residual_um, value);
for (const value of charges_adc) fill(histograms.charge_adc, value);

write("tracks.jsonl", asLines(tracks));
write("histograms.json", histograms);
write("reconstruction.svg", plot());
write("metrics.json", metrics);

function plot() {
  const { after } = COLOURS;
  const bars = (name, label) => [{ kind: "bars", histogram: histograms[name], colour: after, label }];
  return figure(`Reconstruction, ${runsInWords}`, [
    {
      title: "residuals of the hits",
      x: { label: "distance from the track [µm]", min: -1000, max: 1000 },
      y: { label: "hits / 25 µm" },
      marks: bars("residual_um", `resolution ${metrics.resolution_um.toFixed(0)} µm`),
    },
    {
      title: "charge of the hits",
      x: { label: "charge [ADC counts]", min: 0, max: 600 },
      y: { label: "hits / 10 counts" },
      marks: bars("charge_adc"),
    },
  ]);
}

function round(value, digits) {
  return Number(value.toFixed(digits));
}
