/**
 * Black and white of the film: a photograph's depend on exposure, on the film's base and on light
 * that falls on it from in front. They are set to what the phantoms have; digital radiographs vary
 * (1st percentile 0 … 0.1, 99th 0.7 … 1), and which of them the film would have been cannot be told.
 */
import type { GreyImage } from './types.ts';

const BINS = 4096;
/** Shares of the pixels at the two ends, and the brightness they are given. */
export const DARK = { share: 0.01, value: 0.025 };
export const BRIGHT = { share: 0.99, value: 0.96 };
/** Less than this between them is no film but a blank sheet: it is not blown up into noise. */
const LEAST_RANGE = 0.08;

export function setLevels(image: GreyImage): void {
  const { data } = image;
  let most = 0;
  for (const value of data) most = Math.max(most, value);
  if (!(most > 0)) return;
  const counts = new Uint32Array(BINS);
  for (const value of data) {
    counts[Math.min(BINS - 1, Math.max(0, Math.floor((value / most) * BINS)))]++;
  }
  const at = (share: number): number => {
    let left = share * data.length;
    for (let i = 0; i < BINS; i++) {
      left -= counts[i];
      if (left <= 0) return ((i + 0.5) / BINS) * most;
    }
    return most;
  };
  const low = at(DARK.share);
  const high = Math.max(at(BRIGHT.share), low + LEAST_RANGE * most);
  const gain = (BRIGHT.value - DARK.value) / (high - low);
  for (let i = 0; i < data.length; i++) {
    data[i] = Math.min(1, Math.max(0, DARK.value + (data[i] - low) * gain));
  }
}
