import { describe, expect, it } from 'vitest';
import { clampWindow, FULL_WINDOW, grayOf } from '../../src/session/index.ts';
import { fillLut, LUT_SIZE } from '../../src/viewing/gray-window.ts';
import { buildPyramid, levelFor, middleRange } from '../../src/viewing/pyramid.ts';

describe('window and level', () => {
  it('leaves the full window as the picture is', () => {
    for (const gray of [0, 1, 127, 254, 255]) expect(grayOf(gray / 255, FULL_WINDOW)).toBe(gray);
  });

  it('is black below, white above and linear in between', () => {
    const window = { center: 0.6, width: 0.2, inverted: false };
    expect(grayOf(0.49, window)).toBe(0);
    expect(grayOf(0.71, window)).toBe(255);
    expect(grayOf(0.6, window)).toBe(128);
    expect(grayOf(0.49, { ...window, inverted: true })).toBe(255);
  });

  it('fills an opaque look-up table that agrees with it', () => {
    const lut = new Uint32Array(LUT_SIZE);
    const window = { center: 0.3, width: 0.5, inverted: true };
    fillLut(window, lut);
    const bytes = new Uint8Array(lut.buffer);
    for (const index of [0, 9000, 30_000, LUT_SIZE - 1]) {
      const gray = grayOf(index / (LUT_SIZE - 1), window);
      expect([...bytes.subarray(4 * index, 4 * index + 4)]).toEqual([gray, gray, gray, 255]);
    }
  });

  it('never lets the width reach zero', () => {
    expect(clampWindow({ center: 9, width: 0, inverted: false })).toEqual({
      center: 1.5,
      width: 0.01,
      inverted: false,
    });
  });
});

describe('pyramid', () => {
  it('halves by means until it is small', () => {
    const width = 1025;
    const height = 1024;
    const pixels = new Float32Array(width * height).map((_, index) => (index % width) / width);
    const levels = buildPyramid(pixels, width, height);
    expect(levels.map((level) => [level.width, level.height])).toEqual([
      [1025, 1024],
      [512, 512],
      [256, 256],
    ]);
    const [full, half] = levels;
    const mean =
      ((full?.samples[0] ?? 0) +
        (full?.samples[1] ?? 0) +
        (full?.samples[width] ?? 0) +
        (full?.samples[width + 1] ?? 0)) /
      4;
    expect(half?.samples[0]).toBe(Math.round(mean));
  });

  it('gives the coarsest level that is fine enough', () => {
    const levels = buildPyramid(new Float32Array(1024 * 1024), 1024, 1024);
    expect(levelFor(levels, 1).width).toBe(1024);
    expect(levelFor(levels, 0.5).width).toBe(512);
    expect(levelFor(levels, 0.51).width).toBe(1024);
    expect(levelFor(levels, 0.01).width).toBe(256);
  });

  it('finds where the middle of the gray values lies', () => {
    const pixels = new Float32Array(10_000).fill(0.4);
    pixels.fill(0, 0, 20);
    pixels.fill(1, 9980);
    pixels.fill(0.6, 5000, 9980);
    const [low, high] = middleRange(buildPyramid(pixels, 100, 100));
    expect(low).toBeCloseTo(0.4, 2);
    expect(high).toBeCloseTo(0.6, 2);
  });

  it('clamps values outside of 0 … 1', () => {
    const [level] = buildPyramid(Float32Array.of(-1, 2, 0.5, Number.NaN), 2, 2);
    expect([...(level?.samples ?? [])]).toEqual([0, 65_535, 32_768, 0]);
  });
});
