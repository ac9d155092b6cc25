/**
 * Two tiny files whose pixels are known, and a picture of many values: what a browser gives back
 * for them shows whether its way of decoding can be trusted with a radiograph.
 */
import type { PictureSamples } from '../types.ts';

export interface KnownPicture {
  readonly type: string;
  readonly side: number;
  /** How far a sample may be off. */
  readonly tolerance: number;
  bytes(): Uint8Array<ArrayBuffer>;
  /** Red, green and blue 0 … 255; equal for a grey picture. */
  color(x: number, y: number): readonly [number, number, number];
}

export const knownPng: KnownPicture = {
  type: 'image/png',
  side: 8,
  tolerance: 0,
  bytes: () => fromBase64(PNG),
  color: (x, y) => [x * 36, y * 36, (x * y * 5) & 255],
};

/** As above with alpha 64 … 232 in rows; straight, as PNG stores it. */
export const knownAlphaPng: KnownPicture = {
  type: 'image/png',
  side: 8,
  tolerance: 0,
  bytes: () => fromBase64(ALPHA_PNG),
  color: (x, y) => [x * 36, y * 36, 200],
};

/** What a browser gives that multiplies the alpha of `knownAlphaPng` in, within its rounding. */
export function dimmed(known: KnownPicture): KnownPicture {
  return {
    ...known,
    tolerance: 1,
    color(x, y) {
      const opacity = (64 + 24 * y) / 255;
      const [r, g, b] = known.color(x, y);
      return [r * opacity, g * opacity, b * opacity];
    },
  };
}

/** Four flat squares of grey, 8 × 8 each: a JPEG stores them without loss. */
export const knownJpeg: KnownPicture = {
  type: 'image/jpeg',
  side: 16,
  tolerance: 1,
  bytes: () => fromBase64(JPEG),
  color(x, y) {
    const grey = [0, 90, 180, 255][(y >> 3) * 2 + (x >> 3)];
    return [grey, grey, grey];
  },
};

export function matchesKnown(known: KnownPicture, samples: PictureSamples): boolean {
  const { side, tolerance } = known;
  if (samples.width !== side || samples.height !== side) return false;
  const { layout, data } = samples;
  for (let i = 0; i < side * side; i++) {
    const [r, g, b] = known.color(i % side, Math.floor(i / side));
    const expected = layout === 'grey' ? [g] : layout.startsWith('rgb') ? [r, g, b] : [b, g, r];
    const at = layout === 'grey' ? i : i * 4;
    const near = expected.every((value, k) => Math.abs(data[at + k] - value) <= tolerance);
    if (!near) return false;
  }
  return true;
}

/** 96 × 96 opaque pixels of scattered values. */
export function knownNoise(): ImageData {
  const image = new ImageData(96, 96);
  let state = 1;
  for (let i = 0; i < image.data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    image.data[i] = i % 4 === 3 ? 255 : state >>> 24;
  }
  return image;
}

function fromBase64(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAoElEQVQI1x2O' +
  'IQ6DUBBEx9TUYDAYDCswNWg02QRTjcaQ7AEwvQFiFdfAzElQe5G6Fc2vnUzeewAggAIGOEAggMR/FnmoPE0ql5rS' +
  'hLQpXTmLPlVr09a1pw6hY+pUEGKVWmv2chtpc9iSthWweK3em4/ub/oavqcfRSdslINxdq7kJ3gmrxIh0WqMFovH' +
  'zjgjmHGXNMlOc7LcPA/mFXlnfn/7Yk5RoeIoMgAAAABJRU5ErkJggg==';

const JPEG =
  '/9j/2wBDAAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB' +
  'AQEBAQH/2wBDAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB' +
  'AQEBAQEBAQH/wAARCAAQABADASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAACgv/xAAUEAEAAAAAAAAAAAAA' +
  'AAAAAAAA/8QAFAEBAAAAAAAAAAAAAAAAAAAAAP/EABQRAQAAAAAAAAAAAAAAAAAAAAD/2gAMAwEAAhEDEQA/AJ/5' +
  'aBaBLAP/2Q==';

const ALPHA_PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAYAAADED76LAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAcUlEQVQY0w3D' +
  'MRUDUQhFwScGIVsiYUVQrIyUSFgRFJFAmRIJXwRF7pwzkvoyOoPJ4nApWd9GZzBZHC4l78foDCaLw6UU/TE6g8ni' +
  'cCllv0ZnMFkcLqXqr9EZTBaHS2n6Z3QGk8XhUto+RmcwWRzu9vkDZ6aWAeyMW0sAAAAASUVORK5CYII=';
