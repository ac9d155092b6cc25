import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { userEvent } from 'vitest/browser';
import { SCAN_DATABASE } from '../../src/dataset/index.ts';
import { chestPhantom } from '../../src/model/phantom.ts';
import type { FrScatterChart } from '../../src/elements/chart/scatter-chart.ts';
import { writeGreyPng } from '../../src/radiograph/index.ts';
import { FrInsightsScreen } from '../../src/screens/insights/insights-screen.ts';
import { givenFolder, metadataSheet, type FileBytes } from '../fixtures/labelled-folder.ts';
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

const LIMIT = 90_000;
const SIZE = 96;
let services: TestServices;
let screen: FrInsightsScreen;
const made: File[] = [];

async function png(variant: number, change = (value: number) => value): Promise<FileBytes> {
  const data = Float32Array.from(chestPhantom(SIZE, variant), change);
  const blob = await writeGreyPng({ width: SIZE, height: SIZE, data });
  return new Uint8Array(await blob.arrayBuffer());
}

/** Forty-four pictures of two classes and two origins; one of them stands in both classes. */
async function folderFiles(): Promise<Record<string, FileBytes>> {
  const files: Record<string, FileBytes> = {};
  const urls: Record<string, string> = {};
  for (let at = 0; at < 44; at++) {
    const covid = at % 2 === 0;
    const name = `${covid ? 'COVID' : 'Normal'}-${at}`;
    // Origins differ in brightness: the shortcut that the audit is to find.
    const gain = covid ? 0.6 : 0.95;
    files[`${covid ? 'COVID' : 'Normal'}/images/${name}.png`] = await png(at, (v) => gain * v);
    urls[name] = covid ? 'https://sirm.org/x' : 'https://www.kaggle.com/c/rsna-pneumonia-x';
  }
  files['Normal/images/copy.png'] = await png(4, (value) => 0.05 + 0.7 * value);
  files['COVID/masks/COVID-0.png'] = await png(0, (value) => (value > 0.4 ? 1 : 0));
  files['Normal/images/broken.png'] = 'text';
  files['all.metadata.xlsx'] = metadataSheet(urls);
  return files;
}

beforeEach(async () => {
  indexedDB.deleteDatabase(SCAN_DATABASE);
  services = await makeServices();
  made.length = 0;
  screen = await mount(new FrInsightsScreen(), { services }, { width: 1000, height: 700 });
  screen.addEventListener('file-made', ({ detail }) => made.push(detail));
});

afterEach(() => {
  services.workbench.close();
  services.dispose();
  unmountAll();
});

const text = (): string => textOf(screen);

describe('without a folder', () => {
  it(
    'the published facts are there, each chart with its figures, and axe finds nothing',
    async () => {
      await until(() => text().includes('What the dataset is for'));
      for (const words of [
        '21,165 pictures',
        '3,616 of 21,165 pictures are COVID-19 (17.1%)',
        'Normal with 10,192 pictures, 48.2%',
        'Viral pneumonia with 1,345 pictures, 6.4%',
        'PadChest (BIMCV) gave 2,473',
        'A German medical school',
        'COVID-CXNet (GitHub)',
        'SIRM, GitHub, Kaggle and Twitter, and 43 publications',
        'gave 8,851 of 10,192',
        'all 6,012 pictures came from one source',
        '299 × 299',
        // Of the smallest class: class weight, copies to balance, pictures in a test.
        '3.93',
        '× 7.6',
        '202',
      ]) {
        expect(text()).toContain(words);
      }
      expect(findAll(screen, 'h2').filter((each) => /^\d+ /.test(textOf(each)))).toHaveLength(10);
      const charts = findAll(screen, 'svg.plot');
      expect(charts.length).toBeGreaterThan(10);
      expect(findAll(screen, 'fr-chart-tools')).toHaveLength(charts.length);
      await expectNoAxeFindings(screen);
    },
    LIMIT,
  );

  it('the slider shows what augmentation does', async () => {
    const panel = (): Node => find(screen, 'fr-augmentation-panel') ?? document.createElement('p');
    await until(() => find(panel(), 'input'));
    const slider = find<HTMLInputElement>(panel(), 'input');
    if (!slider) throw new Error('There is no slider.');
    slider.value = '3';
    slider.dispatchEvent(new Event('input'));
    await until(() => textOf(panel()).includes('4,035'));
    expect(text()).toContain('to 16.9% of the pictures');
  });

  it(
    'a chart is saved as SVG, PNG and CSV',
    async () => {
      await until(
        () => find(screen, 'fr-bar-chart fr-chart-tools') ?? find(screen, 'fr-chart-tools'),
      );
      const tools = findAll(screen, 'fr-chart-tools')[0];
      for (const way of ['SVG', 'PNG', 'CSV']) {
        button(tools, way).click();
        await until(() => made.some(({ name }) => name.endsWith(way.toLowerCase())));
      }
      const [svg, picture, csv] = made;
      expect(await svg?.text()).toContain('10,192');
      expect(await svg?.text()).not.toContain('var(--');
      expect((await createImageBitmap(picture)).width).toBeGreaterThan(500);
      expect(await csv?.text()).toMatch(/Normal.*10192/);
    },
    LIMIT,
  );
});

describe('with a folder', () => {
  beforeEach(async () => {
    await services.workbench.open(givenFolder('my-site', await folderFiles()));
    await until(() => text().includes('46 pictures in 2 classes'));
  });

  it(
    'is scanned, audited and split',
    async () => {
      await until(() => text().includes('This folder: 46 pictures'));
      await until(() => text().includes('Scan the pictures'));
      button(screen, 'Scan the pictures').click();
      await until(() => text().includes('Every picture was looked at'), LIMIT);
      await until(() => text().includes('crossing classes:'), LIMIT);
      expect(text()).toContain('Files that could not be read: 1');
      expect(text()).toContain('The same picture in several classes: COVID-19, Normal');
      expect(text()).toContain('96 × 96');
      expect(text()).toContain('Grey, 1 channel');
      for (const words of [
        'This folder: 1 of 46 pictures have one.',
        'Masks by class: mean (standard deviation)',
        'How often each place lies inside the mask',
        'Share of pixels by brightness, mean of each class',
        'Mean picture of each class',
      ]) {
        expect(text()).toContain(words);
      }
      // A line for each class, and its mean picture.
      const lines = find(screen, 'fr-line-chart') as Node;
      expect(findAll(lines, 'path.line')).toHaveLength(2);
      find(screen, '#section-5 fr-item-picture')?.scrollIntoView();
      await until(() => {
        const example = find(screen, '#section-5 fr-item-picture');
        return example && find<SVGPathElement>(example, '.outline path')?.getTotalLength();
      });
      expect(services.workbench.folder?.audited).toBe(true);
      // Phantoms are alike among themselves as well; what counts is the planted twin.
      const groupOf = (name: string): string | null | undefined =>
        services.workbench.folder?.items.find(({ path }) => path.endsWith(name))?.group;
      expect(groupOf('/copy.png')).toBeTruthy();
      expect(groupOf('/copy.png')).toBe(groupOf('/COVID-4.png'));
      find(screen, 'fr-duplicates-panel')?.scrollIntoView();
      await until(() =>
        findAll(screen, 'fr-item-picture').some(
          (picture) => (find<HTMLCanvasElement>(picture, 'canvas')?.width ?? 0) > 1,
        ),
      );
      // Out of sight they are let go again.
      find(screen, 'h1')?.scrollIntoView();
      const panel = find(screen, 'fr-duplicates-panel') as Node;
      await until(() =>
        findAll<HTMLCanvasElement>(panel, 'canvas').every(({ width }) => width === 1),
      );
      button(screen, 'Save the split as CSV').click();
      await until(() => made.length === 1);
      const rows = (await made[0]?.text())?.trim().split('\r\n') ?? [];
      expect(rows).toHaveLength(47);
      const twins = rows.filter((row) => /\/(copy|COVID-4)\.png,/.test(row));
      expect(twins).toHaveLength(2);
      expect(new Set(twins.map((row) => row.split(',').at(-1))).size).toBe(1);
      await expectNoAxeFindings(screen);
    },
    LIMIT,
  );

  it(
    'is looked at with the model: origins told apart, a map to walk over',
    async () => {
      await until(() => text().includes('Look with the model'));
      button(screen, 'Look with the model').click();
      await until(() => text().includes('Map of the pictures'), LIMIT);
      expect(text()).toContain('Balanced accuracy of a linear probe');
      const map = find(screen, 'fr-embedding-panel') as Node;
      find<SVGSVGElement>(find(map, 'fr-scatter-chart') as Node, 'svg.plot')?.focus();
      await userEvent.keyboard('{ArrowRight}{ArrowDown}');
      await until(() => find(map, '.seen fr-item-picture'));
      await expectNoAxeFindings(screen);

      // Colored by the other thing, and pointed at.
      const scatter = find(map, 'fr-scatter-chart') as FrScatterChart;
      expect(scatter.kinds).toEqual(['COVID-19', 'Normal']);
      const colors = findAll<HTMLInputElement>(find(map, 'fr-segmented') as Node, 'input');
      colors.find(({ value }) => value === 'origin')?.click();
      await until(() => scatter.kinds.includes('SIRM'));
      expect(scatter.kinds).toContain('RSNA Pneumonia Detection Challenge');
      await scatter.updateComplete;
      const plot = find<SVGSVGElement>(scatter, 'svg.plot');
      const paths = plot ? [...plot.querySelectorAll<SVGPathElement>('.points path')] : [];
      expect(paths.every((path) => path.getTotalLength() > 0)).toBe(true);
      if (!plot) throw new Error('There is no map.');
      const edge = paths[0]?.getPointAtLength(0);
      const place = edge?.matrixTransform(plot.getScreenCTM() ?? undefined);
      plot.dispatchEvent(
        new PointerEvent('pointermove', { clientX: place?.x ?? 0, clientY: place?.y ?? 0 }),
      );
      await until(() => plot.querySelector('.seen'));
      const path = textOf(find(map, '.seen .quiet') as Node);
      expect(services.workbench.folder?.items.some((item) => item.path === path)).toBe(true);
    },
    LIMIT,
  );

  it(
    'which is another one has words of its own, and the facts stay',
    async () => {
      await services.workbench.open(givenFolder('bad', { 'COVID/images/1.png': 'x' }));
      await until(() => text().includes('pictures of one class only (COVID)'));
      expect(text()).toContain('21,165');
      await expectNoAxeFindings(screen);
    },
    LIMIT,
  );
});
