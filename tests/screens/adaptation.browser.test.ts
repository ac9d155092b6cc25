/** The adaptation screen through its states, with real pictures, engine, training and database. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { userEvent } from 'vitest/browser';
import { STUDY_SETTINGS } from '../../src/adaptation/index.ts';
import type { FrSwitch } from '../../src/elements/switch.ts';
import { FrAdaptationScreen } from '../../src/screens/adaptation/adaptation-screen.ts';
import { learnableFiles } from '../adaptation/support.ts';
import { onFullDisk } from '../adaptation/run-support.ts';
import { givenFolder, type FileBytes } from '../fixtures/labelled-folder.ts';
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
import { fullManifest } from './support/manifest.ts';

/** A busy machine needs minutes for what takes seconds. */
const LIMIT = 240_000;
const WAIT = 120_000;
let services: TestServices;
let screen: FrAdaptationScreen;
let saved: File[] = [];

/** The page would leave its files in the downloads. */
function catchDownload(event: MouseEvent): void {
  const link = event.target;
  if (!(link instanceof HTMLAnchorElement) || !link.download) return;
  event.preventDefault();
  const { download, href } = link;
  void fetch(href)
    .then((answer) => answer.blob())
    .then((blob) => saved.push(new File([blob], download)));
}

beforeEach(async () => {
  saved = [];
  document.addEventListener('click', catchDownload, true);
  services = await makeServices({ manifest: fullManifest() });
  screen = await mount(new FrAdaptationScreen(), { services }, { width: 1000, height: 700 });
});

afterEach(() => {
  document.removeEventListener('click', catchDownload, true);
  services.workbench.close();
  services.dispose();
  unmountAll();
});

const text = (): string => textOf(screen);

async function openFolder(
  counts: Readonly<Record<string, number>>,
  more: Readonly<Record<string, FileBytes>> = {},
): Promise<void> {
  await services.workbench.open(
    givenFolder('ward 3', { ...(await learnableFiles(counts)), ...more }),
  );
}

/** Elements of a part of the screen, in its own shadow. */
function inside<T extends Element = HTMLElement>(part: string, selector: string): T[] {
  const root = find(screen, part);
  return root ? findAll<T>(root, selector) : [];
}

async function fill(name: string, value: string): Promise<void> {
  const fields = (): HTMLInputElement[] => inside('fr-train-form', `input[name=${name}]`);
  await until(() => fields().length === 1);
  const [input] = fields();
  input.value = value;
  input.dispatchEvent(new Event('change'));
  await screen.updateComplete;
}

/** Presses a button of the training under way once this holds, however fast it goes by. */
function pressWhen(name: string, holds: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const end = services.adapted.subscribe(() => {
      if (!holds()) return;
      end();
      button(screen, name).click();
      resolve();
    });
  });
}

/** Presses a button when so many pictures of the open folder were asked for. */
function pressAtPicture(name: string, count: number): Promise<void> {
  let opened = 0;
  return new Promise((resolve) => {
    for (const item of services.workbench.folder?.items ?? []) {
      const open = item.open.bind(item);
      item.open = (signal) => {
        if (++opened === count) {
          button(screen, name).click();
          resolve();
        }
        return open(signal);
      };
    }
  });
}

/** A training that was paused when half of its pictures had been asked for. */
async function pausedHalfway(): Promise<void> {
  await openFolder({ A: 8, B: 8 });
  await until(() => find(screen, 'fr-train-form'));
  const paused = pressAtPicture('Pause', 8);
  button(screen, 'Train').click();
  await paused;
  await until(() => services.adapted.run?.phase === 'paused', WAIT);
}

async function importFile(file: File): Promise<void> {
  const input = find<HTMLInputElement>(screen, 'input[type=file]');
  if (!input) throw new Error('There is no way in.');
  const given = new DataTransfer();
  given.items.add(file);
  input.files = given.files;
  input.dispatchEvent(new Event('change'));
}

const trained = (): boolean => services.adapted.run?.phase === 'done';

describe('before there is a model', () => {
  it('says what to open, and that an adapted one can be imported', async () => {
    await until(() => text().includes('No folder is open'));
    expect(text()).toContain('Open one to adapt the model to your site');
    expect(text()).toContain('None yet. The delivered model is in use.');
    expect(find(screen, 'fr-train-form')).toBeNull();
    await expectNoAxeFindings(screen);
  });

  it('says what is wrong with a folder', async () => {
    await openFolder({ COVID: 5 });
    await until(() => text().includes('pictures of one class only (COVID)'));
    await expectNoAxeFindings(screen);

    await openFolder({ COVID: 5, Normal: 2 }, { 'Yak/read me.txt': 'to come' });
    await until(() => find(screen, 'fr-train-form'));
    expect(text()).toContain('The class folder “ward 3/Yak” holds no pictures and was left out.');
    button(screen, 'Train').click();
    await until(() => text().includes('The class “Normal” has only 2 pictures'));
    expect(services.adapted.run).toBeNull();
    await expectNoAxeFindings(screen);
    button(screen, 'Close').click();
    await until(() => !text().includes('has only 2 pictures'));
  });

  it(
    'shows every setting, and changed copies as training sees them',
    async () => {
      await openFolder({ COVID: 6, Zebra: 6 });
      await until(() => find(screen, 'fr-train-form'));
      expect(text()).toContain('Near-duplicates have not been looked for');
      expect(find(screen, 'fr-augment-preview')).toBeNull();
      await fill('copies', '2');
      await until(() => inside('fr-augment-preview', 'canvas').length === 6, WAIT);
      // Each change has a switch; without all of them a copy is the picture itself.
      const pixels = (at: number): Uint8ClampedArray =>
        inside<HTMLCanvasElement>('fr-augment-preview', 'canvas')
          [at]?.getContext('2d')
          ?.getImageData(0, 0, 224, 224).data ?? new Uint8ClampedArray();
      // Moved by nothing, a gray may still be rounded the other way.
      const alike = (): boolean =>
        [1, 2, 3, 4, 5].every((at) => {
          const itself = pixels(0);
          return pixels(at).every((value, place) => Math.abs(value - (itself[place] ?? 0)) <= 1);
        });
      const changes = ['Rotation', 'Shift', 'Shear', 'Zoom', 'Left and right'];
      const turn = (name: string): void => {
        const each = inside<FrSwitch>('fr-train-form', '.switches fr-switch').find(({ label }) =>
          label.startsWith(name),
        );
        if (!each) throw new Error(`There is no switch “${name}”.`);
        find(each, 'input')?.click();
      };
      expect(alike()).toBe(false);
      for (const name of changes) turn(name);
      await until(alike, 20_000);
      for (const name of changes) {
        turn(name);
        await until(() => !alike(), 20_000);
        turn(name);
        await until(alike, 20_000);
      }
      for (const name of changes) turn(name);
      const details = inside<HTMLDetailsElement>('fr-train-form', 'details')[0];
      expect(details).toBeDefined();
      find(details, 'summary')?.focus();
      await userEvent.keyboard('{Enter}');
      expect(details.open).toBe(true);
      const each = find(details, 'fr-switch');
      if (!each) throw new Error('There is no switch.');
      find(each, 'input')?.click();
      await until(() => text().includes('α of Zebra'));
      await expectNoAxeFindings(screen);
      button(screen, 'Back to the study’s settings').click();
      await until(() => !text().includes('α of Zebra'));
      expect(find(screen, 'fr-augment-preview')).toBeNull();
    },
    LIMIT,
  );
});

describe('a training', () => {
  it(
    'is paused, goes on, ends side by side with the delivered model, and is used by keys alone',
    async () => {
      await openFolder({ COVID: 12, Normal: 12 }, { 'Normal/Normal 3 broken.png': 'no picture' });
      await until(() => find(screen, 'fr-train-form'));
      await fill('epochs', '400');
      await fill('patience', '0');
      await fill('batch', '1');
      const run = () => services.adapted.run;
      const inReading = pressAtPicture('Pause', 8);
      button(screen, 'Train').click();
      await inReading;
      await until(() => text().includes('Continue'), WAIT);
      expect(run()?.phase).toBe('paused');
      await expectNoAxeFindings(screen);

      // With its folder closed it cannot go on, and says so.
      services.workbench.close();
      await until(() => text().includes('Open the folder “ward 3” again to continue.'));
      expect(button(screen, 'Continue').disabled).toBe(true);
      await openFolder({ COVID: 12, Normal: 12 }, { 'Normal/Normal 3 broken.png': 'no picture' });
      await until(() => !button(screen, 'Continue').disabled);

      const inTraining = pressWhen('Pause', () => (run()?.log.length ?? 0) > 1);
      button(screen, 'Continue').focus();
      await userEvent.keyboard('{Enter}');
      await inTraining;
      await until(() => run()?.phase === 'paused', WAIT);
      await until(() => inside('fr-train-progress', 'fr-line-chart').length === 2);
      expect(text()).toMatch(/Epoch \d+: validation loss/);
      expect(text()).toContain('1 picture could not be read and is left out');
      await expectNoAxeFindings(screen);
      button(screen, 'Log as CSV').click();
      await until(() => saved.length === 1);
      expect(await saved[0]?.text()).toContain('epoch,accuracy,loss,val_accuracy,val_loss');

      button(screen, 'Continue').click();
      await until(trained, WAIT);
      await until(() => text().includes('“ward 3” is trained'));
      expect(text()).toMatch(/On the same \d+ validation pictures: adapted/);
      expect(findAll(screen, 'fr-confusion-matrix').length).toBeGreaterThan(0);
      await expectNoAxeFindings(screen);

      button(screen, 'Use it').focus();
      await userEvent.keyboard('{Enter}');
      await until(() => text().includes('In use'));
      expect(services.adapted.active?.name).toBe('ward 3');
      button(screen, 'Close').click();
      await until(() => find(screen, 'fr-train-form'));

      // As one file out, away, and in again; a damaged one is told and changes nothing.
      button(screen, 'Export').click();
      await until(() => saved.length === 2);
      const file = saved[1];
      expect(file.name).toBe('ward-3.fieldray-model.zip');
      const list = find(screen, 'fr-adapted-list') as Node;
      button(list, 'Remove “ward 3”').click();
      await until(() => text().includes('It cannot be brought back'));
      await expectNoAxeFindings(screen);
      button(list, 'Keep it').click();
      button(list, 'Remove “ward 3”').click();
      button(find(list, 'fr-dialog') as Node, 'Remove').click();
      await until(() => services.adapted.models.length === 0);
      expect(services.adapted.activeId).toBeNull();
      await until(() => text().includes('None yet.'));

      const bytes = new Uint8Array(await file.arrayBuffer());
      bytes[bytes.length >> 1] ^= 1;
      await importFile(new File([bytes], file.name));
      await until(() => text().includes('not an adapted model that can be used'));
      expect(services.adapted.models).toHaveLength(0);
      await importFile(file);
      await until(() => services.adapted.models.length === 1);
      await until(() => text().includes('Imported.'));
      expect(text()).not.toContain('not an adapted model that can be used');
      await expectNoAxeFindings(screen);

      button(list, 'Rename “ward 3”').click();
      const naming = find(list, '#naming') as Node;
      await until(() => find<HTMLDialogElement>(naming, 'dialog')?.open);
      await expectNoAxeFindings(screen);
      await userEvent.keyboard('Ward 3, winter{Enter}');
      await until(() => text().includes('Renamed.'));
      expect(services.adapted.models.map(({ name }) => name)).toEqual(['Ward 3, winter']);
      expect(button(list, 'Remove “Ward 3, winter”')).toBeDefined();
      button(list, 'Export').click();
      await until(() => saved.length === 3);
      expect(saved[2]?.name).toBe('Ward-3-winter.fieldray-model.zip');
    },
    LIMIT,
  );

  it(
    'that diverges at once says what to change, and offers nothing that leads there again',
    async () => {
      await openFolder({ A: 8, B: 8 });
      const { folder } = services.workbench;
      if (!folder) throw new Error('No folder is open.');
      const settings = { ...STUDY_SETTINGS, batch: 1, dropout: 0, learningRate: 3e38 };
      await services.adapted.begin(folder, settings, 'ward 3');
      await until(() => services.adapted.run?.phase === 'stopped', WAIT);
      await until(() => text().includes('lost its way in epoch 1'));
      expect(text()).toContain('with a learning rate ten times smaller');
      expect(findAll(screen, 'button').map(textOf)).not.toContain('Continue');
      await expectNoAxeFindings(screen);
      button(screen, 'Cancel the training').click();
      button(screen, 'Cancel for good').click();
      await until(() => find(screen, 'fr-train-form'));
    },
    LIMIT,
  );

  it(
    'is canceled only when that is said twice',
    async () => {
      await pausedHalfway();
      const dialog = (): HTMLDialogElement | null =>
        find<HTMLDialogElement>(find(screen, 'fr-dialog') as Node, 'dialog');
      button(screen, 'Cancel the training').click();
      await until(() => dialog()?.open);
      expect(text()).toContain('What was read and trained for “ward 3” is lost.');
      await expectNoAxeFindings(screen);
      await userEvent.keyboard('{Escape}');
      await until(() => !dialog()?.open);
      expect(services.adapted.run?.phase).toBe('paused');
      button(screen, 'Cancel the training').click();
      button(screen, 'Cancel for good').click();
      await until(() => services.adapted.run === null);
      await until(() => find(screen, 'fr-train-form'));
      expect(services.adapted.trainings).toEqual([]);
    },
    LIMIT,
  );

  it(
    'left by a closed tab waits under its name',
    async () => {
      await pausedHalfway();
      services.adapted.leave();
      await services.adapted.load();
      await until(() => text().includes('Not finished'));
      expect(text()).toMatch(/\d+ of 16 pictures read\./);
      await expectNoAxeFindings(screen);
      button(screen, 'Continue').click();
      await until(trained, WAIT);
      await until(() => text().includes('“ward 3” is trained'));
      // The delivered model knows neither class.
      expect(text()).toContain('the two cannot be compared');
    },
    LIMIT,
  );

  it(
    'that a full disk did not keep asks to be exported at once',
    async () => {
      await openFolder({ A: 8, B: 8 });
      await until(() => find(screen, 'fr-train-form'));
      await onFullDisk(async () => {
        button(screen, 'Train').click();
        await until(trained, WAIT);
        await until(() => text().includes('Export it now, or it is lost'));
      });
      expect(services.adapted.models).toEqual([]);
      expect(findAll(screen, 'button').map(textOf)).not.toContain('Use it');
      await expectNoAxeFindings(screen);
      button(screen, 'Export').click();
      await until(() => saved.length === 1);
      await importFile(saved[0]);
      await until(() => services.adapted.models.length === 1);
    },
    LIMIT,
  );
});
