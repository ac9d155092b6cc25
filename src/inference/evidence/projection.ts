/** The embedding against the gate's statistics (src/model/manifest/assurance.ts has the formulas). */
import type { Gate, GateTables } from '../../model/index.ts';
import type { GateProjection } from '../types.ts';

/** The bracket of the residual is at least this, so that its logarithm is a number. */
const LEAST_RESIDUAL = 1e-9;

/**
 * In float64, so that every backend says the same of the same embedding.
 * @param embedding 1280 numbers
 */
export function project(embedding: Float32Array, gate: Gate, tables: GateTables): GateProjection {
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
  const { dimensions } = gate;
  let seen = 0;
  for (let i = 0; i < dimensions; i++) seen += (spread[i] * values[i]) ** 2;
  const distances = gate.groups.map((_, group) => {
    let sum = 0;
    for (let i = 0; i < dimensions; i++) {
      const away = values[i] - centers[group * dimensions + i];
      sum += away * away;
    }
    return Math.sqrt(sum);
  });
  const residual = Math.log(Math.max(LEAST_RESIDUAL, (energy - seen) / columns));
  return { values, distances, residual };
}
