import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import dcmjs from 'dcmjs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  adjustPicture,
  decodePicture,
  readSourceIdentifiers,
  toRadiograph,
} from '../../src/radiograph/index.ts';
import type { Adjustment } from '../../src/radiograph/types.ts';
import { deidentified, writeDicomFiles } from '../../src/reports/index.ts';
import { asRead, maskBits } from '../../src/reports/dicom/segmentation.ts';
import type { DicomWishes, WrittenDicom } from '../../src/reports/index.ts';
import type { SourceIdentifiers } from '../../src/radiograph/types.ts';
import { el, writeDicom } from '../fixtures/dicom.ts';
import { aReport, withReading } from './support.ts';

const has = (program: string): boolean =>
  spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined;
const validator = has('dciodvfy');
const dcmtk = has('dcmdump') && has('dsrdump');

const SOURCE: SourceIdentifiers = {
  patientName: 'Diallo^Amina=أمينة^ديالو',
  patientId: '4711',
  birthDate: '19800229',
  sex: 'F',
  studyUid: '1.2.826.0.1.3680043.2.1125.1',
  studyDate: '20261129',
  studyTime: '101500',
  studyId: '7',
  accession: 'A-12',
  referring: 'Okoth^B',
  seriesUid: '1.2.826.0.1.3680043.2.1125.1.1',
  classUid: '1.2.840.10008.5.1.4.1.1.1',
  instanceUid: '1.2.826.0.1.3680043.2.1125.1.1.1',
  modality: 'CR',
  rows: 60,
  columns: 50,
  frames: 1,
};

function pixels(width: number, height: number, gray: boolean) {
  const data = new Uint8ClampedArray(4 * width * height);
  for (let at = 0; at < width * height; at++) {
    data.set([at % 251, gray ? at % 251 : 255 - (at % 251), gray ? at % 251 : 7, 255], 4 * at);
  }
  return { width, height, data, gray };
}

/** The left half is lung. */
const LUNGS = { side: 4, mask: Uint8Array.from({ length: 16 }, (_, at) => (at % 4 < 2 ? 1 : 0)) };

function wishes(part: Partial<DicomWishes> = {}): DicomWishes {
  const study = part.study ?? aReport({ site: 'मुख्य अस्पताल' });
  return {
    study,
    picture: study.pictures[0],
    source: SOURCE,
    frame: null,
    plain: pixels(31, 21, true),
    evidence: pixels(31, 27, false),
    lungs: LUNGS,
    now: Date.parse('2026-11-30T10:15:00Z'),
    appVersion: '0.1.0',
    ...part,
  };
}

/** As dcmjs reads a data set: it says nothing of its types. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Tags = Record<string, any>;

function read(file: WrittenDicom): Tags {
  const { DicomMessage, DicomMetaDictionary } = dcmjs.data;
  const parsed = DicomMessage.readFile(file.bytes.buffer);
  return {
    ...DicomMetaDictionary.naturalizeDataset(parsed.dict),
    meta: DicomMetaDictionary.naturalizeDataset(parsed.meta),
  };
}

async function written(part: Partial<DicomWishes> = {}): Promise<Record<string, Tags>> {
  const files = await writeDicomFiles(wishes(part));
  return Object.fromEntries(files.map((file) => [file.kind, read(file)]));
}

/** Every content item with its concept's meaning and its value. */
function items(tags: Tags, depth = 0): string[] {
  const list: Tags[] = [tags.ContentSequence ?? []].flat();
  return list.flatMap((item) => {
    const name = item.ConceptNameCodeSequence?.[0]?.CodeMeaning ?? '';
    const value =
      item.ConceptCodeSequence?.[0]?.CodeMeaning ??
      item.TextValue ??
      item.MeasuredValueSequence?.[0]?.NumericValue ??
      item.ReferencedSOPSequence?.[0]?.ReferencedSOPInstanceUID ??
      '';
    return [
      `${'  '.repeat(depth)}${item.ValueType} ${name}: ${String(value)}`,
      ...items(item, depth + 1),
    ];
  });
}

describe('the Structured Report', () => {
  it('goes to the patient and study of the file that was read, and names its picture', async () => {
    const { report } = await written();
    expect(report).toMatchObject({
      PatientID: '4711',
      PatientBirthDate: '19800229',
      PatientSex: 'F',
      StudyInstanceUID: SOURCE.studyUid,
      AccessionNumber: 'A-12',
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.88.34',
      SpecificCharacterSet: 'ISO_IR 192',
      Modality: 'SR',
      InstitutionName: 'मुख्य अस्पताल',
      CompletionFlag: 'COMPLETE',
      VerificationFlag: 'VERIFIED',
    });
    expect(report.meta.TransferSyntaxUID).toBe('1.2.840.10008.1.2.1');
    expect(report.SeriesInstanceUID).toMatch(/^2\.25\.\d{1,39}$/);
    expect(report.SeriesInstanceUID).not.toBe(SOURCE.seriesUid);
    const said = items(report);
    expect(said.map((line) => line.trim())).toEqual(
      expect.arrayContaining([
        'TEXT Algorithm Name: fieldray',
        'TEXT Algorithm Version: 1.0.0',
        'NUM Probability of Lung opacity: 0.7',
        'NUM Probability of COVID-19: 0.1',
        `IMAGE Source of Measurement: ${SOURCE.instanceUid}`,
        'CODE Looks most like: Lung opacity',
        'CODE How sure: likely',
        'CODE Decision: refer',
        'CODE Speaks against the answer: blurred',
        'CODE Word of the reader: Lung opacity',
      ]),
    );
    const evidence = report.CurrentRequestedProcedureEvidenceSequence[0];
    expect(evidence.ReferencedSeriesSequence[0].SeriesInstanceUID).toBe(SOURCE.seriesUid);
  });

  it('is verified by nobody who disagreed', async () => {
    const study = aReport();
    const words = [{ ...study.words[0], verdict: 'class', label: 'Normal' } as const];
    const { report } = await written({ study: { ...study, words } });
    expect(report).toMatchObject({
      VerificationFlag: 'UNVERIFIED',
      PreliminaryFlag: 'PRELIMINARY',
    });
    expect(report.VerifyingObserverSequence).toBeUndefined();
    expect(items(report).join('\n')).toContain('Word of the reader: Normal');
  });

  it('has no figures of a refused picture or a photographed film', async () => {
    for (const reading of [
      { refused: 'not-a-frontal-chest', top: null, certainty: null, decision: null },
      { photographed: true },
    ]) {
      const { report } = await written({ study: withReading(reading) });
      expect(items(report).join('\n')).not.toMatch(/NUM|How sure/);
    }
  });
});

describe('without identity', () => {
  it('nothing names the patient or the study, and the files hang together', async () => {
    const study = deidentified(aReport(), { identity: false });
    const files = await writeDicomFiles(wishes({ study, source: null }));
    expect(files.map(({ kind }) => kind)).toEqual(['report', 'picture', 'evidence', 'lungs']);
    for (const { bytes } of files) {
      const text = new TextDecoder().decode(bytes);
      for (const planted of ['Amina', 'Diallo', '4711', 'IM00001', '20261129', SOURCE.studyUid]) {
        expect(text).not.toContain(planted);
      }
    }
    const [report, picture, evidence, lungs] = files.map(read);
    expect(report).toMatchObject({ PatientIdentityRemoved: 'YES', PatientID: '' });
    expect(
      new Set([report, picture, evidence, lungs].map((each) => each.StudyInstanceUID)).size,
    ).toBe(1);
    expect(items(report).join('\n')).toContain(`IMAGE : ${picture.SOPInstanceUID}`);
    expect(
      lungs.PerFrameFunctionalGroupsSequence[0].DerivationImageSequence[0].SourceImageSequence[0]
        .ReferencedSOPInstanceUID,
    ).toBe(picture.SOPInstanceUID);
    expect([lungs.Rows, lungs.Columns]).toEqual([21, 31]);
  });

  it('takes a typed label where one was asked for', async () => {
    const { report } = await written({ source: null });
    expect(report).toMatchObject({ PatientID: '4711' });
    expect(JSON.stringify(report.PatientName)).toContain('Amina Diallo');
  });
});

describe('our own reader', () => {
  it('reads the picture back, pixel for pixel', async () => {
    const files = await writeDicomFiles(wishes({ source: null }));
    for (const [kind, given] of [
      ['picture', pixels(31, 21, true)],
      ['evidence', pixels(31, 27, false)],
    ] as const) {
      const blob = new Blob([files.find((file) => file.kind === kind)!.bytes]);
      const picture = await decodePicture(blob, { purpose: 'viewing', readAnyway: true });
      const back = await toRadiograph(picture);
      expect([back.width, back.height]).toEqual([given.width, given.height]);
      if (given.gray) {
        const levels = Array.from(back.pixels, (value) => Math.round(value * 255));
        expect(levels).toEqual(Array.from({ length: 31 * 21 }, (_, at) => at % 251));
      }
    }
  });

  it('reads patient and study back in every script, and says what a report is', async () => {
    const [report, evidence] = await writeDicomFiles(wishes());
    const said = await readSourceIdentifiers(new Blob([report.bytes]));
    expect(said).toMatchObject({
      patientName: SOURCE.patientName,
      studyUid: SOURCE.studyUid,
      accession: 'A-12',
      modality: 'SR',
    });
    expect((await readSourceIdentifiers(new Blob([evidence.bytes])))?.modality).toBe('CR');
    await expect(decodePicture(new Blob([report.bytes]))).rejects.toMatchObject({
      code: 'dicom-report',
    });
    expect(await readSourceIdentifiers(new Blob(['no dicom']))).toBeNull();
  });

  it('gives the identifiers that a file has', async () => {
    const file = writeDicom({
      width: 4,
      height: 3,
      pixels: new Uint8Array(12),
      more: [
        el(0x0020000d, 'UI', '1.2.3'),
        el(0x0020000e, 'UI', '1.2.3.4'),
        el(0x00080018, 'UI', '1.2.3.4.5'),
        el(0x00100020, 'LO', '99'),
      ],
    });
    expect(await readSourceIdentifiers(new Blob([file]))).toMatchObject({
      studyUid: '1.2.3',
      seriesUid: '1.2.3.4',
      instanceUid: '1.2.3.4.5',
      patientId: '99',
      rows: 3,
      columns: 4,
      frames: 1,
    });
  });
});

describe('the lungs', () => {
  it('lie where they were found, whatever was turned or cut off before reading', async () => {
    const [rows, columns] = [24, 40];
    const place = fc.record({
      crop: fc.constantFrom(undefined, { x: 0.25, y: 0.125, width: 0.5, height: 0.75 }),
      rotate: fc.constantFrom(0 as const, 90 as const, 180 as const, 270 as const),
    });
    await fc.assert(
      fc.asyncProperty(place, async (wish) => {
        const adjust: Adjustment = wish.crop
          ? { crop: wish.crop, rotate: wish.rotate }
          : { rotate: wish.rotate };
        // A ramp tells every place of the picture: read it as the reader does, and look the places up.
        const ramp = Float32Array.from(
          { length: rows * columns },
          (_, at) => at / (rows * columns),
        );
        const changed = await toRadiograph(
          adjustPicture(
            {
              kind: 'pixels',
              radiograph: {
                pixels: ramp,
                width: columns,
                height: rows,
                bitsStored: 16,
                format: 'png',
                attributes: {},
                warnings: [],
              },
            },
            adjust,
          ),
        );
        for (let at = 0; at < rows * columns; at++) {
          const [x, y] = [
            ((at % columns) + 0.5) / columns,
            (Math.floor(at / columns) + 0.5) / rows,
          ];
          const found = asRead(x, y, adjust);
          if (!found) continue;
          const [column, row] = [
            Math.floor(found.x * changed.width),
            Math.floor(found.y * changed.height),
          ];
          expect(changed.pixels[row * changed.width + column]).toBe(ramp[at]);
        }
      }),
      { numRuns: 12 },
    );
    // Left half of four columns of eight: bits 0 to 3 of each byte.
    expect([...maskBits(LUNGS, { rows: 4, columns: 8 }, null)]).toEqual([15, 15, 15, 15]);
    // Turned clockwise before reading, what was read on the left lay at the bottom.
    expect([...maskBits(LUNGS, { rows: 4, columns: 8 }, { rotate: 90 })]).toEqual([0, 0, 255, 255]);
  });
});

describe('independent programs', () => {
  let folder = '';
  const names: string[] = [];
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'reports-'));
    const sets: [string, Partial<DicomWishes>][] = [
      ['joined', {}],
      ['own', { source: null }],
      ['bare', { source: null, study: deidentified(aReport(), { identity: false }) }],
      ['refused', { study: withReading({ refused: 'blank-picture', top: null, certainty: null }) }],
      [
        'frames',
        {
          source: {
            ...SOURCE,
            patientName: 'Patel^Amina=अमीना^पटेल',
            classUid: '1.2.840.10008.5.1.4.1.1.7.2',
            frames: 3,
          },
          frame: 1,
        },
      ],
    ];
    for (const [set, part] of sets) {
      for (const { kind, bytes } of await writeDicomFiles(wishes(part))) {
        const name = path.join(folder, `${set}-${kind}.dcm`);
        writeFileSync(name, bytes);
        names.push(name);
      }
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.skipIf(!validator)('dciodvfy finds no error in any of them', () => {
    for (const name of names) {
      const { stderr } = spawnSync('dciodvfy', [name], { encoding: 'utf8' });
      const errors = stderr.split('\n').filter((line) => line.startsWith('Error'));
      expect(errors, path.basename(name)).toEqual([]);
    }
  });

  it.skipIf(!dcmtk)('dcmdump and dsrdump read them', () => {
    for (const name of names) {
      const dump = execFileSync('dcmdump', ['+U8', '-q', name], { encoding: 'utf8' });
      expect(dump).toContain('ISO_IR 192');
      if (!name.endsWith('-report.dcm')) continue;
      const said = spawnSync('dsrdump', ['+U8', '-Ec', name], { encoding: 'utf8' });
      expect(said.stderr.replaceAll(/^W:.*$/gm, '').trim()).toBe('');
      expect(said.stdout).toContain('Imaging Measurement Report');
    }
    const named = (set: string): string =>
      execFileSync('dcmdump', ['+U8', '+L', path.join(folder, `${set}-report.dcm`)], {
        encoding: 'utf8',
      });
    expect(named('joined')).toContain('[Diallo^Amina=أمينة^ديالو]');
    expect(named('joined')).toContain('मुख्य अस्पताल');
    expect(named('frames')).toContain('[Patel^Amina=अमीना^पटेल]');
    expect(named('frames')).toMatch(/IS \[2\] +# +2, 1 ReferencedFrameNumber/);
  });
});
