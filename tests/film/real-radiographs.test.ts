/** Extra: real radiographs in the place of the phantom, where there is a folder with them. */
import { existsSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { toModelInput } from '../../src/preprocess/index.ts';
import { correctFilm } from '../../src/film/correct.ts';
import { proposeCorners } from '../../src/film/corners.ts';
import { setLevels } from '../../src/film/levels.ts';
import { makeScene, SCENE_KINDS } from '../fixtures/film-scene.ts';
import { worstOff } from '../fixtures/film-corners.ts';
import { readTar } from '../fixtures/tar.ts';

const data = new URL('../../../../shared/data/', import.meta.url);
const absent = !existsSync(data);
if (absent)
  console.info('Skipped: ../shared/data is not here, so no real radiographs are on film.');

const TARS = ['covid', 'lung-opacity', 'normal', 'viral-pneumonia'];
const EACH = 15;

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function meanDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / a.length;
}

describe.skipIf(absent)('real radiographs as films', () => {
  it('are found and come out as they went in', async () => {
    const offs: number[] = [];
    const differences: number[] = [];
    /** From the original brought to the same black and white, which no photograph can tell. */
    const inShape: number[] = [];
    for (const name of TARS) {
      let taken = 0;
      for await (const { bytes } of readTar(new URL(`radiographs-${name}.tar`, data), 40)) {
        const { data: raw, info } = await sharp(bytes)
          .greyscale()
          .raw()
          .toBuffer({ resolveWithObject: true });
        if (info.width !== info.height || info.channels !== 1) continue;
        const original = {
          size: info.width,
          data: Float32Array.from(raw, (value) => value / 255),
        };
        const seed = 7000 + offs.length;
        const kind = SCENE_KINDS[offs.length % SCENE_KINDS.length];
        const scene = makeScene({ kind, seed, width: 640, height: 480, original });
        const proposal = proposeCorners({ layout: 'float', ...scene.photo });
        offs.push(worstOff(proposal.corners, scene));
        const film = correctFilm(scene.photo, scene.corners);
        const input = toModelInput(film.data, film.width, film.height);
        const { size } = original;
        differences.push(meanDifference(input, toModelInput(original.data, size, size)));
        const levelled = original.data.slice();
        setLevels({ width: size, height: size, data: levelled });
        inShape.push(meanDifference(input, toModelInput(levelled, size, size)));
        if (++taken === EACH) break;
      }
    }
    const near = offs.filter((off) => off <= 0.02).length;
    console.log(
      `real radiographs as films: corners within 2 % in ${near} of ${offs.length}; with the true ` +
        `corners the model input differs by ${mean(differences).toFixed(4)} on average, ` +
        `by ${mean(inShape).toFixed(4)} apart from where black and white lie`,
    );
    expect(offs.length).toBe(TARS.length * EACH);
    expect(near).toBeGreaterThanOrEqual(0.9 * offs.length);
    expect(mean(inShape)).toBeLessThan(0.04);
    expect(mean(differences)).toBeLessThan(0.1);
  }, 120_000);
});
