/** The app as others see and touch it: in colors of the system's own, on paper, from right to left, by finger, by key. */
import sharp from 'sharp';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AppPage, ShownResult } from './support/app-page.ts';
import { Tablet } from './support/chromium.ts';
import { useClinic } from './support/clinic.ts';

const clinic = useClinic();
let app: AppPage;
let result: ShownResult;
/** The picture's own address inside the app. */
let place: string;

beforeAll(async () => {
  app = await clinic.tablet.open(clinic.site.url);
  await app.setUp();
  result = await app.read(await clinic.pictures.file(1, 300));
  place = await app.page.evaluate(() => location.hash);
});
beforeEach(async () => {
  await app.page.setViewportSize({ width: 1024, height: 768 });
  await app.page.emulateMedia({ forcedColors: null, media: null, colorScheme: null });
  await app.page.evaluate(() => document.documentElement.removeAttribute('dir'));
  await app.page.evaluate((hash) => (location.hash = hash), place);
  await app.result();
});

/** The share of a bar that is drawn in another color than its end: what an eye would measure. */
async function drawn(bar: number): Promise<number> {
  const shot = await app.page.locator('fr-bar-list .track').nth(bar).screenshot();
  const { data, info } = await sharp(shot).greyscale().raw().toBuffer({ resolveWithObject: true });
  const row = [...data.subarray((info.height >> 1) * info.width)].slice(2, info.width - 2);
  const end = row.at(-1) ?? 0;
  return row.filter((value) => Math.abs(value - end) > 60).length / row.length;
}

describe('in forced colors', () => {
  it.each(['light', 'dark'] as const)('every bar is as long as its share: %s', async (scheme) => {
    await app.page.emulateMedia({ forcedColors: 'active', colorScheme: scheme });
    await app.page
      .locator('fr-result-panel details')
      .first()
      .evaluate((details) => {
        (details as HTMLDetailsElement).open = true;
      });
    const bars = app.page.locator('fr-bar-list li');
    const shares = await app.page
      .locator('fr-bar-list')
      .evaluate((list) =>
        (list as unknown as { bars: { share: number }[] }).bars.map(({ share }) => share),
      );
    expect(await bars.count()).toBe(shares.length);
    for (const [at, share] of shares.entries()) {
      // A full bar has no end of another color.
      if (share < 0.98) expect(Math.abs((await drawn(at)) - share)).toBeLessThan(0.03);
    }
    expect(shares.some((share) => share > 0.05 && share < 0.98)).toBe(true);
  });
});

describe('on paper', () => {
  it('stand the picture, the answer, its figures, the model and what it is not; nothing to press', async () => {
    await app.page.emulateMedia({ media: 'print' });
    const seen = (selector: string) => app.page.locator(selector).first().isVisible();
    expect(await app.page.locator('fr-result-panel .verdict h2').innerText()).toBe(result.verdict);
    expect(await seen('fr-viewer canvas')).toBe(true);
    for (const words of [/Not a medical device/, /not a diagnosis/, /phantom-1-300\.png/]) {
      expect(await app.page.getByText(words).filter({ visible: true }).count()).toBeGreaterThan(0);
    }
    expect(await seen('fr-bar-list')).toBe(true);
    expect(await seen('fr-result-panel dd.model')).toBe(true);
    expect(
      await app.page
        .locator('button, nav a, select, input:not([aria-hidden])')
        .filter({ visible: true })
        .count(),
    ).toBe(0);
    const pdf = (await app.page.pdf({ format: 'A4' })).toString('latin1');
    const pages = pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0;
    expect(pages).toBeGreaterThan(0);
    expect(pages).toBeLessThan(4);
  });
});

describe('from right to left', () => {
  it.each([
    [390, 844],
    [768, 1024],
    [1024, 768],
  ])('nothing sticks out, arrows and bars turn around: %i × %i', async (width, height) => {
    const { page } = app;
    await page.setViewportSize({ width, height });
    await page.evaluate(() => document.documentElement.setAttribute('dir', 'rtl'));
    const inside = async (): Promise<void> => {
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(wide).toBeLessThanOrEqual(width);
    };
    await inside();
    const back = page.locator('.picture-bar .back svg');
    expect(await back.evaluate((svg) => getComputedStyle(svg).transform)).toMatch(/^matrix\(-1,/);
    // The way back stands where reading begins.
    const box = await page.locator('.picture-bar .back').boundingBox();
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeGreaterThan(width / 2);
    await page
      .locator('fr-result-panel details')
      .first()
      .evaluate((details) => {
        (details as HTMLDetailsElement).open = true;
      });
    const ends = await page
      .locator('fr-bar-list .track')
      .first()
      .evaluate((track) => [
        track.getBoundingClientRect().right,
        track.querySelector('.fill')?.getBoundingClientRect().right,
      ]);
    expect(ends[1]).toBeCloseTo(ends[0] ?? 0, 0);
    for (const screen of ['status', 'model', 'about', 'read'] as const) {
      await app.goTo(screen);
      await inside();
    }
  });
});

/** Everything to be pressed, through every shadow root: what it is and how large. */
function targets(): { what: string; width: number; height: number }[] {
  const found: { what: string; width: number; height: number }[] = [];
  const look = (root: ParentNode): void => {
    for (const element of root.querySelectorAll('*')) {
      if (element.shadowRoot) look(element.shadowRoot);
      if (!element.matches('button, a[href], select, summary, input, textarea')) continue;
      // A link in the middle of a sentence is as high as its line.
      if (element.matches('p a, li a, dd a')) continue;
      if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      // A small box or knob is pressed by its label.
      const area = element.closest('label') ?? element;
      const { width, height } = area.getBoundingClientRect();
      if (width <= 1 || getComputedStyle(element).clipPath !== 'none') continue;
      const words = element.getAttribute('aria-label') ?? element.textContent;
      found.push({ what: `${element.localName} ${words.trim().slice(0, 40)}`, width, height });
    }
  };
  look(document);
  return found;
}

describe('by finger', () => {
  it.each([
    [390, 844],
    [1024, 768],
  ])('nothing to press is smaller than 44 pixels: %i × %i', async (width, height) => {
    const { page } = app;
    await page.setViewportSize({ width, height });
    const small: unknown[] = [];
    const measure = async (screen: string): Promise<void> => {
      const all = await page.evaluate(targets);
      expect(all.length).toBeGreaterThan(3);
      // Half a pixel is the browser's rounding.
      for (const each of all)
        if (each.width < 43.5 || each.height < 43.5) small.push({ screen, ...each });
    };
    await measure('picture');
    for (const screen of ['read', 'status', 'model', 'about'] as const) {
      await app.goTo(screen);
      await measure(screen);
    }
    expect(small).toEqual([]);
  });
});

describe('by key', () => {
  it('whatever has the focus shows it', async () => {
    const { page } = app;
    const bare: string[] = [];
    const seen = new Set<string>();
    for (let press = 0; press < 30; press += 1) {
      await page.keyboard.press('Tab');
      const { what, outline } = await page.evaluate(() => {
        let at = document.activeElement;
        while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
        const style = at ? getComputedStyle(at) : null;
        const words = at?.getAttribute('aria-label') ?? at?.textContent ?? '';
        return {
          what: `${at?.localName} ${words.trim().slice(0, 40)}`,
          outline: style && style.outlineStyle !== 'none' ? parseFloat(style.outlineWidth) : 0,
        };
      });
      seen.add(what);
      if (outline < 2 && !what.startsWith('body')) bare.push(what);
    }
    expect(seen.size).toBeGreaterThan(10);
    expect(bare).toEqual([]);
  });

  it('nothing moves for a person who asked for less motion', async () => {
    const { page } = app;
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.locator('fr-result-panel summary').first().click();
    await page.getByRole('button', { name: 'Lungs' }).click();
    await page.evaluate(() => (location.hash = '#/status'));
    const moving = await page.evaluate(() =>
      document
        .getAnimations()
        .map((each) => (each.effect?.getComputedTiming().endTime ?? 0).valueOf()),
    );
    expect(moving.filter((end) => Number(end) > 0)).toEqual([]);
  });
});

it('nothing jumps when a result comes, nor when a batch begins and ends', async () => {
  const tablet = await Tablet.unpack();
  try {
    await tablet.context.addInitScript(() => {
      const shifts: unknown[] = [];
      Object.assign(window, { shifts });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as (PerformanceEntry & {
          value: number;
          sources: { previousRect: DOMRect; currentRect: DOMRect }[];
        })[]) {
          // A tap is an answer to what stands there: what follows at once counts as well. A third line
          // in a row that keeps its height does not.
          const middle = (rect: DOMRect): number => rect.top + rect.height / 2;
          const moved = entry.sources.filter(
            ({ previousRect: from, currentRect: to }) =>
              from.width > 0 && to.width > 0 && Math.abs(middle(from) - middle(to)) > 2,
          );
          shifts.push(...moved.map(({ previousRect: from, currentRect: to }) => [from, to]));
        }
      }).observe({ type: 'layout-shift', buffered: true });
    });
    const fresh = await tablet.open(clinic.site.url);
    const moved = async (): Promise<unknown> => {
      await fresh.page.waitForTimeout(400);
      return fresh.page.evaluate(() => {
        const { shifts } = window as unknown as { shifts: unknown[] };
        return JSON.stringify(shifts.splice(0));
      });
    };
    await fresh.setUp();
    await fresh.goTo('read');
    // The ways to all the screens have come into the bar above.
    await moved();
    await fresh.read(await clinic.pictures.file(2, 300));
    expect(await moved()).toBe('[]');
    // Back at the list a batch begins and ends under what stands there already.
    await fresh.goTo('read');
    await moved();
    await fresh.openFiles([
      await clinic.pictures.file(3, 900),
      await clinic.pictures.file(4, 900),
      await clinic.pictures.file(5, 900),
    ]);
    await fresh.page.getByRole('button', { name: 'Pause' }).waitFor();
    await fresh.allRead();
    expect(await moved()).toBe('[]');
  } finally {
    await tablet.throwAway();
  }
});
