// The headers Fieldray wants from any host, in one place: our server sends them, the build writes the
// policy into index.html as well, and docs/hosting.md is checked against them by a test.

/**
 * The Content-Security-Policy. Nothing inline, nothing from elsewhere; `wasm-unsafe-eval` lets
 * WebAssembly compile and nothing else; `blob:` pictures are the files the user opened.
 * @param {{ modelsOrigin?: string }} [options] an origin the models come from, when it is not ours
 * @returns {string} the policy as it stands in the <meta> element
 */
export function contentSecurityPolicy(options = {}) {
  const elsewhere = options.modelsOrigin ? ` ${options.modelsOrigin}` : '';
  return [
    "default-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self' blob:",
    `connect-src 'self'${elsewhere}`,
    "worker-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join('; ');
}

/**
 * Headers on every answer. `frame-ancestors` only counts in a header, never in a <meta>.
 * @param {{ modelsOrigin?: string }} [options]
 * @returns {Record<string, string>}
 */
export function securityHeaders(options = {}) {
  return {
    'Content-Security-Policy': `${contentSecurityPolicy(options)}; frame-ancestors 'none'`,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy':
      'camera=(self), clipboard-read=(self), clipboard-write=(self), fullscreen=(self), ' +
      'geolocation=(), microphone=(), payment=(), usb=(), serial=(), hid=(), midi=()',
  };
}

/**
 * The other origin a built page takes its models from, read out of the policy that the build wrote
 * into it: a header stricter than the page would forbid the download.
 * @param {string} html the built index.html
 * @returns {string | undefined}
 */
export function modelsOriginOf(html) {
  return /connect-src 'self' (https?:\/\/[^\s;"]+)/.exec(html)?.[1];
}

/** What the build names after its content: the name changes whenever a byte does. */
const HASHED = /(?:^|\/)assets\/[^/]+-[A-Za-z0-9_-]{8}\.[a-z0-9]+(?:\.[a-z0-9]+)?$/;
/** Weight shards: IndexedDB keeps them, a second copy in the browser's HTTP cache has no use. */
const WEIGHTS = /(?:^|\/)models\/.+\.bin$/;

/**
 * Cache-Control of a file.
 * @param {string} path relative to the served folder, with forward slashes
 * @returns {string}
 */
export function cacheControl(path) {
  if (HASHED.test(path)) return 'public, max-age=31536000, immutable';
  if (WEIGHTS.test(path)) return 'no-store';
  // The page, the service worker, the web app manifest, the models' manifests: ask every time (304).
  return 'no-cache';
}
