/** The embedding against the gate's statistics (src/model/manifest/assurance.ts has the formulas). */
import type { Gate, GateTables } from '../../../model/index.ts';
import type { GateProjection } from '../../types.ts';

const SIDE = 7;

/** The bracket of the residual is at least this, so that its logarithm is a number. */
const LEAST_RESIDUAL = 1e-9;

/**
 * In float64, so that every backend says the same of the same embedding.
 * @param embedding 1280 numbers, @param features the map [7, 7, 1280] they are the mean of
 * @param more centers beyond the gate's own groups, [n, dimensions]
 */
export function project(
  embedding: Float32Array,
  features: Float32Array,
  gate: Gate,
  tables: GateTables,
  more: Float32Array = new Float32Array(0),
): GateProjection {
  const { center, directions, factors, offsets, centers, spread } = tables;
  const columns = center.length;
  const moved = new Float64Array(columns);
  let energy = 0;
  for (let i = 0; i < columns; i++) {
    moved[i] = embedding[i] - center[i];
    energy += moved[i] * moved[i];
  }
  const values = new Float64Array(offsets.length);
  for (let row = 0, at = 0; row < values.length; row++) {
    let sum = 0;
    for (let i = 0; i < columns; i++, at++) sum += directions[at] * moved[i];
    values[row] = sum * factors[row] + offsets[row];
  }
  addTilts(values, features, columns, tables);
  const { dimensions } = gate;
  let seen = 0;
  for (let i = 0; i < dimensions; i++) seen += (spread[i] * values[i]) ** 2;
  const to = (points: Float32Array, place: number): number => {
    let sum = 0;
    for (let i = 0; i < dimensions; i++) {
      const away = values[i] - points[place * dimensions + i];
      sum += away * away;
    }
    return Math.sqrt(sum);
  };
  const distances = [
    ...gate.groups.map((_, group) => to(centers, group)),
    ...Array.from({ length: more.length / dimensions }, (_, place) => to(more, place)),
  ];
  const residual = Math.log(Math.max(LEAST_RESIDUAL, (energy - seen) / columns));
  return { values, distances, residual };
}

/** What the pooled embedding has forgotten: where in the picture its features were. */
function addTilts(
  values: Float64Array,
  features: Float32Array,
  columns: number,
  { tilts, tiltFactors }: GateTables,
): void {
  if (tiltFactors.length === 0) return;
  const moments = new Float64Array(2 * columns);
  for (let place = 0, at = 0; place < SIDE * SIDE; place++) {
    const across = ((place % SIDE) - 3) / 3 / (SIDE * SIDE);
    const down = (Math.floor(place / SIDE) - 3) / 3 / (SIDE * SIDE);
    for (let i = 0; i < columns; i++, at++) {
      moments[i] += features[at] * across;
      moments[columns + i] += features[at] * down;
    }
  }
  const first = values.length - tiltFactors.length;
  for (let row = 0, at = 0; row < tiltFactors.length; row++) {
    let sum = 0;
    for (let i = 0; i < moments.length; i++, at++) sum += tilts[at] * moments[i];
    values[first + row] += sum * tiltFactors[row];
  }
}

/** The gate's rules and arrays, for whoever fits more centers to it. */
export interface GateStatistics {
  readonly gate: Gate;
  readonly tables: GateTables;
}
