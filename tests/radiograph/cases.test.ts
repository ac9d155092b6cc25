/** Extra: the inputs from the field, where the tar with them lies beside the checkout. */
import { decode } from 'fast-png';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  decodePicture,
  factsOf,
  readPatientDetails,
  sniffFormat,
  toRadiograph,
} from '../../src/radiograph/index.ts';
import { orient } from '../../src/radiograph/formats/exif.ts';
import { readBmp } from '../../src/radiograph/formats/bmp.ts';
import { readJpegParts } from '../../src/radiograph/formats/jpeg/jpeg-parts.ts';
import { readJpeg } from '../../src/radiograph/formats/jpeg/jpeg.ts';
import { lines, openArchive } from '../files/support/found.ts';
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
 * What a case is to give beside its picture in `truth/`.
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

const BODY_PARTS = [
  '62-24a-body-torax-utf8.dcm',
  '63-24c-body-cyrillic.dcm',
  '64-24d-body-chinese.dcm',
  '65-24e-body-toraks.dcm',
  '66-24f-body-thx.dcm',
  '67-24g-body-klatka.dcm',
];

describe.skipIf(casesAbsent)('DICOM from the field', () => {
  beforeAll(async () => {
    cases = await readCases();
  });

  it('every picture is the right one, within 2 gray levels on average, for the model too', async () => {
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
      expect(apart[1], name).toBeLessThan(2);
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

/** The pictures that are no DICOM, with their warnings. JPEG and BMP are the browser's to decode. */
const PICTURES: Readonly<Record<string, readonly string[]>> = {
  '56-43e-png-no-iend.png': ['end-missing'],
  '58-43d-png16-14-bits.png': ['fewer-bits'],
  '59-43b-png16-12-bits-sbit.png': ['fewer-bits'],
  '60-43i-apng-no-fctl.png': ['first-frame-only'],
  '61-43j-apng-bad-sequence.png': ['first-frame-only'],
  '89-29c-gz.dcm.gz': [],
};
const JPEGS: Readonly<Record<string, boolean>> = {
  '16-42b-exif6-twice-1.jpg': false,
  '53-40b-jpg-no-eoi-then-samsung-trailer.jpg': true,
  '54-40a-jpg-no-eoi.jpg': true,
  '55-40d-jpg-junk-between-segments.jpg': false,
};
const BMP = '57-44b-bmp-reserved-not-zero.bmp';

/** What is found in the archives, behind the archive's own name. */
const ARCHIVES: Readonly<Record<string, readonly string[]>> = {
  '78-50a-zip-sjis-no-extension.zip': ['山田太郎', '胸部写真一覧表'],
  '79-50b-zip-sjis-names.zip': ['新しいフォルダ/胸部ソ正面.dcm'],
  '80-50c-zip-gbk-names.zip': ['胸部/张三.dcm'],
  '81-50d-zip-unicode-path-extra.zip': ['胸部/正面.dcm'],
  '82-50f-zip-absolute-path.zip': ['export/patient1/I1.dcm'],
  '83-50l-zip-drive-letter.zip': ['PACS/EXPORT/I1.dcm'],
  '84-51a-disc-names-with-extension.zip': ['images/im000001.dcm', 'images/im000002.dcm'],
  '85-51c-disc-bare-data-sets.zip': ['A/I1', 'A/I2'],
};

/** What each is called, and what to do with it. */
const MESSAGES: Readonly<Record<string, readonly [name: string, remedy: RegExp]>> = {
  '86-50i-zip-prefix.zip': ['program', /start it on a Windows computer/],
  '87-46e-7z.7z': ['7-Zip', /Unpack it/],
  '88-46f-rar.rar': ['RAR', /Unpack it/],
  '90-46d-heic-named-jpg.jpg': ['HEIC', /Most Compatible/],
  '91-46g-iso.iso': ['ISO', /Open the ISO on a computer/],
  '92-46j-lnk.lnk': ['shortcut', /Open the file that it points to/],
  '93-46l-appledouble.jpg': ['AppleDouble', /without “\._”/],
};

describe.skipIf(casesAbsent)('the other files from the field', () => {
  beforeAll(async () => {
    cases = await readCases();
  });

  it('every row of the list is looked at by a test here', () => {
    const others = [PICTURES, JPEGS, ARCHIVES, MESSAGES].flatMap((each) => Object.keys(each));
    const looked = new Set([
      ...[...cases]
        .filter(([name, { truth }]) => name.endsWith('.dcm') && truth)
        .map(([name]) => name),
      ...Object.keys(EXPECTED),
      ...[...BODY_PARTS, BMP, ...others],
    ]);
    const rows = [...cases.keys()].filter((name) => /^\d\d-\d\d/.test(name));
    expect(new Set(rows.map((name) => Number(name.slice(0, 2)))).size).toBe(93);
    expect(rows.filter((name) => !looked.has(name))).toEqual([]);
  });

  it('a body part in any language is no refusal', async () => {
    for (const name of BODY_PARTS) {
      expect(factsOf(await decodePicture(blobOf(name))).attributes.bodyPart, name).toBeTruthy();
    }
  });

  it('pictures are the right ones, and say what is odd about them', async () => {
    for (const [name, codes] of Object.entries(PICTURES)) {
      const picture = await decodePicture(blobOf(name));
      expect(
        factsOf(picture).warnings.map(({ code }) => code),
        name,
      ).toEqual(codes);
      const { bytes, truth } = cases.get(name) ?? {};
      if (!bytes || !name.endsWith('.png')) continue;
      const { pixels } = await toRadiograph(picture);
      if (codes.includes('first-frame-only')) {
        // Its right picture in the tar is of another phantom: libspng knows what is in the file.
        const data = await greyOf(bytes);
        const apart = pixels.reduce((sum, value, i) => sum + Math.abs(value * 255 - data[i]), 0);
        expect(apart / pixels.length, name).toBeLessThan(2);
        continue;
      }
      if (!truth) throw new Error(`The right picture of ${name} is missing`);
      expect(distance(pixels, truth), name).toBeLessThan(2);
    }
  });

  it('JPEGs are taken as whole, with their first orientation, and hold the right picture', async () => {
    for (const [name, endMissing] of Object.entries(JPEGS)) {
      const { bytes, truth } = cases.get(name) ?? {};
      if (!bytes || !truth) throw new Error(`${name} is missing`);
      expect(readJpegParts(bytes).endMissing, name).toBe(endMissing);
      const { width, height, orientation } = readJpeg(bytes);
      const data = await greyOf(bytes);
      const upright = orient({ width, height, layout: 'grey', data, white: 255 }, orientation);
      const png = decode(truth);
      expect([upright.width, upright.height], name).toEqual([png.width, png.height]);
      expect(
        distance(
          Float32Array.from(upright.data, (value) => value / 255),
          truth,
        ),
        name,
      ).toBeLessThan(2);
    }
  });

  it('a BMP may have anything in its reserved bytes', () => {
    const { bytes, truth } = cases.get(BMP) ?? {};
    if (!bytes || !truth) throw new Error(`${BMP} is missing`);
    const png = decode(truth);
    expect(sniffFormat(bytes)).toBe('bmp');
    expect(readBmp(bytes)).toMatchObject({ width: png.width, height: png.height });
  });

  it('archives give every picture under its right name', async () => {
    for (const [name, paths] of Object.entries(ARCHIVES)) {
      const { bytes } = cases.get(name) ?? {};
      if (!bytes) throw new Error(`${name} is missing`);
      const found = lines(await openArchive(bytes));
      const pictures = found.filter((line) => line.startsWith('picture: '));
      expect(
        pictures.map((line) => line.replace('picture: a.zip/', '')),
        name,
      ).toEqual(paths);
      expect(
        found.some((line) => line.startsWith('missing')),
        name,
      ).toBe(false);
    }
  });

  it('other files are called by their name, with what to do', async () => {
    for (const [file, [name, remedy]] of Object.entries(MESSAGES)) {
      const error = (await decodePicture(blobOf(file)).catch((reason: unknown) => reason)) as {
        code: string;
        message: string;
        remedy: string;
      };
      expect(error.code, file).toBe('unsupported-format');
      expect(error.message, file).toContain(name);
      expect(error.remedy, file).toMatch(remedy);
    }
  });
});

/** Brightness as libvips reads it, not turned. */
async function greyOf(bytes: Uint8Array): Promise<Uint8Array> {
  const image = sharp(bytes, { failOn: 'none' }).removeAlpha().toColourspace('b-w');
  return Uint8Array.from(await image.raw().toBuffer());
}

/** Mean difference in gray levels. */
function distance(pixels: Float32Array, truth: Uint8Array): number {
  const png = decode(truth);
  const step = png.data.length / pixels.length;
  const white = 2 ** png.depth - 1;
  return (
    pixels.reduce((sum, value, i) => sum + Math.abs(value - png.data[i * step] / white) * 255, 0) /
    pixels.length
  );
}
