import { describe, expect, it } from 'vitest';
import { openGiven } from '../../src/session/index.ts';
import { droppedBranch, handleBranch } from '../../src/files/leaves.ts';
import type { Branch, DroppedEntry } from '../../src/files/types.ts';
import { TOP, walk } from '../../src/files/walk.ts';
import { all, folder, lines, linesOf, walkAll } from './support/found.ts';
import { writeZip } from './support/zip-writer.ts';
import { flateImage, writePdf } from '../fixtures/pdf.ts';

const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1);
const JPEG = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 1);

/** A Part 10 head with a storage class. */
function dicom(uid: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(200);
  bytes.set(new TextEncoder().encode('DICM'), 128);
  bytes.set([0x02, 0x00, 0x02, 0x00, 0x55, 0x49, uid.length, 0], 144);
  bytes.set(new TextEncoder().encode(uid), 152);
  return bytes;
}

const FOLDER = {
  'x/b10.png': PNG,
  'x/b9.jpg': JPEG,
  'readme.md': '# hello',
  'report.pdf': '%PDF-1.7',
  'photo.psd': '8BPS\0....',
  'scan.tif': 'II*\0....',
  'empty.png': '',
  'program.exe': 'MZ\x90\0',
  'noise.bin': Uint8Array.of(1, 2, 0xfe, 0, 0, 9, 0xff),
  'notes.png': 'text under a false name',
  'picture.txt': PNG,
  '.DS_Store': 'x',
  '__MACOSX/x/._b9.jpg': JPEG,
  'Thumbs.db': 'x',
  'sr.dcm': dicom('1.2.840.10008.5.1.4.1.1.88.22'),
  'cr.dcm': dicom('1.2.840.10008.5.1.4.1.1.1'),
};

describe('a folder', () => {
  it('is sorted out by first bytes, in the order of names, deepest last', async () => {
    expect(lines(await walkAll(folder('scans', FOLDER)))).toEqual([
      'picture: scans/cr.dcm',
      'skipped empty: scans/empty.png',
      'skipped other: scans/noise.bin',
      'skipped text: scans/notes.png',
      'skipped other-picture: scans/photo.psd',
      'picture: scans/picture.txt',
      'skipped program: scans/program.exe',
      'skipped text: scans/readme.md',
      'skipped document: scans/report.pdf',
      'picture: scans/scan.tif',
      'skipped dicom-other: scans/sr.dcm',
      'picture: scans/x/b9.jpg',
      'picture: scans/x/b10.png',
    ]);
  });

  it('with documents in it: a scanned picture that fills its page is one of the pictures', async () => {
    const film = await writePdf({ images: [await flateImage(50, 60, (x, y) => (x * y) & 255)] });
    const report = await writePdf({ images: [], pages: [{ content: 'BT (Report) Tj ET' }] });
    const found = await walkAll(folder('f', { 'film.pdf': film, 'report.pdf': report }));
    expect(lines(found)).toEqual(['picture: f/film.pdf', 'skipped document: f/report.pdf']);
  });

  it('with an archive in it: the archive is opened in its place', async () => {
    const zip = writeZip([{ name: 'in/a.png', content: PNG }]);
    expect(lines(await walkAll(folder('f', { 'm.zip': zip, 'z.png': PNG })))).toEqual([
      'picture: f/m.zip/in/a.png',
      'picture: f/z.png',
    ]);
  });

  it('that cannot be listed is told, and the others go on', async () => {
    const broken: Branch = { name: 'locked', list: () => Promise.reject(new Error('no')) };
    const top: Branch = {
      name: 'top',
      list: async () => ({ files: [], folders: [broken, folder('open', { 'a.png': PNG })] }),
    };
    expect(lines(await walkAll(top))).toEqual([
      'folder-unreadable: top/locked',
      'picture: top/open/a.png',
    ]);
  });

  it('without an end comes to one', async () => {
    const endless: Branch = { name: 'd', list: async () => ({ files: [], folders: [endless] }) };
    expect(lines(await walkAll(endless)).at(-1)).toMatch(/^folder-too-deep/);
  });

  it('stops when asked to, with nothing more read', async () => {
    const stop = new AbortController();
    const flow = walk(folder('scans', FOLDER), TOP, stop.signal);
    await flow.next();
    stop.abort();
    await expect(flow.next()).rejects.toMatchObject({ name: 'AbortError' });
  });
});

/** `FileSystemDirectoryHandle` and the entries of a drop, as the browsers' specifications draw them. */
describe('the ways in', () => {
  const expected = ['picture: top/a.png', 'picture: top/sub/b.png'];

  it('a directory handle', async () => {
    const file = (name: string) => ({
      kind: 'file',
      name,
      getFile: async () => new File([PNG], name),
    });
    const directory = (name: string, children: unknown[]) => ({
      kind: 'directory',
      name,
      async *values() {
        yield* children;
      },
    });
    const handle = directory('top', [directory('sub', [file('b.png')]), file('a.png')]);
    const branch = handleBranch(handle as unknown as FileSystemDirectoryHandle);
    expect(lines(await walkAll(branch))).toEqual(expected);
  });

  it('dropped entries, given in portions', async () => {
    const file = (name: string) => ({
      name,
      isFile: true,
      isDirectory: false,
      file: (done: (file: File) => void) => done(new File([PNG], name)),
    });
    const directory = (name: string, children: DroppedEntry[]) => ({
      name,
      isFile: false,
      isDirectory: true,
      createReader: () => {
        const left = [...children];
        return { readEntries: (done: (some: DroppedEntry[]) => void) => done(left.splice(0, 1)) };
      },
    });
    const top = directory('top', [directory('sub', [file('b.png')]), file('a.png')]);
    expect(lines(await walkAll(droppedBranch(top)))).toEqual(expected);
  });

  it('a list of files with paths', async () => {
    const file = (path: string) =>
      Object.defineProperty(new File([PNG], path.split('/').at(-1) ?? ''), 'webkitRelativePath', {
        value: path,
      });
    const opened = await openGiven({ folderFiles: [file('top/sub/b.png'), file('top/a.png')] });
    if (opened.kind !== 'flow') throw new Error('It was not taken for a folder.');
    expect(await linesOf(opened.flow(new AbortController().signal))).toEqual(expected);
  });

  it('files chosen by hand are pictures, whatever they are; more than a few hundred flow', async () => {
    const bad = { name: 'a.txt', source: new Blob(['text']) };
    expect(await openGiven({ files: [bad] })).toEqual({ kind: 'files', files: [bad] });
    const many = await openGiven({ files: Array.from({ length: 300 }, () => bad) });
    if (many.kind !== 'flow') throw new Error('So many are listed as they are looked at.');
    const found = await all(many.flow(new AbortController().signal));
    expect(found).toHaveLength(300);
    expect(found.every((item) => item.kind === 'picture')).toBe(true);
  });
});
