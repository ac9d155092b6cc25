/** One look at one picture and its mask: everything the insights need of it, none of its pixels kept. */
import type { FaultData } from '../../base/fault.ts';
import { toModelInput } from '../../preprocess/index.ts';
import { decodePicture, RadiographError, toRadiograph } from '../../radiograph/index.ts';
import type { Radiograph } from '../../radiograph/types.ts';
import { HASH_SIDE, perceptualHash } from '../audit/hash.ts';
import { SMALL_SIDE } from '../audit/groups.ts';
import { bytesOf } from './bytes.ts';
import { channelsOf } from './channels.ts';
import {
  HISTOGRAM_BINS,
  MASK_SIDE,
  MEAN_SIDE,
  type MaskFacts,
  type PictureFacts,
  type Scanned,
} from './types.ts';

const HEAD_BYTES = 65_536;
/** Of very large pictures every n-th pixel is counted. */
const MOST_COUNTED = 1_000_000;
/** A mask is white on black; what lies between comes from resampling. */
const INSIDE = 0.5;

/** @throws RadiographError for the picture; what is wrong with the mask is told in the facts */
export async function lookAt(
  file: Blob,
  mask: Blob | null,
  signal?: AbortSignal,
): Promise<Scanned> {
  const stop = signal ? { signal } : {};
  const radiograph = await toRadiograph(await decodePicture(file, stop));
  const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  const { pixels, width, height } = radiograph;
  const middle = toModelInput(pixels, width, height, MEAN_SIDE);
  const { histogram, mean, spread } = tones(pixels);
  const masked = mask ? await lookAtMask(mask, stop) : NO_MASK;
  const facts: PictureFacts = {
    format: radiograph.format,
    width,
    height,
    bits: radiograph.bitsStored,
    channels: channelsOf(head),
    colored: isColored(radiograph),
    bytes: file.size,
    hash: perceptualHash(toModelInput(middle, MEAN_SIDE, MEAN_SIDE, HASH_SIDE)),
    mean,
    spread,
    mask: masked.facts,
    maskFault: masked.fault,
  };
  return {
    facts,
    small: bytesOf(toModelInput(middle, MEAN_SIDE, MEAN_SIDE, SMALL_SIDE)),
    histogram,
    picture: bytesOf(middle),
    mask: masked.bytes,
  };
}

interface MaskLook {
  readonly facts: MaskFacts | null;
  readonly bytes: Uint8Array<ArrayBuffer> | null;
  readonly fault: FaultData | null;
}

const NO_MASK: MaskLook = { facts: null, bytes: null, fault: null };

async function lookAtMask(mask: Blob, stop: { signal?: AbortSignal }): Promise<MaskLook> {
  try {
    const { pixels, width, height } = await toRadiograph(await decodePicture(mask, stop));
    const fine = toModelInput(pixels, width, height, 2 * MASK_SIDE);
    const coarse = toModelInput(fine, 2 * MASK_SIDE, 2 * MASK_SIDE, MASK_SIDE);
    return { facts: maskFacts(fine, 2 * MASK_SIDE), bytes: bytesOf(coarse), fault: null };
  } catch (reason) {
    stop.signal?.throwIfAborted();
    if (!(reason instanceof RadiographError)) throw reason;
    return { facts: null, bytes: null, fault: reason.toData() };
  }
}

/**
 * @param values side × side, 0 … 1
 * @returns null where nothing is inside
 */
export function maskFacts(values: Float32Array, side: number): MaskFacts | null {
  let area = 0;
  let sumX = 0;
  let sumY = 0;
  let [left, top, right, bottom] = [side, side, -1, -1];
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const value = values[y * side + x];
      area += value;
      sumX += value * (x + 0.5);
      sumY += value * (y + 0.5);
      if (value < INSIDE) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  if (right < 0) return null;
  return {
    area: area / (side * side),
    centerX: sumX / area / side,
    centerY: sumY / area / side,
    left: left / side,
    top: top / side,
    right: (right + 1) / side,
    bottom: (bottom + 1) / side,
  };
}

function tones(pixels: Float32Array): {
  readonly histogram: Float32Array<ArrayBuffer>;
  readonly mean: number;
  readonly spread: number;
} {
  const step = Math.max(1, Math.ceil(pixels.length / MOST_COUNTED));
  const histogram = new Float32Array(HISTOGRAM_BINS);
  let counted = 0;
  let sum = 0;
  let square = 0;
  for (let at = 0; at < pixels.length; at += step) {
    const value = pixels[at];
    histogram[Math.min(HISTOGRAM_BINS - 1, Math.max(0, Math.floor(value * HISTOGRAM_BINS)))] += 1;
    counted += 1;
    sum += value;
    square += value * value;
  }
  const mean = sum / counted;
  for (let bin = 0; bin < HISTOGRAM_BINS; bin++) histogram[bin] /= counted;
  return { histogram, mean, spread: Math.sqrt(Math.max(0, square / counted - mean * mean)) };
}

function isColored({ warnings }: Radiograph): boolean {
  return warnings.some(({ code }) => code === 'color-picture');
}
