import { describe, expect, it } from 'vitest';
import { useClinic } from './support/clinic.ts';

const clinic = useClinic();

describe('airplane mode', () => {
  it('reads without a reload right after the first visit', async () => {
    const app = await clinic.tablet.open(clinic.site.url);
    await app.setUp();
    await clinic.site.stop();
    await clinic.tablet.context.setOffline(true);
    const first = await app.read(await clinic.pictures.file(1));
    expect(first.probabilities).toHaveLength(4);

    await app.reload();
    await app.goTo('read');
    const again = await app.read(await clinic.pictures.file(1));
    expect(again).toEqual(first);
  });

  it('closes and opens again', async () => {
    const [page] = clinic.tablet.context.pages();
    if (!page) throw new Error('The tab of the first test is gone.');
    await page.close();
    const app = await clinic.tablet.open(clinic.site.url);
    await app.readScreen.waitFor();
    expect((await app.read(await clinic.pictures.file(2))).probabilities).toHaveLength(4);
  });

  it('survives a restart of the browser, at an address it never saw', async () => {
    await clinic.tablet.switchOff();
    await clinic.tablet.switchOn();
    await clinic.tablet.context.setOffline(true);
    const app = await clinic.tablet.open(`${clinic.site.url}some/old/bookmark?from=mail#/status`);
    await app.page.locator('fr-status-screen').waitFor();
    const elsewhere = await clinic.tablet.open(clinic.site.url);
    expect((await elsewhere.read(await clinic.pictures.file(3))).probabilities).toHaveLength(4);
  });

  it('takes the server back when it comes back, and says when it does not', async () => {
    const [page] = clinic.tablet.context.pages();
    if (!page) throw new Error('The tab of the earlier test is gone.');
    await page.close();
    const app = await clinic.tablet.open(`${clinic.site.url}#/status`);
    const check = app.page.getByRole('button', { name: 'Check for an update' });
    await check.click();
    await app.page.getByText('The server could not be asked.').waitFor();
    await clinic.site.restart();
    await clinic.tablet.context.setOffline(false);
    await check.click();
    await app.page.getByText('This is the newest version.').waitFor();
  });
});
