/** How the simulated chamber really is: what calibration has to find out, and must not look at. */
import { layerOf, WIRES, WIRES_PER_LAYER } from "../../lib/chamber.mjs";
import { gauss, randomFrom } from "../../lib/random.mjs";

/** Cables and front-end boards give a pattern that stays; temperature moves it a little from run to run. */
export function trueT0_ns(run) {
  const ofChamber = randomFrom(7);
  const ofRun = randomFrom(run);
  const boards = Array.from({ length: WIRES / WIRES_PER_LAYER }, () => 4 * gauss(ofChamber));
  const warming = 0.5 * gauss(ofRun);
  return Array.from({ length: WIRES }, (_, wire) => {
    const cable = 0.9 * (wire % WIRES_PER_LAYER) + gauss(ofChamber);
    return boards[layerOf(wire)] + cable + warming + 0.15 * gauss(ofRun);
  });
}

/** Pedestal and noise of each wire. Every fourth run one wire hums, every fifth another one has lost its high voltage. */
export function trueReadout(run) {
  const ofChamber = randomFrom(8);
  return Array.from({ length: WIRES }, (_, wire) => {
    const pedestal_adc = 50 + 6 * gauss(ofChamber);
    const hums = run % 4 === 2 && wire === 17;
    const dead = run % 5 === 1 && wire === 42;
    return {
      pedestal_adc,
      noise_adc: dead ? 0 : (hums ? 9 : 2) + 0.5 * ofChamber(),
      noiseHits: dead ? 0 : hums ? 0.1 : 0.004,
      dead,
    };
  });
}
