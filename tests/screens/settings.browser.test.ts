import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { userEvent } from 'vitest/browser';
import type { AssuranceSettings, OperatingFigures } from '../../src/assurance/index.ts';
import { defaultSettings, operatingFigures } from '../../src/assurance/index.ts';
import type { FrSlider } from '../../src/elements/slider.ts';
import { crowdOf } from '../../src/screens/settings/operating-section.ts';
import { FrSettingsScreen } from '../../src/screens/settings/settings-screen.ts';
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

const manifest = fullManifest();
const start = defaultSettings(manifest);
let services: TestServices;
let screen: FrSettingsScreen;

const text = (): string => textOf(screen);
const set = (): AssuranceSettings => {
  const { value } = services.settings;
  if (!value) throw new Error('Nothing was loaded.');
  return value;
};

function choose(name: string): void {
  const radio = findAll<HTMLInputElement>(screen, 'input[type=radio]').find(
    ({ labels }) => labels?.[0] && textOf(labels[0]) === name,
  );
  if (!radio) throw new Error(`There is no choice "${name}".`);
  radio.click();
}

function slider(name: string): HTMLInputElement {
  const match = findAll<FrSlider>(screen, 'fr-slider').find(({ label }) => label.includes(name));
  if (!match) throw new Error(`There is no slider "${name}".`);
  return find<HTMLInputElement>(match, 'input') as HTMLInputElement;
}

function slide(input: HTMLInputElement, value: number): void {
  input.value = String(value);
  input.dispatchEvent(new Event('input'));
}

beforeEach(async () => {
  services = await makeServices({ manifest });
  screen = await mount(new FrSettingsScreen(), { services });
  await until(() => services.settings.value !== null);
  await screen.updateComplete;
});

afterEach(() => {
  services.dispose();
  unmountAll();
});

describe('how common each class is', () => {
  it('is as the model assumes until the site says otherwise', async () => {
    expect(text()).toContain('COVID-19 25');
    expect(findAll(screen, 'input[type=number]')).toHaveLength(0);
    choose('As it is here');
    await until(() => findAll(screen, 'input[type=number]').length === 3);
    expect(set().priors).toEqual([0.25, 0.2, 0.4, 0.15]);
  });

  it('is taken as typed, Normal being the rest, and its effect is shown', async () => {
    choose('As it is here');
    await until(() => findAll(screen, 'input[type=number]').length === 3);
    const [covid, opacity, viral] = findAll<HTMLInputElement>(screen, 'input[type=number]');
    await userEvent.fill(covid, '2.5');
    await userEvent.fill(opacity, '10');
    await userEvent.fill(viral, '0.5');
    expect(set().priors?.map((share) => Math.round(1000 * share))).toEqual([25, 100, 870, 5]);
    await until(() => text().includes('Normal (the rest) 87'));
    // Half and half: 0.025/0.25 against 0.87/0.4.
    expect(text()).toContain('COVID-19 25 2.5 4%');
    expect(covid.value).toBe('2.5');
  });

  it('is not taken while it cannot be', async () => {
    choose('As it is here');
    await until(() => findAll(screen, 'input[type=number]').length === 3);
    const [covid] = findAll<HTMLInputElement>(screen, 'input[type=number]');
    const before = set().priors;
    await userEvent.fill(covid, '90');
    await until(() => text().includes('Nothing is left for Normal.'));
    expect(covid?.ariaInvalid ?? covid?.getAttribute('aria-invalid')).toBe('true');
    await userEvent.fill(covid, '');
    await until(() => text().includes('no class is impossible'));
    expect(set().priors).toEqual(before);
    choose('As in the model');
    await until(() => findAll(screen, 'input[type=number]').length === 0);
    expect(set().priors).toBeNull();
  });
});

it('sets how careful an answer is, with what that costs', async () => {
  expect(text()).toContain('94.0 of 100 times, with 1.10 classes named on average');
  choose('95 of 100 times');
  expect(set().coverage).toBe(0.95);
  await until(() => text().includes('99.0 of 100 times, with 1.12 classes named on average'));
});

it('turns the checks on and off', async () => {
  // The lung network is part of the model: there is no switch for it.
  const [copies, ...others] = findAll<HTMLInputElement>(screen, 'input[role=switch]');
  expect(others).toEqual([]);
  expect(copies?.checked).toBe(start.copies);
  copies?.click();
  expect(set().copies).toBe(!start.copies);
});

describe('the limits of a class', () => {
  it('move with the sliders; curve, figures and people follow', async () => {
    slide(slider('find at least'), 95);
    slide(slider('spare at least'), 95);
    await screen.updateComplete;
    expect(set().operating.COVID).toEqual({ sensitivity: 0.95, specificity: 0.95 });
    await until(() =>
      text().includes('Below a probability of 0.30: not flagged. From 0.70 on: refer.'),
    );
    // 38 of 40 and 48 of 60; 30 of 40 and 57 of 60, with their Wilson intervals.
    expect(text()).toContain('Sensitivity 95.0% (83.5%–98.6%) 75.0% (59.8%–85.8%)');
    expect(text()).toContain('Specificity 80.0% (68.2%–88.2%) 95.0% (86.3%–98.3%)');
    expect(text()).toContain('With 25.0% of the patients having it.');
    expect(text()).toContain('40 pictures with it, 60 without');
    // Of 1,000: 250 ill, of whom 188 referred and 238 seen at all.
    for (const line of [
      '188 have it and are referred',
      '50 have it and are read by a person',
      '12 have it and are missed',
      '38 do not have it but are referred',
      '112 do not have it and are read by a person',
      '600 do not have it and are not flagged',
    ]) {
      expect(text()).toContain(line);
    }
    const curve = find(screen, 'fr-operating-curve') as Node;
    const label = find(curve, 'svg[role=img]')?.ariaLabel ?? '';
    expect(label).toContain('finds 75.0% of those with it, false alarm in 5.0%');
    expect(findAll(curve, 'circle')).toHaveLength(2);
  });

  it('are each class’s own', async () => {
    choose('Viral pneumonia');
    await until(() => text().includes('Viral pneumonia: what is found'));
    slide(slider('find at least'), 80);
    expect(set().operating['Viral Pneumonia'].sensitivity).toBeCloseTo(0.8, 9);
    expect(set().operating.COVID).toEqual(start.operating.COVID);
  });

  it('work by keys', async () => {
    const input = slider('spare at least');
    const before = Number(input.value);
    input.focus();
    await userEvent.keyboard('{ArrowLeft}{ArrowLeft}');
    expect(set().operating.COVID.specificity).toBeCloseTo(before / 100 - 0.01, 9);
  });
});

it('goes back to what was delivered, and back again', async () => {
  choose('95 of 100 times');
  const mine = set();
  button(screen, 'Everything as delivered').click();
  await until(() => set().coverage === start.coverage);
  expect(set()).toEqual(start);
  await until(() => text().includes('Undo'));
  button(screen, 'Undo').click();
  await until(() => set().coverage === 0.95);
  expect(set()).toEqual(mine);
});

it('keeps what was set', async () => {
  choose('95 of 100 times');
  await until(() => services.memory.values.size > 0);
  expect([...services.memory.values.values()].join()).toContain('"coverage":0.95');
});

it('says so where the model brings no figures', async () => {
  services.dispose();
  unmountAll();
  services = await makeServices({ manifest: { ...manifest, assurance: undefined } });
  screen = await mount(new FrSettingsScreen(), { services });
  await until(() => text().includes('brings no figures'));
  expect(find(screen, 'fr-operating-section')).toBeNull();
});

it('has nothing for axe to find', async () => {
  choose('As it is here');
  await until(() => findAll(screen, 'input[type=number]').length === 3);
  await expectNoAxeFindings(screen);
});

describe('a crowd', () => {
  it('is always a thousand whole people', () => {
    const [curve] = manifest.assurance?.operating.curves ?? [];
    if (!curve) throw new Error('The fixture has curves.');
    const figures = (threshold: number, prevalence: number): OperatingFigures =>
      operatingFigures(curve, threshold, prevalence);
    for (const prevalence of [0, 0.001, 0.037, 0.5, 1]) {
      for (const low of [0, 0.3, 0.7]) {
        const groups = crowdOf(figures(low, prevalence), figures(0.9, prevalence), prevalence);
        expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(1000);
        expect(groups.every(({ count }) => Number.isInteger(count) && count >= 0)).toBe(true);
      }
    }
  });
});
