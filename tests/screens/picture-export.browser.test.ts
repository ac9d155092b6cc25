import { afterEach, describe, expect, it } from 'vitest';
import { viridis } from '../../src/elements/overlay/color-map.ts';
import { buildInfo } from '../../src/platform/index.ts';
import { exportLines, headlineOf } from '../../src/screens/read/overlay-view.ts';
import { exportName, exportPicture } from '../../src/screens/read/picture-export.ts';
import type { ExportWishes } from '../../src/screens/read/picture-export.ts';
import { filmCaution } from '../../src/words/words.ts';
import { FULL_WINDOW } from '../../src/session/index.ts';
import type { Case } from '../../src/session/types.ts';
import { aCase, anAssurance, aReading } from './support/assurance.ts';
import { unmountAll } from './support/harness.ts';
import { PageSource } from './support/pictures.ts';
import type { OverlayScene } from '../../src/state/overlay.ts';

const SIDE = 32;
/** Evidence in the lower half only. */
const scene: OverlayScene = {
  map: {
    width: SIDE,
    height: SIDE,
    shares: Float32Array.from({ length: SIDE * SIDE }, (_, at) =>
      at >= (SIDE * SIDE) / 2 ? 1 : 0,
    ),
  },
  strength: 1,
  outlines: null,
};

function wishes(part: Partial<ExportWishes> = {}): ExportWishes {
  return {
    source: new PageSource(1000, 800, () => 0.4),
    window: FULL_WINDOW,
    scene,
    headline: 'Most resembles: COVID-19',
    evidence: 'strongest evidence for COVID-19',
    lines: ['Codes: unstable', 'Not a diagnosis.'],
    ...part,
  };
}

interface Opened {
  readonly width: number;
  readonly height: number;
  at(x: number, y: number): number[];
  /** How many different colors a row has. */
  colors(y: number): number;
}

async function open(blob: Blob): Promise<Opened> {
  expect(blob.type).toBe('image/png');
  const bitmap = await createImageBitmap(blob);
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext('2d');
  context?.drawImage(bitmap, 0, 0);
  const read = (x: number, y: number, width: number): Uint8ClampedArray =>
    context?.getImageData(x, y, width, 1).data ?? new Uint8ClampedArray();
  return {
    width: bitmap.width,
    height: bitmap.height,
    at: (x, y) => [...read(x, y, 1)].slice(0, 3),
    colors: (y) => new Set(new Uint32Array(read(0, y, bitmap.width).buffer)).size,
  };
}

afterEach(unmountAll);

describe('a picture that leaves the app', () => {
  it('is the picture with its evidence, and a band with the words below', async () => {
    const picture = await open(await exportPicture(wishes()));
    expect(picture.width).toBe(1000);
    expect(picture.height).toBeGreaterThan(900);
    expect(picture.at(500, 100)).toEqual([102, 102, 102]);
    picture
      .at(500, 700)
      .forEach((value, index) =>
        expect(Math.abs(value - (viridis(1)[index] ?? 0))).toBeLessThanOrEqual(2),
      );
    // Letters and the legend: rows of the band with more than its ground.
    const rows = Array.from({ length: picture.height - 800 }, (_, row) =>
      picture.colors(800 + row),
    );
    expect(rows[0]).toBe(1);
    expect(rows.at(-1)).toBe(1);
    expect(Math.max(...rows)).toBeGreaterThan(50);
  });

  it('has more room for more words, and none for a legend of nothing', async () => {
    const short = await open(await exportPicture(wishes({ scene: null, evidence: '' })));
    const usual = await open(await exportPicture(wishes()));
    const long = await open(
      await exportPicture(wishes({ lines: Array.from({ length: 6 }, () => 'word '.repeat(60)) })),
    );
    expect(usual.height).toBeGreaterThan(short.height);
    expect(long.height).toBeGreaterThan(usual.height + 6 * 24);
    expect(short.at(500, 700)).toEqual([102, 102, 102]);
  });

  it('keeps to the window, and within what a phone can hold', async () => {
    const source = new PageSource(3000, 5000, () => 0.4);
    const window = { center: 0.5, width: 1, inverted: true };
    const picture = await open(await exportPicture(wishes({ source, window, scene: null })));
    expect(picture.at(100, 100)).toEqual([153, 153, 153]);
    expect(picture.width).toBe(Math.round((2048 / 5000) * 3000));
    expect(picture.width * picture.height).toBeLessThan(16_700_000);
  });

  it('is enlarged where its words would not fit', async () => {
    const source = new PageSource(224, 224, () => 0.4);
    const picture = await open(await exportPicture(wishes({ source })));
    expect(picture.width).toBe(900);
  });

  it('names model, time, every code, and that it is no diagnosis', () => {
    const assurance = anAssurance([0.7, 0.1, 0.1, 0.1], {
      refusal: { code: 'not-a-frontal-chest', message: '', remedy: '' },
      cautions: [
        { code: 'rotated', severity: 'serious' },
        { code: 'blurred', severity: 'hint' },
      ],
    });
    const entry = aCase(assurance, [0.7, 0.1, 0.1, 0.1]);
    const lines = exportLines(entry, assurance, Date.UTC(2031, 4, 6, 12)).join('\n');
    expect(lines).toContain('not-a-frontal-chest, rotated, blurred');
    expect(lines).toContain(`Fieldray ${buildInfo.version}, model test-network 1.2.3`);
    expect(lines).toContain('2031');
    expect(lines).toContain('not a diagnosis');
    expect(lines).toContain('Not a medical device');
  });

  it('says what was overruled, and that it is a photographed film', () => {
    const shares = [0.7, 0.1, 0.1, 0.1];
    const assurance = anAssurance(shares);
    const entry = aCase(assurance, shares);
    const message = 'The file says that this is not a chest but: KNEE.';
    const picture = {
      ...aReading(shares).picture,
      overridden: [{ code: 'dicom-body-part', message, remedy: '' }],
      warnings: [{ code: 'burned-in-text' as const, message: '' }],
    };
    const overruled: Case = {
      ...entry,
      origin: 'photograph of film',
      state: { ...entry.state, reading: aReading(shares, { picture }) } as Case['state'],
    };
    const lines = exportLines(overruled, assurance, 0);
    expect(lines).toContain(`Read although: ${message}`);
    expect(lines).toContain('Codes: photograph-of-film, dicom-body-part, burned-in-text');
    expect(lines).toContain(filmCaution());
    expect(exportLines(entry, assurance, 0).join()).not.toMatch(/Codes|although/);
  });

  it('carries the verdict as the screen says it, the warning first', () => {
    const shares = [0.97, 0.01, 0.01, 0.01];
    const sound = anAssurance(shares);
    expect(headlineOf(aCase(sound, shares), sound)).toMatch(/COVID.*97/);
    const doubtful = anAssurance(shares, { cautions: [{ code: 'rotated', severity: 'serious' }] });
    const entry = aCase(doubtful, shares);
    expect(headlineOf(entry, doubtful)).toMatch(/^Do not rely on it\./);
    expect(headlineOf(entry, doubtful)).not.toMatch(/97/);
    const film: Case = { ...aCase(sound, shares), origin: 'photograph of film' };
    expect(headlineOf(film, sound)).not.toMatch(/97|%/);
    expect(exportLines(film, sound, 0).join(' ')).not.toMatch(/of 100/);
    expect(exportLines(entry, doubtful, 0).join(' ')).toContain('trained person');
  });

  it('is named after the file, without its folder', () => {
    expect(exportName('chest 12.dcm')).toBe('chest 12-fieldray.png');
    expect(exportName('ward/bed 3/a:b.png')).toBe('a_b-fieldray.png');
    expect(exportName('.png')).toBe('Picture-fieldray.png');
  });
});
