import { strToU8, unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import {
  classOrder,
  compareWithInstalled,
  copiesOf,
  fitCenters,
  judgingModelOf,
  packModel,
  planOf,
  renamed,
  siteModelOf,
  STUDY_SETTINGS,
  unpackModel,
  versionOf,
  type AdaptedModel,
} from '../../src/adaptation/index.ts';
import { fitSets, fitTemperature, softmax } from '../../src/assurance/index.ts';
import { openLabelledFolder, Random, withGroups } from '../../src/dataset/index.ts';
import { project } from '../../src/inference/worker/evidence/projection.ts';
import { parseManifest, readGateTables, type Manifest } from '../../src/model/index.ts';
import { givenFolder } from '../fixtures/labelled-folder.ts';
import { makeAssuredModel } from '../inference/support/assured-model.ts';
import { makeTestModel } from '../inference/support/test-model.ts';
import { smallAdaptedModel } from './small-model.ts';

const { signal } = new AbortController();
const base: Manifest = parseManifest(makeTestModel().manifest);

function folderOf(counts: Record<string, number>) {
  const files = Object.entries(counts).flatMap(([label, count]) =>
    Array.from({ length: count }, (_, n) => [`${label}/${n}.png`, 'x'] as const),
  );
  return openLabelledFolder(givenFolder('site', Object.fromEntries(files)), { signal });
}

describe('the plan of a training', () => {
  it('has every class on both sides, however small, and is the same for the same seed', async () => {
    const folder = await folderOf({ Zebra: 4, COVID: 40, Normal: 8 });
    const plan = planOf(folder, STUDY_SETTINGS);
    expect(plan.labels).toEqual(['COVID', 'Normal', 'Zebra']);
    for (const [k] of plan.labels.entries()) {
      const parts = plan.pictures.filter(({ truth }) => truth === k).map(({ part }) => part);
      expect(new Set(parts).size).toBe(2);
    }
    expect(planOf(folder, STUDY_SETTINGS)).toEqual(plan);
    expect(planOf(folder, { ...STUDY_SETTINGS, seed: 1 })).not.toEqual(plan);
  });

  it('keeps near-duplicates on one side and takes no more of a class than asked', async () => {
    const folder = await folderOf({ A: 60, B: 60 });
    const grouped = withGroups(
      folder,
      folder.items.map((_, at) => `g${at >> 1}`),
    );
    const plan = planOf(grouped, { ...STUDY_SETTINGS, perClass: 40 });
    expect(plan.pictures).toHaveLength(80);
    const group = new Map(grouped.items.map((item) => [item.path, item.group]));
    const sides = new Map<string | null | undefined, Set<string>>();
    for (const { path, part } of plan.pictures) {
      const key = group.get(path);
      sides.set(key, (sides.get(key) ?? new Set()).add(part));
    }
    expect([...sides.values()].every((set) => set.size === 1)).toBe(true);
  });

  it('says what is too little or too much', async () => {
    const two = await folderOf({ A: 2, B: 10 });
    expect(() => planOf(two, STUDY_SETTINGS)).toThrow(/“A” has only 2 pictures/);
    const many = await folderOf(
      Object.fromEntries(Array.from({ length: 11 }, (_, k) => [`c${k}`, 4])),
    );
    expect(() => planOf(many, STUDY_SETTINGS)).toThrow(/11 classes/);
    const alike = await folderOf({ A: 6, B: 6 });
    const one = withGroups(
      alike,
      alike.items.map(({ label }) => (label === 'A' ? 'same' : null)),
    );
    expect(() => planOf(one, STUDY_SETTINGS)).toThrow(/“A” has only one picture/);
  });

  it('changes copies the same way whichever order they are read in', () => {
    const settings = { ...STUDY_SETTINGS, copies: 2 };
    expect(copiesOf(settings, 5)).toEqual(copiesOf(settings, 5));
    expect(copiesOf(settings, 5)).not.toEqual(copiesOf(settings, 6));
    expect(classOrder(['b', 'Viral Pneumonia', 'a', 'COVID'])).toEqual([
      'COVID',
      'Viral Pneumonia',
      'b',
      'a',
    ]);
  });
});

/** Logits whose right class wins as often as a temperature of `hot` says it should. */
function overconfident(hot: number, count: number) {
  const random = new Random(4);
  const rows: number[][] = [];
  const truth: number[] = [];
  for (let n = 0; n < count; n++) {
    const row = [random.between(-3, 3), random.between(-3, 3), random.between(-3, 3)];
    const shares = softmax(row, 1);
    let left = random.next();
    const drawn = shares.findIndex((share) => (left -= share) < 0);
    truth.push(drawn < 0 ? 2 : drawn);
    rows.push(row.map((value) => value * hot));
  }
  return { rows, truth };
}

describe('what is fitted anew', () => {
  it('finds the temperature that was hidden', () => {
    const { rows, truth } = overconfident(3, 4000);
    expect(fitTemperature(rows, truth)).toBeCloseTo(3, 0);
    expect(fitTemperature(overconfident(1, 4000).rows, overconfident(1, 4000).truth)).toBeCloseTo(
      1,
      0,
    );
  });

  it('holds the coverage of its prediction sets on other pictures, and leaves out what it cannot', () => {
    const { rows, truth } = overconfident(1, 6000);
    const shares = rows.map((row) => softmax(row, 1));
    const sets = fitSets(shares.slice(0, 3000), truth.slice(0, 3000), 3);
    expect(sets.map(({ level }) => level)).toEqual([0.9, 0.95]);
    for (const { level, thresholds } of sets) {
      const covered = shares.slice(3000).filter((each, at) => {
        const own = truth[3000 + at] ?? 0;
        const other = Math.max(...each.filter((_, k) => k !== own));
        return other - (each[own] ?? 0) <= (thresholds[own] ?? 0);
      });
      expect(covered.length / 3000).toBeGreaterThan(level - 0.03);
      expect(covered.length / 3000).toBeLessThan(level + 0.03);
    }
    expect(fitSets(shares.slice(0, 12), truth.slice(0, 12), 3)).toEqual([]);
  });

  it('gives the gate a center for each class with ten pictures, and the site’s own are nearer', () => {
    const assured = makeAssuredModel();
    const gate = assured.manifest.assurance?.gate;
    if (!gate || !assured.gate) throw new Error('The model has no gate.');
    const tables = readGateTables(gate, assured.gate);
    const random = new Random(8);
    const classOf = Uint8Array.from([
      ...Array(12).fill(0),
      ...Array(9).fill(1),
      ...Array(10).fill(2),
    ]);
    const embeddings = new Float32Array(classOf.length * 2 * 1280);
    for (let at = 0; at < embeddings.length; at++) {
      const label = classOf[Math.floor(at / 2560)] ?? 0;
      // Each class lights up other features; the changed copy beside each picture is far away.
      const own = at % 1280 < 300 * (label + 1) ? 1 : 0.2;
      embeddings[at] = at % 2560 < 1280 ? own + 0.05 * random.next() : 50;
    }
    const part = { embeddings, variants: 2, classOf };
    const { of, centers } = fitCenters(part, 1280, 3, { gate, tables });
    expect(of).toEqual([0, 2]);
    expect(centers).toHaveLength(2 * gate.dimensions);

    const map = new Float32Array(7 * 7 * 1280);
    const seen = (row: number, more?: Float32Array) =>
      project(embeddings.subarray(row * 2560, row * 2560 + 1280), map, gate, tables, more);
    for (const [place, label] of of.entries()) {
      const rows = [...classOf.keys()].filter((row) => classOf[row] === label);
      for (let i = 0; i < gate.dimensions; i++) {
        const mean = rows.reduce((sum, row) => sum + (seen(row).values[i] ?? 0), 0) / rows.length;
        expect(centers[place * gate.dimensions + i]).toBeCloseTo(mean, 4);
      }
      for (const row of rows) {
        const before = Math.min(...seen(row).distances);
        const after = seen(row, centers).distances;
        expect(after).toHaveLength(gate.groups.length + 2);
        expect(Math.min(...after)).toBeLessThan(before);
        expect(Math.min(...after)).toBe(after[gate.groups.length + place]);
      }
    }
  });

  it('compares with the delivered model only where that knows the class', () => {
    const pictures = [
      { truth: 0, adapted: [2, 0, 0], installed: [0, 1, 0, 0] },
      { truth: 1, adapted: [0, 2, 0], installed: [0, 0, 1, 0] },
      { truth: 2, adapted: [0, 0, 2], installed: [1, 0, 0, 0] },
    ];
    const four = base.labels;
    const result = compareWithInstalled(pictures, ['COVID', 'Normal', 'Fracture'], four);
    expect(result?.installed.pictures).toBe(2);
    expect(result).toMatchObject({ adaptedAccuracy: 1, adaptedOnly: 1, installedOnly: 0 });
    expect(result?.installed.accuracy).toBe(0.5);
    expect(compareWithInstalled(pictures, ['A', 'Normal', 'B'], four)).toBeNull();
  });
});

const model: AdaptedModel = smallAdaptedModel(base);
const { manifest } = model;

async function repacked(change: (files: Record<string, Uint8Array>) => void): Promise<Blob> {
  const files = unzipSync(new Uint8Array(await (await packModel(model)).arrayBuffer()));
  change(files);
  return new Blob([zipSync(files)]);
}

describe('an adapted model as a file', () => {
  it('comes back as it was, with its log and evaluation beside it', async () => {
    const file = await packModel(model);
    expect(await unpackModel(file, base)).toEqual(model);
    const files = unzipSync(new Uint8Array(await file.arrayBuffer()));
    expect(Object.keys(files).sort()).toEqual([
      'evaluation.json',
      'index.json',
      'manifest.json',
      'training-log.csv',
      'weights.bin',
    ]);
    expect(new TextDecoder().decode(files['training-log.csv'])).toMatch(
      /^\uFEFF?epoch,accuracy,loss,val_accuracy,val_loss,learning_rate\r?\n1,0\.5,1,0\.5,1,0\.001/,
    );
  });

  it('takes the gate’s centers along, and is refused where they do not fit', async () => {
    const { manifest: assured } = makeAssuredModel();
    const { dimensions, groups } = assured.assurance?.gate ?? { dimensions: 0, groups: [] };
    const refitted: AdaptedModel = {
      ...model,
      manifest: {
        ...manifest,
        base: { id: assured.id, version: assured.version },
        gateGroups: ['Clear · Site', 'Not clear · Site'],
      },
      gateCenters: Float32Array.from({ length: 2 * dimensions }, (_, at) => at / 7),
    };
    const back = await unpackModel(await packModel(refitted), assured);
    expect(back).toEqual(refitted);
    expect(siteModelOf(back).gateCenters).toEqual(refitted.gateCenters);
    expect(judgingModelOf(back.manifest, assured).assurance?.gate?.groups).toEqual([
      ...groups,
      ...refitted.manifest.gateGroups,
    ]);
    const short = { ...refitted, gateCenters: refitted.gateCenters.slice(1) };
    await expect(unpackModel(await packModel(short), assured)).rejects.toMatchObject({
      code: 'adapted-file-unusable',
      message: expect.stringContaining('do not fit'),
    });
  });

  it('is refused where a byte was changed, a part is missing, or it is none at all', async () => {
    const refused = { code: 'adapted-file-unusable' };
    const flipped = await repacked((files) => {
      const weights = files['weights.bin'];
      if (weights) weights[100] ^= 1;
    });
    await expect(unpackModel(flipped, base)).rejects.toMatchObject({
      ...refused,
      message: expect.stringContaining('changed or damaged'),
    });
    for (const name of ['weights.bin', 'manifest.json', 'index.json']) {
      // eslint-disable-next-line @typescript-eslint/no-dynamic-delete
      const cut = await repacked((files) => delete files[name]);
      await expect(unpackModel(cut, base)).rejects.toMatchObject(refused);
    }
    await expect(unpackModel(new Blob(['no archive']), base)).rejects.toMatchObject(refused);
    const words = await repacked((files) => (files['index.json'] = strToU8('{"kind":"x"}')));
    await expect(unpackModel(words, base)).rejects.toMatchObject(refused);
  });

  it('is refused where it unpacks to more than any model, and cut where it says less than it holds', async () => {
    const refused = { code: 'adapted-file-unusable' };
    const bomb = await repacked((files) => (files['weights.bin'] = new Uint8Array(70_000_000)));
    expect(bomb.size).toBeLessThan(200_000);
    await expect(unpackModel(bomb, base)).rejects.toMatchObject(refused);
    // Behind the same bomb's front: every size it tells is ten bytes.
    const bytes = new Uint8Array(await bomb.arrayBuffer());
    const view = new DataView(bytes.buffer);
    for (let at = 0; at + 30 < bytes.length; at++) {
      const mark = view.getUint32(at, true);
      if (mark === 0x04034b50) view.setUint32(at + 22, 10, true);
      if (mark === 0x02014b50) view.setUint32(at + 24, 10, true);
    }
    await expect(unpackModel(new Blob([bytes]), base)).rejects.toMatchObject(refused);
  });

  it('is refused on another delivered model', async () => {
    const other = { ...base, version: '9.9.9' };
    await expect(unpackModel(await packModel(model), other)).rejects.toMatchObject({
      code: 'adapted-file-other-model',
    });
  });

  it('is given another name, and leaves under it', async () => {
    const grouped: AdaptedModel = {
      ...model,
      manifest: { ...manifest, gateGroups: ['Clear · Site', 'Not clear · Site'] },
    };
    const next = renamed(grouped, 'Site, winter');
    expect(next).toEqual({
      ...model,
      manifest: {
        ...manifest,
        name: 'Site, winter',
        gateGroups: ['Clear · Site, winter', 'Not clear · Site, winter'],
      },
    });
    expect(grouped.manifest.name).toBe('Site');
    const back = await unpackModel(await packModel(renamed(model, 'Site, winter')), base);
    expect(back.manifest.name).toBe('Site, winter');
  });

  it('is told by its version, and judges with its own classes', () => {
    expect(versionOf(manifest)).toBe(`${base.version}+site.abcdef012345`);
    const judging = judgingModelOf(manifest, base);
    expect(judging).toMatchObject({
      labels: ['Clear', 'Not clear'],
      temperature: 1.5,
      adapted: { name: 'Site' },
    });
    const site = siteModelOf(model);
    expect(site.head.weights).toHaveLength(2560);
    expect([...site.head.biases]).toEqual([...model.head.subarray(2560)]);
  });
});
