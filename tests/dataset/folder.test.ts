import { describe, expect, it } from 'vitest';
import { openLabelledFolder, withGroups, type LabelledFolder } from '../../src/dataset/index.ts';
import type { Given } from '../../src/session/index.ts';
import { givenFolder, metadataSheet, workbook } from '../fixtures/labelled-folder.ts';
import { writeZip } from '../files/support/zip-writer.ts';

const { signal } = new AbortController();
const open = (given: Given): Promise<LabelledFolder> => openLabelledFolder(given, { signal });
const codes = ({ troubles }: LabelledFolder): string[] => troubles.map(({ code }) => code);

const PUBLISHED = {
  'COVID/images/COVID-1.png': 'a',
  'COVID/images/COVID-2.png': 'b',
  'COVID/images/COVID-10.png': 'c',
  'COVID/masks/COVID-1.png': 'm',
  'COVID/masks/COVID-77.png': 'm',
  'Lung_Opacity/images/Lung_Opacity-1.png': 'd',
  'Normal/images/Normal-1.png': 'e',
  'Normal/masks/Normal-1.png': 'm',
  'Viral Pneumonia/images/Viral Pneumonia-1.png': 'f',
  'README.md.txt': 'words',
  'Thumbs.db': 'x',
  'COVID.metadata.xlsx': metadataSheet({
    'COVID-1': 'https://sirm.org/category/covid-19/',
    'COVID-2': 'https://bimcv.cipf.es/bimcv-projects/bimcv-covid19/#1590858128006-9e640421-6711',
  }),
  'Normal.metadata.xlsx': metadataSheet({
    'NORMAL-1': 'https://www.kaggle.com/c/rsna-pneumonia-detection-challenge/data',
  }),
};

describe('a labelled folder', () => {
  it('in the published layout gives pictures with class, origin and mask', async () => {
    const folder = await open(givenFolder('COVID-19_Radiography_Dataset', PUBLISHED));
    expect(folder.name).toBe('COVID-19_Radiography_Dataset');
    expect(folder.labels).toEqual(['COVID', 'Lung_Opacity', 'Normal', 'Viral Pneumonia']);
    const root = 'COVID-19_Radiography_Dataset';
    expect(
      folder.items.map(({ path, origin, mask }) => [path, origin, mask?.path ?? null]),
    ).toEqual([
      [`${root}/COVID/images/COVID-1.png`, 'SIRM', `${root}/COVID/masks/COVID-1.png`],
      [`${root}/COVID/images/COVID-2.png`, 'PadChest (BIMCV)', null],
      [`${root}/COVID/images/COVID-10.png`, null, null],
      [`${root}/Lung_Opacity/images/Lung_Opacity-1.png`, null, null],
      [
        `${root}/Normal/images/Normal-1.png`,
        'RSNA Pneumonia Detection Challenge',
        `${root}/Normal/masks/Normal-1.png`,
      ],
      [`${root}/Viral Pneumonia/images/Viral Pneumonia-1.png`, null, null],
    ]);
    expect(Object.fromEntries(folder.skipped)).toEqual({ '.txt': 1 });
    expect(Object.fromEntries(folder.strayMasks)).toEqual({ COVID: 1 });
    expect(folder.sheets).toHaveLength(2);
    expect(folder.troubles).toEqual([]);
    const file = await folder.items[1]?.open();
    expect([file?.name, await file?.text()]).toEqual(['COVID-2.png', 'b']);
  });

  it.each([
    ['pictures right in the class folders', { 'tb/1.png': 'a', 'healthy/2.jpg': 'b' }],
    ['below a wrapper', { 'x/y/tb/1.png': 'a', 'x/y/healthy/2.jpg': 'b' }],
    ['in parts', { 'train/tb/1.png': 'a', 'train/healthy/2.jpg': 'b', 'test/tb/3.png': 'c' }],
    ['DICOM without extensions', { 'tb/IM1': 'a', 'healthy/1.2.840.7': 'b', README: 'x' }],
  ])('%s: classes by name', async (_, files) => {
    const folder = await open(givenFolder('f', files));
    expect(folder.labels).toEqual(['healthy', 'tb']);
    const pictures = Object.keys(files).filter((path) => path !== 'README');
    expect(folder.items.map(({ path }) => path.replace(/^f\//, '')).sort()).toEqual(
      pictures.sort(),
    );
  });

  it('spells the published classes as they are spelled', async () => {
    const folder = await open(givenFolder('f', { 'NORMAL/1.png': 'a', 'covid-19/1.png': 'b' }));
    expect(folder.labels).toEqual(['COVID', 'Normal']);
  });

  it('as an archive is the same', async () => {
    const content = new TextEncoder().encode('a');
    const zip = writeZip([
      { name: 'set/tb/1.png', content },
      { name: 'set/healthy/2.png', content },
    ]);
    const folder = await open({ files: [{ name: 'set.zip', source: new Blob([zip]) }] });
    expect([folder.name, folder.labels, folder.items.length]).toEqual([
      'set',
      ['healthy', 'tb'],
      2,
    ]);
    expect((await folder.items[0]?.open())?.name).toBe('2.png');
  });

  it('of fifty thousand opens in seconds, unread', async () => {
    const files: [string, string][] = Array.from({ length: 50_000 }, (_, at) => [
      `${at % 2 ? 'tb' : 'healthy'}/images/${at}.png`,
      '',
    ]);
    const given = givenFolder('f', Object.fromEntries(files));
    const start = performance.now();
    const folder = await open(given);
    expect(folder.items).toHaveLength(50_000);
    expect(performance.now() - start).toBeLessThan(10_000);
  }, 60_000);

  it('takes the groups of the audit, and opens as before', async () => {
    const folder = await open(givenFolder('f', { 'tb/1.png': 'a', 'healthy/2.png': 'b' }));
    const audited = withGroups(folder, ['g1', null]);
    expect(audited.items.map(({ group }) => group)).toEqual(['g1', null]);
    expect([folder.audited, audited.audited, audited.key]).toEqual([false, true, folder.key]);
    expect(await (await audited.items[0]?.open())?.text()).toBe('b');
  });
});

describe('what is wrong with a folder has its own words', () => {
  it.each([
    ['nothing in it', { 'notes.txt': 'x' }, 'dataset-no-pictures'],
    ['one class', { 'COVID/images/1.png': 'a' }, 'dataset-one-class'],
    ['pictures without class folders', { '1.png': 'a', '2.png': 'b' }, 'dataset-one-class'],
    [
      'all but one empty',
      { 'COVID/images/1.png': 'a', 'Normal/images/readme.txt': 'x' },
      'dataset-one-class',
    ],
    ['masks only', { 'a/masks/1.png': 'm', 'b/masks/1.png': 'm' }, 'dataset-no-pictures'],
  ])('%s', async (_, files, code) => {
    await expect(open(givenFolder('f', files))).rejects.toMatchObject({ code });
  });

  it.each([
    ['an empty class', { 'c/notes.txt': 'x' }, 'dataset-empty-class'],
    ['masks without pictures', { 'c/masks/1.png': 'm' }, 'dataset-masks-without-images'],
    ['a sheet that is none', { 'c.xlsx': 'hello' }, 'dataset-metadata-unreadable'],
    [
      'a sheet of other things',
      { 'c.xlsx': workbook([['a', 'b']]) },
      'dataset-metadata-unreadable',
    ],
    ['a sheet that is a bomb', { 'c.xlsx': bomb() }, 'dataset-metadata-unreadable'],
    ['a sheet that lies', { 'c.xlsx': liar() }, 'dataset-metadata-unreadable'],
  ])(
    '%s: the others are used',
    async (_, files: Record<string, Uint8Array<ArrayBuffer> | string>, code) => {
      const folder = await open(givenFolder('f', { 'a/1.png': 'a', 'b/1.png': 'b', ...files }));
      expect(folder.labels).toEqual(['a', 'b']);
      expect(codes(folder)).toEqual([code]);
    },
  );

  it('a folder that went away', async () => {
    const gone = {
      name: 'f',
      isFile: false,
      isDirectory: true,
      createReader: () => ({
        readEntries: (_done: unknown, failed: (reason: unknown) => void) =>
          failed(new DOMException('gone', 'NotFoundError')),
      }),
    };
    await expect(open({ entries: [gone] })).rejects.toMatchObject({ code: 'folder-unreadable' });
  });

  it('stops when asked', async () => {
    const stop = new AbortController();
    stop.abort(new Error('enough'));
    const given = givenFolder('f', { 'a/1.png': 'a', 'b/1.png': 'b' });
    await expect(openLabelledFolder(given, { signal: stop.signal })).rejects.toThrow('enough');
  });
});

/** Unpacks to 200 MB of nothing. */
function bomb(): Uint8Array<ArrayBuffer> {
  return writeZip([{ name: 'xl/worksheets/sheet1.xml', content: new Uint8Array(200_000_000) }]);
}

function liar(): Uint8Array<ArrayBuffer> {
  return writeZip([
    { name: 'xl/worksheets/sheet1.xml', content: new Uint8Array(5000), claims: { bytes: 10 } },
  ]);
}
