/** File → picture: read, recognized by its bytes, decoded by the one that knows the format. */
import type { DecodeInput } from './formats/decoder.ts';
import {
  emptyFile,
  fileTooLarge,
  fromReadFailure,
  isOutOfMemory,
  outOfMemory,
  RadiographError,
  unexpected,
  unknownFormat,
  unsupportedFormat,
} from './errors.ts';
import { DEFAULT_MAX_PIXELS } from './formats/header.ts';
import { decoderFor } from './formats/registry.ts';
import { HEAD_BYTES, sniffFormat } from './formats/sniff.ts';
import type { DecodedPicture, DecodeOptions } from './types.ts';

/** An uncompressed 16-bit radiograph of 100 megapixels is half of this. */
export const MAX_FILE_BYTES = 400_000_000;

/** Files above this are recognized by their first bytes before the rest is read. */
const READ_AT_ONCE = 32_000_000;

/**
 * Opens one file.
 * @throws RadiographError by name (see errors.ts); the signal's reason when stopped
 */
export async function decodePicture(
  source: Blob,
  options: DecodeOptions = {},
): Promise<DecodedPicture> {
  const { signal, maxPixels = DEFAULT_MAX_PIXELS, purpose, frame, readAnyway } = options;
  signal?.throwIfAborted();
  if (source.size > MAX_FILE_BYTES) throw fileTooLarge(source.size, MAX_FILE_BYTES);
  let whole: Uint8Array<ArrayBuffer> | null = null;
  let head: Uint8Array<ArrayBuffer>;
  if (source.size > READ_AT_ONCE) {
    head = await readBytes(source.slice(0, HEAD_BYTES));
  } else {
    whole = await readBytes(source);
    head = whole.subarray(0, HEAD_BYTES);
  }
  signal?.throwIfAborted();
  // A folder has size 0 in some browsers: only a read that worked proves an empty file.
  if (head.length === 0) throw emptyFile();
  const format = sniffFormat(head);
  if (!format) {
    return notAPicture(source, head, options);
  }
  const decoder = decoderFor(format);
  const bytes = whole ?? (await readBytes(source));
  signal?.throwIfAborted();
  const input: DecodeInput = {
    bytes,
    maxPixels,
    ...(signal && { signal }),
    ...(purpose && { purpose }),
    ...(frame !== undefined && { frame }),
    ...(readAnyway && { readAnyway }),
  };
  try {
    return await decoder.decode(input);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof RadiographError) throw error;
    throw isOutOfMemory(error) ? outOfMemory(error) : unexpected(error);
  }
}

/** A picture that gzip packed, or a word about what this is; the code for it comes only then. */
async function notAPicture(
  source: Blob,
  head: Uint8Array,
  options: DecodeOptions,
): Promise<DecodedPicture> {
  const { gunzip, isGzip } = await import('./gunzip.ts');
  if (isGzip(head)) {
    const inner = new Blob([await gunzip(source, MAX_FILE_BYTES, options.signal)]);
    // One layer: what was packed twice may be made to fill the memory.
    if (sniffFormat(await readBytes(inner.slice(0, HEAD_BYTES)))) {
      return decodePicture(inner, options);
    }
  }
  const { describeDisc, describeOther, DISC_MARK_AT } = await import('./formats/other.ts');
  const mark = await readBytes(source.slice(DISC_MARK_AT, DISC_MARK_AT + 5));
  const other = describeOther(head) ?? describeDisc(mark);
  throw other ? unsupportedFormat(other.name, other.remedy) : unknownFormat();
}

async function readBytes(blob: Blob): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await blob.arrayBuffer());
  } catch (error) {
    throw fromReadFailure(error);
  }
}
