/** The data of each run of the group, with what the tasks before have found out about that run. */
import { driftVelocity_mm_per_ns, NOMINAL_PEDESTALS, NOMINAL_T0_NS } from "./chamber.mjs";
import { inputFiles, job, readJson } from "./job.mjs";
import { readEvents } from "./raw-data.mjs";

export function runData() {
  const pedestals = new Map(inputFiles("pedestals.json").map((path) => [readJson(path).run, readJson(path).wires]));
  return inputFiles("events.jsonl").map((path) => {
    const { run, events } = readEvents(path);
    const facts = job.runs.find((one) => one.number === run);
    if (!pedestals.has(run)) console.log(`  WARNING no pedestals of run ${run}: nominal ones are used`);
    return {
      run,
      events,
      pedestals: pedestals.get(run) ?? NOMINAL_PEDESTALS,
      velocity: driftVelocity_mm_per_ns(facts.gas_temperature),
    };
  });
}

/** The time offsets that hold for a run; nominal ones where its calibration was skipped. */
export function t0For(run) {
  const constants = inputFiles("t0.json")
    .map(readJson)
    .find(({ runs }) => runs.includes(run));
  if (!constants) console.log(`  WARNING no t0 constants for run ${run}: nominal ones are used`);
  return constants?.t0_ns ?? NOMINAL_T0_NS;
}
