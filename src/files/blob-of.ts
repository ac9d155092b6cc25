import type { PictureInput } from '../inference/types.ts';

/**
 * The bytes of a picture, wherever it lies.
 * @throws Fault that says why they cannot be had, or the signal's reason
 */
export async function blobOf(source: PictureInput, signal?: AbortSignal): Promise<Blob> {
  return source instanceof Blob ? source : source.open(signal);
}
