#!/usr/bin/env node
/** Test against reference: are the new constants worth having? */
import { inputFiles, job, readJson, runsInWords, write } from "../../lib/job.mjs";
import { COLOURS, figure } from "../../lib/plot.mjs";

const NO_BETTER = 3;

const [test, reference] = ["test", "reference"].map((task) => readJson(inputFiles("resolution.json", { task })[0]));
const improvement = reference.resolution_um / test.resolution_um;
const wanted = Number(job.parameters.least_improvement);

console.log(`${job.experiment} validation, ${runsInWords}: test against reference`);
for (const [index, { run, resolution_um }] of test.runs.entries()) {
  console.log(
    `  run ${run}: ${resolution_um.toFixed(0)} um against ${reference.runs[index].resolution_um.toFixed(0)} um`,
  );
}
console.log(
  `  together: ${test.resolution_um.toFixed(0)} um against ${reference.resolution_um.toFixed(0)} um, better by ${improvement.toFixed(2)}`,
);
write("metrics.json", { resolution_um: test.resolution_um, reference_um: reference.resolution_um, improvement });
write("validation.svg", plot());

if (improvement < wanted) {
  console.log(`ERROR: the resolution is better by ${improvement.toFixed(2)} only; ${wanted} is wanted`);
  process.exit(NO_BETTER);
}

function plot() {
  const { before, after } = COLOURS;
  const runs = test.runs.map(({ run }) => run);
  const byRun = (result) => result.runs.map(({ run, resolution_um }) => [run, resolution_um]);
  return figure(`Validation of t0, ${runsInWords}`, [
    {
      title: "residuals of the hits",
      x: { label: "distance from the track [µm]", min: -1000, max: 1000 },
      y: { label: "hits / 25 µm" },
      marks: [
        {
          kind: "bars",
          histogram: reference.residuals,
          colour: before,
          label: `reference: ${reference.resolution_um.toFixed(0)} µm`,
        },
        { kind: "steps", histogram: test.residuals, colour: after, label: `test: ${test.resolution_um.toFixed(0)} µm` },
      ],
    },
    {
      title: "resolution of each run",
      x: { label: "run", min: Math.min(...runs) - 1, max: Math.max(...runs) + 1 },
      y: { label: "resolution [µm]", min: 0 },
      marks: [
        { kind: "points", line: true, points: byRun(reference), colour: before, label: "reference: nominal constants" },
        { kind: "points", line: true, points: byRun(test), colour: after, label: "test: new constants" },
      ],
    },
  ]);
}
