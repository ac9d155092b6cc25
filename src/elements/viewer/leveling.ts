/** Brightness and contrast by strokes, keys and sliders. Pure. */
import { clampWindow, FULL_WINDOW, windowOf } from '../../session/index.ts';
import type { GrayWindow, PictureSource } from '../../session/index.ts';

/** Share of the starting window's width that one CSS pixel of a stroke moves. */
export const LEVEL_PER_PIXEL = 1 / 400;

/**
 * What the file itself asks for. Else pictures of 8 bits were made to be seen as they are. Deeper ones use a part of their range
 * only, so they start with the middle 98 % of their values.
 */
export function startWindow(source: PictureSource | null): GrayWindow {
  const [preset] = source?.facts.presets ?? [];
  if (preset) return windowOf(preset);
  if (!source || source.facts.bitsStored <= 8) return FULL_WINDOW;
  const { low, high } = source.facts;
  return clampWindow({ center: (low + high) / 2, width: high - low, inverted: false });
}

/** `center` and `width` are steps in shares of the starting window's width. */
export function levelBy(
  window: GrayWindow,
  start: GrayWindow,
  center: number,
  width: number,
): GrayWindow {
  return clampWindow({
    center: window.center + center * start.width,
    width: window.width + 2 * width * start.width,
    inverted: window.inverted,
  });
}

/** What a slider from 0 to 100 shows; more is brighter. */
export function brightnessOf(window: GrayWindow): number {
  return Math.round(100 - window.center * 100);
}

export function withBrightness(window: GrayWindow, value: number): GrayWindow {
  return clampWindow({ ...window, center: 1 - value / 100 });
}

/** What a slider from 0 to 100 shows; more is harder. */
export function contrastOf(window: GrayWindow): number {
  return Math.round(100 - window.width * 50);
}

export function withContrast(window: GrayWindow, value: number): GrayWindow {
  return clampWindow({ ...window, width: (100 - value) / 50 });
}
