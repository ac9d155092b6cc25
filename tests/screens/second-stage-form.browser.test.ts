import { afterEach, expect, it } from 'vitest';
import * as door from '../../src/adaptation/index.ts';
import type { TuningSettings } from '../../src/adaptation/index.ts';
import type { TuningVerdict } from '../../src/inference/tuning.ts';
import { FrSecondStageForm } from '../../src/screens/adaptation/second-stage-form.ts';
import { expectNoAxeFindings, find, mount, textOf, unmountAll } from './support/harness.ts';

afterEach(unmountAll);

const CAPABLE: TuningVerdict = {
  possible: true,
  backend: 'webgpu',
  adapter: 'Some GPU',
  msAPicture: 20,
  refused: [],
};

async function formWith(
  verdict: TuningVerdict,
  tuning: TuningSettings | null = null,
): Promise<{ form: FrSecondStageForm; wishes: (TuningSettings | null)[] }> {
  const wishes: (TuningSettings | null)[] = [];
  const form = new FrSecondStageForm();
  form.addEventListener('tuning-wished', ({ detail }) => {
    wishes.push(detail);
    form.tuning = detail;
  });
  await mount(form, { door, tuning, pictures: 3400, kept: 4000, probe: async () => verdict });
  await form.updateComplete;
  await form.updateComplete;
  return { form, wishes };
}

it('is off with its reason, and stays off for what was wished elsewhere', async () => {
  const { form, wishes } = await formWith(
    {
      possible: false,
      refused: [
        { why: 'missing', backend: 'webgpu', detail: 'none' },
        { why: 'slow', backend: 'webgl', adapter: 'Soft', software: true, msAPicture: 500 },
      ],
    },
    door.TUNING_DEFAULTS,
  );
  expect(textOf(form)).toContain(
    'Off: WebGPU is not there. WebGL is only imitated by the processor: an epoch of 3400 pictures would take 1700 seconds.',
  );
  expect(form.renderRoot.querySelector('fr-switch')).toBeNull();
  expect(wishes).toEqual([null]);
  await expectNoAxeFindings(form);
});

it('sets block, epochs and rate, and says what that costs', async () => {
  const { form, wishes } = await formWith(CAPABLE);
  expect(form.renderRoot.querySelector('fr-slider')).toBeNull();
  find(form, 'fr-switch')?.dispatchEvent(new CustomEvent('switch-turned', { detail: true }));
  await form.updateComplete;
  expect(wishes).toEqual([door.TUNING_DEFAULTS]);
  expect(textOf(form)).toContain('An epoch takes about 68 seconds on this device.');
  expect(textOf(form)).toContain('151 MB');
  find(form, 'fr-slider')?.dispatchEvent(new CustomEvent('slider-moved', { detail: 16 }));
  await form.updateComplete;
  expect(wishes.at(-1)).toEqual({ ...door.TUNING_DEFAULTS, from: 16 });
  expect(textOf(form)).toContain('An epoch takes about 33 seconds on this device.');
  expect(textOf(form)).toContain('63 MB');
  const epochs = form.renderRoot.querySelector<HTMLInputElement>('[name=tuning-epochs]');
  if (!epochs) throw new Error('no field');
  epochs.value = '0';
  epochs.dispatchEvent(new Event('change'));
  expect(wishes.at(-1)?.epochs).toBe(10);
  epochs.value = '4';
  epochs.dispatchEvent(new Event('change'));
  expect(wishes.at(-1)).toMatchObject({ from: 16, epochs: 4 });
  await expectNoAxeFindings(form);
});
