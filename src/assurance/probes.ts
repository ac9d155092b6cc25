/** Turned, inverted, mirrored: linear probes on the embedding (src/model/manifest/assurance.ts). */
import type { GateProjection } from '../inference/types.ts';
import type { Quality } from '../model/index.ts';
import { softmax } from './calibration.ts';

export interface ProbeResult {
  /** How far the picture is turned, clockwise degrees; 0 if upright. */
  readonly turned: 0 | 90 | 180 | 270;
  /** Probability of that turn (of being upright for 0). */
  readonly turnedProbability: number;
  readonly inverted: boolean;
  readonly invertedProbability: number;
  readonly mirrored: boolean;
  readonly mirroredProbability: number;
}

const TURNS = [0, 90, 180, 270] as const;

export function probe({ values }: GateProjection, quality: Quality): ProbeResult {
  const { orientation, inverted, mirrored } = quality;
  const turns = softmax(orientation.rows.map((row) => values[row]));
  const likeliest = turns.indexOf(Math.max(...turns));
  const turned = likeliest > 0 && turns[likeliest] >= orientation.threshold;
  const invertedProbability = logistic(values[inverted.row]);
  const mirroredProbability = mirrored ? logistic(values[mirrored.row]) : 0;
  return {
    turned: turned ? TURNS[likeliest] : 0,
    turnedProbability: turns[turned ? likeliest : 0],
    inverted: invertedProbability >= inverted.threshold,
    invertedProbability,
    mirrored: mirrored !== undefined && mirroredProbability >= mirrored.threshold,
    mirroredProbability,
  };
}

function logistic(value: number): number {
  return 1 / (1 + Math.exp(-value));
}
