#!/usr/bin/env node
/** Makes the raw data of a run: tracks through the chamber, and random triggers for the pedestals. Yours would fetch them. */
import {
  CELL_MM,
  driftVelocity_mm_per_ns,
  HIT_RESOLUTION_NS,
  HODOSCOPES_Y_MM,
  LAYERS,
  positionOf,
  wireAt,
} from "../../lib/chamber.mjs";
import { job, write } from "../../lib/job.mjs";
import { gauss, randomFrom } from "../../lib/random.mjs";
import { asLines } from "../../lib/raw-data.mjs";
import { trueReadout, trueT0_ns } from "./true-chamber.mjs";

const RANDOM_TRIGGERS = 200;
const EFFICIENCY = 0.985;

const { number: run, gas_temperature, type } = job.run;
const events = Number(process.argv[2]);
const random = randomFrom(run);
const t0_ns = trueT0_ns(run);
const readout = trueReadout(run);
const velocity = driftVelocity_mm_per_ns(gas_temperature);

console.log(`${job.experiment} raw data, run ${run} (${type}): ${events} events, gas at ${gas_temperature} C`);
const data = Array.from({ length: events }, () => event(type === "cosmics" ? 0.6 : 0.3));
const triggers = Array.from({ length: RANDOM_TRIGGERS }, () => readout.map((wire) => charge(wire, 0)));

write("events.jsonl", asLines([{ run }, ...data]));
write("random-triggers.jsonl", asLines(triggers));
const hits = data.reduce((sum, { hits }) => sum + hits.length, 0);
write("metrics.json", { events, hits, hits_per_event: hits / events });
console.log(`  ${hits} hits, ${(hits / events).toFixed(2)} an event; ${RANDOM_TRIGGERS} random triggers`);

function event(steepest) {
  const slope = steepest * (2 * random() - 1);
  const middle_mm = 136 * (random() - 0.5);
  const x_mm = (y_mm) => middle_mm + slope * (y_mm - (LAYERS - 1) * CELL_MM * 0.5);
  const noise = readout.flatMap((wire, index) => (random() < wire.noiseHits ? [noiseHit(wire, index)] : []));
  return {
    hodoscope_mm: HODOSCOPES_Y_MM.map((y_mm) => round(x_mm(y_mm) + gauss(random), 10)),
    hits: [...Array.from({ length: LAYERS }, (_, layer) => hit(layer, x_mm(layer * CELL_MM))), ...noise].filter(
      Boolean,
    ),
  };
}

function hit(layer, x_mm) {
  const wire = wireAt(layer, x_mm);
  if (wire === undefined || readout[wire].dead || random() > EFFICIENCY) return undefined;
  const drift_ns = Math.abs(x_mm - positionOf(wire).x_mm) / velocity + HIT_RESOLUTION_NS * gauss(random);
  return [wire, round(drift_ns + t0_ns[wire], 10), charge(readout[wire], 160 * Math.exp(0.4 * gauss(random)))];
}

function noiseHit(wire, index) {
  return [index, round(200 * random(), 10), charge(wire, wire.noise_adc * (1 + 2 * random()))];
}

function charge(wire, signal_adc) {
  return Math.round(wire.pedestal_adc + signal_adc + wire.noise_adc * gauss(random));
}

function round(value, steps) {
  return Math.round(value * steps) / steps;
}
