/** What is no chest radiograph is refused by its own name; what the header says is kept, no more. */
import { describe, expect, it } from 'vitest';
import { decodePicture, factsOf, readPatientDetails } from '../../../src/radiograph/index.ts';
import type { DecodeOptions } from '../../../src/radiograph/types.ts';
import {
  el,
  encapsulated,
  SECRETS,
  words,
  writeDicom,
  type Element,
  type Picture,
} from '../../fixtures/dicom.ts';
import './local-files.ts';

const size = 120;
const pixels = words(Array.from({ length: size * size }, (_, i) => (i * 37) % 4096));
const base: Picture = { width: size, height: size, bitsStored: 12, pixels };
const blob = (picture: Partial<Picture> = {}) => new Blob([writeDicom({ ...base, ...picture })]);
const open = (more: Element[], options: DecodeOptions = {}, picture: Partial<Picture> = {}) =>
  decodePicture(blob({ more, ...picture }), options);
const cs = (tag: number, value: string) => el(tag, 'CS', value);
const sop = (last: string) => el(0x00080016, 'UI', `1.2.840.10008.5.1.4.1.1.${last}`);
const withoutPixels = { pixels: undefined } as unknown as Partial<Picture>;

describe('other objects', () => {
  it.each([
    ['dicom-no-pixels', 'holds no picture', [sop('1')]],
    ['dicom-no-pixels', 'how another one is to be shown', [sop('11.1')]],
    ['dicom-no-pixels', 'curve', [sop('9.1.1')]],
    ['dicom-radiotherapy', 'radiation therapy', [sop('481.5')]],
    ['dicom-radiotherapy', 'radiation therapy', [cs(0x00080060, 'RTSTRUCT')]],
    ['dicom-report', 'report', [sop('88.11')]],
    ['dicom-report', 'report', [cs(0x00080060, 'SR')]],
    ['dicom-document', 'PDF', [sop('104.1')]],
    ['dicom-directory', 'DICOMDIR', [el(0x00041220, 'SQ', [])]],
  ] as [string, string, Element[]][])('%s: %s', async (code, words, more) => {
    const error: unknown = await open(more, { readAnyway: true }, withoutPixels).catch(
      (e: unknown) => e,
    );
    expect(error).toMatchObject({ code });
    expect((error as Error).message).toContain(words);
  });

  it('videos, pixels elsewhere, unknown packing', async () => {
    const packed = encapsulated([new Uint8Array(64)]);
    const codeOf = (syntax: string) =>
      open([], {}, { syntax, pixels: packed }).catch((e: unknown) => (e as { code: string }).code);
    for (const last of ['100', '102', '103', '106', '108']) {
      expect(await codeOf(`1.2.840.10008.1.2.4.${last}`)).toBe('dicom-video');
    }
    expect(await codeOf('1.2.840.10008.1.2.7.1')).toBe('dicom-video');
    expect(await codeOf('1.2.840.10008.1.2.4.94')).toBe('dicom-no-pixels');
    expect(await codeOf('1.2.3')).toBe('unsupported-variant');
  });
});

describe('what the header says against it', () => {
  it.each([
    ['dicom-modality', 'a CT scan', [cs(0x00080060, 'CT')], {}],
    ['dicom-modality', 'mammogram', [cs(0x00080060, 'MG')], {}],
    ['dicom-body-part', 'KNEE', [cs(0x00180015, 'KNEE')], {}],
    ['dicom-lateral', 'LL', [cs(0x00185101, 'LL')], {}],
    [
      'dicom-lateral',
      'LEFT LATERAL',
      [cs(0x00185101, ''), el(0x00540220, 'SQ', [[el(0x00080104, 'LO', 'left lateral')]])],
      {},
    ],
    ['dicom-angiography', '2 pictures', [cs(0x00080060, 'XA')], { frames: 2 }],
  ] as [string, string, Element[], Partial<Picture>][])(
    '%s (%s) refuses, unless it is to be read anyway; then the reason stays',
    async (code, words, more, picture) => {
      const two = {
        ...picture,
        ...(picture.frames ? { pixels: new Uint8Array([...pixels, ...pixels]) } : {}),
      };
      await expect(open(more, {}, two)).rejects.toMatchObject({ code });
      await expect(open(more, {}, two)).rejects.toThrow(words);
      const facts = factsOf(await open(more, { readAnyway: true }, two));
      expect(facts.overridden).toMatchObject([{ code }]);
      expect(facts.warnings[0]).toMatchObject({ code: 'read-anyway' });
      expect(facts.warnings[0].message).toContain(words);
      // Looking at it is nobody's harm.
      expect((await open(more, { purpose: 'viewing' }, two)).kind).toBe('samples');
    },
  );

  it('says several reasons at once', async () => {
    const more = [cs(0x00080060, 'CT'), cs(0x00180015, 'ABDOMEN')];
    await expect(open(more)).rejects.toThrow(/CT scan.*ABDOMEN/);
  });

  it('lets chests pass, in every word for them, and decubitus views', async () => {
    for (const part of ['CHEST', 'THORAX', 'TORAX', 'PORT CHEST', 'LUNG', '', 'UNKNOWN']) {
      expect((await open([cs(0x00180015, part)])).kind).toBe('samples');
    }
    for (const modality of ['CR', 'DX', 'RG', 'DR', '']) {
      expect((await open([cs(0x00080060, modality)])).kind).toBe('samples');
    }
    for (const view of ['AP', 'PA', 'LLD', 'RLD', 'LLO', '']) {
      expect((await open([cs(0x00185101, view)])).kind).toBe('samples');
    }
  });

  it('warns of text in the pixels and of raw pictures', async () => {
    const more = [cs(0x00280301, 'YES'), cs(0x00080068, 'FOR PROCESSING')];
    const codes = factsOf(await open(more)).warnings.map(({ code }) => code);
    expect(codes).toEqual(['burned-in-text', 'for-processing']);
  });

  it.each([
    ['patient', [el(0x00280030, 'DS', '0.14\\0.141')], [0.14, 0.141]],
    // Stretched until its pixels are square.
    ['patient', [el(0x00280030, 'DS', '0.1\\0.2')], [0.1, 0.1]],
    ['patient', [el(0x00280030, 'DS', '0,14\\0,14')], [0.14, 0.14]],
    ['detector', [el(0x00181164, 'DS', '0.2\\0.2')], [0.2, 0.2]],
    ['detector', [el(0x00181164, 'DS', '0.2\\0.2'), el(0x00280030, 'DS', '0.2\\0.2')], [0.2, 0.2]],
    [
      'patient',
      [el(0x00181164, 'DS', '0.2\\0.2'), el(0x00280030, 'DS', '0.18\\0.18')],
      [0.18, 0.18],
    ],
    ['film', [el(0x00182010, 'DS', '0.1\\0.1')], [0.1, 0.1]],
    [undefined, [el(0x00280030, 'DS', '0\\0')], undefined],
    [undefined, [el(0x00280030, 'DS', '')], undefined],
  ] as [string | undefined, Element[], number[] | undefined][])(
    'spacing is the %s’s where that is what it is',
    async (plane, more, spacing) => {
      const { attributes } = factsOf(await open(more));
      expect(attributes.spacingPlane).toBe(plane);
      expect(attributes.pixelSpacing).toEqual(spacing);
    },
  );
});

describe('numbers that cannot be read', () => {
  it.each([
    ['Pixel Spacing (0028,0030)', el(0x00280030, 'DS', '0.2\\nonsense')],
    ['Pixel Aspect Ratio (0028,0034)', el(0x00280034, 'IS', '2:1')],
    ['Rescale Slope (0028,1053)', el(0x00281053, 'DS', '1.234,5')],
    ['Rescale Intercept (0028,1052)', el(0x00281052, 'DS', '0x10')],
    ['Window Center (0028,1050)', el(0x00281050, 'DS', 'NaN')],
    ['Window Width (0028,1051)', el(0x00281051, 'DS', '1,000,000')],
    ['Pixel Padding Value (0028,0120)', el(0x00280120, 'LO', 'none')],
  ] as [string, Element][])('%s is named', async (field, element) => {
    const more = element.tag === 0x00281051 ? [cs(0x00281050, '1'), element] : [element];
    await expect(open(more)).rejects.toMatchObject({ code: 'damaged-picture' });
    await expect(open(more)).rejects.toThrow(field);
  });
});

describe('privacy', () => {
  it('no identifier is in what is given on, nor in any message', async () => {
    const files = [
      {},
      { more: [cs(0x00180015, 'KNEE')] },
      { pixels: pixels.slice(0, 100) },
      { bitsStored: 99 },
    ];
    let seen = 0;
    for (const picture of files) {
      for (const options of [{}, { purpose: 'viewing' }, { readAnyway: true }] as DecodeOptions[]) {
        const outcome: unknown = await decodePicture(blob(picture), options).then(
          factsOf,
          (e: unknown) => {
            const error = e as Error & { remedy: string };
            return [error.message, error.remedy, String(error.cause), error.stack];
          },
        );
        const text = JSON.stringify(outcome);
        seen += text.length;
        for (const secret of [...SECRETS, 'Geheimnis', 'Greta']) expect(text).not.toContain(secret);
      }
    }
    expect(seen).toBeGreaterThan(1000);
  });

  it('details are read when they are asked for, whatever the character set', async () => {
    expect(await readPatientDetails(blob())).toMatchObject({
      name: 'Geheimnis, Greta',
      id: SECRETS[1],
      birthDate: SECRETS[2],
      accession: SECRETS[3],
    });
    const cyrillic = [
      cs(0x00080005, 'ISO_IR 144'),
      el(0x00100010, 'PN', Uint8Array.of(0xb8, 0xd2, 0xd0, 0xdd, 0xde, 0xd2, 0x5e, 0xb8)),
    ];
    expect((await readPatientDetails(blob({ more: cyrillic })))?.name).toBe('Иванов, И');
    expect(await readPatientDetails(new Blob(['no DICOM']))).toBeNull();
  });
});
