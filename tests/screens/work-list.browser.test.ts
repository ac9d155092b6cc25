import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { userEvent } from 'vitest/browser';
import type { BatchHandlers, PictureInput } from '../../src/inference/types.ts';
import { FrWorkView } from '../../src/screens/read/work-view.ts';
import { ReadingSession } from '../../src/session/index.ts';
import { aReading, anAssurance } from './support/assurance.ts';
import {
  button,
  expectNoAxeFindings,
  find,
  findAll,
  mount,
  textOf,
  unmountAll,
  until,
} from './support/harness.ts';

const COUNT = 10_000;
let session: ReadingSession;
let view: FrWorkView;
let end: () => void;

/** Shares that differ from picture to picture; every seventh is unsure, every fiftieth fails. */
function sharesOf(index: number): number[] {
  const top = index % 7 === 0 ? 0.4 : 0.7 + ((index * 37) % 29) / 100;
  const shares = [0, 1, 2, 3].map(() => (1 - top) / 3);
  shares[index % 4] = top;
  return shares;
}

const engine = {
  async screenMany(sources: readonly PictureInput[], handlers: BatchHandlers): Promise<void> {
    for (let index = 0; index < sources.length; index += 1) {
      if (index % 50 === 49) {
        handlers.onFailure(index, { code: 'x', message: `Broken ${index}.`, remedy: 'Mend it.' });
      } else handlers.onReading(index, aReading(sharesOf(index)));
    }
  },
};

beforeEach(async () => {
  session = new ReadingSession({
    screening: async () => engine,
    assure: (reading) => anAssurance([...reading.logits].map(Math.exp)),
  });
  session.add(
    Array.from({ length: COUNT }, (_, index) => ({
      name: `folder/p${index}.png`,
      source: new Blob(['x']),
    })),
  );
  await until(() => !session.progress.running);
  view = await mount(
    new FrWorkView(),
    { session, cases: session.cases },
    { width: 1000, height: 640 },
  );
  const stop = session.subscribe(() => (view.cases = session.cases));
  view.addEventListener('cases-removed', (event) => session.remove(...event.detail));
  end = stop;
  await until(() => rows().length > 5);
});

afterEach(() => {
  end();
  unmountAll();
});

const list = () => find(view, 'fr-work-list') as HTMLElement;
const grid = () => find(list(), '[role=grid]') as HTMLElement;
const rows = () => findAll(list(), '.rows [role=row]');
const focused = () => find(list(), '.rows [role=row]:focus');
const marked = () =>
  findAll(list(), '.rows [aria-selected=true]').map((row) => row.dataset['index']);
const settled = async () => {
  await view.updateComplete;
  await (list() as unknown as { updateComplete: Promise<unknown> }).updateComplete;
};

describe('ten thousand pictures', () => {
  it('scroll with few rows in the document and short updates', async () => {
    expect(grid().getAttribute('aria-rowcount')).toBe(String(COUNT + 1));
    const times: number[] = [];
    for (let step = 1; step <= 60; step += 1) {
      grid().scrollTop = step * 11_000;
      const start = performance.now();
      grid().dispatchEvent(new Event('scroll'));
      await settled();
      times.push(performance.now() - start);
      await new Promise((resolve) => requestAnimationFrame(resolve));
      expect(rows().length).toBeLessThan(40);
    }
    times.sort((a, b) => a - b);
    console.log(
      `update after a jump: median ${times[30]?.toFixed(1)} ms, worst ${times.at(-1)?.toFixed(1)} ms`,
    );
    expect(times[30]).toBeLessThan(50);
    expect(Number(rows()[10]?.dataset['index'])).toBeGreaterThan(9_000);
  });

  it('are gone through, marked, opened and removed by keys alone', async () => {
    rows()[0]?.focus();
    await userEvent.keyboard('{End}');
    await until(() => focused()?.dataset['index'] === String(COUNT - 1));
    await userEvent.keyboard('{Home}');
    await until(() => focused()?.dataset['index'] === '0');
    await userEvent.keyboard('{PageDown}');
    await until(() => Number(focused()?.dataset['index']) > 3);
    await userEvent.keyboard('{Home}');
    await until(() => focused()?.dataset['index'] === '0');
    await userEvent.keyboard(' ');
    await until(() => marked().length === 1);
    await userEvent.keyboard('{Shift>}{ArrowDown}{/Shift}');
    await until(() => marked().length === 2);
    await userEvent.keyboard('{Shift>}{ArrowDown}{/Shift}');
    await until(() => marked().join() === '0,1,2');
    await userEvent.keyboard('{Delete}');
    await until(() => session.size === COUNT - 3);
    let opened = '';
    view.addEventListener('item-opened', (event) => (opened = event.detail));
    await until(() => focused()?.dataset['index'] === '0');
    await userEvent.keyboard('{Enter}');
    expect(opened).toBe('case-4');
    await userEvent.keyboard('{Control>}a{/Control}');
    await until(() => textOf(view).includes('9,997 selected'));
    await userEvent.keyboard('{Escape}');
    await until(() => !textOf(view).includes('9,997 selected'));
  });

  it('are marked by touch and removed with one button', async () => {
    const boxes = () => findAll(list(), '.rows .check');
    for (const box of boxes().slice(0, 2)) {
      const { width, height } = box.getBoundingClientRect();
      expect(Math.min(width, height)).toBeGreaterThanOrEqual(44);
      box.click();
    }
    await until(() => textOf(view).includes('2 selected'));
    button(view, 'Remove').click();
    await until(() => session.size === COUNT - 2);
    expect(session.find('case-1')).toBeNull();
  });

  it('are filtered and sorted by every column; what is hidden is not marked any more', async () => {
    button(list(), 'Select all shown').click();
    await until(() => textOf(view).includes('10,000 selected'));
    button(view, 'Select none').click();
    await until(() => find(view, 'select') !== null);
    const [kinds, flags] = findAll<HTMLSelectElement>(view, 'select');
    const choose = (select: HTMLSelectElement | undefined, value: string) => {
      if (!select) throw new Error('There is no filter.');
      select.value = value;
      select.dispatchEvent(new Event('change'));
    };
    choose(kinds, 'failed');
    await until(() => textOf(view).includes('200 of 10,000 shown'));
    choose(kinds, 'all');
    choose(flags, 'unsure');
    await until(() => grid().getAttribute('aria-rowcount') !== String(COUNT + 1));
    choose(flags, 'all');
    for (const column of ['Name', 'Most resembles', 'Probability', 'Flags']) {
      button(list(), column).click();
      await until(() => {
        const sorted = findAll(list(), '[role=columnheader]').filter((cell) =>
          ['ascending', 'descending'].includes(cell.getAttribute('aria-sort') ?? ''),
        );
        return sorted.length === 1 && textOf(sorted[0]) === column;
      });
    }
    session.sortBy({ key: 'look-first', descending: false });
    await until(() => !textOf(rows()[0]).includes('Normal'));
  });

  it('has nothing for axe to find, wide and narrow', async () => {
    rows()[0]?.focus();
    await userEvent.keyboard(' ');
    await expectNoAxeFindings(view);
    (view.parentElement as HTMLElement).style.width = '390px';
    await settled();
    await expectNoAxeFindings(view);
    const row = rows()[0]?.getBoundingClientRect();
    expect(row && row.width).toBeLessThanOrEqual(390);
  }, 120_000);
});
