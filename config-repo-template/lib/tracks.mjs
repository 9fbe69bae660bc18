/** Straight tracks through the hits of an event, and how far each hit lies from its track. */
import { CELL_MM, HODOSCOPES_Y_MM, LAYERS, positionOf, wireAt } from "./chamber.mjs";

const LEAST_HITS = 5;
/** Nearer to a wire than this, the hodoscopes cannot tell on which side of it the track passed. */
const AMBIGUOUS_MM = 1.5;
/** Farther from the hodoscopes' track than this, a hit belongs to something else. */
const ROAD_MM = 4;
/** A pulse of a particle stands so many times above the noise. */
const SIGNAL_OVER_NOISE = 8;

/**
 * The track of an event, or undefined where too few hits are left for one.
 * Which hits are taken does not depend on `t0_ns`: iterations of a calibration must all look at the same hits.
 */
export function fitTrack(event, { pedestals, t0_ns, velocity }) {
  const road = lineThrough(event.hodoscope_mm.map((x_mm, index) => ({ x_mm, y_mm: HODOSCOPES_Y_MM[index] })));
  const hits = event.hits.flatMap(([wire, time_ns, charge_adc]) => {
    const { mean_adc, noise_adc } = pedestals[wire];
    const { x_mm, y_mm } = positionOf(wire);
    const expected_mm = road.at(y_mm) - x_mm;
    const side = Math.sign(expected_mm);
    const taken =
      charge_adc - mean_adc > SIGNAL_OVER_NOISE * noise_adc &&
      Math.abs(expected_mm) > AMBIGUOUS_MM &&
      Math.abs(time_ns * velocity - Math.abs(expected_mm)) < ROAD_MM;
    return taken
      ? [
          {
            wire,
            side,
            y_mm,
            x_mm: x_mm + side * (time_ns - t0_ns[wire]) * velocity,
            charge_adc: charge_adc - mean_adc,
          },
        ]
      : [];
  });
  return hits.length < LEAST_HITS ? undefined : { line: lineThrough(hits), hits };
}

/**
 * The hits of a track with their residuals: positive where the pulse came later than the track says, as it does where
 * the wire's t0 is too small. A hit pulls the track towards itself, so `pulled_ns` is too small; `residual_ns` makes up
 * for that and is as wide as the resolution of a single hit.
 */
export function residualsOf({ line, hits }, velocity) {
  return hits.map((hit) => {
    const pulled_ns = (hit.side * (hit.x_mm - line.at(hit.y_mm))) / velocity;
    return { ...hit, pulled_ns, residual_ns: pulled_ns / Math.sqrt(1 - line.influence(hit.y_mm, hit.y_mm)) };
  });
}

/** Least squares, all points with the same weight. */
function lineThrough(points) {
  const n = points.length;
  const x = points.reduce((sum, point) => sum + point.x_mm, 0) / n;
  const y = points.reduce((sum, point) => sum + point.y_mm, 0) / n;
  const yy = points.reduce((sum, point) => sum + (point.y_mm - y) ** 2, 0);
  const slope = points.reduce((sum, point) => sum + (point.x_mm - x) * (point.y_mm - y), 0) / yy;
  return {
    at: (y_mm) => x + slope * (y_mm - y),
    /** How far the line moves at `from_mm` when a point at `by_mm` moves by 1. */
    influence: (from_mm, by_mm) => 1 / n + ((from_mm - y) * (by_mm - y)) / yy,
  };
}

/** The wires in whose cells a track stays well inside, so that a pulse must be there. */
export function wiresCrossed(line) {
  return Array.from({ length: LAYERS }, (_, layer) => wireAt(layer, line.at(layer * CELL_MM))).filter((wire) => {
    if (wire === undefined) return false;
    const { x_mm, y_mm } = positionOf(wire);
    const distance_mm = Math.abs(line.at(y_mm) - x_mm);
    return distance_mm > 2 * AMBIGUOUS_MM && distance_mm < CELL_MM / 2 - 1;
  });
}
