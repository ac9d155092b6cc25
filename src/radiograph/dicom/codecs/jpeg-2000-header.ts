/** What a JPEG 2000 codestream (T.800, T.814) says of itself before its first sample. */
import { damaged, truncated } from '../../errors.ts';
import { unreadable } from '../refusals.ts';
import type { PixelLayout } from '../header.ts';

const SIZE_BYTES = 38;
/** The least a tile takes in the stream: its own marker and the start of its data. */
const LEAST_TILE_BYTES = 14;
const MOST_TILES = 16_384;

/**
 * The codestream alone (some writers leave the boxes of a JP2 file around it), once its size is the
 * header's: a stream that claims more pixels or more tiles than it can hold is refused unread.
 * @throws TruncatedPictureError, DamagedPictureError, UnsupportedVariantError
 */
export function codestream(
  bytes: Uint8Array<ArrayBuffer>,
  layout: PixelLayout,
): Uint8Array<ArrayBuffer> {
  const start = startOf(bytes);
  if (start < 0) throw damaged('its pixels do not begin as JPEG 2000 does');
  const stream = bytes.subarray(start);
  if (stream.length < 4 + SIZE_BYTES) throw truncated('its pixels are missing');
  const view = new DataView(stream.buffer, stream.byteOffset + 8);
  const [xSize, ySize, xStart, yStart, tileX, tileY, tileXStart, tileYStart] = Array.from(
    { length: 8 },
    (_, i) => view.getUint32(4 * i),
  );
  const components = view.getUint16(32);
  const width = xSize - xStart;
  const height = ySize - yStart;
  if (width !== layout.width || height !== layout.height) {
    throw damaged(`its pixels are ${width} × ${height}, not ${layout.width} × ${layout.height}`);
  }
  if (components !== layout.samplesPerPixel)
    throw damaged('its pixels have other colors than it says');
  for (let i = 0; i < components; i++) {
    const at = 42 + 3 * i;
    const precision = (stream[at] & 0x7f) + 1;
    if (precision > 16) throw unreadable(`samples of ${precision} bits`);
    if (stream[at + 1] !== 1 || stream[at + 2] !== 1) throw unreadable('subsampled color');
  }
  if (tileX === 0 || tileY === 0) throw damaged('its pixels lie in tiles of no size');
  const tiles = Math.ceil((xSize - tileXStart) / tileX) * Math.ceil((ySize - tileYStart) / tileY);
  if (!(tiles >= 1 && tiles <= MOST_TILES && tiles * LEAST_TILE_BYTES <= stream.length)) {
    throw damaged('its pixels lie in more tiles than there can be');
  }
  return stream;
}

/** SOC followed by SIZ. */
function startOf(bytes: Uint8Array): number {
  const last = Math.min(bytes.length - 4, 4096);
  for (let at = 0; at <= last; at++) {
    if (bytes[at] !== 0xff || bytes[at + 1] !== 0x4f) continue;
    if (bytes[at + 2] === 0xff && bytes[at + 3] === 0x51) return at;
  }
  return -1;
}
