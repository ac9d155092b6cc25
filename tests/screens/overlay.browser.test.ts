import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { userEvent } from 'vitest/browser';
import { opacityOf, viridis } from '../../src/elements/overlay/color-map.ts';
import { FrOverlayBar } from '../../src/elements/overlay/overlay-bar.ts';
import { FrPictureOverlay } from '../../src/elements/overlay/picture-overlay.ts';
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
import { PageSource } from './support/pictures.ts';
import type { OverlayChoice, ShareMap } from '../../src/state/overlay.ts';

const SIDE = 64;
/** All evidence in the quarter right below the middle; none elsewhere. */
const quarter: ShareMap = {
  width: SIDE,
  height: SIDE,
  shares: Float32Array.from({ length: SIDE * SIDE }, (_, index) =>
    index % SIDE >= SIDE / 2 && index >= (SIDE * SIDE) / 2 ? 1 : 0,
  ),
};

afterEach(unmountAll);

describe('over the picture', () => {
  let viewer: FrViewer;
  let overlay: FrPictureOverlay;

  const canvas = (): HTMLCanvasElement =>
    find<HTMLCanvasElement>(overlay, 'canvas') as HTMLCanvasElement;

  /** RGBA at a point of the picture, 0 … 1, wherever it lies on the screen now. */
  function at(x: number, y: number): number[] {
    const sight = overlay.sight;
    if (!sight) throw new Error('The overlay does not know where the picture lies.');
    const { view, stage, picture } = sight;
    const ratio = canvas().width / stage.width;
    const column = (stage.width / 2 + (x * picture.width - view.centerX) * view.scale) * ratio;
    const row = (stage.height / 2 + (y * picture.height - view.centerY) * view.scale) * ratio;
    const pixel = canvas().getContext('2d')?.getImageData(column, row, 1, 1).data ?? [];
    return [...pixel];
  }

  beforeEach(async () => {
    viewer = new FrViewer();
    overlay = new FrPictureOverlay();
    overlay.slot = 'over';
    viewer.append(overlay);
    viewer.addEventListener('viewer-moved', (event) => (overlay.sight = event.detail));
    await mount(viewer, { source: new PageSource(400, 300, () => 0.5), label: 'a.png' });
    overlay.scene = { map: quarter, strength: 0.5, outlines: null };
    await until(() => viewer.hasAttribute('data-settled'));
    await overlay.updateComplete;
  });

  it('covers the stage and takes no click from it', () => {
    const stage = find(viewer, '.stage')?.getBoundingClientRect();
    const cover = overlay.getBoundingClientRect();
    expect([cover.left, cover.top, cover.width, cover.height]).toEqual([
      stage?.left,
      stage?.top,
      stage?.width,
      stage?.height,
    ]);
    expect(getComputedStyle(overlay).pointerEvents).toBe('none');
  });

  it('colors the evidence at its strength and leaves the rest clear', () => {
    const [red, green, blue, alpha] = at(0.75, 0.75);
    const color = viridis(1);
    expect(Math.abs((alpha ?? 0) - 255 * 0.5 * opacityOf(1))).toBeLessThanOrEqual(1);
    [red, green, blue].forEach((value, index) =>
      expect(Math.abs((value ?? 0) - (color[index] ?? 0))).toBeLessThanOrEqual(2),
    );
    for (const [x, y] of [
      [0.25, 0.25],
      [0.75, 0.25],
      [0.25, 0.75],
    ] as const) {
      expect(at(x, y)[3]).toBe(0);
    }
  });

  it.each([
    ['fitted', async () => undefined],
    ['zoomed', async () => userEvent.keyboard('++++')],
    ['zoomed and moved', async () => userEvent.keyboard('++++{ArrowRight}{ArrowDown}{ArrowDown}')],
    ['with another window', async () => userEvent.keyboard('++{Shift>}{ArrowUp}{/Shift}i')],
  ])('lies edge on edge with the picture, %s', async (_, act) => {
    viewer.focus();
    await act();
    await viewer.updateComplete;
    await overlay.updateComplete;
    expect(overlay.sight?.view).toEqual(viewer.shown.view);
    // The border of the quarter is within a pixel of the map to either side.
    const hair = 1.5 / SIDE;
    expect(at(0.5 + hair, 0.5 + hair)[3]).toBeGreaterThan(120);
    expect(at(0.5 - hair, 0.5 + hair)[3]).toBeLessThan(8);
    expect(at(0.5 + hair, 0.5 - hair)[3]).toBeLessThan(8);
  });

  it('draws the outline as thick on the screen at any zoom', async () => {
    const square = [0.3, 0.3, 0.7, 0.3, 0.7, 0.7, 0.3, 0.7];
    overlay.scene = { map: null, strength: 1, outlines: [square] };
    await overlay.updateComplete;
    const widths: number[] = [];
    for (const keys of ['', '++']) {
      viewer.focus();
      if (keys) await userEvent.keyboard(keys);
      await viewer.updateComplete;
      await overlay.updateComplete;
      const { width, height } = canvas();
      // Across the left edge in the middle of the picture.
      const row =
        canvas()
          .getContext('2d')
          ?.getImageData(0, height / 2, width / 2, 1).data ?? [];
      let drawn = 0;
      for (let index = 3; index < row.length; index += 4) if ((row[index] ?? 0) > 100) drawn += 1;
      widths.push(drawn);
    }
    expect(widths[0]).toBeGreaterThanOrEqual(3);
    expect(Math.abs((widths[0] ?? 0) - (widths[1] ?? 0))).toBeLessThanOrEqual(1);
  });

  it('is clear again when there is nothing to show', async () => {
    overlay.scene = null;
    await overlay.updateComplete;
    expect(at(0.75, 0.75)[3]).toBe(0);
  });
});

describe('the bar', () => {
  const start: OverlayChoice = { evidence: true, lungs: false, classIndex: null, strength: 0.5 };
  let bar: FrOverlayBar;
  let chosen: OverlayChoice | null;

  beforeEach(async () => {
    chosen = null;
    bar = await mount(new FrOverlayBar(), {
      classes: ['COVID-19', 'Lung opacity', 'Normal', 'Viral pneumonia'],
      shown: 1,
      choice: start,
      has: { evidence: true, lungs: true },
      savable: true,
    });
    bar.addEventListener('overlay-chosen', (event) => {
      chosen = event.detail;
      bar.choice = event.detail;
    });
  });

  it('turns evidence and outline on and off, and says so', async () => {
    expect(button(bar, 'Evidence').ariaPressed).toBe('true');
    button(bar, 'Evidence').click();
    expect(chosen).toEqual({ ...start, evidence: false });
    await bar.updateComplete;
    await until(() => textOf(bar).includes('Evidence is hidden'));
    expect(find(bar, 'select')).toBeNull();
    button(bar, 'Lungs').click();
    expect(chosen).toEqual({ ...start, evidence: false, lungs: true });
    await until(() => textOf(bar).includes('The lungs are outlined'));
  });

  it('asks for another class and another strength', async () => {
    const select = find<HTMLSelectElement>(bar, 'select');
    if (!select) throw new Error('There is no choice of classes.');
    expect(select.value).toBe('1');
    await userEvent.selectOptions(select, 'Viral pneumonia');
    expect(chosen).toEqual({ ...start, classIndex: 3 });
    const slider = find<HTMLInputElement>(bar, 'input[type=range]');
    expect(slider?.getAttribute('aria-valuetext')).toBe('50 %');
    slider?.focus();
    await userEvent.keyboard('{ArrowRight}');
    expect(chosen?.strength).toBeCloseTo(0.55, 9);
  });

  it('offers only what there is', async () => {
    bar.has = { evidence: false, lungs: false };
    bar.savable = false;
    await bar.updateComplete;
    expect(textOf(bar)).not.toContain('Evidence');
    expect(textOf(bar)).not.toContain('Lungs');
    expect(button(bar, 'Save').disabled).toBe(true);
  });

  it('has nothing for axe to find', async () => {
    bar.empty = true;
    await bar.updateComplete;
    await expectNoAxeFindings(bar);
  });
});
