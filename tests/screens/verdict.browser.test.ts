import { afterEach, describe, expect, it } from 'vitest';
import type { Adjustment } from '../../src/radiograph/types.ts';
import type { Assurance } from '../../src/assurance/index.ts';
import type { Case } from '../../src/session/types.ts';
import { FrResultPanel } from '../../src/screens/read/result-panel.ts';
import { aCase, aFinding, anAssurance } from './support/assurance.ts';
import {
  button,
  expectNoAxeFindings,
  find,
  findAll,
  mount,
  textOf,
  translatePage,
  unmountAll,
} from './support/harness.ts';

const SURE = [0.94, 0.03, 0.02, 0.01];
const TORN = [0.52, 0.42, 0.04, 0.02];

let panel: FrResultPanel;
const text = (): string => textOf(panel);

async function show(assurance: Assurance, shares: readonly number[]): Promise<void> {
  panel = await mount(
    new FrResultPanel(),
    { entry: aCase(assurance, shares) },
    { width: 384, height: 900 },
  );
}

/** What stands above the figures: the plain lines. */
function lines(): string[] {
  const said = findAll(panel, '.said > *').map(textOf);
  return [...said, ...findAll(panel, '.lines > li').map(textOf)].filter(Boolean);
}

function details(): HTMLDetailsElement {
  return find<HTMLDetailsElement>(panel, 'details') as HTMLDetailsElement;
}

afterEach(unmountAll);

describe('a sure answer', () => {
  it('is one class, how sure, and what to do next', async () => {
    await show(
      anAssurance(SURE, {
        triage: 'refer',
        decisions: [
          { label: 'COVID', state: 'refer', score: 0.94, low: 0.2, high: 0.7 },
          { label: 'Normal', state: 'refer', score: 0.94, low: 0.2, high: 0.7 },
          { label: 'Lung_Opacity', state: 'not-flagged', score: 0.03, low: 0.2, high: 0.7 },
        ],
      }),
      SURE,
    );
    expect(lines()).toEqual([
      'Most resembles',
      'COVID-19',
      'Sure 94%',
      expect.stringContaining('Of 100 answers this sure, about 94 are right'),
      'Refer: over this site’s limit for COVID-19.',
    ]);
    expect(details().open).toBe(false);
  });

  it('has every figure behind it, on demand', async () => {
    await show(
      anAssurance(SURE, {
        uncorrected: [0.5, 0.3, 0.1, 0.1],
        priors: { assumed: [0.25, 0.2, 0.4, 0.15], stated: [0.7, 0.1, 0.15, 0.05], applied: true },
      }),
      SURE,
    );
    // The code of tables comes after the answer.
    await expect
      .poll(() => textOf(details()), { timeout: 10_000 })
      .toContain('COVID-19 50% 94% 70.0%');
    const figures = textOf(details());
    for (const figure of [
      'COVID-19 50% 94% 70.0%',
      '90 % prediction set COVID-19',
      '95 % prediction set COVID-19',
      'Lead of the first class 91.0%',
      'Score, with the lungs 2.71',
      'Refused below 0.42',
      'Distance to COVID-19 5.11',
      'Distance to Other abnormal 9.55',
      'Nothing was found.',
      'Lungs, share of the picture 32.4%',
      'Inside the lungs, for COVID-19 91.0%',
      'Inside the lungs, for Normal 40.0%',
      'Outcome Stable',
      'Largest difference 2.1%',
      'COVID-19 50% 94% 94%',
      'test-network 1.2.3',
      'Processor (WebAssembly)',
      '12 ms, 3 ms, 31 ms',
      '512 × 480, 12 bit, PNG',
    ]) {
      expect(figures).toContain(figure);
    }
    // A class without evidence has no share of it.
    expect(figures).not.toContain('Inside the lungs, for Lung opacity');
  });

  it('says what the site set', async () => {
    await show(
      anAssurance(SURE, {
        priors: {
          assumed: [0.25, 0.25, 0.25, 0.25],
          stated: [0.05, 0.1, 0.8, 0.05],
          applied: true,
        },
        stability: { state: 'off', difference: Number.NaN, copies: [] },
      }),
      SURE,
    );
    expect(text()).toContain('90 % prediction sets');
    expect(text()).toContain('how common each class is here (COVID-19 5.0%, Lung opacity 10.0%');
    expect(text()).toContain('test with copies off');
    expect(find<HTMLAnchorElement>(panel, '.fine a')?.hash).toBe('#/settings');
  });
});

describe('an uncertain answer', () => {
  it('names both classes instead of one false word', async () => {
    await show(
      anAssurance(TORN, {
        set: { coverage: 0.9, labels: ['COVID', 'Lung_Opacity'], completed: false },
        cautions: [{ code: 'several-classes', severity: 'caution' }],
        triage: 'uncertain',
        decisions: [{ label: 'COVID', state: 'uncertain', score: 0.5, low: 0.2, high: 0.7 }],
      }),
      TORN,
    );
    expect(lines()).toEqual([
      'Most resembles',
      'COVID-19 or Lung opacity',
      'Not sure which',
      'COVID-19 52% and Lung opacity 42%. The right one is among those named in about 90 of 100 pictures like those it was tested on.',
      'Uncertain for COVID-19: a trained person reads the picture before anything is decided.',
    ]);
  });

  it('does not name three', async () => {
    await show(
      anAssurance(TORN, {
        set: { coverage: 0.95, labels: ['COVID', 'Lung_Opacity', 'Normal'], completed: false },
      }),
      TORN,
    );
    expect(find(panel, 'h2')?.textContent).toBe('Cannot tell');
    expect(text()).toContain('COVID-19, Lung opacity, or Normal all fit.');
  });
});

describe('a refusal', () => {
  const refused = anAssurance(SURE, {
    refusal: { code: 'not-a-frontal-chest', message: 'English words', remedy: 'English remedy' },
    gate: {
      state: 'refused',
      groups: ['COVID', 'Lung_Opacity', 'Normal', 'Viral Pneumonia'],
      distances: [31, 32, 33, 34],
      score: -8.5,
      threshold: 0.42,
      rule: 'embedding',
    },
    cautions: [{ code: 'blurred', severity: 'caution' }],
  });

  it('says so, with its code and what to do, and names no class', async () => {
    await show(refused, SURE);
    expect(lines()).toEqual([
      'Not read',
      'This does not look like a frontal chest X-ray',
      expect.stringContaining('Open the frontal (PA or AP) picture of the chest.'),
    ]);
    expect(text()).toContain('Code not-a-frontal-chest');
    const above = text().slice(0, text().indexOf('Show the figures all the same'));
    expect(above).not.toContain('COVID');
    expect(above).not.toContain('%');
  });

  it('comes with the one tap where the picture only seems to be turned', async () => {
    const remedy = { kind: 'rotate', by: 270, adjust: { rotate: 270 } } as const;
    const turned = anAssurance(SURE, {
      refusal: { code: 'not-a-frontal-chest', message: '', remedy: '' },
      quality: [aFinding({ code: 'rotated', severity: 'serious', remedy })],
      cautions: [{ code: 'rotated', severity: 'serious' }],
    });
    await show(turned, SURE);
    expect(lines()).toEqual([
      'Not read',
      'This picture seems to be turned',
      'As it is, it does not look like a frontal chest X-ray. Turn left by 90°',
      'Put the picture right with one tap. It is then read again.',
    ]);
    expect(text()).toContain('Code not-a-frontal-chest');
    const asked: unknown[] = [];
    panel.addEventListener('picture-adjusted', (event) => asked.push(event.detail));
    button(panel, 'Turn left by 90°').click();
    expect(asked).toEqual([{ id: 'case-1', adjust: { rotate: 270 } }]);
    unmountAll();
    // Turned already, and refused again: nobody is sent around in circles.
    await show({ ...turned, adjust: { rotate: 270 } }, SURE);
    expect(find(panel, 'h2')?.textContent).toBe('This does not look like a frontal chest X-ray');
  });

  it('says what else may be the reason: a chest in the dark looks like none', async () => {
    const cautions = [
      { code: 'no-lungs-found', severity: 'serious' },
      { code: 'too-dark', severity: 'caution' },
      { code: 'blurred', severity: 'caution' },
    ] as const;
    await show({ ...refused, cautions }, SURE);
    expect(lines().slice(1)).toEqual([
      'This does not look like a frontal chest X-ray',
      'The picture is very dark.',
      expect.stringContaining('Open the frontal'),
    ]);
  });

  it('keeps its probabilities shut, even if figures were wanted before', async () => {
    await show(anAssurance(SURE), SURE);
    details().open = true;
    await new Promise((resolve) => details().addEventListener('toggle', resolve, { once: true }));
    unmountAll();
    await show(anAssurance(SURE), SURE);
    expect(details().open).toBe(true);
    details().open = true;
    unmountAll();
    await show(refused, SURE);
    expect(details().open).toBe(false);
    expect(textOf(details())).toContain('means nothing for a patient');
    unmountAll();
    await show(anAssurance(SURE), SURE);
    details().open = false;
    await new Promise((resolve) => details().addEventListener('toggle', resolve, { once: true }));
  });
});

describe('what speaks against it', () => {
  it('is told before the answer is used', async () => {
    await show(
      anAssurance(SURE, {
        cautions: [
          { code: 'evidence-outside-lungs', severity: 'serious' },
          { code: 'unstable', severity: 'caution' },
          { code: 'blurred', severity: 'hint' },
        ],
        quality: [aFinding({ code: 'blurred', severity: 'hint', measured: 0.12, limit: 0.2 })],
      }),
      SURE,
    );
    expect(lines()).toEqual([
      'Most resembles',
      'COVID-19',
      'Do not rely on it',
      'Evidence outside the lungs: do not rely on it.',
      'Unstable: a mirrored or slightly shifted copy gets another answer.',
      'Leave this answer aside and have a trained person read the picture.',
    ]);
    expect(find(panel, '.verdict') && textOf(find(panel, '.verdict') as Node)).not.toContain('%');
    expect(textOf(find(panel, 'summary') as Node)).toContain('and 1 more remark');
    expect(find(panel, '.verdict')?.classList.contains('unreliable')).toBe(true);
    await expect
      .poll(() => textOf(details()), { timeout: 10_000 })
      .toContain('Blurred 0.12 0.20 Hint');
    expect(textOf(details())).toContain('evidence-outside-lungs unstable blurred');
  });

  it.each<[string, Adjustment, 'rotate' | 'invert' | 'crop', 90 | 180 | 270 | undefined]>([
    ['Turn by 180°', { rotate: 180 }, 'rotate', 180],
    ['Turn left by 90°', { rotate: 270 }, 'rotate', 270],
    ['Turn right by 90°', { rotate: 90 }, 'rotate', 90],
    ['Swap black and white', { invert: true }, 'invert', undefined],
    ['Cut the border off', { crop: { x: 0.1, y: 0, width: 0.8, height: 1 } }, 'crop', undefined],
  ])('is put right with one tap: %s', async (name, adjust, kind, by) => {
    const code = { rotate: 'rotated', invert: 'inverted', crop: 'border' }[kind] as 'rotated';
    await show(
      anAssurance(SURE, {
        quality: [aFinding({ code, severity: 'serious', remedy: { kind, by, adjust } })],
        cautions: [{ code, severity: 'serious' }],
      }),
      SURE,
    );
    const asked: unknown[] = [];
    panel.addEventListener('picture-adjusted', (event) => asked.push(event.detail));
    expect(text()).toContain('Put the picture right with one tap. It is then read again.');
    button(panel, name).click();
    expect(asked).toEqual([{ id: 'case-1', adjust }]);
  });

  it('and what was put right can be undone', async () => {
    await show(anAssurance(SURE, { adjust: { rotate: 180, invert: true } }), SURE);
    const asked: unknown[] = [];
    panel.addEventListener('picture-adjusted', (event) => asked.push(event.detail));
    expect(text()).toContain('Before reading: turned by 180° and black and white swapped.');
    button(panel, 'Undo').click();
    expect(asked).toEqual([{ id: 'case-1', adjust: null }]);
  });
});

it('has nothing for axe to find: refused, unreliable, with figures', async () => {
  await show(
    anAssurance(SURE, {
      refusal: { code: 'too-few-pixels', message: '', remedy: '' },
      adjust: { invert: true },
    }),
    SURE,
  );
  details().open = true;
  await expectNoAxeFindings(panel);
  unmountAll();
  await show(
    anAssurance(SURE, {
      decisions: [{ label: 'COVID', state: 'refer', score: 0.94, low: 0.2, high: 0.7 }],
      triage: 'refer',
      quality: [
        aFinding({
          code: 'rotated',
          severity: 'serious',
          remedy: { kind: 'rotate', by: 90, adjust: { rotate: 90 } },
        }),
      ],
      cautions: [
        { code: 'rotated', severity: 'serious' },
        { code: 'unstable', severity: 'caution' },
        { code: 'low-resolution', severity: 'hint' },
      ],
    }),
    SURE,
  );
  details().open = true;
  await expectNoAxeFindings(panel);
});

describe('after a page translator rewrote every text', () => {
  const next = [0.01, 0.03, 0.94, 0.02];

  it('says the next picture’s verdict and nothing of the last one', async () => {
    await show(anAssurance(SURE), SURE);
    translatePage(panel);
    expect(lines()[1]).toBe('traducido COVID-19');
    panel.entry = { ...aCase(anAssurance(next), next), id: 'the next picture' };
    await panel.updateComplete;
    expect(lines()[1]).toBe('Normal');
    expect(text()).not.toContain('traducido');
  });

  it('says the new verdict of the same picture, read again', async () => {
    await show(anAssurance(SURE), SURE);
    translatePage(panel);
    panel.entry = aCase(anAssurance(next), next);
    await panel.updateComplete;
    expect(lines()[1]).toBe('Normal');
    expect(text()).not.toContain('traducido');
  });

  it('says the reason of a picture that could not be read', async () => {
    await show(anAssurance(SURE), SURE);
    const failed = (message: string): Case => ({
      ...aCase(anAssurance(SURE), SURE),
      state: { phase: 'failed', fault: { code: 'file-gone', message, remedy: 'Open it again.' } },
    });
    panel.entry = failed('The first is gone.');
    await panel.updateComplete;
    translatePage(panel);
    panel.entry = failed('The second is gone.');
    await panel.updateComplete;
    expect(text()).toContain('The second is gone.');
    expect(text()).not.toMatch(/first|traducido/);
  });

  it('leaves a translation alone while nothing changes', async () => {
    await show(anAssurance(SURE), SURE);
    const before = find(panel, '.panel');
    panel.requestUpdate();
    await panel.updateComplete;
    expect(find(panel, '.panel')).toBe(before);
    translatePage(panel);
    await Promise.resolve();
    expect(lines()[1]).toBe('traducido COVID-19');
  });
});
