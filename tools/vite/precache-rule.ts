/**
 * What the service worker keeps: the whole app, so that every screen and every backend works with
 * no network. Left out, and why:
 * - the models: IndexedDB holds them, verified;
 * - the service worker itself: the browser holds it;
 * - precompressed siblings and source maps: other forms of what is kept;
 * - the lists for those who check a site: the parts for programs, the checksums;
 * - the install dialog's screenshots: shown before there is anything to keep.
 * Paths are relative to the built folder, with forward slashes.
 */
export function isPrecached(path: string): boolean {
  return !(
    path.startsWith('models/') ||
    path.startsWith('screenshots/') ||
    path === 'service-worker.js' ||
    path === 'parts.cdx.json' ||
    path === 'SHA256SUMS' ||
    /\.(?:br|gz|map)$/.test(path) ||
    path.split('/').some((part) => part.startsWith('.'))
  );
}
