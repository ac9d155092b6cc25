/**
 * The part of the model input that the classifier sees: a box around the lungs, found in the map of
 * the lung network. training/ has the same rule; tests/fixtures/lung-box-golden.json holds both to it.
 */
import { resample } from '../radiograph/index.ts';
import { lungFeatures, type LungFeatures } from './lung-features.ts';
import { MODEL_SIZE, type PictureRect } from './types.ts';

/** Whole pixels of the model input (224 a side); `right` and `bottom` lie outside. */
export interface LungBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** What a limit may be set for. */
export type BoxFeature = keyof LungFeatures | 'boxWidth' | 'boxHeight';

/** The manifest's `input.crop`. */
export interface CropRule {
  /** Which of the lung network's maps. */
  readonly map: 'visible' | 'whole';
  /** A pixel belongs to the lungs from this probability on. */
  readonly threshold: number;
  /** Share of the mask that may lie beyond each side of the box before its margin: stray pixels. */
  readonly trim: number;
  /** Added on every side, as a share of the box's own side. */
  readonly margin: number;
  /** Lowest and highest value of a box that is believed. */
  readonly limits: { readonly [Feature in BoxFeature]?: Limits };
}

type Limits = readonly [number, number] | undefined;

/** The lung network's maps, side × side, row-major, probability 0 … 1. */
export interface PlacedMaps {
  readonly side: number;
  readonly visible: Float32Array;
  readonly whole: Float32Array;
}

/** Where the lungs are, or why no box is believed: no lungs at all, or the first limit it breaks. */
export type LungPlace =
  | { readonly box: LungBox; readonly why: null }
  | { readonly box: null; readonly why: 'empty' | BoxFeature };

export const WHOLE: PictureRect = { x: 0, y: 0, width: 1, height: 1 };

/**
 * Along each axis the box runs from the first row or column at which the cumulative share of the
 * mask's pixels passes `trim` to the first at which it reaches 1 − `trim`. The margin is added, the
 * box is rounded outward to whole pixels and kept inside the picture.
 */
export function locateLungs(maps: PlacedMaps, rule: CropRule): LungPlace {
  const { side } = maps;
  const mask = maps[rule.map].map((p) => (p >= rule.threshold ? 1 : 0));
  const columns = new Float64Array(side);
  const rows = new Float64Array(side);
  let count = 0;
  for (const [at, inside] of mask.entries()) {
    columns[at % side] += inside;
    rows[Math.floor(at / side)] += inside;
    count += inside;
  }
  if (count === 0) return { box: null, why: 'empty' };
  const [left, right] = extentOf(columns, count, rule);
  const [top, bottom] = extentOf(rows, count, rule);
  const values: Readonly<Record<BoxFeature, number>> = {
    ...lungFeatures(mask, side, 1),
    boxWidth: (right - left) / MODEL_SIZE,
    boxHeight: (bottom - top) / MODEL_SIZE,
  };
  for (const [feature, limits] of Object.entries(rule.limits) as [BoxFeature, Limits][]) {
    const value = values[feature];
    // Written so that a NaN breaks the limit.
    if (limits && !(value >= limits[0] && value <= limits[1])) return { box: null, why: feature };
  }
  return { box: { left, top, right, bottom }, why: null };
}

/** First and one past the last pixel of the model input along one axis. */
function extentOf(
  counts: Float64Array,
  total: number,
  { trim, margin }: CropRule,
): [number, number] {
  let first = -1;
  let last = -1;
  for (let i = 0, sum = 0; last < 0; i++) {
    sum += counts[i];
    const share = sum / total;
    if (first < 0 && share > trim) first = i;
    if (share >= 1 - trim) last = i;
  }
  const high = last + 1;
  const grow = margin * (high - first);
  const scale = MODEL_SIZE / counts.length;
  return [
    Math.max(0, Math.floor((first - grow) * scale)),
    Math.min(MODEL_SIZE, Math.ceil((high + grow) * scale)),
  ];
}

/**
 * What lies in the box, brought back to the size of the model input: each axis bilinear with
 * half-pixel centers, as every picture is scaled up.
 * @param values 224 × 224, row-major, 0 … 1
 */
export function cropTo(values: Float32Array, { left, top, right, bottom }: LungBox): Float32Array {
  const width = right - left;
  const height = bottom - top;
  const data = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = (top + y) * MODEL_SIZE + left;
    data.set(values.subarray(from, from + width), y * width);
  }
  return resample({ layout: 'float', data, width, height }, MODEL_SIZE, MODEL_SIZE);
}
