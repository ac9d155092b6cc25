/** From the whole model input to the part of it that the classifier sees. */
import type { Crop, Manifest } from '../../../model/index.ts';
import { cropTo, locateLungs, MODEL_SIZE, WHOLE } from '../../../preprocess/index.ts';
import type { LungMap, SeenPart } from '../../types.ts';
import type { LungReader } from './lung-network.ts';

/** What was looked at before the classifier runs. */
export interface Sight {
  /** The classifier's input, 224 × 224, 0 … 1. */
  readonly values: Float32Array;
  readonly part: SeenPart;
  readonly lungs: LungMap;
}

/** The part of a picture that a model without a crop sees. */
export const ALL_OF_IT: SeenPart = { state: 'whole', rect: WHOLE };

export function cropOf(manifest: Manifest): Crop | null {
  return manifest.input.crop ?? null;
}

/**
 * Lungs first, then the crop. Nothing else may run on the engine meanwhile; never rejects: lungs that
 * cannot be located leave the whole picture.
 * @param whole the model input of the whole picture, 224 × 224
 */
export async function lookAt(
  whole: Float32Array,
  reader: LungReader,
  crop: Crop | null,
): Promise<Sight> {
  const lungs = await reader.read(whole);
  if (!crop) return { values: whole, part: ALL_OF_IT, lungs };
  const all = (why: string): Sight => ({
    values: whole,
    part: { state: 'not-located', rect: WHOLE, why },
    lungs,
  });
  if (lungs.state !== 'done') return all(lungs.state);
  const { box, why } = locateLungs(lungs, crop);
  if (!box) return all(why);
  const { left, top, right, bottom } = box;
  const rect = {
    x: left / MODEL_SIZE,
    y: top / MODEL_SIZE,
    width: (right - left) / MODEL_SIZE,
    height: (bottom - top) / MODEL_SIZE,
  };
  return { values: cropTo(whole, box), part: { state: 'lungs', rect }, lungs };
}
