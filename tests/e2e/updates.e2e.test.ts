import { beforeEach, describe, expect, it } from 'vitest';
import type { AppPage } from './support/app-page.ts';
import { NEXT_VERSION } from './support/builds.ts';
import { useClinic } from './support/clinic.ts';

let app: AppPage;

let cut: (path: string) => boolean = () => false;

const clinic = useClinic({
  forEach: true,
  site: {
    intercept: (request, _response, path) => {
      if (!cut(path)) return false;
      request.socket.destroy();
      return true;
    },
  },
});
beforeEach(async () => {
  cut = () => false;
  app = await clinic.tablet.open(clinic.site.url);
  await app.setUp();
});

/** Which build a tab is made of, as its status page says. */
async function versionOf(page: AppPage): Promise<string> {
  await page.goTo('status');
  return page.page
    .locator('dt', { hasText: /^Version$/ })
    .last()
    .locator('+ dd')
    .innerText();
}

const updateNow = (page: AppPage) =>
  page.updateBanner.getByRole('button', { name: /Update now|Close the pictures and update/ });

async function askForUpdate(page: AppPage): Promise<void> {
  await page.goTo('status');
  await page.page.getByRole('button', { name: 'Check for an update' }).click();
  await page.updateBanner.getByText(`Version ${NEXT_VERSION} is ready`).waitFor();
}

describe('a new version of the app', () => {
  it('is offered, and not taken before the person says so', async () => {
    const before = await versionOf(app);
    await clinic.site.deploy('next');
    await askForUpdate(app);

    // Nobody who looks at a picture is asked; at the list it is offered again.
    await app.read(await clinic.pictures.file(1));
    const offer = app.updateBanner.getByText(`Version ${NEXT_VERSION} is ready`);
    expect(await offer.isVisible()).toBe(false);
    await app.goTo('read');
    await offer.waitFor();

    // Reloading is not saying so, and neither is closing and opening: the old one still answers.
    await app.reload();
    await app.updateBanner.getByText(`Version ${NEXT_VERSION} is ready`).waitFor();
    expect(await versionOf(app)).toBe(before);

    const reloaded = app.page.waitForEvent('load');
    await updateNow(app).click();
    await reloaded;
    expect(await versionOf(app)).toContain(NEXT_VERSION);
    expect(await app.updateBanner.getByRole('button').count()).toBe(0);

    // The model is still there and the new version works without a network.
    await clinic.site.stop();
    await clinic.tablet.context.setOffline(true);
    await app.reload();
    expect((await app.read(await clinic.pictures.file(1))).probabilities).toHaveLength(4);
  });

  it('waits while a batch runs, here and in another tab', async () => {
    const other = await clinic.tablet.open(clinic.site.url);
    await clinic.site.deploy('next');
    await askForUpdate(app);

    const many: string[] = [];
    for (let variant = 0; variant < 12; variant += 1) {
      many.push(await clinic.pictures.file(variant, 900, 'jpeg'));
    }
    let loads = 0;
    other.page.on('load', () => (loads += 1));
    await other.goTo('read');
    await other.openFiles(many);
    await other.page.locator('fr-thumb-list').first().waitFor();

    // The idle tab asks; the one with the batch keeps it from happening.
    await updateNow(app).click();
    await app.updateBanner.getByText('in another tab or window').waitFor();
    // In the tab with the batch itself the button is not even to be pressed.
    await other.updateBanner.getByText(`Version ${NEXT_VERSION} is ready`).waitFor();

    await other.allRead();
    expect(loads).toBe(0);
    const failures = await other.page.getByRole('button', { name: 'Try again' }).count();
    expect(failures).toBe(0);

    // The results are put away: now it is taken, and both tabs are the new version.
    const both = Promise.all([app.page.waitForEvent('load'), other.page.waitForEvent('load')]);
    await updateNow(other).click();
    await both;
    expect(await versionOf(app)).toContain(NEXT_VERSION);
    expect(await versionOf(other)).toContain(NEXT_VERSION);
  });

  it('half-fetched is thrown away: the old one stays and works, a later try succeeds', async () => {
    const before = await versionOf(app);
    await clinic.site.deploy('next');
    // The line breaks while the new files come.
    cut = (path) => path.endsWith('index.html');
    await app.page.getByRole('button', { name: 'Check for an update' }).click();
    await app.page.getByText('The server could not be asked.').waitFor();
    expect(await versionOf(app)).toBe(before);
    expect((await app.read(await clinic.pictures.file(2))).probabilities).toHaveLength(4);
    await app.page.goto(clinic.site.url);

    cut = () => false;
    await askForUpdate(app);
  });
});
