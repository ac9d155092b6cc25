/**
 * The service worker keeps the shell and nothing else. The model is never in it (IndexedDB holds
 * it, verified), and a request for a model's file always goes to the network.
 */
import {
  cacheNames,
  clientsClaim,
  registerQuotaErrorCallback,
  setCacheNameDetails,
} from 'workbox-core';
import {
  addPlugins,
  cleanupOutdatedCaches,
  createHandlerBoundToURL,
  getCacheKeyForURL,
  precacheAndRoute,
} from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';
import {
  SHARE_PATH,
  type KeepFailed,
  type KeepFailure,
  type ServiceWorkerVersion,
  type ToServiceWorker,
} from './service-worker/contract.ts';
import { checkKept, failureOf, type KeptEntry } from './service-worker/kept.ts';
import { receiveShare } from './service-worker/share.ts';

declare const self: ServiceWorkerGlobalScope;

const scope = self.registration.scope;
setCacheNameDetails({ prefix: 'fieldray', suffix: scope });

const sharePath = new URL(SHARE_PATH, scope).pathname;
const modelsPath = new URL('models/', scope).pathname;

registerRoute(
  ({ url, sameOrigin }) => sameOrigin && url.pathname === sharePath,
  ({ request }) => receiveShare(request, scope),
  'POST',
);

// The list is written in by the build (tools/vite/service-worker.ts), each entry with its SHA-256:
// a captive portal's page in the place of a file makes the installation fail, and the old app stays.
const entries = self.__WB_MANIFEST;
addPlugins([
  {
    fetchDidFail: ({ request }) => tellWhy(request.url),
    fetchDidSucceed: async ({ request, response }) => {
      if (!response.ok) await tellWhy(request.url);
      return response;
    },
  },
]);
registerQuotaErrorCallback(() => tellFailure({ reason: 'no-room', file: '' }));
precacheAndRoute(entries, { cleanURLs: false });
cleanupOutdatedCaches();

async function tellWhy(url: string): Promise<void> {
  // Later, a file that is missing from the store is simply fetched from the network.
  if (!self.registration.installing) return;
  await tellFailure(await failureOf(url, scope, fetch));
}

/** The browser says only that the installation failed; the windows also want to say why. */
async function tellFailure(failure: KeepFailure): Promise<void> {
  const news: KeepFailed = { type: 'KEEP_FAILED', failure };
  const windows = await self.clients.matchAll({ includeUncontrolled: true, type: 'window' });
  for (const window of windows) window.postMessage(news);
}

async function checkStore(): ReturnType<typeof checkKept> {
  const cache = await caches.open(cacheNames.precache);
  return checkKept(entries as readonly KeptEntry[], {
    scope,
    fetch: (url, init) => fetch(url, init),
    match: (url) => cache.match(getCacheKeyForURL(url) ?? url),
    put: (url, response) => cache.put(getCacheKeyForURL(url) ?? url, response),
  });
}

// Any address inside the scope opens the app; only models/ is left to the network. The page's own
// addresses are relative, so it can only be given at the root: elsewhere the browser is sent there
// (and takes the part behind the # along).
const root = new URL(scope).pathname;
const openApp = createHandlerBoundToURL('index.html');
registerRoute(
  new NavigationRoute(
    async (options) => {
      const { pathname } = options.url;
      if (pathname === root || pathname === `${root}index.html`) return openApp(options);
      return Response.redirect(scope, 302);
    },
    { denylist: [new RegExp(`^${modelsPath.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`)] },
  ),
);

// The very first installation takes the page that asked for it, so that the first visit can already
// go offline. An update never does: it waits until the person says so (SKIP_WAITING).
if (!self.registration.active) clientsClaim();

self.addEventListener('message', (event) => {
  const message = event.data as ToServiceWorker | null;
  switch (message?.type) {
    case 'SKIP_WAITING':
      event.waitUntil(self.skipWaiting());
      break;
    case 'GET_VERSION': {
      const answer: ServiceWorkerVersion = { version: __APP_VERSION__, commit: __APP_COMMIT__ };
      event.ports[0]?.postMessage(answer);
      break;
    }
    case 'CHECK_KEPT':
      event.waitUntil(checkStore().then((answer) => event.ports[0]?.postMessage(answer)));
      break;
    case undefined:
      break;
  }
});
