#!/usr/bin/env node
/** Reads pressure, temperature and high voltage of a run from the archive, and sums them up. */
import { job, runsInWords, write } from "../../lib/job.mjs";
import { COLOURS, figure } from "../../lib/plot.mjs";
import { ArchiveError, readArchive } from "./archive.mjs";

const TRY_AGAIN = 75;

console.log(`${job.experiment} slow control, ${runsInWords}, ${job.run.start} to ${job.run.end}`);
try {
  const { server, samples } = readArchive(job.run, job.job.attempt);
  console.log(`  ${samples.length} samples from ${server}`);
  const metrics = {
    pressure_mbar: mean(samples.map((sample) => sample.pressure_mbar)),
    temperature_c: mean(samples.map((sample) => sample.temperature_c)),
    high_voltage_v: mean(samples.map((sample) => sample.high_voltage_v)),
    lowest_high_voltage_v: Math.min(...samples.map((sample) => sample.high_voltage_v)),
  };
  console.log(
    `  gas at ${metrics.pressure_mbar.toFixed(1)} mbar and ${metrics.temperature_c.toFixed(2)} C, high voltage ${metrics.high_voltage_v.toFixed(0)} V`,
  );
  write("samples.json", samples);
  write("slow-control.svg", plot(samples));
  write("metrics.json", metrics);
} catch (error) {
  if (!(error instanceof ArchiveError)) throw error;
  console.log(`ERROR: ${error.message}`);
  process.exit(error.busy ? TRY_AGAIN : 1);
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function plot(samples) {
  const x = { label: "minutes since the start of the run", min: 0, max: samples.at(-1).minute };
  const marks = (key) => [
    { kind: "points", points: samples.map((sample) => [sample.minute, sample[key]]), colour: COLOURS.after },
  ];
  return figure(`Slow control, ${runsInWords}`, [
    { title: "gas pressure", x, y: { label: "pressure [mbar]", min: 1000, max: 1030 }, marks: marks("pressure_mbar") },
    { title: "gas temperature", x, y: { label: "temperature [°C]", min: 18, max: 25 }, marks: marks("temperature_c") },
    {
      title: "high voltage",
      x,
      y: { label: "high voltage [V]", min: 1700, max: 1900 },
      marks: marks("high_voltage_v"),
    },
  ]);
}
