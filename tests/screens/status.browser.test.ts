import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { StoredModelDamaged } from '../../src/model/index.ts';
import { FrStatusScreen } from '../../src/screens/status/status-screen.ts';
import { phantomPng } from '../inference/support/bench.ts';
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
import type { ServiceWishes, TestServices } from './support/harness.ts';

let services: TestServices;
let screen: FrStatusScreen;

async function open(wishes: ServiceWishes = {}): Promise<void> {
  services = await makeServices(wishes);
  screen = await mount(new FrStatusScreen(), { services });
}

beforeEach(() => open());
afterEach(() => {
  services.dispose();
  unmountAll();
});

const supportText = (): string => find<HTMLTextAreaElement>(screen, 'textarea')?.value ?? '';

it('shows the model, the backend in use and why, and every trial', async () => {
  await until(() => textOf(screen).includes('Processor (WebAssembly)'));
  const text = textOf(screen);
  expect(text).toContain('test-network');
  expect(text).toContain('4.5 MB');
  expect(findAll(find(screen, 'fr-data-table') as Node, 'tbody tr')).toHaveLength(4);
  expect(text).toMatch(/WebAssembly Passed/);
});

it('says why each way was taken or left out, in the words of its test', async () => {
  const lines = (): string[] => findAll(screen, '.details li').map(textOf);
  await until(() => lines().some((line) => /^WebAssembly ?: Right to .* known answers/.test(line)));
  // Tried, or left out for a reason that is told.
  await until(() => lines().some((line) => /^WebGL ?: (?!Not tried yet)./.test(line)), 40_000);
  expect(lines()).toHaveLength(4);
});

it('gives all of it as text without a file name', async () => {
  services.session.add([{ name: 'Jane Doe 1970.png', source: await phantomPng(1, 64) }]);
  await until(() => services.session.cases[0]?.state.phase === 'done');
  await until(() => supportText().includes('wasm: passed'));
  await until(() => supportText().includes('userAgent:'));
  const text = supportText();
  expect(text).toContain('test-network 2.0.0, 4500000 bytes');
  expect(text).toContain('chosen: wasm (automatic)');
  expect(text).toContain('kept for offline use: no');
  expect(text).not.toMatch(/Jane|Doe|\.png/);
});

it('copies it, or selects it where the clipboard is closed', async () => {
  await until(() => supportText().includes('wasm: passed'));
  await until(() => supportText().includes('userAgent:'));
  const write = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValueOnce(undefined);
  button(screen, 'Copy').click();
  await until(() => textOf(screen).includes('Copied.'));
  expect(write.mock.calls[0]?.[0]).toBe(supportText());
  write.mockRejectedValueOnce(new DOMException('no', 'NotAllowedError'));
  button(screen, 'Copy').click();
  await until(() => textOf(screen).includes('The text is selected'));
  const area = find<HTMLTextAreaElement>(screen, 'textarea');
  expect(area?.selectionEnd).toBe(supportText().length);
  write.mockRestore();
});

it('chooses a backend by hand and takes the choice back', async () => {
  await until(() => find(screen, '#backend') !== null);
  const choose = (value: string): void => {
    const select = find<HTMLSelectElement>(screen, '#backend');
    if (!select) throw new Error('There is no choice of backends.');
    select.value = value;
    select.dispatchEvent(new Event('change'));
  };
  choose('wasm');
  await until(() => supportText().includes('(by-hand)'));
  choose('auto');
  await until(() => supportText().includes('(automatic)'));
}, 60_000);

it('checks the stored model and says how it went', async () => {
  services.dispose();
  unmountAll();
  let damaged: string[] = [];
  await open({
    store: {
      verify: async () => ({ ok: damaged.length === 0, damaged, checkedAt: Date.now() }),
      repair: async () => {
        damaged = [];
        return { ok: true, damaged, checkedAt: Date.now() };
      },
    },
  });
  button(screen, 'Check the stored model').click();
  await until(() => textOf(screen).includes('Every byte of the stored model is as it should be.'));
  damaged = ['weights-1of2.bin'];
  button(screen, 'Check the stored model').click();
  await until(() => textOf(screen).includes('Files to repair: weights-1of2.bin'));
  await until(() => supportText().includes('damaged files: weights-1of2.bin'));
  button(screen, 'Repair').click();
  await until(() => !textOf(screen).includes('Files to repair'));
});

it('explains a check that could not be done', async () => {
  services.dispose();
  unmountAll();
  const fault = new StoredModelDamaged(['model.json']);
  await open({ store: { verify: () => Promise.reject(fault) } });
  button(screen, 'Check the stored model').click();
  await until(() => textOf(screen).includes(fault.remedy));
});

it('asks before it downloads again', async () => {
  services.dispose();
  unmountAll();
  const calls: string[] = [];
  await open({
    store: {
      remove: async () => {
        calls.push('remove');
      },
    },
  });
  button(screen, 'Download again').click();
  await screen.updateComplete;
  expect(calls).toEqual([]);
  const dialog = find(screen, 'dialog');
  expect((dialog as HTMLDialogElement).open).toBe(true);
  button(find(screen, 'fr-dialog') as Node, 'Download again').click();
  await until(() => calls.length === 1);
});

it('has nothing for axe to find', async () => {
  await until(() => textOf(screen).includes('Processor (WebAssembly)'));
  await expectNoAxeFindings(screen);
});
