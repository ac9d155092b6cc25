import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { userEvent } from 'vitest/browser';
import { FieldrayApp } from '../../src/screens/app/fieldray-app.ts';
import { ServerUnreachable } from '../../src/model/errors.ts';
import { phantomPng } from '../inference/support/bench.ts';
import { makeTestModel } from '../inference/support/test-model.ts';
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

const READ_LIMIT = 60_000;
let services: TestServices;
let app: FieldrayApp;

const text = (): string => textOf(app);
const read = () => until(() => services.session.cases.every(done), READ_LIMIT);
const done = (entry: (typeof services.session.cases)[number]): boolean =>
  entry.state.phase === 'done' || entry.state.phase === 'failed';

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

async function png(name: string, variant: number, size = 96): Promise<File> {
  return new File([await phantomPng(variant, size)], name, { type: 'image/png' });
}

/** The event a browser would give; its files are real. */
function give(type: 'drop' | 'paste', files: readonly File[]): Event {
  const transfer = new DataTransfer();
  for (const file of files) transfer.items.add(file);
  const event =
    type === 'drop'
      ? new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true })
      : new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true });
  document.body.dispatchEvent(event);
  return event;
}

describe('ways in', () => {
  it('the button takes several, and the same ones again', async () => {
    const input = find<HTMLInputElement>(app, 'input[type=file]');
    if (!input) throw new Error('There is no way to choose files.');
    await userEvent.upload(input, [await png('a.png', 1), await png('b.png', 2)]);
    await until(() => services.session.cases.length === 2);
    expect(location.hash).toBe('#/read');
    await until(() => text().includes('2 pictures'));
    await read();
  });

  it('one dropped picture is shown at once with its result', async () => {
    const event = give('drop', [await png('one.png', 1)]);
    expect(event.defaultPrevented).toBe(true);
    await until(() => location.hash === '#/read/case-1');
    await until(() => text().includes('Most resembles'), READ_LIMIT);
    expect(text()).toContain('Calibrated probabilities');
    expect(text()).toContain('test-network 2.0.0');
    expect(text()).toContain('Processor (WebAssembly)');
    expect(text()).toContain('96 × 96, 8 bit, PNG');
    expect(findAll(find(app, 'fr-bar-list') as Node, 'li')).toHaveLength(4);
    await until(() => find(app, 'fr-viewer')?.hasAttribute('data-settled') ?? false);
  });

  it('a pasted picture is taken, text and text fields are left alone', async () => {
    const field = document.createElement('textarea');
    document.body.append(field);
    const transfer = new DataTransfer();
    transfer.items.add(await png('x.png', 1));
    field.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true }),
    );
    field.remove();
    expect(services.session.cases).toHaveLength(0);
    give('paste', [await png('pasted.png', 3)]);
    await until(() => services.session.cases.length === 1);
    await read();
  });

  it('a drag shows where to drop', async () => {
    const transfer = new DataTransfer();
    transfer.items.add(await png('a.png', 1));
    const drag = (type: string): Event =>
      new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true });
    document.body.dispatchEvent(drag('dragenter'));
    await until(() => text().includes('Drop the radiographs here'));
    document.body.dispatchEvent(drag('dragleave'));
    await until(() => !text().includes('Drop the radiographs here'));
  });
});

describe('a batch', () => {
  it(
    'goes on past what cannot be read, each with its own words',
    async () => {
      give('drop', [
        await png('good.png', 1),
        new File([], 'empty.png'),
        new File(['just text'], 'text.png'),
        new File([(await phantomPng(2, 96)).slice(0, 200)], 'cut.png'),
        await png('also good.png', 2),
      ]);
      await until(() => services.session.cases.length === 5);
      await read();
      const faults = services.session.cases.flatMap((entry) =>
        entry.state.phase === 'failed' ? [entry.state.fault] : [],
      );
      expect(faults).toHaveLength(3);
      expect(new Set(faults.map((fault) => fault.message)).size).toBe(3);
      await until(() => faults.every((fault) => text().includes(fault.message)));
      expect(text()).toContain('Done. 3 pictures could not be read.');
      button(app, 'Remove text.png from the list').click();
      await until(() => text().includes('4 pictures'));
    },
    READ_LIMIT,
  );

  it('tells how many of how many, stops on request and goes on later', async () => {
    const blob = await phantomPng(1, 700);
    give(
      'drop',
      Array.from({ length: 24 }, (_, index) => new File([blob], `p${index}.png`)),
    );
    await until(() => find(app, '[role=progressbar]') !== null);
    await until(() => services.session.progress.done >= 2, READ_LIMIT);
    expect(find(app, '[role=progressbar]')?.ariaValueText).toMatch(/^\d+ of 24 read$/);
    button(app, 'Pause').click();
    await until(() => text().includes('not read yet'));
    const { waiting } = services.session;
    expect(waiting).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(services.session.waiting).toBe(waiting);
    button(app, 'Read the rest').click();
    await read();
    expect(services.session.cases.every((entry) => entry.state.phase === 'done')).toBe(true);
  }, 120_000);

  it('of many becomes a table, with only the rows in sight in the document', async () => {
    const bad = Array.from({ length: 500 }, (_, index) => new File(['no'], `f${index}.png`));
    give('drop', bad);
    await until(() => services.session.size === 500, READ_LIMIT);
    await read();
    const list = () => find(app, 'fr-work-list') as HTMLElement;
    const rows = () => findAll(list(), '.rows [role=row]');
    await until(() => rows().length > 5);
    expect(rows().length).toBeLessThan(40);
    await until(() => find(list(), '[role=grid]')?.getAttribute('aria-rowcount') === '501');
    rows()[0]?.focus();
    await userEvent.keyboard('{End}');
    await until(() => textOf(list()).includes('f499.png'));
    await userEvent.keyboard('{Delete}');
    await until(() => services.session.size === 499);
    await until(() => text().includes('499 pictures'));
  }, 120_000);
});

describe('the list', () => {
  beforeEach(async () => {
    give('drop', [await png('c10.png', 1), await png('c9.png', 2), await png('c1.png', 3)]);
    await until(() => services.session.cases.length === 3);
    await read();
    await until(() => find(app, '#sort') !== null);
  });

  it('sorts by what is chosen, both ways', async () => {
    const names = () =>
      findAll(find(app, 'fr-thumb-list') as Node, 'li')
        .sort((a, b) => Number(a.dataset['index']) - Number(b.dataset['index']))
        .map((row) => textOf(find(row, '.name') as Node));
    await userEvent.selectOptions(find(app, '#sort') as HTMLElement, 'name');
    await until(() => names().join() === 'c1.png,c9.png,c10.png');
    button(app, 'Ascending').click();
    await until(() => names().join() === 'c10.png,c9.png,c1.png');
  });

  it('leads to a picture, and keys lead on and back', async () => {
    find(find(app, 'fr-thumb-list') as Node, '.open')?.click();
    await until(() => location.hash === '#/read/case-1');
    await until(() => find(app, 'fr-viewer') !== null);
    const press = async (key: string, hash: string): Promise<void> => {
      await userEvent.keyboard(key);
      await until(() => location.hash === hash);
      await until(() => find(app, 'fr-picture-view') !== null || hash === '#/read');
    };
    await press('{ArrowRight}', '#/read/case-2');
    await press('j', '#/read/case-3');
    await userEvent.keyboard('j');
    expect(location.hash).toBe('#/read/case-3');
    await press('k', '#/read/case-2');
    await press('{ArrowLeft}', '#/read/case-1');
    await press('{Escape}', '#/read');
  });

  it('turns the lights down for a picture, and asks before it forgets all', async () => {
    app.ownerDocument.documentElement.dataset['theme'] = 'light';
    find(find(app, 'fr-thumb-list') as Node, '.open')?.click();
    await until(() => document.documentElement.dataset['theme'] === 'dark');
    location.hash = '#/read';
    await until(() => find(app, '#sort') !== null);
    button(app, 'Remove all').click();
    await app.updateComplete;
    expect(services.session.cases).toHaveLength(3);
    const dialog = findAll(app, 'fr-dialog').find((each) => textOf(each).includes('Keep them'));
    button(dialog as Node, 'Remove all').click();
    await until(() => text().includes('Choose pictures'));
    expect(services.session.cases).toHaveLength(0);
  });
});

describe('every screen', () => {
  it('moves the focus to its heading and says its name', async () => {
    for (const [hash, heading] of [
      ['#/status', 'Status of this device'],
      ['#/about', 'Help'],
      ['#/model', 'Test network'],
      ['#/insights', 'Dataset insights'],
    ] as const) {
      location.hash = hash;
      await until(() => {
        const h1 = find(app, 'h1');
        return h1 !== null && textOf(h1) === heading && h1.matches(':focus');
      });
      expect(document.title).toContain('Fieldray');
      expect(findAll(app, 'nav[aria-label=Screens] a[aria-current=page]')).toHaveLength(1);
    }
  });

  it('has nothing for axe to find, light and dark', async () => {
    give('drop', [await png('a.png', 1), new File(['no'], 'b.png'), await png('c.png', 2)]);
    await until(() => services.session.cases.length === 3);
    await read();
    for (const hash of ['#/read', '#/read/case-1', '#/read/case-2', '#/about', '#/welcome']) {
      location.hash = hash;
      await until(() => find(app, 'h1') !== null);
      await new Promise((resolve) => setTimeout(resolve, 400));
      await expectNoAxeFindings(app);
    }
  }, 120_000);
});

describe('a model of an earlier version of the app', () => {
  /** The tablet as an update of the app left it; `online` decides whether the server answers. */
  async function open(online: () => boolean): Promise<FieldrayApp> {
    services.dispose();
    unmountAll();
    let outdated = true;
    const { manifest } = makeTestModel({ version: '1.0.0' });
    const active = () => ({ manifest, verifiedAt: 1, activatedAt: 1, outdated });
    services = await makeServices({
      manifest,
      store: {
        active: async () => active(),
        install: async () => {
          if (!online()) throw new ServerUnreachable();
          outdated = false;
          return active();
        },
      },
    });
    return mount(new FieldrayApp(), { services }, { width: 1300, height: 760 });
  }
  const banner = () => find(app, 'fr-model-banner');

  it('reads on without a network, says so, and is replaced once there is one', async () => {
    let online = false;
    app = await open(() => online);
    await until(() => text().includes('The app needs a newer model'));
    expect(text()).toContain('earlier model (version 1.0.0)');
    expect(text()).toContain('It comes by itself when this device has a network.');
    await until(() => text().includes('Choose pictures'));
    await expectNoAxeFindings(app);

    online = true;
    window.dispatchEvent(new Event('online'));
    await until(() => banner() === null);
    expect(text()).toContain('Choose pictures');
  });
});
