/** Turned, inverted, cropped: what a person asks for when a picture lies on its side. */
import { readBitmap } from '../formats/canvas.ts';
import { orient, orientFloats, size } from '../formats/exif.ts';
import { invertPresets } from '../presets.ts';
import type { Adjustment, DecodedPicture, PictureSamples, RadiographFacts } from '../types.ts';

type Rect = Required<Adjustment>['crop'];

/** EXIF's numbers for the three clockwise turns. */
const ORIENTATION = { 0: 1, 90: 6, 180: 3, 270: 8 } as const;
const WHOLE: Rect = { x: 0, y: 0, width: 1, height: 1 };

/** Whether anything at all would change. */
export function changesPicture(adjust: Adjustment | null | undefined): adjust is Adjustment {
  if (!adjust) return false;
  const { crop, rotate, invert } = adjust;
  return (rotate ?? 0) !== 0 || invert === true || (crop !== undefined && !isWhole(crop));
}

/**
 * The picture cropped, then turned, then inverted. The former one is closed; a bitmap comes back as
 * samples. A crop is rounded to whole pixels and keeps at least one.
 * @throws TypeError for a crop that holds anything but finite numbers
 */
export function adjustPicture(picture: DecodedPicture, adjust: Adjustment): DecodedPicture {
  if (!changesPicture(adjust)) return picture;
  const orientation = ORIENTATION[adjust.rotate ?? 0];
  const invert = adjust.invert === true;
  if (picture.kind === 'pixels') {
    const { radiograph } = picture;
    const box = boxOf(adjust.crop ?? WHOLE, radiograph.width, radiograph.height);
    const cut = cropCells(radiograph.pixels, radiograph.width, box);
    let pixels = orientFloats(cut, box.width, box.height, orientation);
    if (invert) pixels = pixels.map((value) => 1 - value);
    const turned = turnedFacts(radiograph, box, orientation);
    return { kind: 'pixels', radiograph: { ...(invert ? invertPresets(turned) : turned), pixels } };
  }
  const samples = picture.kind === 'samples' ? picture.samples : readBitmap(picture.bitmap);
  if (picture.kind === 'bitmap') picture.bitmap.close();
  const box = boxOf(adjust.crop ?? WHOLE, samples.width, samples.height);
  const turned = orient(cropSamples(samples, box), orientation);
  const facts = turnedFacts(picture.facts, box, orientation);
  return {
    kind: 'samples',
    samples: invert ? inverted(turned) : turned,
    facts: invert ? invertPresets(facts) : facts,
  };
}

/**
 * One adjustment that does what `first` and then `then` would do; `then.crop` is a part of the
 * picture as `first` left it.
 */
export function combineAdjustments(first: Adjustment | null, then: Adjustment): Adjustment {
  const before = first ?? {};
  const turn = before.rotate ?? 0;
  const outer = before.crop ?? WHOLE;
  const inner = turnedBack(then.crop ?? WHOLE, turn);
  const crop = {
    x: outer.x + inner.x * outer.width,
    y: outer.y + inner.y * outer.height,
    width: outer.width * inner.width,
    height: outer.height * inner.height,
  };
  const rotate = ((turn + (then.rotate ?? 0)) % 360) as 0 | 90 | 180 | 270;
  const invert = (before.invert ?? false) !== (then.invert ?? false);
  return {
    ...(isWhole(crop) ? {} : { crop }),
    ...(rotate === 0 ? {} : { rotate }),
    ...(invert ? { invert } : {}),
  };
}

function isWhole({ x, y, width, height }: Rect): boolean {
  return x <= 0 && y <= 0 && x + width >= 1 && y + height >= 1;
}

/** Where a rectangle of the turned picture lay before it was turned clockwise. */
function turnedBack({ x, y, width, height }: Rect, turn: 0 | 90 | 180 | 270): Rect {
  switch (turn) {
    case 0:
      return { x, y, width, height };
    case 90:
      return { x: y, y: 1 - x - width, width: height, height: width };
    case 180:
      return { x: 1 - x - width, y: 1 - y - height, width, height };
    case 270:
      return { x: 1 - y - height, y: x, width: height, height: width };
  }
}

/** Whole pixels, inside the picture, at least one. */
function boxOf(crop: Rect, width: number, height: number): Rect {
  if (![crop.x, crop.y, crop.width, crop.height].every(Number.isFinite)) {
    throw new TypeError('A crop is four finite numbers.');
  }
  const left = clamp(Math.round(crop.x * width), 0, width - 1);
  const top = clamp(Math.round(crop.y * height), 0, height - 1);
  const right = clamp(Math.round((crop.x + crop.width) * width), left + 1, width);
  const bottom = clamp(Math.round((crop.y + crop.height) * height), top + 1, height);
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

function cropSamples(samples: PictureSamples, box: Rect): PictureSamples {
  const { width, height, data, layout } = samples;
  if (box.width === width && box.height === height) return samples;
  const step = layout === 'grey' ? 1 : 4;
  const cut = cropCells(data, width, box, step);
  return { ...samples, width: box.width, height: box.height, data: cut };
}

/** Row by row; `step` cells make a pixel. */
function cropCells<T extends Uint8Array | Uint16Array | Float32Array>(
  cells: T,
  width: number,
  box: Rect,
  step = 1,
): T {
  if (box.width === width && box.height * width * step === cells.length) return cells;
  const length = box.width * box.height * step;
  const target = (
    cells instanceof Float32Array
      ? new Float32Array(length)
      : cells instanceof Uint8Array
        ? new Uint8Array(length)
        : new Uint16Array(length)
  ) as T;
  for (let row = 0; row < box.height; row++) {
    const from = ((box.y + row) * width + box.x) * step;
    target.set(cells.subarray(from, from + box.width * step), row * box.width * step);
  }
  return target;
}

/** Transparent pixels count as what they look like over black, so they come out white and opaque. */
function inverted(samples: PictureSamples): PictureSamples {
  const { layout, data, white } = samples;
  if (layout === 'grey') return { ...samples, data: data.map((value) => white - value) };
  const hasAlpha = layout.endsWith('a');
  const target = new Uint8Array(data.length);
  for (let at = 0; at < data.length; at += 4) {
    const alpha = hasAlpha ? data[at + 3] / 255 : 1;
    for (let channel = 0; channel < 3; channel++) {
      target[at + channel] = Math.round(255 - data[at + channel] * alpha);
    }
    target[at + 3] = 255;
  }
  return { ...samples, layout: layout.startsWith('rgb') ? 'rgbx' : 'bgrx', data: target };
}

function turnedFacts<T extends RadiographFacts>(facts: T, box: Rect, orientation: number): T {
  const { pixelSpacing } = facts.attributes;
  const swaps = orientation === 6 || orientation === 8;
  return {
    ...facts,
    ...size(box, orientation),
    ...(pixelSpacing && swaps
      ? {
          attributes: {
            ...facts.attributes,
            pixelSpacing: [pixelSpacing[1], pixelSpacing[0]] as const,
          },
        }
      : {}),
  };
}
