import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { userEvent } from 'vitest/browser';
import type { FrPictureOverlay } from '../../src/elements/overlay/picture-overlay.ts';
import type { FrViewer } from '../../src/elements/viewer/viewer.ts';
import { FieldrayApp } from '../../src/screens/app/fieldray-app.ts';
import { phantomPng } from '../inference/support/bench.ts';
import {
  button,
  expectNoAxeFindings,
  find,
  makeServices,
  mount,
  textOf,
  unmountAll,
  until,
} from './support/harness.ts';
import type { TestServices } from './support/harness.ts';

const READ_LIMIT = 60_000;
let services: TestServices;
let app: FieldrayApp;

const text = (): string => textOf(app);
const viewer = (): FrViewer => find<FrViewer>(app, 'fr-viewer') as FrViewer;

/** How many pixels of the layer over the picture are not clear. */
function drawn(): number {
  const layer = find<FrPictureOverlay>(app, 'fr-picture-overlay');
  const canvas = layer && find<HTMLCanvasElement>(layer, 'canvas');
  if (!canvas) return -1;
  const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
  let count = 0;
  for (let index = 3; index < data.length; index += 4) if (data[index]) count += 1;
  return count;
}

async function read(picture: Blob, name = 'chest.png'): Promise<void> {
  const [entry] = services.session.add([{ name, source: picture }]);
  location.hash = `#/read/${entry?.id ?? ''}`;
  await until(() => find(app, '.verdict h2') !== null, READ_LIMIT);
  await until(() => viewer().hasAttribute('data-settled'));
}

/** A flat gray PNG: nothing to see in it. */
async function blank(): Promise<Blob> {
  const canvas = new OffscreenCanvas(300, 300);
  const context = canvas.getContext('2d');
  if (context) context.fillStyle = '#777';
  context?.fillRect(0, 0, 300, 300);
  return canvas.convertToBlob({ type: 'image/png' });
}

beforeEach(async () => {
  location.hash = '#/read';
  services = await makeServices();
  app = await mount(new FieldrayApp(), { services }, { width: 1300, height: 760 });
  await until(() => text().includes('Choose pictures'));
});

afterEach(() => {
  services.dispose();
  unmountAll();
  location.hash = '';
});

describe('the evidence of a picture that was read', () => {
  it(
    'lies over it, comes and goes by key and button, and says so',
    async () => {
      await read(await phantomPng(1, 256));
      await until(() => drawn() > 500);
      expect(button(app, 'Evidence').ariaPressed).toBe('true');
      await userEvent.keyboard('e');
      await until(() => drawn() === 0);
      await until(() => text().includes('Evidence is hidden'));
      button(app, 'Evidence').click();
      await until(() => drawn() > 500);
      await until(() => /Evidence for .+ is shown/.test(text()));
    },
    READ_LIMIT,
  );

  it(
    'is of the class that is chosen',
    async () => {
      await read(await phantomPng(1, 256));
      const select = inBar('select');
      const options = [...select.options].map(({ text: name }) => name);
      expect(options).toEqual(['COVID-19', 'Lung opacity', 'Normal', 'Viral pneumonia']);
      const state = services.session.selected?.state;
      expect(state?.phase === 'done' && state.assurance.why?.maps.length).toBe(4 * 49);
      expect(state?.phase === 'done' && select.selectedIndex).toBe(
        state?.phase === 'done' && state.assessment.top,
      );
    },
    READ_LIMIT,
  );

  it(
    'is off where the picture was refused, and the refusal names no class',
    async () => {
      await read(await blank(), 'blank.png');
      expect(text()).toContain('There is next to nothing to see in this picture');
      expect(text()).toContain('Code blank-picture');
      expect(textOf(find(app, '.verdict') as Node)).not.toMatch(/COVID|Normal|pneumonia|opacity|%/);
      expect(drawn()).toBe(0);
      expect(button(app, 'Evidence').ariaPressed).toBe('false');
    },
    READ_LIMIT,
  );
});

describe('a picture that is put right', () => {
  it(
    'is read and shown so, and undone with a tap',
    async () => {
      await read(await phantomPng(1, 256));
      const [entry] = services.session.cases;
      const id = entry?.id ?? '';
      services.session.adjust(id, { crop: { x: 0, y: 0, width: 1, height: 0.5 } });
      await until(() => text().includes('Before reading: cut to a part.'), READ_LIMIT);
      await until(() => viewer().source?.height === 128);
      await expectNoAxeFindings(app);
      button(app, 'Undo').click();
      await until(() => viewer().source?.height === 256, READ_LIMIT);
      await until(() => find(app, '.verdict h2') !== null, READ_LIMIT);
      expect(text()).not.toContain('Before reading');
    },
    2 * READ_LIMIT,
  );
});

it(
  'what a site sets changes results that are there, and is said under them',
  async () => {
    await read(await phantomPng(1, 256));
    expect(text()).toContain('as the model assumes');
    const { settings } = services;
    if (!settings.value) throw new Error('Nothing was loaded.');
    await settings.save({ ...settings.value, priors: [0.01, 0.01, 0.97, 0.01] });
    await until(() => text().includes('how common each class is here (COVID-19 1.0%'));
    expect(text()).toContain('What the correction changed');
  },
  READ_LIMIT,
);

function inBar(selector: string): HTMLSelectElement {
  return find<HTMLSelectElement>(
    find(app, 'fr-overlay-bar') as Node,
    selector,
  ) as HTMLSelectElement;
}
