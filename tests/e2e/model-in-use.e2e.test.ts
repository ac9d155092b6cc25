/** Which model reads, while another tab changes it: two real tabs of one browser. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { packModel } from '../../src/adaptation/pack.ts';
import { parseManifest, type Manifest } from '../../src/model/index.ts';
import { smallAdaptedModel } from '../adaptation/small-model.ts';
import type { AppPage } from './support/app-page.ts';
import { buildFolder } from './support/builds.ts';
import { useClinic } from './support/clinic.ts';

const clinic = useClinic();
let reader: AppPage;
let other: AppPage;
let delivered: Manifest;
const MANY = 40;
const SITE = '2.0.9+site.aaaabbbbcccc';

beforeAll(async () => {
  const models = path.join(buildFolder('first'), 'models');
  const { manifest } = JSON.parse(await readFile(path.join(models, 'current.json'), 'utf8')) as {
    manifest: string;
  };
  delivered = parseManifest(JSON.parse(await readFile(path.join(models, manifest), 'utf8')));
  reader = await clinic.tablet.open(clinic.site.url);
  await reader.setUp();
  other = await clinic.tablet.open(clinic.site.url);
  await other.readScreen.waitFor();
});

/** The other tab finds a newer model on the server and installs it. */
async function update(tab: AppPage, version: string): Promise<void> {
  await clinic.site.offerModel(version);
  await tab.goTo('status');
  await tab.page.getByRole('button', { name: 'Look for a newer model' }).click();
  await tab.page.getByRole('button', { name: 'Download it' }).click();
  await tab.page
    .locator('section[aria-labelledby=model] dd', { hasText: version })
    .first()
    .waitFor({ timeout: 120_000 });
}

interface Told {
  readonly phase: string;
  readonly version: string;
  /** Under which adapted model it was judged. */
  readonly adapted: string;
}

/** Every opened picture: how far it is, and which model its reading names. */
function told(page: Page): Promise<Told[]> {
  return page.evaluate(() => {
    interface Entry {
      readonly state: {
        readonly phase: string;
        readonly reading?: { readonly modelVersion: string };
        readonly assurance?: { readonly adapted: { readonly name: string } | null };
      };
    }
    const app = document.querySelector('fieldray-app') as unknown as {
      services: { session: { cases: readonly Entry[] } };
    };
    return app.services.session.cases.map(({ state }) => ({
      phase: state.phase,
      version: state.reading?.modelVersion ?? '',
      adapted: state.assurance?.adapted?.name ?? '',
    }));
  });
}

/** Opens one more picture and waits for its result. */
async function readOne(tab: AppPage, variant: number): Promise<Told | undefined> {
  const before = (await told(tab.page)).length;
  await tab.goTo('read');
  await tab.openFiles([await clinic.pictures.file(variant)]);
  const last = async (): Promise<Told | undefined> => (await told(tab.page))[before];
  await expect
    .poll(async () => (await last())?.phase, { timeout: 120_000 })
    .toMatch(/^(done|failed)$/);
  return last();
}

/** Opens so many pictures that the reading outlasts what the other tab does; the first is read. */
async function beginMany(tab: AppPage, count: number): Promise<void> {
  const files: string[] = [];
  for (let variant = 0; variant < count; variant += 1) {
    files.push(await clinic.pictures.file(variant, 700, 'png'));
  }
  await tab.goTo('read');
  const before = (await told(tab.page)).length;
  await tab.openFiles(files);
  await expect
    .poll(async () => (await told(tab.page)).slice(before).some(({ phase }) => phase === 'done'), {
      timeout: 60_000,
    })
    .toBe(true);
}

/** What the last `count` pictures say, once all of them are read. The change came while they were. */
async function endMany(tab: AppPage, count: number): Promise<Told[]> {
  const under = (await told(tab.page)).slice(-count);
  expect(under.some(({ phase }) => phase === 'queued' || phase === 'reading')).toBe(true);
  const open = async (): Promise<number> =>
    (await told(tab.page)).filter(({ phase }) => phase === 'queued' || phase === 'reading').length;
  await expect.poll(open, { timeout: 120_000 }).toBe(0);
  return (await told(tab.page)).slice(-count);
}

describe('an update of the delivered model in another tab', () => {
  it('reaches a tab whose engine was warmed up with the older one', async () => {
    await reader.goTo('status');
    await reader.page.getByRole('button', { name: 'Test again' }).waitFor();
    await reader.page.getByText('Tested', { exact: true }).waitFor({ timeout: 60_000 });
    await update(other, '2.0.8');
    const result = await reader.read(await clinic.pictures.file(40));
    expect(result.model).toContain('2.0.8');
  });

  it('leaves a reading under way to the model it began with, and takes the next', async () => {
    await beginMany(reader, MANY);
    await update(other, '2.0.9');
    const read = await endMany(reader, MANY);
    expect(read).toEqual(read.map(() => ({ phase: 'done', version: '2.0.8', adapted: '' })));
    expect(await readOne(reader, 41)).toMatchObject({ phase: 'done', version: '2.0.9' });
    expect(clinic.tablet.complaints).toEqual([]);
  });
});

describe('an adapted model that another tab changes', () => {
  const list = (tab: AppPage) => tab.page.locator('fr-adapted-list');

  async function goToAdaptation(tab: AppPage): Promise<void> {
    await tab.page.evaluate(() => (location.hash = '#/adaptation'));
    await tab.page.getByRole('heading', { name: 'Adaptation', exact: true }).waitFor();
  }

  async function bring(tab: AppPage, name: string): Promise<void> {
    const base = { ...delivered, version: '2.0.9' };
    const file = await packModel(smallAdaptedModel(base, { id: 'aaaabbbbcccc', name }));
    const where = await clinic.pictures.bytes(
      'ward.fieldray-model.zip',
      new Uint8Array(await file.arrayBuffer()),
    );
    await goToAdaptation(tab);
    await list(tab).locator('input[type=file]').setInputFiles(where);
    await list(tab).getByRole('heading', { name }).waitFor();
  }

  it('is imported and taken into use while this tab reads', async () => {
    await beginMany(reader, MANY);
    await bring(other, 'Ward 3');
    await list(other).getByRole('button', { name: 'Use it' }).click();
    await other.page.getByText('In use: every result says').first().waitFor();
    const read = await endMany(reader, MANY);
    expect(read).toEqual(read.map(() => ({ phase: 'done', version: '2.0.9', adapted: '' })));
    const next = await readOne(reader, 42);
    expect(next).toEqual({ phase: 'done', version: SITE, adapted: 'Ward 3' });
  });

  it('is renamed while this tab reads with it', async () => {
    await beginMany(reader, MANY);
    await goToAdaptation(other);
    await list(other).getByRole('button', { name: 'Rename “Ward 3”' }).click();
    const dialog = list(other).locator('#naming');
    await dialog.getByLabel('Name', { exact: true }).fill('Ward 4');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await list(other).getByRole('heading', { name: 'Ward 4' }).waitFor();
    const read = await endMany(reader, MANY);
    // It is the same model under either name: what was judged after the change says the new one.
    for (const each of read) {
      expect(each).toMatchObject({ phase: 'done', version: SITE });
      expect(each.adapted).toMatch(/^Ward [34]$/);
    }
    const next = await readOne(reader, 43);
    expect(next).toEqual({ phase: 'done', version: SITE, adapted: 'Ward 4' });
  });

  it('is removed while this tab reads with it', async () => {
    await beginMany(reader, MANY);
    await goToAdaptation(other);
    await list(other).getByRole('button', { name: 'Remove “Ward 4”' }).click();
    await list(other)
      .locator('fr-dialog')
      .getByRole('button', { name: 'Remove', exact: true })
      .click();
    await list(other).getByText('None yet. The delivered model is in use.').waitFor();
    const read = await endMany(reader, MANY);
    expect(read).toEqual(read.map(() => ({ phase: 'done', version: SITE, adapted: 'Ward 4' })));
    const next = await readOne(reader, 44);
    expect(next).toEqual({ phase: 'done', version: '2.0.9', adapted: '' });
    expect(clinic.tablet.complaints).toEqual([]);
  });
});
