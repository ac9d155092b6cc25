import { expect, it } from 'vitest';
import { useClinic } from './support/clinic.ts';

const outside: string[] = [];

const clinic = useClinic({
  site: {
    basePath: '/district-7/x-ray/',
    intercept: (request, _response, path) => {
      if (path === '') outside.push(request.url ?? '');
      return false;
    },
  },
});

it('does everything below any path of any host', async () => {
  const app = await clinic.tablet.open(clinic.site.url);
  await app.setUp();
  const result = await app.read(await clinic.pictures.file(4));

  const facts = await app.page.evaluate(async () => ({
    scope: (await navigator.serviceWorker.ready).scope,
    manifest: document.querySelector<HTMLLinkElement>('link[rel=manifest]')?.href ?? '',
  }));
  expect(facts.scope).toBe(clinic.site.url);
  const manifest = await app.page.evaluate(
    async (url) => (await (await fetch(url)).json()) as Record<string, string>,
    facts.manifest,
  );
  for (const key of ['start_url', 'scope'] as const) {
    expect(new URL(manifest[key] ?? '', facts.manifest).href).toBe(clinic.site.url);
  }

  await clinic.site.stop();
  await clinic.tablet.context.setOffline(true);
  await app.reload();
  expect(await app.read(await clinic.pictures.file(4))).toEqual(result);
  // The browser asks the root of a host for its icon at times; we never do.
  expect(outside.filter((url) => url !== '/favicon.ico')).toEqual([]);
  expect(clinic.tablet.complaints).toEqual([]);
});

it('is installable there: the browser finds no fault with the manifest', async () => {
  await clinic.site.restart();
  await clinic.tablet.context.setOffline(false);
  const app = await clinic.tablet.open(clinic.site.url);
  const session = await clinic.tablet.context.newCDPSession(app.page);
  const { errors, url } = (await session.send('Page.getAppManifest')) as {
    errors: unknown[];
    url: string;
  };
  expect(url).toBe(`${clinic.site.url}manifest.webmanifest`);
  expect(errors).toEqual([]);
  const { installabilityErrors } = (await session.send('Page.getInstallabilityErrors')) as {
    installabilityErrors: { errorId: string }[];
  };
  // The only objection left is to the test's own kind of window.
  expect(
    installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito'),
  ).toEqual([]);
});
