import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { userEvent } from 'vitest/browser';
import { FrViewer } from '../../src/elements/viewer/viewer.ts';
import {
  button,
  expectNoAxeFindings,
  find,
  mount,
  textOf,
  unmountAll,
  until,
} from './support/harness.ts';
import { grayAt, PageSource } from './support/pictures.ts';

/** Left half 0.25, right half 0.75. */
const halves = (width: number) => (x: number) => (x < width / 2 ? 0.25 : 0.75);

let viewer: FrViewer;
let source: PageSource;

const canvas = (): HTMLCanvasElement => {
  const found = find<HTMLCanvasElement>(viewer, 'canvas');
  if (!found) throw new Error('The viewer has no canvas.');
  return found;
};
const stage = (): HTMLElement => find(viewer, '.stage') as HTMLElement;
const settled = () => until(() => viewer.hasAttribute('data-settled'));

async function show(picture: PageSource): Promise<void> {
  source = picture;
  viewer = await mount(new FrViewer(), { source, label: 'Radiograph a.png' });
  await settled();
}

function pointer(type: string, at: readonly [number, number], more: PointerEventInit = {}): void {
  const box = stage().getBoundingClientRect();
  stage().dispatchEvent(
    new PointerEvent(type, {
      bubbles: true,
      cancelable: true,
      pointerId: 1,
      pointerType: 'mouse',
      button: 0,
      clientX: box.left + at[0],
      clientY: box.top + at[1],
      ...more,
    }),
  );
}

function drag(
  from: readonly [number, number],
  to: readonly [number, number],
  more: PointerEventInit = {},
): void {
  pointer('pointerdown', from, more);
  pointer('pointermove', to, more);
  pointer('pointerup', to, more);
}

beforeEach(() => show(new PageSource(400, 300, halves(400))));
afterEach(unmountAll);

describe('what is drawn', () => {
  it('is the picture, fitted and in its own gray values', () => {
    expect(viewer.shown.fitted).toBe(true);
    expect(grayAt(canvas(), 0.35, 0.5)).toBe(64);
    expect(grayAt(canvas(), 0.65, 0.5)).toBe(191);
  });

  it('has a canvas as sharp as the screen', () => {
    expect(canvas().width).toBe(Math.round(stage().clientWidth * devicePixelRatio));
  });

  it('starts deep pictures with the window of their values', async () => {
    unmountAll();
    await show(new PageSource(300, 300, (x) => 0.1 + (x / 300) * 0.02, 16));
    expect(viewer.shown.window.center).toBeCloseTo(0.11, 2);
    expect(viewer.shown.window.width).toBeLessThan(0.03);
    expect(grayAt(canvas(), 0.75, 0.5) - grayAt(canvas(), 0.25, 0.5)).toBeGreaterThan(60);
  });

  it('asks for the full resolution only of the part in sight', async () => {
    unmountAll();
    await show(new PageSource(2400, 2400, (x, y) => ((x ^ y) & 1) * 0.5));
    expect(source.requests[0]?.scale).toBeLessThan(1);
    find(viewer, '.stage')?.focus();
    await userEvent.keyboard('1');
    await until(() => source.requests.some((request) => request.scale > 0.7));
    const detail = source.requests.at(-1);
    expect(detail?.region.width).toBeLessThan(1200);
  });

  it('tells who opened it when it cannot be drawn', async () => {
    let reason: unknown = null;
    viewer.addEventListener('viewer-failed', (event) => (reason = event.detail.reason));
    const broken = new PageSource(10, 10, () => 0);
    broken.render = () => Promise.reject(new RangeError('no memory'));
    viewer.source = broken;
    await until(() => reason instanceof RangeError);
  });
});

describe('keys', () => {
  beforeEach(() => viewer.focus());

  it('zoom, move and fit', async () => {
    const fit = viewer.shown.view.scale;
    await userEvent.keyboard('++');
    expect(viewer.shown.view.scale).toBeCloseTo(fit * 1.25 ** 2, 6);
    const { centerX } = viewer.shown.view;
    await userEvent.keyboard('{ArrowRight}');
    expect(viewer.shown.view.centerX).toBeGreaterThan(centerX);
    await userEvent.keyboard('-');
    expect(viewer.shown.view.scale).toBeCloseTo(fit * 1.25, 6);
    await userEvent.keyboard('0');
    expect(viewer.shown.fitted).toBe(true);
  });

  it('leave the arrows to the next picture while all of it is in sight', async () => {
    let prevented: boolean | null = null;
    document.addEventListener('keydown', (event) => (prevented = event.defaultPrevented), {
      once: true,
    });
    await userEvent.keyboard('{ArrowRight}');
    expect(prevented).toBe(false);
    await userEvent.keyboard('+');
    document.addEventListener('keydown', (event) => (prevented = event.defaultPrevented), {
      once: true,
    });
    await userEvent.keyboard('{ArrowRight}');
    expect(prevented).toBe(true);
  });

  it('set brightness and contrast, invert and go back to the start', async () => {
    await userEvent.keyboard('{Shift>}{ArrowUp}{ArrowUp}{/Shift}');
    await settled();
    expect(grayAt(canvas(), 0.35, 0.5)).toBeGreaterThan(64);
    await userEvent.keyboard('{Shift>}{ArrowLeft}{/Shift}');
    expect(viewer.shown.window.width).toBeLessThan(1);
    await userEvent.keyboard('r');
    await userEvent.keyboard('i');
    await settled();
    await until(() => grayAt(canvas(), 0.35, 0.5) === 191);
    expect(textOf(viewer)).toContain('Inverted');
  });

  it('show themselves in a window', async () => {
    await userEvent.keyboard('?');
    const dialog = find<HTMLDialogElement>(viewer, 'dialog');
    await until(() => dialog?.open === true);
    await userEvent.keyboard('{Escape}');
    expect(dialog?.open).toBe(false);
  });
});

describe('mouse', () => {
  it('zooms by wheel at the pointer', () => {
    const box = stage().getBoundingClientRect();
    const fit = viewer.shown.view.scale;
    stage().dispatchEvent(
      new WheelEvent('wheel', {
        deltaY: -300,
        clientX: box.left + 600,
        clientY: box.top + 300,
        cancelable: true,
      }),
    );
    expect(viewer.shown.view.scale).toBeGreaterThan(fit * 1.5);
    expect(viewer.shown.view.centerX).toBeGreaterThan(200);
  });

  it('moves an enlarged picture with the left button', () => {
    stage().dispatchEvent(new MouseEvent('dblclick', { clientX: 450, clientY: 300 }));
    const { centerX, scale } = viewer.shown.view;
    drag([300, 300], [250, 300]);
    expect(viewer.shown.view.centerX).toBeCloseTo(centerX + 50 / scale, 6);
  });

  it('levels with the right button whatever the tool', () => {
    drag([300, 300], [340, 260], { button: 2 });
    expect(viewer.shown.window.center).toBeCloseTo(0.4, 6);
    expect(viewer.shown.window.width).toBeCloseTo(1.2, 6);
    expect(viewer.shown.fitted).toBe(true);
  });

  it('levels with the left button once that tool is chosen, and by sliders', async () => {
    button(viewer, 'Brightness and contrast').click();
    await viewer.updateComplete;
    drag([300, 300], [300, 260]);
    expect(viewer.shown.window.center).toBeCloseTo(0.4, 6);
    const slider = find<HTMLInputElement>(viewer, 'input[type=range]');
    expect(slider?.labels?.[0]?.textContent).toBe('Brightness');
    if (slider) slider.value = '70';
    slider?.dispatchEvent(new Event('input'));
    expect(viewer.shown.window.center).toBeCloseTo(0.3, 6);
  });
});

describe('fingers', () => {
  const touch = (pointerId: number): PointerEventInit => ({ pointerType: 'touch', pointerId });

  it('pinch around their middle, and the one that stays does not throw the picture', () => {
    const fit = viewer.shown.view.scale;
    pointer('pointerdown', [400, 300], touch(1));
    pointer('pointerdown', [500, 300], touch(2));
    pointer('pointermove', [600, 300], touch(2));
    expect(viewer.shown.view.scale).toBeCloseTo(2 * fit, 6);
    pointer('pointerup', [600, 300], touch(2));
    const { centerX } = viewer.shown.view;
    pointer('pointermove', [100, 300], touch(1));
    pointer('pointerup', [100, 300], touch(1));
    expect(viewer.shown.view.centerX).toBe(centerX);
  });

  it('swipe to the next picture, but not while it is enlarged', () => {
    const steps: number[] = [];
    viewer.addEventListener('viewer-step', (event) => steps.push(event.detail));
    drag([500, 300], [380, 310], touch(1));
    drag([380, 300], [500, 310], touch(1));
    drag([500, 300], [480, 300], touch(1));
    drag([500, 300], [400, 420], touch(1));
    expect(steps).toEqual([1, -1]);
    viewer.focus();
    stage().dispatchEvent(new MouseEvent('dblclick', { clientX: 450, clientY: 300 }));
    drag([500, 300], [380, 310], touch(1));
    expect(steps).toHaveLength(2);
  });

  it('enlarge by a double tap and fit by another', () => {
    const tap = (): void => drag([450, 300], [451, 300], touch(1));
    tap();
    tap();
    expect(viewer.shown.fitted).toBe(false);
    tap();
    tap();
    expect(viewer.shown.fitted).toBe(true);
  });
});

it('has nothing for axe to find, tools and help open', async () => {
  button(viewer, 'Brightness and contrast').click();
  button(viewer, 'Keys and gestures').click();
  const help = viewer.shadowRoot?.querySelector('fr-dialog');
  await expect.poll(() => help?.shadowRoot?.querySelector('dialog')?.open).toBe(true);
  expect(help?.querySelectorAll('dl.keys')).toHaveLength(2);
  await expectNoAxeFindings(viewer);
});
