/**
 * What has to be fitted anew for a new head: temperature, prediction sets, operating curves and the
 * gate's centers, on pictures the head was not trained on. The kept epoch was chosen on the same
 * pictures, so that all of it is a little too good; the screens say so.
 */
import { project, type GateStatistics } from '../inference/index.ts';
import type { EmbeddedPart } from './train-head.ts';
import type { NOTES } from './model.ts';

/** Fewer validation pictures than this move a temperature anywhere. */
export const LEAST_FOR_TEMPERATURE = 20;
/** Fewer training pictures of a class than this make no center. */
export const LEAST_FOR_CENTER = 10;
/** Where in the picture its features were moves no center: only rows behind the dimensions look at it. */
const NO_MAP = new Float32Array(7 * 7 * 1280);

export type Note = (typeof NOTES)[number];

/**
 * A center in the gate's own space for every class with enough pictures: what this site calls a chest.
 * The covariance (the identity in that space), the probe and the rule stay the delivered ones: they were
 * fitted against what is no chest, of which a site's folder has nothing. The base is frozen or still asked,
 * so they hold. Measured with model 1.0.0 on the developers' data (155 held-out chests, 400 pictures of other
 * things, without the lung network): a shrunk covariance of the site's own changed not one decision.
 * @returns names by position of the class
 */
export function fitCenters(
  training: EmbeddedPart,
  inputs: number,
  classes: number,
  gate: GateStatistics,
): { readonly of: number[]; readonly centers: Float32Array } {
  const { dimensions } = gate.gate;
  const sums = Array.from({ length: classes }, () => new Float64Array(dimensions));
  const counts = new Array<number>(classes).fill(0);
  for (const [row, label] of training.classOf.entries()) {
    const start = row * training.variants * inputs;
    const embedding = training.embeddings.subarray(start, start + inputs);
    const { values } = project(embedding, NO_MAP, gate.gate, gate.tables);
    for (let i = 0; i < dimensions; i++) sums[label][i] += values[i];
    counts[label]++;
  }
  const of = counts.flatMap((n, k) => (n >= LEAST_FOR_CENTER ? [k] : []));
  const centers = new Float32Array(of.length * dimensions);
  for (const [at, k] of of.entries()) {
    centers.set(
      sums[k].map((sum) => sum / counts[k]),
      at * dimensions,
    );
  }
  return { of, centers };
}
