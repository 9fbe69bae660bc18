#!/usr/bin/env node
/** The resolution of each run of the group, and of all together, with new or with nominal constants. */
import { NOMINAL_T0_NS } from "../../lib/chamber.mjs";
import { coreWidth, fill, histogram } from "../../lib/histogram.mjs";
import { job, runsInWords, write } from "../../lib/job.mjs";
import { runData, t0For } from "../../lib/run-data.mjs";
import { fitTrack, residualsOf } from "../../lib/tracks.mjs";

const [constants] = process.argv.slice(2);
console.log(`${job.experiment} validation, ${runsInWords}, ${constants} constants`);

const runs = runData().map(({ run, events, pedestals, velocity }) => {
  const t0_ns = constants === "new" ? t0For(run) : NOMINAL_T0_NS;
  const residuals_um = events.flatMap((event) => {
    const track = fitTrack(event, { pedestals, t0_ns, velocity });
    return track ? residualsOf(track, velocity).map((hit) => 1000 * velocity * hit.residual_ns) : [];
  });
  const resolution_um = coreWidth(residuals_um);
  console.log(`  run ${run}: ${residuals_um.length} hits, resolution ${resolution_um.toFixed(0)} um`);
  return { run, residuals_um, resolution_um };
});

const all_um = runs.flatMap((run) => run.residuals_um);
const residuals = histogram({ min: -1000, max: 1000, bins: 80 });
for (const value of all_um) fill(residuals, value);
const resolution_um = coreWidth(all_um);
console.log(`  together: resolution ${resolution_um.toFixed(0)} um`);
write("resolution.json", {
  resolution_um,
  residuals,
  runs: runs.map(({ run, resolution_um }) => ({ run, resolution_um })),
});
write("metrics.json", { resolution_um, hits: all_um.length });
