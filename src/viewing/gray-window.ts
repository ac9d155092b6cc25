/**
 * Window and level on pictures of 0 … 1, as DICOM PS3.3 C.11.2.1.2 draws the linear function
 * (without its half-unit offsets, which mean something only for whole stored values).
 */
import type { ViewPreset } from '../radiograph/types.ts';
import type { GrayWindow } from './types.ts';

/** Steps of the look-up table: the viewer holds 16-bit samples. */
export const LUT_SIZE = 65_536;

/** Narrower than this and a picture is two-valued; wider than 2 and it is flat gray. */
const MIN_WIDTH = 0.01;
const MAX_WIDTH = 2;

export const FULL_WINDOW: GrayWindow = { center: 0.5, width: 1, inverted: false };

export function clampWindow(window: GrayWindow): GrayWindow {
  return {
    center: Math.min(1.5, Math.max(-0.5, window.center)),
    width: Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, window.width)),
    inverted: window.inverted,
  };
}

/** The window a file asks for, as it asks for it. */
export function windowOf({ center, width, curve }: ViewPreset): GrayWindow {
  const window = { center, width: Math.max(MIN_WIDTH, width), inverted: false };
  return curve ? { ...window, curve } : window;
}

/** Gray level 0 … 255 of a sample 0 … 1. */
export function grayOf(sample: number, window: GrayWindow): number {
  const { curve } = window;
  const share = curve
    ? (curve[Math.round(sample * (curve.length - 1))] ?? 0)
    : (sample - window.center) / window.width + 0.5;
  const clamped = Math.min(1, Math.max(0, share));
  return Math.round(255 * (window.inverted ? 1 - clamped : clamped));
}

const littleEndian = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

/** One opaque RGBA word per 16-bit sample, ready to be written through a Uint32Array view. */
export function fillLut(window: GrayWindow, lut: Uint32Array): void {
  for (let index = 0; index < lut.length; index += 1) {
    const gray = grayOf(index / (lut.length - 1), window);
    lut[index] = littleEndian
      ? ((255 << 24) | (gray << 16) | (gray << 8) | gray) >>> 0
      : ((gray << 24) | (gray << 16) | (gray << 8) | 255) >>> 0;
  }
}
