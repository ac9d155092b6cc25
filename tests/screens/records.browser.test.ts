import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { userEvent } from 'vitest/browser';
import { FrCover } from '../../src/screens/app/cover.ts';
import { FrRecordsScreen } from '../../src/screens/records/records-screen.ts';
import type { PatientDesk } from '../../src/state/patients/patient-desk.ts';
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

const PASSPHRASE = 'river lamp seven goats';
let services: TestServices;
let screen: FrRecordsScreen;
let desk: PatientDesk;

const text = (): string => textOf(screen);
const field = (root: Node, id: string): HTMLInputElement =>
  find<HTMLInputElement>(root, `#${id}`) as HTMLInputElement;

// The caller knows what the selector finds, as with querySelector.
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
function part<T extends Element>(owner: string, selector: string): T {
  return find<T>(find(screen, owner) as Element, selector) as T;
}

async function setUp(): Promise<string> {
  await userEvent.fill(field(screen, 'reader-name'), 'Ada Okoye');
  await userEvent.fill(field(screen, 'passphrase'), PASSPHRASE);
  await userEvent.fill(field(screen, 'again'), PASSPHRASE);
  button(screen, 'Keep studies on this device').click();
  await until(() => find(screen, 'fr-recovery-key'));
  const key = textOf(find(screen, '.key') as Element).replaceAll(' ', '-');
  part<HTMLInputElement>('fr-recovery-key', 'input').click();
  await until(() => !button(screen, 'Done').disabled);
  button(screen, 'Done').click();
  await until(() => text().includes('Unlocked by Ada Okoye'));
  return key;
}

beforeEach(async () => {
  services = await makeServices();
  desk = await services.patients.get();
  await desk.records.erase();
  screen = await mount(new FrRecordsScreen(), { services }, { width: 900, height: 900 });
  await until(() => find(screen, '#passphrase'));
});

afterEach(async () => {
  await desk.records.erase();
  desk.records.dispose();
  services.dispose();
  unmountAll();
});

describe('kept studies', () => {
  it('are off, and say why a passphrase is not taken', async () => {
    expect(text()).toContain('Nothing is kept until you turn it on here.');
    expect(services.keepsStudies()).toBe(false);
    await expectNoAxeFindings(screen);
    await userEvent.fill(field(screen, 'reader-name'), 'Ada Okoye');
    expect(field(screen, 'reader-initials').value).toBe('AO');
    await userEvent.fill(field(screen, 'passphrase'), 'qwertyuiop');
    await until(() => text().includes('Too easy to guess.'));
    button(screen, 'Keep studies on this device').click();
    await until(() => findAll(screen, '[role=alert]').length > 0);
    expect(desk.records.state.value).toEqual({ phase: 'off' });
    await userEvent.fill(field(screen, 'passphrase'), PASSPHRASE);
    await userEvent.fill(field(screen, 'again'), 'something else');
    button(screen, 'Keep studies on this device').click();
    await until(() => text().includes('The two passphrases differ.'));
  });

  it('are turned on, locked and unlocked with the passphrase and with the printed key', async () => {
    const key = await setUp();
    expect(key).toMatch(/^(\w{4}-){7}\w{4}$/);
    expect(services.keepsStudies()).toBe(true);
    await until(() => text().includes('No study is kept yet.'));
    await expectNoAxeFindings(screen);

    button(screen, 'Lock now').click();
    await until(() => find(screen, '#secret'));
    await expectNoAxeFindings(screen);
    await userEvent.fill(field(screen, 'secret'), 'wrong passphrase');
    button(screen, 'Unlock').click();
    await until(() => text().includes('does not open the kept studies'));
    await userEvent.fill(field(screen, 'secret'), PASSPHRASE);
    button(screen, 'Unlock').click();
    await until(() => text().includes('Unlocked by Ada Okoye'));

    await desk.records.lock();
    await until(() => find(screen, '#secret'));
    button(screen, 'Use the recovery key').click();
    await until(() => text().includes('Use a passphrase'));
    await userEvent.fill(field(screen, 'secret'), key.toLowerCase().replaceAll('-', ' '));
    await until(() => button(screen, 'Unlock'));
    button(screen, 'Unlock').click();
    await until(() => text().includes('Unlocked with the recovery key.'));
  });

  it('make a person wait after wrong passphrases, longer each time', async () => {
    await setUp();
    await desk.records.lock();
    await until(() => find(screen, '#secret'));
    for (let turn = 0; turn < 3; turn += 1) {
      await until(() => !button(screen, 'Unlock').disabled);
      await userEvent.fill(field(screen, 'secret'), `wrong passphrase ${turn}`);
      button(screen, 'Unlock').click();
      await until(() => field(screen, 'secret').value === '');
    }
    await until(() => /Wait \d seconds before the next try/.test(text()));
    expect(button(screen, 'Unlock').disabled).toBe(true);
  });

  it('take another reader, and give the first one up', async () => {
    await setUp();
    button(screen, 'Add a reader').click();
    await until(() => find(screen, '#own'));
    await userEvent.fill(field(screen, 'reader-name'), 'Ben Mensah');
    await userEvent.fill(field(screen, 'passphrase'), 'seven goats cross the river');
    await userEvent.fill(field(screen, 'again'), 'seven goats cross the river');
    await userEvent.fill(field(screen, 'own'), PASSPHRASE);
    button(screen, 'Add').click();
    await until(() => text().includes('Ben Mensah (BM)'));
    button(screen, 'Remove Ada Okoye').click();
    const dialog = part('fr-readers-section', 'fr-dialog');
    await until(() => find<HTMLDialogElement>(dialog, 'dialog')?.open);
    button(dialog, 'Remove').click();
    await until(() => !text().includes('Ada Okoye (AO)'));
    expect(button(screen, 'Remove Ben Mensah').disabled).toBe(true);
  });

  it('are erased after one clear question', async () => {
    await setUp();
    button(screen, 'Erase everything').click();
    await until(() => part<HTMLDialogElement>('fr-erase-section', 'dialog').open);
    expect(button(screen, 'Erase').disabled).toBe(true);
    part<HTMLInputElement>('fr-erase-section', 'input').click();
    await until(() => !button(screen, 'Erase').disabled);
    button(screen, 'Erase').click();
    await until(() => text().includes('The key is destroyed.'));
    expect(desk.records.state.value).toEqual({ phase: 'off' });
    expect(services.keepsStudies()).toBe(false);
  });
});

describe('the cover', () => {
  it('lies over everything while they are locked, and goes with the passphrase', async () => {
    await setUp();
    const told: boolean[] = [];
    const cover = new FrCover();
    cover.addEventListener('cover-turned', (event) => told.push(event.detail));
    await mount(cover, { desk, services });
    expect(cover.hidden).toBe(true);
    await desk.records.lock();
    await until(() => !cover.hidden);
    await expectNoAxeFindings(cover);
    await userEvent.fill(field(cover, 'secret'), PASSPHRASE);
    button(cover, 'Unlock').click();
    await until(() => cover.hidden);
    cover.cover();
    await until(() => textOf(cover).includes('Show again'));
    button(cover, 'Show again').click();
    await until(() => cover.hidden);
    expect(told).toEqual([true, false, true, false]);
  });
});
