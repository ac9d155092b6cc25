import { afterEach, describe, expect, it } from 'vitest';
import type { InstalledModel, InstallProgress, Manifest } from '../../src/model/index.ts';
import { WrongBytes } from '../../src/model/index.ts';
import { FrWelcomeScreen } from '../../src/screens/welcome/welcome-screen.ts';
import { makeTestModel } from '../inference/support/test-model.ts';
import {
  button,
  expectNoAxeFindings,
  FakeShell,
  find,
  makeServices,
  mount,
  textOf,
  unmountAll,
  until,
} from './support/harness.ts';
import type { TestServices } from './support/harness.ts';

interface Download {
  progress(change: Partial<InstallProgress>): void;
  done(): void;
  fail(reason: unknown): void;
  signal: AbortSignal | undefined;
}

let services: TestServices;
let screen: FrWelcomeScreen;
let downloads: Download[] = [];

/** A store whose installation the test moves on by hand. */
async function open(shell = new FakeShell()): Promise<void> {
  downloads = [];
  const { manifest } = makeTestModel();
  services = await makeServices({
    shell,
    store: {
      active: async () => null,
      install: (_base, options) =>
        new Promise<InstalledModel<Manifest>>((resolve, reject) => {
          options.signal?.addEventListener('abort', () => reject(options.signal?.reason));
          const start: InstallProgress = {
            phase: 'downloading',
            bytesDone: 0,
            bytesTotal: 4_000_000,
            bytesPerSecond: 0,
            secondsLeft: null,
            file: null,
          };
          downloads.push({
            progress: (change) => options.onProgress?.({ ...start, ...change }),
            done: () => resolve({ manifest, verifiedAt: 1, activatedAt: 1, outdated: false }),
            fail: reject,
            signal: options.signal,
          });
        }),
    },
  });
  screen = await mount(new FrWelcomeScreen(), { services });
}

const last = (): Download => {
  const download = downloads.at(-1);
  if (!download) throw new Error('Nothing is being downloaded.');
  return download;
};
const start = async (name: string): Promise<void> => {
  const before = downloads.length;
  button(screen, name).click();
  await until(() => downloads.length === before + 1);
};
const bar = () => find(screen, '[role=progressbar]');

afterEach(() => {
  services.dispose();
  unmountAll();
});

it('says what it is and is not, with one button', async () => {
  await open();
  const text = textOf(screen);
  expect(text).toContain('Not a medical device');
  expect(text).toContain('Decision support for research, teaching and supervised pilots.');
  expect(screen.shadowRoot?.querySelectorAll('button')).toHaveLength(1);
});

it('shows bytes, share and time left, and says them aloud by tenths', async () => {
  await open();
  await start('Set up this device');
  last().progress({ bytesDone: 1_300_000, secondsLeft: 42 });
  await until(() => textOf(screen).includes('1.3 MB of 4 MB (33%)'));
  expect(textOf(screen)).toContain('about 42 seconds left');
  expect(bar()?.ariaValueNow).toBe('33');
  expect(textOf(find(screen, '[role=status]') as Node)).toBe('30 percent downloaded');
  last().progress({ bytesDone: 1_300_000, retryInSeconds: 8 });
  await until(() => textOf(screen).includes('no connection, next try in 8 seconds'));
});

it('pauses and goes on', async () => {
  await open();
  await start('Set up this device');
  last().progress({ bytesDone: 2_000_000 });
  await until(() => bar()?.ariaValueNow === '50');
  button(screen, 'Pause').click();
  await until(() => textOf(screen).includes('Paused'));
  expect(last().signal?.aborted).toBe(true);
  expect(bar()?.ariaValueNow).toBe('50');
  await start('Go on');
  last().done();
  await until(() => textOf(screen).includes('Ready to work offline'));
});

it('explains a failure with its remedy and tries again', async () => {
  await open();
  await start('Set up this device');
  const fault = new WrongBytes('weights-1of2.bin');
  last().fail(fault);
  await until(() => textOf(screen).includes(fault.remedy));
  expect(find(screen, '[role=alert]')).not.toBeNull();
  await start('Try again');
  last().done();
  await until(() => textOf(screen).includes('Ready to work offline'));
  expect(textOf(screen)).toContain('Keep it on the home screen');
});

describe('once the model is there', () => {
  const setUp = async (shell: FakeShell): Promise<void> => {
    await open(shell);
    await start('Set up this device');
    last().done();
    await until(() => find(screen, '.ready') !== null);
  };

  it('promises work offline only when the app’s files were compared', async () => {
    const shell = new FakeShell({ phase: 'keeping', offlineReady: false });
    let tell = (): void => undefined;
    const compared = new Promise<void>((resolve) => (tell = resolve));
    shell.checkKept = async () => {
      await compared;
      return { files: 40, missing: [] };
    };
    await setUp(shell);
    expect(textOf(screen)).toContain('the app itself is still being stored');
    shell.set({ phase: 'current', offlineReady: true });
    await screen.updateComplete;
    expect(textOf(screen)).not.toContain('offline');
    expect(textOf(screen)).not.toContain('no network is needed');
    tell();
    await until(() => textOf(screen).includes('Ready to work offline'));
    expect(textOf(screen)).toContain('From now on no network is needed.');
    expect(find(screen, 'fr-offline-gap')).toBeNull();
  });

  it('says so where the browser has no service workers, before and after the download', async () => {
    await open(new FakeShell({ phase: 'unsupported', offlineReady: false }));
    await until(() => textOf(screen).includes('This browser cannot keep the app on this device'));
    await start('Set up this device');
    last().done();
    await until(() => textOf(screen).includes('Ready, but only with a network'));
    expect(textOf(screen)).toContain(
      'leave private browsing and open the app at its https address',
    );
    expect(textOf(screen)).not.toMatch(/Ready to work offline|no network is needed/);
    await expectNoAxeFindings(screen);
  });

  it('names the changed file and tries again', async () => {
    const shell = new FakeShell();
    shell.answer = { files: 40, missing: [{ reason: 'changed', file: 'assets/a.js' }] };
    await setUp(shell);
    await until(() => textOf(screen).includes('A file of the app is missing on this device'));
    expect(textOf(screen)).toContain(
      'does not send the file that belongs to this version: assets/a.js',
    );
    expect(textOf(screen)).not.toContain('Ready to work offline');
    shell.answer = { files: 40, missing: [] };
    button(screen, 'Try again').click();
    await until(() => textOf(screen).includes('Ready to work offline'));
  });

  it('says that storage was refused', async () => {
    await setUp(
      new FakeShell({
        phase: 'failed',
        offlineReady: false,
        keepFailure: { reason: 'no-room', file: '' },
      }),
    );
    await until(() => textOf(screen).includes('The browser gives the app no room'));
    expect(textOf(screen)).not.toContain('Ready to work offline');
  });
});

it('has words even for what nobody foresaw', async () => {
  await open();
  await start('Set up this device');
  last().fail(new TypeError('x is not a function'));
  await until(() => textOf(screen).includes('Something unexpected stopped the setup.'));
  expect(textOf(screen)).not.toContain('x is not a function');
});

it('has nothing for axe to find in any of its states', async () => {
  const check = async (): Promise<void> => {
    await screen.updateComplete;
    await expectNoAxeFindings(screen);
  };
  await open();
  await check();
  await start('Set up this device');
  last().progress({ bytesDone: 2_000_000 });
  await check();
  last().fail(new TypeError('broken'));
  await until(() => textOf(screen).includes('Try again'));
  await check();
  await start('Try again');
  last().done();
  await until(() => textOf(screen).includes('Ready'));
  await check();
});
