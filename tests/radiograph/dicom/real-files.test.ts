/** Extra: real DICOM files, where there is a folder with them beside the checkout. */
import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodePicture, factsOf } from '../../../src/radiograph/index.ts';
import { readTar } from '../../fixtures/tar.ts';
import './local-files.ts';

const tar = new URL('../../../../shared/data/dicom.tar', import.meta.url);
const absent = !existsSync(tar);
if (absent) console.info('Skipped: ../shared/data is not here, so no real DICOM is read.');

const files = new Map<string, Blob>();

async function greys(name: string): Promise<Uint16Array> {
  const file = files.get(name);
  if (!file) throw new Error(`${name} is missing`);
  const picture = await decodePicture(file, { readAnyway: true });
  if (picture.kind !== 'samples') throw new Error(`${name} came as ${picture.kind}`);
  return picture.samples.data as Uint16Array;
}

describe.skipIf(absent)('real DICOM', () => {
  beforeAll(async () => {
    for await (const { name, bytes } of readTar(tar)) {
      if (name.endsWith('.dcm')) files.set(name.split('/').at(-1) ?? '', new Blob([bytes]));
    }
  });

  it.each(['RLE', 'JPLL', 'JLSL', 'J2KR'])('RG3_%s is RG3_UNC, bit for bit', async (kind) => {
    const expected = await greys('RG3_UNC.dcm');
    const found = await greys(`RG3_${kind}.dcm`);
    expect(Buffer.from(found.buffer).equals(Buffer.from(expected.buffer))).toBe(true);
    expect(new Set(expected).size).toBeGreaterThan(200);
  });

  it.each(['JPLY', 'JLSN', 'J2KI'])('RG3_%s is RG3_UNC within 2 %', async (kind) => {
    const expected = await greys('RG3_UNC.dcm');
    const found = await greys(`RG3_${kind}.dcm`);
    let sum = 0;
    for (let i = 0; i < found.length; i++) sum += Math.abs(found[i] - expected[i]);
    const difference = sum / found.length / 65_535;
    console.info(`RG3_${kind}: mean difference ${(difference * 100).toFixed(3)} %`);
    expect(difference).toBeGreaterThan(0);
    expect(difference).toBeLessThan(0.02);
  });

  it('RG3 is refused as what it is: no chest', async () => {
    await expect(decodePicture(files.get('RG3_UNC.dcm')!)).rejects.toMatchObject({
      code: 'dicom-body-part',
    });
  });

  it('the chest radiographs open, with their view and spacing', async () => {
    let seen = 0;
    for (const [name, file] of files) {
      if (name.startsWith('RG3')) continue;
      const picture = await decodePicture(file);
      const facts = factsOf(picture);
      expect(facts, name).toMatchObject({
        width: 1024,
        height: 1024,
        bitsStored: 8,
        format: 'dicom',
        attributes: { modality: 'CR', bodyPart: 'CHEST', spacingPlane: 'patient' },
        warnings: [],
      });
      expect(['AP', 'PA']).toContain(facts.attributes.viewPosition);
      seen++;
    }
    expect(seen).toBe(12);
  });
});
