// Where the Chromium is that tests, benchmarks and `npm run evaluate` drive.
// Plain JavaScript without dependencies: tools/test.mjs asks before anything is installed.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';

const SYSTEM_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

/** The browser playwright-core's own installer put on this machine, if it did. */
function playwrightsOwn() {
  try {
    const require = createRequire(import.meta.url);
    /** @type {{ chromium: { executablePath(): string } }} */
    const { chromium } = require('playwright-core');
    return chromium.executablePath();
  } catch {
    return null;
  }
}

/**
 * Path of a Chromium, or null: FIELDRAY_CHROMIUM first, then the system's, then playwright's own.
 * @returns {string | null}
 */
export function findChromium() {
  const wished = process.env.FIELDRAY_CHROMIUM;
  if (wished) {
    if (!existsSync(wished)) {
      throw new Error(`FIELDRAY_CHROMIUM names ${wished}, and there is no such file.`);
    }
    return wished;
  }
  for (const place of [...SYSTEM_PLACES, playwrightsOwn()]) {
    if (place && existsSync(place)) return place;
  }
  return null;
}

/**
 * The same, for callers that cannot go on without one.
 * @returns {string}
 */
export function requireChromium() {
  const found = findChromium();
  if (found) return found;
  throw new Error(
    'No Chromium was found. Install one (on Debian: apt-get install chromium), run ' +
      '`npx playwright-core install chromium`, or name one in FIELDRAY_CHROMIUM.',
  );
}

/**
 * Arguments every headless run needs: WebGPU on software rendering, and no traffic of the browser's own.
 * @type {readonly string[]}
 */
export const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-default-apps',
  '--disable-dev-shm-usage',
];
