import { afterEach, beforeEach, expect, it } from 'vitest';
import { FrModelCardScreen } from '../../src/screens/model-card/model-card-screen.ts';
import {
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

const manifest = fullManifest();
let services: TestServices;
let screen: FrModelCardScreen;

beforeEach(async () => {
  services = await makeServices({ manifest });
  screen = await mount(new FrModelCardScreen(), { services });
});

afterEach(() => {
  services.dispose();
  unmountAll();
});

it('says everything the manifest says', () => {
  const text = textOf(screen);
  const { card } = manifest;
  for (const words of [
    card.title,
    card.summary,
    ...card.intendedUse,
    ...card.notFor,
    ...card.data,
    ...card.faults,
    ...card.shortcuts,
    manifest.licence,
    manifest.command,
    'One origin left out',
    'Trained without it, tested on it.',
    'Group-aware split.',
    'Hospital X, never seen',
  ]) {
    expect(text).toContain(words);
  }
});

it('shows its figures, intervals and gaps as they are', () => {
  const text = textOf(screen);
  for (const figure of ['3,127', '96.4%', '95.7%', '0.991 (0.987–0.995)', '1.2%', '58.8%']) {
    expect(text).toContain(figure);
  }
  expect(text).toContain('vindr 41 0.415');
  expect(text).toContain('ieee8023 33 –');
  expect(text).toContain('COVID-19 ieee8023 401 71');
  expect(text).toContain('Normal kermany 1,201 0');
});

it('draws the confusion matrix with counts, and shares of the truth', () => {
  const cells = findAll(find(screen, 'fr-confusion-matrix') as Node, 'td');
  expect(cells).toHaveLength(16);
  expect(textOf(cells[0] as Node)).toBe('96 96%');
  expect(cells[0]?.style.getPropertyValue('--share')).toBe('0.96');
});

it('draws the training log as charts with their figures behind', async () => {
  const [accuracy, loss] = findAll(screen, 'fr-line-chart');
  expect(findAll(accuracy as Node, 'path.line')).toHaveLength(2);
  expect(find(accuracy as Node, 'svg[role=img]')?.ariaLabel).toContain('Validation: 0.620 → 0.889');
  expect(textOf(accuracy as Node)).toContain('kept');
  expect(textOf(accuracy as Node)).toContain('1 : head 2 : all');
  find<HTMLDetailsElement>(loss, 'details')!.open = true;
  await until(() => findAll(loss as Node, 'tbody tr').length === 8);
});

it('says how gate, quality, sets, priors and lungs did, from the manifest alone', () => {
  const text = textOf(screen);
  for (const row of [
    'chest: Normal fixture pass 100 98.0% 99.0%',
    'photo – be refused 100 99.0% 100.0%',
    'rotated-90 100 99.0% – –',
    'inverted 100 98.0% 100 1.0%',
    '90 % 100 94.0% 94.0% 94.0% 94.0% 94.0% 1.10 6',
    '95 % 100 99.0% 99.0% 99.0% 99.0% 99.0% 1.12 0',
    'COVID-19 25.0%, Lung opacity 20.0%, Normal 40.0%, Viral pneumonia 15.0%',
    '10 % 10 % 70 % 10 % 100 6.0% 2.0%',
    'machine masks, normals aerated part 50 0.960 0.920',
    'cut off 50 90.0% 50 2.0%',
  ]) {
    expect(text).toContain(row);
  }
});

it('says nothing of guards that a model does not bring', async () => {
  services.dispose();
  unmountAll();
  services = await makeServices({ manifest: { ...manifest, assurance: undefined } });
  screen = await mount(new FrModelCardScreen(), { services });
  expect(textOf(screen)).toContain('What the summary says.');
  expect(textOf(screen)).not.toContain('Prediction sets');
});

it('shows the served model before one is stored, or says why not', async () => {
  services.dispose();
  unmountAll();
  services = await makeServices({ manifest, store: { active: async () => null } });
  screen = await mount(new FrModelCardScreen(), { services });
  await until(() => textOf(screen).includes('What the summary says.'));
  services.dispose();
  unmountAll();
  services = await makeServices({
    store: { active: async () => null, available: () => Promise.reject(new TypeError('offline')) },
  });
  screen = await mount(new FrModelCardScreen(), { services });
  await until(() => find(screen, 'fr-notice') !== null);
});

it('has nothing for axe to find', async () => {
  await expectNoAxeFindings(screen);
});

it('leads with hospitals it never saw, the worst first', async () => {
  services.dispose();
  unmountAll();
  const row = { pictures: 93, sure: 0.2, sureRight: 0.9, coverage90: 0.88, setSize90: 2.1 };
  const travel = {
    note: 'Leave one hospital out.',
    rows: [
      { ...row, class: 'COVID', hospital: 'North', recall: 0.81, run: 'full' as const },
      {
        ...row,
        class: 'Normal',
        hospital: 'East',
        recall: 0.57,
        sureRight: null,
        run: 'small' as const,
      },
    ],
    mean: 0.69,
    minimum: 0.57,
  };
  const evaluation = { ...manifest.evaluation, travel };
  services = await makeServices({ manifest: { ...manifest, evaluation } });
  screen = await mount(new FrModelCardScreen(), { services });
  const headings = findAll(screen, 'h2').map((heading) => heading.textContent.trim());
  expect(headings[0]).toBe('In a hospital it has never seen');
  const text = textOf(screen);
  expect(text).toContain('On average 69.0% of a class were found; in the worst case 57.0%.');
  expect(text.indexOf('East')).toBeLessThan(text.indexOf('North'));
});
