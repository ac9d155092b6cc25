/** The two ends of a picture's way that need no engine: opening it, and the thumbnail for lists. */
import { closePicture, decodePicture, factsOf, makeThumbnail } from '../../radiograph/index.ts';
import type { DecodedPicture } from '../../radiograph/types.ts';
import { Fault } from '../../base/fault.ts';
import { OutOfMemory, ReadingFailed, toFault } from '../errors.ts';
import type { EngineInput } from './engine/engine.ts';
import { EngineBroken } from './engine-broken.ts';
import type { ReadRequest } from '../protocol.ts';
import { thumbnailOf } from './thumbnail.ts';

const THUMBNAIL_SIZE = 192;

/** @throws a Fault of `radiograph`, ReadingFailed, EngineBroken, the signal's reason */
export async function decode(
  { source, readAnyway = false, frame = 0 }: Pick<ReadRequest, 'source' | 'readAnyway' | 'frame'>,
  signal: AbortSignal,
): Promise<DecodedPicture> {
  try {
    return await decodePicture(source, { signal, readAnyway, frame });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Fault) throw error;
    const fault = toFault(error);
    // A worker that ran out of memory keeps its heap; a fresh one may well manage.
    if (fault instanceof OutOfMemory) throw new EngineBroken(fault);
    throw new ReadingFailed(fault.message, { cause: error });
  }
}

/** A reading without its thumbnail is still a reading. Closes the picture. */
export async function drawThumbnail(
  picture: DecodedPicture,
  input: EngineInput,
): Promise<ImageBitmap | null> {
  try {
    if (input.kind === 'gpu') return await makeThumbnail(picture, THUMBNAIL_SIZE);
    return await thumbnailOf(input.values, factsOf(picture), THUMBNAIL_SIZE);
  } catch {
    return null;
  } finally {
    closePicture(picture);
  }
}
