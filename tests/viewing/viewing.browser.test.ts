import { afterEach, describe, expect, it } from 'vitest';
import { grayOf, PictureViewing } from '../../src/session/index.ts';
import type { PictureSource, RenderedPart } from '../../src/session/index.ts';
import { Fault } from '../../src/base/fault.ts';
import { writePng } from '../fixtures/png.ts';
import { phantomPng } from '../inference/support/bench.ts';

const viewing = new PictureViewing();
const opened: PictureSource[] = [];
afterEach(() => {
  for (const source of opened.splice(0)) source.close();
});

async function open(blob: Blob): Promise<PictureSource> {
  const source = await viewing.open(blob);
  opened.push(source);
  return source;
}

const FULL = { center: 0.5, width: 1, inverted: false };

function grays(part: RenderedPart): Uint8ClampedArray {
  const canvas = new OffscreenCanvas(part.bitmap.width, part.bitmap.height);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('No canvas here.');
  context.drawImage(part.bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  return data.filter((_, index) => index % 4 === 0);
}

/** A square of 16 megapixels, drawn by the browser. */
async function gradient(size: number): Promise<Blob> {
  const canvas = new OffscreenCanvas(size, size);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('No canvas here.');
  const colors = context.createLinearGradient(0, 0, size, size);
  colors.addColorStop(0, '#000');
  colors.addColorStop(1, '#fff');
  context.fillStyle = colors;
  context.fillRect(0, 0, size, size);
  return canvas.convertToBlob({ type: 'image/png' });
}

/** Waits for the rejection and gives it back. */
async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (reason) {
    return reason;
  }
  throw new Error('This was expected to fail.');
}

describe('pictures from the viewing worker', () => {
  it('come in their own gray values, and through window and inversion', async () => {
    const png = await writePng({
      width: 64,
      height: 8,
      bitDepth: 8,
      colorType: 0,
      sample: (x, y) => 4 * x + (y % 4),
    });
    const source = await open(new Blob([png]));
    expect([source.width, source.height, source.facts.bitsStored]).toEqual([64, 8, 8]);
    const region = { x: 0, y: 0, width: 64, height: 8 };
    for (const window of [FULL, { center: 0.4, width: 0.3, inverted: true }]) {
      const part = await source.render({ window, region, scale: 1 });
      const seen = grays(part);
      expect(seen).toHaveLength(64 * 8);
      let worst = 0;
      seen.forEach((gray, index) => {
        const sample = 4 * (index % 64) + (Math.floor(index / 64) % 4);
        worst = Math.max(worst, Math.abs(gray - grayOf(sample / 255, window)));
      });
      expect(worst).toBeLessThanOrEqual(1);
    }
  });

  it('come in parts, with the place they cover', async () => {
    const source = await open(await phantomPng(1, 1024));
    const whole = { x: 0, y: 0, width: 1024, height: 1024 };
    const small = await source.render({ window: FULL, region: whole, scale: 0.3 });
    expect([small.bitmap.width, small.scale]).toEqual([512, 0.5]);
    const part = await source.render({
      window: FULL,
      region: { x: 100, y: 200, width: 50, height: 60 },
      scale: 1,
    });
    expect(part.region).toEqual({ x: 99, y: 199, width: 52, height: 62 });
    expect([part.bitmap.width, part.bitmap.height]).toEqual([52, 62]);
  });

  it('come cropped, turned and inverted as they were read', async () => {
    const png = await writePng({
      width: 64,
      height: 8,
      bitDepth: 8,
      colorType: 0,
      sample: (x, y) => 3 * x + y,
    });
    const crop = { x: 0.5, y: 0, width: 0.5, height: 1 };
    const adjust = { crop, rotate: 90, invert: true } as const;
    const source = await viewing.open(new Blob([png]), undefined, adjust);
    opened.push(source);
    expect([source.width, source.height]).toEqual([8, 32]);
    const region = { x: 0, y: 0, width: 8, height: 32 };
    const seen = grays(await source.render({ window: FULL, region, scale: 1 }));
    // Left upper corner: column 32 of the last row; the right end: of the first row.
    expect(Math.abs((seen[0] ?? 0) - (255 - (3 * 32 + 7)))).toBeLessThanOrEqual(1);
    expect(Math.abs((seen[7] ?? 0) - (255 - 3 * 32))).toBeLessThanOrEqual(1);
    expect(Math.abs((seen[8 * 31] ?? 0) - (255 - (3 * 63 + 7)))).toBeLessThanOrEqual(1);
  });

  it('leave the page free to move while a large one is opened and windowed', async () => {
    const blob = await gradient(4000);
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 5);
    const start = performance.now();
    const source = await open(blob);
    const region = { x: 0, y: 0, width: 4000, height: 4000 };
    const part = await source.render({ window: FULL, region, scale: 1 });
    const passed = performance.now() - start;
    clearInterval(timer);
    part.bitmap.close();
    // A blocked page would have had no turn at all; a busy machine takes some.
    expect(ticks).toBeGreaterThan(passed / 5 / 10);
  });
});

describe('what cannot be viewed', () => {
  it('keeps the decoder’s own words across the worker', async () => {
    const reason = await rejection(viewing.open(new Blob(['just text'])));
    expect(reason).toBeInstanceOf(Fault);
    expect((reason as Fault).toData().remedy).not.toBe('');
  });

  it('leaves the worker alive for the next one', async () => {
    await rejection(viewing.open(new Blob([])));
    const source = await open(await phantomPng(2, 64));
    expect(source.width).toBe(64);
  });

  it('ends quietly when closed or stopped', async () => {
    const source = await viewing.open(await phantomPng(3, 64));
    source.close();
    const region = { x: 0, y: 0, width: 64, height: 64 };
    const closed = await rejection(source.render({ window: FULL, region, scale: 1 }));
    expect((closed as Error).name).toBe('AbortError');
    const stop = new AbortController();
    stop.abort();
    const stopped = await rejection(viewing.open(new Blob([]), stop.signal));
    expect((stopped as Error).name).toBe('AbortError');
  });
});
