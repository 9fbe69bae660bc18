#!/usr/bin/env node
/** Mean and width of what each wire reads while nothing passes. */
import { inputFiles, job, runsInWords, write } from "../../lib/job.mjs";
import { COLOURS, figure } from "../../lib/plot.mjs";
import { readLines } from "../../lib/raw-data.mjs";

/** A wire is noisy above so many times the usual noise, and dead where it always reads the same. */
const NOISY = 2;

const [path] = inputFiles("random-triggers.jsonl");
const triggers = readLines(path);
console.log(`${job.experiment} pedestals, ${runsInWords}: ${triggers.length} random triggers`);

const wires = triggers[0].map((_, wire) => measure(triggers.map((charges) => charges[wire])));
const usual_adc = middle(wires.map((wire) => wire.noise_adc));
const noisy = wires.flatMap((wire, index) => (wire.noise_adc > NOISY * usual_adc ? [index] : []));
const dead = wires.flatMap((wire, index) => (wire.noise_adc === 0 ? [index] : []));
if (noisy.length > 0) console.log(`  noisy: wires ${noisy.join(", ")}`);
if (dead.length > 0) console.log(`  dead: wires ${dead.join(", ")}`);

const mean_adc = wires.reduce((sum, wire) => sum + wire.mean_adc, 0) / wires.length;
console.log(`  pedestal ${mean_adc.toFixed(1)} ADC on average, usual noise ${usual_adc.toFixed(2)} ADC`);
write("pedestals.json", { run: job.run.number, wires });
write("metrics.json", {
  pedestal_adc: mean_adc,
  noise_adc: usual_adc,
  noisy_wires: noisy.length,
  dead_wires: dead.length,
});
write("pedestals.svg", plot());
write("outputs.json", {
  files: ["pedestals.json", "pedestals.svg"],
  payloads: [{ type: "pedestals", path: "pedestals.json" }],
});

function measure(charges) {
  const mean_adc = charges.reduce((sum, charge) => sum + charge, 0) / charges.length;
  const variance = charges.reduce((sum, charge) => sum + (charge - mean_adc) ** 2, 0) / (charges.length - 1);
  return { mean_adc, noise_adc: Math.sqrt(variance) };
}

function middle(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

function plot() {
  const x = { label: "wire", min: -1, max: wires.length };
  const points = (key) => [
    { kind: "points", colour: COLOURS.after, points: wires.map((wire, index) => [index, wire[key]]) },
  ];
  return figure(`Pedestals, ${runsInWords}`, [
    { title: "pedestal", x, y: { label: "pedestal [ADC counts]", min: 0 }, marks: points("mean_adc") },
    {
      title: "noise",
      x,
      y: { label: "noise [ADC counts]", min: 0 },
      marks: [
        ...points("noise_adc"),
        { kind: "level", y: NOISY * usual_adc, colour: COLOURS.accent, label: "noisy above" },
      ],
    },
  ]);
}
