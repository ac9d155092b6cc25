import { afterEach, describe, expect, it } from 'vitest';
import {
  Analysis,
  FolderScan,
  MEAN_SIDE,
  meanOf,
  openLabelledFolder,
  ScanPool,
  ScanStore,
  type LabelledFolder,
} from '../../src/dataset/index.ts';
import { chestPhantom } from '../../src/model/phantom.ts';
import { writeGreyPng } from '../../src/radiograph/index.ts';
import { givenFolder, type FileBytes } from '../fixtures/labelled-folder.ts';

const SIZE = 120;
const { signal } = new AbortController();
const pool = (): ScanPool => new ScanPool(2);

async function png(variant: number, change = (value: number) => value): Promise<FileBytes> {
  const data = Float32Array.from(chestPhantom(SIZE, variant), change);
  return bytesOf(await writeGreyPng({ width: SIZE, height: SIZE, data }));
}

async function bytesOf(blob: Blob): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await blob.arrayBuffer());
}

/** White in the left upper quarter. */
async function maskPng(): Promise<FileBytes> {
  const data = Float32Array.from({ length: SIZE * SIZE }, (_, at) =>
    at % SIZE < SIZE / 2 && at < (SIZE * SIZE) / 2 ? 1 : 0,
  );
  return bytesOf(await writeGreyPng({ width: SIZE, height: SIZE, data }));
}

async function phantoms(count: number): Promise<Record<string, FileBytes>> {
  const files: Record<string, FileBytes> = {};
  for (let at = 0; at < count; at++) {
    files[`${at % 2 ? 'COVID' : 'Normal'}/images/p${at}.png`] = await png(at);
  }
  return files;
}

function open(files: Record<string, FileBytes>, name = 'f'): Promise<LabelledFolder> {
  return openLabelledFolder(givenFolder(name, files), { signal });
}

const stores: string[] = [];
function store(name = `scan-test-${Math.random()}`): ScanStore {
  stores.push(name);
  return new ScanStore(name);
}

afterEach(() => {
  for (const name of stores.splice(0)) indexedDB.deleteDatabase(name);
});

describe('a scan', () => {
  it('finds the facts of every picture and mask, and goes on past what cannot be read', async () => {
    const folder = await open({
      ...(await phantoms(6)),
      'COVID/masks/p1.png': await maskPng(),
      'COVID/masks/p3.png': 'no mask at all',
      'Normal/images/broken.png': 'text',
      'Normal/images/zz-copy.png': await png(1, (value) => 0.1 + 0.85 * value),
    });
    const scan = new FolderScan(folder, { store: null, pool });
    await scan.load();
    expect(scan.view.phase).toBe('paused');
    await scan.start();
    expect(scan.view).toMatchObject({ phase: 'done', total: 8, done: 8, failed: 1 });
    const at = (name: string): number => folder.items.findIndex(({ path }) => path.endsWith(name));
    const { facts, failures, sums, smalls } = scan.result;
    expect(failures.get(at('broken.png'))?.code).toBe('unsupported-format');
    expect(facts[at('p1.png')]).toMatchObject({
      format: 'png',
      width: SIZE,
      height: SIZE,
      bits: 8,
      channels: 1,
      colored: false,
      maskFault: null,
      mask: { left: 0, top: 0, right: 0.5, bottom: 0.5 },
    });
    expect(facts[at('p1.png')]?.mask?.area).toBeCloseTo(0.25, 2);
    expect(facts[at('p3.png')]).toMatchObject({
      mask: null,
      maskFault: { code: 'unsupported-format' },
    });
    expect([sums.get('COVID')?.pictures, sums.get('COVID')?.masks]).toEqual([3, 1]);
    expect(sums.get('Normal')?.pictures).toBe(4);
    const histogram = sums.get('Normal')?.histogram.reduce((sum, share) => sum + share, 0);
    expect(histogram).toBeCloseTo(4, 3);
    const mean = meanOf(sums.get('COVID')?.picture ?? new Float64Array(), 3);
    const middle = (MEAN_SIDE / 2) * MEAN_SIDE + MEAN_SIDE / 2;
    const expected = [1, 3, 5].map((v) => chestPhantom(SIZE, v)[(SIZE / 2) * SIZE + SIZE / 2] ?? 0);
    expect(mean[middle]).toBeCloseTo(expected.reduce((a, b) => a + b) / 3, 1);

    const analysis = new Analysis();
    const known = facts.flatMap((each, index) => (each ? [index] : []));
    const audit = await analysis.audit(
      Uint32Array.from(known.flatMap((index) => facts[index]?.hash ?? [])),
      Uint8Array.from(
        known.flatMap((index) => [...smalls.subarray(index * 576, index * 576 + 576)]),
      ),
    );
    expect(audit.groups.map((group) => group.map((each) => known[each]))).toEqual([
      [at('p1.png'), at('zz-copy.png')].sort((a, b) => a - b),
    ]);
    analysis.dispose();
    await scan.dispose();
  });

  it('is laid out as a map that tells no share after it has come', async () => {
    const analysis = new Analysis();
    const values = Float32Array.from({ length: 45 * 24 }, (_, at) => Math.sin(at * at));
    const shares: number[] = [];
    const reduced = { scores: values, count: 24, explained: [] };
    const map = await analysis.map(reduced, (share) => shares.push(share));
    const told = shares.length;
    expect(map).toHaveLength(90);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(shares).toHaveLength(told);
    expect(told).toBeLessThanOrEqual(101);
    analysis.dispose();
  });

  it('is paused, and gone on with after a reload, with nothing looked at twice', async () => {
    const files = await phantoms(30);
    const kept = store();
    const first = new FolderScan(await open(files), { store: kept, pool });
    await first.load();
    const halfway = new Promise<void>((resolve) => {
      first.subscribe(() => {
        if (first.view.done >= 8) resolve();
      });
    });
    void first.start();
    await halfway;
    await first.pause();
    const { done, phase } = first.view;
    expect(phase).toBe('paused');
    expect(done).toBeGreaterThanOrEqual(8);
    expect(done).toBeLessThan(30);
    await first.dispose();

    // Another page: nothing but the database is the same.
    let opened = 0;
    const again = await open(files);
    const items = again.items.map((item) => ({
      ...item,
      path: item.path,
      label: item.label,
      open: () => {
        opened += 1;
        return item.open();
      },
    }));
    const second = new FolderScan({ ...again, items }, { store: new ScanStore(stores[0]), pool });
    await second.load();
    expect(second.view).toMatchObject({ phase: 'paused', done, kept: done });
    await second.start();
    expect(second.view).toMatchObject({ phase: 'done', done: 30, failed: 0 });
    expect(opened).toBe(30 - done);
    const pictures = [...second.result.sums.values()].map((each) => each.pictures);
    expect(pictures).toEqual([15, 15]);
    await second.dispose();

    const third = new FolderScan(again, { store: new ScanStore(stores[0]), pool });
    await third.load();
    expect(third.view).toMatchObject({ phase: 'done', kept: 30 });
    expect(third.result.facts).toEqual(second.result.facts);
    expect(third.result.smalls).toEqual(second.result.smalls);
    await third.forget();
    await third.dispose();
    const fourth = new FolderScan(again, { store: new ScanStore(stores[0]), pool });
    await fourth.load();
    expect(fourth.view).toMatchObject({ phase: 'paused', done: 0 });
    await fourth.dispose();
  });

  it('stops when the folder goes away, and looks again at what was gone', async () => {
    const folder = await open(await phantoms(24));
    let here = false;
    const items = folder.items.map((item, at) => ({
      ...item,
      path: item.path,
      label: item.label,
      open: async () => {
        if (at >= 6 && !here) {
          // Some learn it late, when the others have found the folder gone.
          if (at % 4 === 0) await new Promise((resolve) => setTimeout(resolve, 60));
          const { fromReadFailure } = await import('../../src/radiograph/index.ts');
          throw fromReadFailure(new DOMException('gone', 'NotFoundError'));
        }
        return item.open();
      },
    }));
    const kept = store();
    const scan = new FolderScan({ ...folder, items }, { store: kept, pool });
    await scan.load();
    await scan.start();
    expect(scan.view).toMatchObject({ phase: 'stopped', failed: 0 });
    expect(scan.view.fault?.code).toBe('dataset-folder-gone');
    expect(scan.view.done).toBeLessThan(24);
    const later = new FolderScan(folder, { store: new ScanStore(stores[0]), pool });
    await later.load();
    expect(later.view).toMatchObject({ failed: 0, done: scan.view.done });
    await later.dispose();
    here = true;
    await scan.start();
    expect(scan.view).toMatchObject({ phase: 'done', done: 24, failed: 0, fault: null });
    await scan.dispose();
  });

  it('goes on where nothing can be kept, and says so', async () => {
    const kept = store();
    kept.write = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));
    const scan = new FolderScan(await open(await phantoms(4)), { store: kept, pool });
    await scan.load();
    await scan.start();
    expect(scan.view).toMatchObject({ phase: 'done', done: 4 });
    expect(scan.view.notKept?.code).toBe('dataset-scan-not-kept');
    await scan.dispose();
  });
});
