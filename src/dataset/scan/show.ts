/** A picture small enough for a list, with the outline of its mask. */
import { outlinesOf } from '../../assurance/index.ts';
import { toModelInput } from '../../preprocess/index.ts';
import { decodePicture, RadiographError, resample, toRadiograph } from '../../radiograph/index.ts';
import { bytesOf } from './bytes.ts';
import type { ShownPicture } from './types.ts';

/** Fine enough for a smooth line around a lung. */
const OUTLINE_SIDE = 112;
const INSIDE = 0.5;

/** @throws RadiographError for the picture; a mask that cannot be read has no outline */
export async function show(file: Blob, mask: Blob | null, size: number): Promise<ShownPicture> {
  const { pixels, width, height } = await toRadiograph(await decodePicture(file));
  const scale = Math.min(1, size / Math.max(width, height));
  const small = {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
  const values = resample(
    { layout: 'float', data: pixels, width, height },
    small.width,
    small.height,
  );
  return { ...small, pixels: bytesOf(values), outlines: mask ? await outlines(mask) : [] };
}

async function outlines(mask: Blob): Promise<number[][]> {
  try {
    const { pixels, width, height } = await toRadiograph(await decodePicture(mask));
    const values = toModelInput(pixels, width, height, OUTLINE_SIDE);
    return outlinesOf(values, OUTLINE_SIDE, INSIDE);
  } catch (reason) {
    if (reason instanceof RadiographError) return [];
    throw reason;
  }
}
