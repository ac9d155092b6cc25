/** Extra: the inputs from the field, where the tar with them lies beside the checkout. */
import { decode } from 'fast-png';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  decodePicture,
  factsOf,
  readPatientDetails,
  toRadiograph,
} from '../../src/radiograph/index.ts';
import { casesAbsent, readCases, type FieldCase } from '../fixtures/cases.ts';
import './dicom/local-files.ts';

if (casesAbsent) console.info('Skipped: ../shared/data/cases.tar is not here.');

let cases = new Map<string, FieldCase>();
const blobOf = (name: string): Blob => {
  const found = cases.get(name);
  if (!found) throw new Error(`${name} is missing`);
  return new Blob([found.bytes]);
};

/**
 * What a case is to give beside its picture in `truth/`. Files without a window are drawn between
 * their own percentiles for the model, and between their own ends for the viewer.
 */
interface Expectation {
  readonly code?: string;
  readonly name?: string;
  readonly size?: readonly [width: number, height: number];
  readonly spacing?: readonly [number, number];
  readonly like?: string;
}

const EXPECTED: Readonly<Record<string, Expectation>> = {
  '08-15b-comma-spacing.dcm': { spacing: [0.143, 0.143] },
  '68-24h-view-perfil.dcm': { code: 'dicom-lateral' },
  '69-24i-view-lat-izq.dcm': { code: 'dicom-lateral' },
  '70-24j-patient-orientation-lateral.dcm': { code: 'dicom-lateral' },
  '71-25a-name-ir13-ir87.dcm': { name: 'ﾔﾏﾀﾞ, ﾀﾛｳ' },
  '72-25e-name-ir58.dcm': { name: '王, 小东' },
  '73-25f-name-gbk-in-ir100.dcm': { name: '张, 红' },
  '74-25h-name-utf8-with-ir100.dcm': { name: 'Müller, Jörg' },
  '75-20a-pixel-spacing-2to1.dcm': { size: [224, 256], spacing: [0.2, 0.2] },
  '76-20b-pixel-aspect-2to1.dcm': { size: [224, 256] },
  '77-27-pixels-big-endian-in-le.dcm': { like: '00-ref-explicit.dcm' },
};

describe.skipIf(casesAbsent)('DICOM from the field', () => {
  beforeAll(async () => {
    cases = await readCases();
  });

  it('every picture is the right one, within 2 gray levels on average', async () => {
    let seen = 0;
    for (const [name, { truth }] of cases) {
      if (!name.endsWith('.dcm') || !truth) continue;
      const viewed = await toRadiograph(await decodePicture(blobOf(name), { purpose: 'viewing' }));
      const model = await toRadiograph(await decodePicture(blobOf(name)));
      const png = decode(truth);
      const apart = [viewed, model].map(({ pixels, width, height }) => {
        expect([width, height], name).toEqual([png.width, png.height]);
        return (
          pixels.reduce((sum, value, i) => sum + Math.abs(value * 255 - png.data[i]), 0) /
          pixels.length
        );
      });
      expect(Math.min(...apart), name).toBeLessThan(2);
      // The percentiles of a picture without a window.
      expect(apart[1], name).toBeLessThan(3);
      seen++;
    }
    expect(seen).toBe(61);
  }, 60_000);

  it('names, refusals, sizes and spacings', async () => {
    for (const [name, expected] of Object.entries(EXPECTED)) {
      const outcome: unknown = await decodePicture(blobOf(name)).catch((error: unknown) => error);
      if (expected.code) {
        expect(outcome, name).toMatchObject({ code: expected.code });
        continue;
      }
      const picture = outcome as Awaited<ReturnType<typeof decodePicture>>;
      const { width, height, attributes } = factsOf(picture);
      if (expected.size) expect([width, height], name).toEqual(expected.size);
      if (expected.spacing) expect(attributes.pixelSpacing, name).toEqual(expected.spacing);
      if (expected.name) {
        expect((await readPatientDetails(blobOf(name)))?.name, name).toBe(expected.name);
      }
      if (expected.like) {
        const { pixels } = await toRadiograph(picture);
        const other = await toRadiograph(await decodePicture(blobOf(expected.like)));
        expect(Buffer.from(pixels.buffer).equals(Buffer.from(other.pixels.buffer)), name).toBe(
          true,
        );
      }
    }
  });
});
