import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LabelledFolder, LabelledItem } from '../../src/dataset/index.ts';
import {
  EvaluationNotKept,
  EvaluationRunner,
  RunStore,
  type EvaluatedModel,
} from '../../src/evaluation/index.ts';
import { fromReadFailure } from '../../src/radiograph/index.ts';
import { chestPhantom } from '../../src/model/index.ts';
import { FrEvaluationScreen } from '../../src/screens/evaluation/evaluation-screen.ts';
import { reportHtml } from '../../src/screens/evaluation/report.ts';
import {
  button,
  expectNoAxeFindings,
  find,
  findAll,
  makeServices,
  mount,
  textOf,
  unmountAll,
  until,
} from './support/harness.ts';
import type { TestServices } from './support/harness.ts';
import { fullManifest } from './support/manifest.ts';

let services: TestServices;
let model: EvaluatedModel;

async function phantom(variant: number): Promise<Blob> {
  const side = 64;
  const canvas = new OffscreenCanvas(side, side);
  const image = new ImageData(side, side);
  for (const [at, gray] of chestPhantom(side, variant).entries()) {
    image.data.fill(Math.round(255 * gray), 4 * at, 4 * at + 3);
    image.data[4 * at + 3] = 255;
  }
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  return canvas.convertToBlob({ type: 'image/png' });
}

/** The workbench's contract, with pictures made here; `gone` makes every one of them unreachable. */
async function makeFolder(
  labels: readonly string[],
  each: number,
): Promise<{ folder: LabelledFolder; gone: () => void; opened: () => number }> {
  let isGone = false;
  let opened = 0;
  const blobs = await Promise.all(labels.map((_, variant) => phantom(variant)));
  const items = labels.flatMap((label, k) =>
    Array.from({ length: each }, (_, at): LabelledItem => ({
      path: `${label}/${at}.png`,
      label,
      origin: at % 2 ? 'Hospital A' : 'Hospital B',
      group: null,
      mask: null,
      async open() {
        opened += 1;
        if (isGone) throw fromReadFailure(new DOMException('It is not there.', 'NotFoundError'));
        return new File([blobs[k] ?? ''], `${at}.png`);
      },
    })),
  );
  const folder: LabelledFolder = {
    name: 'Ward 3',
    key: `ward/${items.length}`,
    labels,
    items,
    audited: false,
    skipped: new Map(),
    strayMasks: new Map(),
    sheets: [],
    troubles: [],
  };
  return { folder, gone: () => (isGone = true), opened: () => opened };
}

beforeEach(async () => {
  services = await makeServices({ manifest: fullManifest() });
  const desk = await services.evaluation();
  const [installed] = await desk.models();
  if (!installed) throw new Error('The store has a model.');
  model = installed;
});

afterEach(() => {
  services.dispose();
  unmountAll();
});

describe('a run', () => {
  let store: RunStore;
  beforeEach(() => {
    store = new RunStore(`runs-${crypto.randomUUID()}`);
  });
  afterEach(() => store.close());

  it('is kept as it goes, goes on in another sitting, and reads no picture twice', async () => {
    const { folder, opened } = await makeFolder(['COVID', 'Normal'], 12);
    const parts = { store, appVersion: 'test' };
    const first = EvaluationRunner.begin(folder, model, parts);
    const work = first.resume();
    await until(() => first.run.done >= 5);
    await first.pause();
    await work;
    expect(first.phase).toBe('paused');
    const [kept] = await store.list();
    expect(kept?.done).toBe(first.run.done);
    expect(await store.pictures(first.run.id)).toHaveLength(first.run.done);

    const before = opened();
    const second = await EvaluationRunner.continue(kept, folder, model, parts);
    await second.resume();
    expect(second.phase).toBe('done');
    expect(opened() - before).toBe(24 - kept.done);
    expect(await store.pictures(first.run.id)).toHaveLength(24);
    expect((await store.list())[0]?.finishedAt).not.toBeNull();

    const other = { ...folder, key: 'another' };
    await expect(EvaluationRunner.continue(kept, other, model, parts)).rejects.toMatchObject({
      code: 'evaluation-not-the-same',
    });
    const newer = { ...model, key: 'another' };
    await expect(EvaluationRunner.continue(kept, folder, newer, parts)).rejects.toMatchObject({
      code: 'evaluation-not-the-same',
    });
    await second.discard();
    expect(await store.list()).toEqual([]);
    expect(await store.pictures(first.run.id)).toEqual([]);
  });

  it('stops when the folder is gone, without counting its pictures as unreadable', async () => {
    const { folder, gone } = await makeFolder(['COVID', 'Normal'], 15);
    const runner = EvaluationRunner.begin(folder, model, { store, appVersion: 'test' });
    const work = runner.resume();
    await until(() => runner.run.done >= 4);
    gone();
    await work;
    expect(runner.phase).toBe('stopped');
    expect(runner.fault?.code).toBe('evaluation-folder-gone');
    expect(runner.run.done).toBeLessThan(30);
    expect(runner.live.unreadable).toBe(0);
    expect(await store.pictures(runner.run.id)).toHaveLength(runner.run.done);
  });

  it('goes on in memory when the device is full', async () => {
    const { folder } = await makeFolder(['COVID', 'Normal'], 2);
    const full = {
      save: () => Promise.reject(new EvaluationNotKept(true)),
      pictures: () => Promise.resolve([]),
      remove: () => Promise.resolve(),
    };
    const runner = EvaluationRunner.begin(folder, model, { store: full, appVersion: 'test' });
    await runner.resume();
    expect(runner.phase).toBe('done');
    expect(runner.notKept?.message).toContain('no more space');
    expect(runner.pictures).toHaveLength(4);
  });

  it('is not read by two tabs at once', async () => {
    const { folder } = await makeFolder(['COVID', 'Normal'], 2);
    const runner = EvaluationRunner.begin(folder, model, { store, appVersion: 'test' });
    await navigator.locks.request(`fieldray-evaluation-${runner.run.id}`, async () => {
      await runner.resume();
      expect(runner.fault?.code).toBe('evaluation-elsewhere');
    });
    await runner.resume();
    expect(runner.phase).toBe('done');
  });
});

describe('the screen', () => {
  let screen: FrEvaluationScreen;

  async function open(folder: LabelledFolder | null): Promise<void> {
    if (folder) {
      Object.defineProperty(services.workbench, 'folder', { get: () => folder });
    }
    screen = await mount(new FrEvaluationScreen(), { services });
    await until(() => textOf(screen).includes('What it did where it was made'));
    if (folder) await until(() => textOf(screen).includes('Evaluate this folder'));
  }

  it('says what to do and shows the shipped study before there is anything else', async () => {
    await open(null);
    const text = textOf(screen);
    expect(text).toContain('Judge the model on your own patients');
    expect(text).toContain('Classification report');
    expect(findAll(screen, 'fr-line-chart')).toHaveLength(2);
    await expectNoAxeFindings(screen);
  });

  it('evaluates, shows, hands its curves to the settings and takes them back', async () => {
    const { folder } = await makeFolder(['COVID', 'Lung_Opacity', 'Normal', 'Viral Pneumonia'], 31);
    await open(folder);
    button(screen, 'Evaluate 124 pictures').click();
    await until(() => find(screen, 'fr-evaluation-result') !== null, 60_000);
    await until(() => findAll(screen, 'fr-square-chart').length === 9);
    const text = textOf(screen);
    expect(text).toContain('Hospital A');
    for (const heading of ['Right and wrong', 'Worst errors first', 'What it refuses']) {
      expect(text).toContain(heading);
    }
    await expectNoAxeFindings(screen);

    const refusedAll = text.includes('Every picture was refused');
    if (!refusedAll) {
      button(screen, 'These are our pictures: use them').click();
      await until(() => services.settings.value?.curvesFrom?.name === 'Ward 3');
      expect(services.settings.value?.curves).toHaveLength(4);
      button(screen, 'Back to the model’s own').click();
      await until(() => services.settings.value?.curves === null);
    }

    const shown = find(screen, 'fr-evaluation-result') as Element;
    const report = reportHtml(shown, 'A <report> & more');
    const parsed = new DOMParser().parseFromString(report, 'text/html');
    expect(parsed.querySelector('h1')?.textContent).toBe('A <report> & more');
    expect(parsed.querySelectorAll('svg.plot')).toHaveLength(9);
    expect(parsed.querySelectorAll('script, link, img, button')).toHaveLength(0);
    expect(parsed.querySelector('.fr-confusion-matrix table')).not.toBeNull();
  });

  it('shows the pictures of a cell', async () => {
    const { folder } = await makeFolder(['COVID', 'Normal'], 2);
    await open(folder);
    button(screen, 'Evaluate 4 pictures').click();
    await until(() => find(screen, 'fr-evaluation-result') !== null, 60_000);
    const matrix = find(screen, 'fr-confusion-matrix') as Element;
    const cell = find<HTMLButtonElement>(matrix, 'button');
    cell?.click();
    await until(() => cell?.ariaPressed === 'true');
    const list = find(screen, 'fr-picture-list') as Element;
    await until(() => findAll<HTMLCanvasElement>(list, 'canvas').some(({ width }) => width > 1));
    find(list, '.open')?.click();
    const picture = find(screen, 'fr-evaluated-picture') as Element;
    await until(() => find<HTMLDialogElement>(picture, 'dialog')?.open);
    await until(() => find(picture, 'fr-viewer[data-settled]') !== null);
    await expectNoAxeFindings(screen);
  });
});
