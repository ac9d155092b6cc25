import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { page } from 'vitest/browser';
import { Observable } from '../../src/base/observable.ts';
import { FrPictureView } from '../../src/screens/read/picture-view.ts';
import { PictureViewing } from '../../src/session/index.ts';
import type { Case } from '../../src/session/types.ts';
import type { Services } from '../../src/state/services.ts';
import {
  button,
  expectNoAxeFindings,
  find,
  mount,
  textOf,
  unmountAll,
  until,
} from './support/harness.ts';
import { grayAt } from './support/pictures.ts';

const viewing = new PictureViewing();
afterEach(unmountAll);
afterAll(() => viewing.dispose());

const [width, height] = [160, 120];
const grays = [40, 120, 200];
/** A data set without a head: explicit, little-endian. */
function element(group: number, number: number, vr: string, value: Uint8Array): Uint8Array {
  const long = vr === 'OB';
  const bytes = new Uint8Array((long ? 12 : 8) + value.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, group, true);
  view.setUint16(2, number, true);
  bytes.set([vr.charCodeAt(0), vr.charCodeAt(1)], 4);
  if (long) view.setUint32(8, value.length, true);
  else view.setUint16(6, value.length, true);
  bytes.set(value, long ? 12 : 8);
  return bytes;
}
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const word = (value: number): Uint8Array => Uint8Array.of(value & 255, value >> 8);

const file = new Blob([
  element(0x0008, 0x0060, 'CS', text('DX')),
  element(0x0018, 0x0015, 'CS', text('CHEST ')),
  element(0x0028, 0x0002, 'US', word(1)),
  element(0x0028, 0x0004, 'CS', text('MONOCHROME2 ')),
  element(0x0028, 0x0008, 'IS', text('3 ')),
  element(0x0028, 0x0010, 'US', word(height)),
  element(0x0028, 0x0011, 'US', word(width)),
  element(0x0028, 0x0100, 'US', word(8)),
  element(0x0028, 0x0101, 'US', word(8)),
  element(0x0028, 0x0102, 'US', word(7)),
  element(0x0028, 0x0103, 'US', word(0)),
  element(
    ...([0x7fe0, 0x0010, 'OB'] as const),
    Uint8Array.from(
      { length: 3 * width * height },
      (_, i) => grays[Math.floor(i / width / height)],
    ),
  ),
] as Uint8Array<ArrayBuffer>[]);
const entry: Case = {
  ...{ id: 'case-1', order: 1, name: 'several.dcm', source: file, thumbnail: null },
  state: {
    phase: 'failed',
    fault: { code: 'dicom-body-part', message: 'Not a chest.', remedy: 'Look.' },
  },
};

async function show(size: { width: number; height: number }): Promise<FrPictureView> {
  const services = { viewing, siteLook: new Observable(null) } as unknown as Services;
  const view = await mount(new FrPictureView(), { services, entry }, size);
  await until(() => textOf(view).includes('Frame 1 of 3'));
  return view;
}

const shownGray = (view: FrPictureView): number => {
  const canvas =
    find<HTMLCanvasElement>(view, 'fr-viewer canvas') ?? find<HTMLCanvasElement>(view, 'canvas');
  if (!canvas) throw new Error('There is no picture.');
  return grayAt(canvas, 0.5, 0.5);
};

describe('a file of several pictures', () => {
  it('is stepped through; the control stays and keeps its focus', async () => {
    const view = await show({ width: 900, height: 640 });
    const asked: { id: string; frame: number }[] = [];
    view.addEventListener('item-frame', (event) => {
      asked.push(event.detail);
      view.entry = { ...view.entry, frame: event.detail.frame };
    });
    await until(() => Math.abs(shownGray(view) - grays[0]) <= 1);
    expect(button(view, 'Previous frame').ariaDisabled).toBe('true');
    button(view, 'Previous frame').click();
    for (const step of [1, 2]) {
      const next = button(view, 'Next frame');
      next.focus();
      next.click();
      await until(() => Math.abs(shownGray(view) - grays[step]) <= 1);
      expect(textOf(view)).toContain(`Frame ${step + 1} of 3`);
      expect(button(view, 'Next frame')).toBe(next);
      expect(next.matches(':focus')).toBe(true);
    }
    expect(asked).toEqual([
      { id: 'case-1', frame: 1 },
      { id: 'case-1', frame: 2 },
    ]);
    expect(button(view, 'Next frame').ariaDisabled).toBe('true');
    view.entry = { ...view.entry, state: { phase: 'reading' } };
    await view.updateComplete;
    button(view, 'Previous frame').click();
    expect(asked).toHaveLength(2);
    await expectNoAxeFindings(view);
  });

  it('fits on a phone', async () => {
    const view = await show({ width: 390, height: 844 });
    const box = find(view, 'fr-frame-picker')?.getBoundingClientRect();
    expect(box && box.right).toBeLessThanOrEqual(390);
    await page.viewport(390, 844);
    await until(() => Math.abs(shownGray(view) - grays[0]) <= 1);
    unmountAll();
    await page.viewport(1024, 768);
    const wide = await show({ width: 1024, height: 700 });
    await until(() => Math.abs(shownGray(wide) - grays[0]) <= 1);
  });
});
