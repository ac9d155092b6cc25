/** One opened picture, ready to be drawn in parts. Runs in the viewing worker (and in tests). */
import type { Radiograph } from '../radiograph/types.ts';
import { fillLut, LUT_SIZE } from './gray-window.ts';
import { buildPyramid, levelFor, middleRange } from './pyramid.ts';
import type { Level } from './pyramid.ts';
import type { GrayWindow, PictureFacts, Region, RenderedPart, RenderRequest } from './types.ts';

export class PictureRenderer {
  readonly width: number;
  readonly height: number;
  readonly facts: PictureFacts;
  readonly #levels: readonly Level[];
  readonly #lut = new Uint32Array(LUT_SIZE);
  #lutWindow: GrayWindow | null = null;

  constructor(radiograph: Radiograph) {
    this.width = radiograph.width;
    this.height = radiograph.height;
    this.#levels = buildPyramid(radiograph.pixels, radiograph.width, radiograph.height);
    const [low, high] = middleRange(this.#levels);
    const { bitsStored, format, attributes, presets = [] } = radiograph;
    this.facts = { bitsStored, format, low, high, attributes, presets };
  }

  render(request: RenderRequest): RenderedPart {
    const level = levelFor(this.#levels, request.scale);
    const box = boxInLevel(request.region, level);
    this.#prepareLut(request.window);
    const words = new Uint32Array(box.width * box.height);
    for (let y = 0; y < box.height; y += 1) {
      const from = (box.y + y) * level.width + box.x;
      const to = y * box.width;
      for (let x = 0; x < box.width; x += 1) {
        words[to + x] = this.#lut[level.samples[from + x] ?? 0] ?? 0;
      }
    }
    const image = new ImageData(new Uint8ClampedArray(words.buffer), box.width, box.height);
    const canvas = new OffscreenCanvas(box.width, box.height);
    const context = canvas.getContext('2d');
    if (!context) throw new RangeError('This browser gave no drawing surface.');
    context.putImageData(image, 0, 0);
    return {
      bitmap: canvas.transferToImageBitmap(),
      region: {
        x: box.x / level.scaleX,
        y: box.y / level.scaleY,
        width: box.width / level.scaleX,
        height: box.height / level.scaleY,
      },
      scale: level.scaleX,
    };
  }

  #prepareLut(window: GrayWindow): void {
    const known = this.#lutWindow;
    if (
      known?.center === window.center &&
      known.width === window.width &&
      known.inverted === window.inverted &&
      known.curve === window.curve
    ) {
      return;
    }
    fillLut(window, this.#lut);
    this.#lutWindow = window;
  }
}

/** Whole level pixels that cover the region, one more on each side for smooth edges, inside the level. */
function boxInLevel(region: Region, level: Level): Region {
  const left = Math.max(0, Math.floor(region.x * level.scaleX) - 1);
  const top = Math.max(0, Math.floor(region.y * level.scaleY) - 1);
  const right = Math.min(level.width, Math.ceil((region.x + region.width) * level.scaleX) + 1);
  const bottom = Math.min(level.height, Math.ceil((region.y + region.height) * level.scaleY) + 1);
  return {
    x: Math.min(left, level.width - 1),
    y: Math.min(top, level.height - 1),
    width: Math.max(1, right - left),
    height: Math.max(1, bottom - top),
  };
}
