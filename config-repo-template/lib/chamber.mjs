/**
 * The drift chamber: 8 layers of 8 wires, every other layer shifted by half a cell. A particle crosses all layers on a
 * straight line; the time between its passage and the pulse on a wire, less that wire's time offset t0, is the distance
 * of the track from the wire over the drift velocity. Two hodoscopes, below and above, see each track to a millimetre:
 * enough to know on which side of a wire it passed, which the drift time alone does not say.
 */
export const LAYERS = 8;
export const WIRES_PER_LAYER = 8;
export const WIRES = LAYERS * WIRES_PER_LAYER;
export const CELL_MM = 16;
export const HODOSCOPES_Y_MM = [-30, 142];
export const HIT_RESOLUTION_NS = 3; // 150 um

export function layerOf(wire) {
  return Math.floor(wire / WIRES_PER_LAYER);
}

/** Where a wire stands: x across the chamber, y along the tracks. */
export function positionOf(wire) {
  const layer = layerOf(wire);
  const cell = wire % WIRES_PER_LAYER;
  return { x_mm: (cell - 3.5 + (layer % 2) / 2) * CELL_MM, y_mm: layer * CELL_MM };
}

/** The wire of a layer in whose cell a point lies; undefined outside the chamber. */
export function wireAt(layer, x_mm) {
  const cell = Math.round(x_mm / CELL_MM + 3.5 - (layer % 2) / 2);
  return cell >= 0 && cell < WIRES_PER_LAYER ? layer * WIRES_PER_LAYER + cell : undefined;
}

/** Warmer gas is thinner, and electrons drift faster in it. */
export function driftVelocity_mm_per_ns(gasTemperature_C) {
  return 0.05 * (1 + 0.003 * (gasTemperature_C - 20));
}

/** What is assumed of a wire before it is calibrated. */
export const NOMINAL_T0_NS = Array(WIRES).fill(0);
export const NOMINAL_PEDESTALS = Array(WIRES).fill({ mean_adc: 50, noise_adc: 2.5 });
