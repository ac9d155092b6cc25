import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { softmax } from '../../src/assurance/index.ts';
import { parseArguments } from '../../tools/evaluate/arguments.ts';
import { readDataFolder } from '../../tools/evaluate/folder.ts';
import type { Checks, EvaluatedPicture } from '../../src/evaluation/index.ts';
import { evaluate, evaluationText } from '../../tools/evaluate/summary.ts';

describe('the command line', () => {
  it('takes what it is given and knows what is left out', () => {
    expect(parseArguments(['--data', 'x'])).toEqual({
      data: 'x',
      json: null,
      limit: Number.POSITIVE_INFINITY,
      workers: null,
      port: 0,
      app: null,
    });
    const full = ['--data', 'x', '--json', 'y', '--limit', '7', '--workers', '2', '--port', '8080'];
    expect(parseArguments(full)).toMatchObject({ json: 'y', limit: 7, workers: 2, port: 8080 });
    expect(parseArguments(['--help'])).toBeNull();
  });

  it.each([
    [[]],
    [['--data']],
    [['--data', '']],
    [['--data', 'x', '--limit', '0']],
    [['--data', 'x', '--limit', '1e3']],
    [['--data', 'x', '--workers', '5']],
    [['--data', 'x', '--port', '65536']],
    [['--data', 'x', '--unknown']],
    [['--data', 'x', 'more']],
  ])('refuses %j', (argv) => {
    expect(() => parseArguments(argv)).toThrow(
      expect.objectContaining({ code: 'wrong-arguments', exitCode: 2 }),
    );
  });
});

describe('the data folder', () => {
  let data: string;
  beforeEach(async () => {
    data = await mkdtemp(path.join(os.tmpdir(), 'fieldray-data-'));
  });
  afterEach(() => rm(data, { recursive: true, force: true }));

  async function put(...names: string[]): Promise<void> {
    for (const name of names) {
      await mkdir(path.join(data, path.dirname(name)), { recursive: true });
      await writeFile(path.join(data, name), 'x');
    }
  }

  it('finds pictures directly and in images/, and leaves masks, clutter and loose files alone', async () => {
    await put(
      ...['Normal/images/Normal-10.png', 'Normal/images/Normal-2.png', 'Normal/masks/Normal-2.png'],
      ...['COVID/a.png', 'COVID/.DS_Store', 'COVID/Thumbs.db', 'COVID/deep/b.png', 'README.txt'],
      ...['abroad/c.png', '.git/config'],
    );
    const groups = await readDataFolder(data, Number.POSITIVE_INFINITY);
    expect(
      groups.map((group) => [group.name, group.label, group.files.map((f) => f.path)]),
    ).toEqual([
      ['COVID', 'COVID', ['COVID/a.png']],
      ['Normal', 'Normal', ['Normal/images/Normal-2.png', 'Normal/images/Normal-10.png']],
      ['abroad', null, ['abroad/c.png']],
    ]);
  });

  it('takes the first few of each folder and says how many it left out', async () => {
    await put('COVID/a.png', 'COVID/b.png', 'COVID/c.png', 'Normal/a.png');
    const groups = await readDataFolder(data, 2);
    expect(groups.map((group) => [group.files.length, group.leftOut])).toEqual([
      [2, 1],
      [1, 0],
    ]);
  });

  it('lists a link that leads nowhere, so that it is told and not overlooked', async () => {
    await put('COVID/a.png');
    await symlink(path.join(data, 'nowhere.png'), path.join(data, 'COVID/link.png'));
    const [group] = await readDataFolder(data, 10);
    expect(group.files.map((file) => file.path)).toEqual(['COVID/a.png', 'COVID/link.png']);
  });

  it('says what is missing', async () => {
    await expect(readDataFolder(path.join(data, 'none'), 1)).rejects.toMatchObject({
      code: 'data-folder-missing',
    });
    await put('loose.png', 'covid/a.png');
    await expect(readDataFolder(path.join(data, 'loose.png'), 1)).rejects.toMatchObject({
      code: 'data-folder-missing',
    });
    await expect(readDataFolder(data, 1)).rejects.toMatchObject({
      code: 'no-class-folder',
      message: expect.stringContaining('only covid') as string,
    });
    await mkdir(path.join(data, 'COVID'));
    await put('abroad/a.png');
    await expect(readDataFolder(data, 1)).rejects.toMatchObject({ code: 'no-pictures' });
  });
});

describe('the figures', () => {
  const read = (path: string, logits: number[]): EvaluatedPicture => ({
    path,
    label: path.split('/')[0],
    origin: null,
    logits,
    probabilities: softmax(logits, 2),
    refused: null,
    sets: {},
    failure: null,
  });
  const unread = (path: string): EvaluatedPicture => ({
    ...read(path, [0, 0, 0, 0]),
    logits: null,
    probabilities: null,
    failure: { code: 'empty-file', message: 'It is empty.' },
  });
  const pictures = [
    read('COVID/a', [4, 0, 0, 0]),
    read('COVID/b', [0, 0, 2, 0]),
    read('Normal/c', [0, 0, 2, 0]),
    unread('Normal/d'),
    read('abroad/e', [0, 0, 0, 6]),
    unread('abroad/f'),
  ];
  const AT = {
    modelId: 'm',
    modelVersion: '1.0.0',
    backend: 'wasm',
    appVersion: '1.0.0',
    seconds: 3,
    folder: 'data',
  };
  const evaluation = evaluate(pictures, AT);

  it('scores what has a class and could be read, and keeps the rest apart', () => {
    expect(evaluation.accuracy).toBeCloseTo(2 / 3, 12);
    expect(evaluation.macroF1).toBeCloseTo(2 / 3, 12);
    expect(evaluation.confusionMatrix).toEqual([
      [1, 0, 1, 0],
      [0, 0, 0, 0],
      [0, 0, 1, 0],
      [0, 0, 0, 0],
    ]);
    expect(evaluation.secondsPerImage).toBe(0.5);
    expect(evaluation.files.map((file) => [file.path, file.predicted, file.refused])).toEqual([
      ['COVID/a', 'COVID', null],
      ['COVID/b', 'Normal', null],
      ['Normal/c', 'Normal', null],
      ['Normal/d', null, 'empty-file'],
    ]);
    expect(evaluation.files[0].probabilities).toEqual(softmax([2, 0, 0, 0]));
    expect(evaluation.files[3].probabilities).toBeNull();
    expect(evaluation.unreadable).toBe(1);
    expect(evaluation.otherFolders).toMatchObject([
      { name: 'abroad', images: 2, refused: 0, unreadable: 1 },
    ]);
    expect(evaluation.otherFolders[0].meanTopProbability).toBeCloseTo(softmax([0, 0, 0, 3])[3], 12);
  });

  it('says every part of it in words', () => {
    const text = evaluationText(evaluation, pictures);
    expect(text).toContain('accuracy 0.6667, macro F1 0.6667 (3 pictures)');
    expect(text).toContain('accuracy             0.6667 (');
    expect(text).toContain('AUC COVID');
    expect(text).toContain('seconds a picture           0.5000');
    expect(text).toContain('accuracy of the accepted    0.6667');
    // A refused picture counts in the first accuracy, and not in the one of those accepted.
    const refused = pictures.map((each) =>
      each.path === 'COVID/b' ? { ...each, refused: 'not-a-frontal-chest' } : each,
    );
    const told = evaluationText(evaluate(refused, AT), refused);
    expect(told).toMatch(/^accuracy 0\.6667/m);
    expect(told).toContain('accuracy of the accepted    1.0000');
    expect(told).toContain('COVID 1 of 2, Lung_Opacity 0 of 0, Normal 0 of 1,');
    expect(text).toContain(
      '1 file in the class folders could not be read and is in no figure above',
    );
    expect(text).toContain('Normal/d: empty-file. It is empty.');
    expect(text).not.toContain('Speaks against');
    const checks = (...cautions: string[]): Checks => ({
      ...{ gate: 1, measured: {}, insideLungs: [], lungArea: null },
      cautions,
    });
    const remarked = pictures.map((each) =>
      each.logits
        ? { ...each, checks: checks(...(each.path === 'COVID/a' ? [] : ['blurred'])) }
        : each,
    );
    const said = evaluationText(evaluate(remarked, AT), remarked);
    expect(said).toMatch(
      /Speaks against.*\n {2}COVID: blurred 1\n {2}Normal: blurred 1\n {2}abroad: blurred 1\n$/,
    );
    expect(text).toMatch(
      /abroad: 2 pictures, mean top probability 0\.8\d+, 0 refused, 1 could not/,
    );
  });
});
