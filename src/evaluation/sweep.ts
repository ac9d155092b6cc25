/**
 * Both areas of one class and its two curves at fixed places, in one pass that leaves nothing behind:
 * a bootstrap makes it thousands of times. The areas are those of curves.ts (a test holds them together).
 */
import type { Ranking } from './curves.ts';

/** Places along the x axis of a band: 0, 1/PLACES … 1. */
export const PLACES = 50;

export interface Sweep {
  /** Area under ROC and average precision; null where one of the two kinds is missing. */
  roc: number | null;
  precision: number | null;
  /** Sensitivity at the share of false alarms i / PLACES, straight between two points. */
  readonly sensitivities: Float64Array;
  /** Precision at the first threshold that finds the share i / PLACES; place 0 says nothing (NaN). */
  readonly precisions: Float64Array;
}

export function newSweep(): Sweep {
  return {
    roc: null,
    precision: null,
    sensitivities: new Float64Array(PLACES + 1),
    precisions: new Float64Array(PLACES + 1),
  };
}

/**
 * @param times how often each picture counts
 * @param into overwritten and given back
 */
export function sweep(ranking: Ranking, times: Uint32Array, into: Sweep): Sweep {
  const { order, positive, scores } = ranking;
  let positives = 0;
  let negatives = 0;
  for (let at = 0; at < times.length; at++) {
    if (positive[at]) positives += times[at];
    else negatives += times[at];
  }
  const { sensitivities, precisions } = into;
  into.roc = null;
  into.precision = null;
  sensitivities.fill(Number.NaN);
  precisions.fill(Number.NaN);
  if (positives === 0 || negatives === 0) return into;
  let hits = 0;
  let alarms = 0;
  let hitsBefore = 0;
  let alarmsBefore = 0;
  let area = 0;
  let precision = 0;
  let rocPlace = 0;
  let precisionPlace = 1;
  for (let place = 0; place < order.length; place++) {
    const at = order[place];
    if (positive[at]) hits += times[at];
    else alarms += times[at];
    if (place + 1 < order.length && scores[order[place + 1]] === scores[at]) continue;
    if (hits + alarms === hitsBefore + alarmsBefore) continue;
    const run = alarms - alarmsBefore;
    area += (run * (hits + hitsBefore)) / 2;
    precision += (hits - hitsBefore) * (hits / (hits + alarms));
    for (; rocPlace * negatives < alarms * PLACES; rocPlace++) {
      const part = ((rocPlace * negatives) / PLACES - alarmsBefore) / run;
      sensitivities[rocPlace] = (hitsBefore + part * (hits - hitsBefore)) / positives;
    }
    for (
      ;
      precisionPlace <= PLACES && precisionPlace * positives <= hits * PLACES;
      precisionPlace++
    ) {
      precisions[precisionPlace] = hits / (hits + alarms);
    }
    hitsBefore = hits;
    alarmsBefore = alarms;
  }
  for (; rocPlace <= PLACES; rocPlace++) sensitivities[rocPlace] = 1;
  into.roc = area / (positives * negatives);
  into.precision = precision / positives;
  return into;
}
