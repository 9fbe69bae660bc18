/**
 * The least-squares fit of all time offsets at once. Wires share tracks: one with a wrong offset bends the tracks of its
 * neighbours, so the offsets cannot be found wire by wire. Each track adds to a set of linear equations, `matrix` times
 * shifts = `pull`, in which the tracks themselves are no unknowns any more (as in Millepede).
 */
import { HIT_RESOLUTION_NS, WIRES } from "../../lib/chamber.mjs";

/** A track that fits so badly counts half. */
const SOFT_CHI2 = 3;

export function noEquations() {
  return {
    matrix: Array.from({ length: WIRES }, () => Array(WIRES).fill(0)),
    pull: Array(WIRES).fill(0),
    hits: Array(WIRES).fill(0),
  };
}

/** Adds a track; gives back its chi2 per degree of freedom. */
export function addTrack(equations, { line }, hits) {
  const chi2 = hits.reduce((sum, hit) => sum + (hit.pulled_ns / HIT_RESOLUTION_NS) ** 2, 0) / (hits.length - 2);
  const weight = 1 / (1 + (chi2 / SOFT_CHI2) ** 2);
  for (const one of hits) {
    equations.hits[one.wire] += 1;
    equations.pull[one.wire] += weight * one.pulled_ns;
    for (const other of hits) {
      const throughTrack = one.side * other.side * line.influence(one.y_mm, other.y_mm);
      equations.matrix[one.wire][other.wire] += weight * ((one === other ? 1 : 0) - throughTrack);
    }
  }
  return chi2;
}

export function sumOf(parts) {
  const [first, ...others] = parts;
  return others.reduce(
    (sum, part) => ({
      matrix: sum.matrix.map((row, i) => row.map((value, j) => value + part.matrix[i][j])),
      pull: sum.pull.map((value, i) => value + part.pull[i]),
      hits: sum.hits.map((value, i) => value + part.hits[i]),
    }),
    first,
  );
}

/** The shift of each wire's offset and its error, in ns; undefined for a wire with too few hits. */
export function solve({ matrix, pull, hits }, leastHits) {
  const wires = hits.flatMap((count, wire) => (count >= leastHits ? [wire] : []));
  const inverse = inverseOf(wires.map((i) => wires.map((j) => matrix[i][j])));
  const shifts = Array(hits.length).fill(undefined);
  wires.forEach((wire, i) => {
    const shift_ns = wires.reduce((sum, other, j) => sum + inverse[i][j] * pull[other], 0);
    shifts[wire] = { shift_ns, error_ns: HIT_RESOLUTION_NS * Math.sqrt(inverse[i][i]) };
  });
  return shifts;
}

/** Gauss and Jordan; the matrix is symmetric and positive, so no rows need to change places. */
function inverseOf(matrix) {
  const size = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  for (let pivot = 0; pivot < size; pivot++) {
    const scale = rows[pivot][pivot];
    rows[pivot] = rows[pivot].map((value) => value / scale);
    for (let i = 0; i < size; i++) {
      const factor = rows[i][pivot];
      if (i !== pivot && factor !== 0) rows[i] = rows[i].map((value, j) => value - factor * rows[pivot][j]);
    }
  }
  return rows.map((row) => row.slice(size));
}
