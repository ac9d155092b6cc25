import dcmjs from 'dcmjs';
import { describe, expect, it } from 'vitest';
import { openGiven } from '../../src/session/index.ts';
import { all, folder, lines, walkAll } from './support/found.ts';

const DIRECTORY_CLASS = '1.2.840.10008.1.3.10';

/** A DICOMDIR as dcmjs writes it: a patient record, then one of `type` for each path. */
function dicomdir(
  files: readonly (readonly [path: string, type?: string])[],
): Uint8Array<ArrayBuffer> {
  const record = (type: string, path?: string): object => ({
    '00041430': { vr: 'CS', Value: [type] },
    ...(path === undefined ? {} : { '00041500': { vr: 'CS', Value: path.split('/') } }),
  });
  const dict = new dcmjs.data.DicomDict({
    '00020002': { vr: 'UI', Value: [DIRECTORY_CLASS] },
    '00020003': { vr: 'UI', Value: ['1.2.3'] },
    '00020010': { vr: 'UI', Value: ['1.2.840.10008.1.2.1'] },
    '00020012': { vr: 'UI', Value: ['1.2.3.4'] },
  });
  dict.dict = {
    '00041130': { vr: 'CS', Value: ['DISC'] },
    '00041220': {
      vr: 'SQ',
      Value: [record('PATIENT'), ...files.map(([path, type = 'IMAGE']) => record(type, path))],
    },
  };
  return new Uint8Array(dict.write());
}

function part10(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(200);
  bytes.set(new TextEncoder().encode('DICM'), 128);
  return bytes;
}

const JPEG = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 1);

describe('a disc', () => {
  it('gives its pictures in the order of its table, says what is missing, leaves the viewer alone', async () => {
    const found = await walkAll(
      folder('CD', {
        DICOMDIR: dicomdir([
          ['DICOM/S1/I2'],
          ['DICOM/S1/I1'],
          ['DICOM/S1/GONE'],
          ['DICOM/S1/REPORT', 'SR DOCUMENT'],
        ]),
        'DICOM/S1/I1': part10(),
        'DICOM/S1/I2': part10(),
        'DICOM/S1/REPORT': 'text, for once',
        'DICOM/S1/FORGOTTEN': part10(),
        'VIEWER/logo.jpg': JPEG,
        'VIEWER/start.exe': 'MZ\x90\0',
      }),
    );
    expect(lines(found)).toEqual([
      'picture: CD/DICOM/S1/I2',
      'picture: CD/DICOM/S1/I1',
      'missing: CD/DICOM/S1/GONE',
      'picture: CD/DICOM/S1/FORGOTTEN',
      'skipped text: CD/DICOM/S1/REPORT',
      'skipped unlisted: CD/VIEWER/logo.jpg',
      'skipped program: CD/VIEWER/start.exe',
    ]);
  });

  it('copied by a system that makes names small is the same disc', async () => {
    const found = await walkAll(
      folder('cd', { dicomdir: dicomdir([['DICOM/I1']]), 'dicom/i1': part10() }),
    );
    expect(lines(found)).toEqual(['picture: cd/dicom/i1']);
  });

  it('whose files got an ending, or lie a folder deeper, lacks nothing and shows each once', async () => {
    const found = await walkAll(
      folder('cd', {
        DICOMDIR: dicomdir([['IMAGES/IM000001'], ['IMAGES/IM000002'], ['IMAGES/IM000002']]),
        'images/im000001.dcm': part10(),
        'images/im000002.DCM': part10(),
        'VIEWER/logo.jpg': JPEG,
      }),
    );
    expect(lines(found)).toEqual([
      'picture: cd/images/im000001.dcm',
      'picture: cd/images/im000002.DCM',
      'skipped unlisted: cd/VIEWER/logo.jpg',
    ]);
    const deeper = folder('cd', {
      'DICOMDIR.dcm': dicomdir([['A/I1'], ['B/I1'], ['I9']]),
      'copy/A/I1': part10(),
      'copy/B/I1.dcm': part10(),
      'copy/A/I9': part10(),
      'copy/B/I9': part10(),
    });
    // Two files fit the last name, so neither is taken for it; both are shown all the same.
    expect(lines(await walkAll(deeper))).toEqual([
      'picture: cd/copy/A/I1',
      'picture: cd/copy/B/I1.dcm',
      'missing: cd/I9',
      'picture: cd/copy/A/I9',
      'picture: cd/copy/B/I9',
    ]);
  });

  it('holds bare data sets, and may have a bare table too', async () => {
    const bare = new Uint8Array(64);
    bare.set(new TextEncoder().encode('\x08\0\x05\0CS\x0a\0ISO_IR 100'));
    const table = dicomdir([['A/I1']]);
    const files = { 'A/I1': bare, 'A/I2': bare };
    const shown = ['picture: cd/A/I1', 'picture: cd/A/I2'];
    expect(lines(await walkAll(folder('cd', { DICOMDIR: table, ...files })))).toEqual(shown);
    // Preamble, “DICM”, group length (12 bytes) and as much as it says.
    const start = 144 + new DataView(table.buffer).getUint32(140, true);
    const bareTable = table.slice(start);
    expect(lines(await walkAll(folder('cd', { DICOMDIR: bareTable, ...files })))).toEqual(shown);
  });

  it('is known by its content: a text of that name is a text', async () => {
    const found = await walkAll(folder('cd', { DICOMDIR: 'see the other disc', 'a.jpg': JPEG }));
    expect(lines(found)).toEqual(['picture: cd/a.jpg', 'skipped text: cd/DICOMDIR']);
  });

  it('lies in a folder among others', async () => {
    const found = await walkAll(
      folder('all', {
        'disc/DICOMDIR': dicomdir([['I1']]),
        'disc/I1': part10(),
        'disc/logo.jpg': JPEG,
        'other/photo.jpg': JPEG,
      }),
    );
    expect(lines(found)).toEqual([
      'picture: all/disc/I1',
      'skipped unlisted: all/disc/logo.jpg',
      'picture: all/other/photo.jpg',
    ]);
  });

  it('never leads out of its folder', async () => {
    const found = await walkAll(
      folder('cd', { DICOMDIR: dicomdir([['../I1'], ['DICOM/../../I1'], ['I1']]), I1: part10() }),
    );
    expect(lines(found)).toEqual(['picture: cd/I1']);
  });

  it('with a damaged table is looked at file by file', async () => {
    const table = dicomdir([['I1'], ['I2']]);
    for (const length of [10, 140, 200, table.length - 30]) {
      const found = await walkAll(
        folder('cd', { DICOMDIR: table.slice(0, length), I1: part10(), 'a/b.jpg': JPEG }),
      );
      const shown = lines(found);
      expect(shown).toContain('picture: cd/I1');
      if (shown.includes('dicomdir-damaged: cd/DICOMDIR')) {
        expect(shown).toContain('picture: cd/a/b.jpg');
      }
    }
  });

  it('whose table is chosen alone asks for the disc', async () => {
    const source = new Blob([dicomdir([['I1']])]);
    const opened = await openGiven({ files: [{ name: 'DICOMDIR', source }] });
    if (opened.kind !== 'flow') throw new Error('It was not recognized.');
    const found = await all(opened.flow(new AbortController().signal));
    expect(lines(found)).toEqual(['dicomdir-alone: DICOMDIR']);
  });
});
