// Finds the browsers the tests drive, and installs from Debian what is missing where that is possible.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findChromium } from '../browser/find-chromium.mjs';
import { findFirefox, findWebKit } from '../browser/find-others.mjs';
import { ROOT } from './install.mjs';

/** A machine without a network must not keep the tests waiting. */
const APT_LIMIT_MS = 8 * 60_000;
let listsRead = false;

function canInstall() {
  return process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
}

/**
 * @param {string[]} args
 * @returns {boolean}
 */
function apt(args) {
  const done = spawnSync('apt-get', ['-qq', '-o', 'Acquire::Retries=1', ...args], {
    stdio: ['ignore', 'ignore', 'ignore'],
    timeout: APT_LIMIT_MS,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return done.status === 0;
}

/**
 * @param {string[]} packages
 * @returns {boolean}
 */
function aptInstall(packages) {
  if (!canInstall()) return false;
  if (!listsRead) {
    listsRead = true;
    apt(['update']);
  }
  console.log(`Installing ${packages.join(', ')} (apt-get) …`);
  return apt(['install', '-y', '--no-install-recommends', ...packages]);
}

/**
 * A Chromium, installed if need be: the system's, else Debian's, else playwright-core's own.
 * Ends the process with a plain message when there is no way to one.
 */
export function ensureChromium() {
  if (findChromium()) return;
  if (aptInstall(['chromium']) && findChromium()) return;
  console.log("Fetching playwright-core's Chromium …");
  spawnSync(process.execPath, ['node_modules/playwright-core/cli.js', 'install', 'chromium'], {
    cwd: ROOT,
    stdio: 'inherit',
    timeout: APT_LIMIT_MS,
  });
  if (findChromium()) return;
  console.error(
    'The tests need a Chromium and none could be found or installed. Install one (on Debian: ' +
      'apt-get install chromium) or name one in FIELDRAY_CHROMIUM.',
  );
  process.exit(1);
}

/** Firefox and WebKitGTK are tried; tests in them are skipped, with a line, where they are missing. */
export function tryOtherBrowsers() {
  if (!findFirefox()) aptInstall(['firefox-esr']);
  if (!findWebKit()) aptInstall(['webkit2gtk-driver', 'xvfb', 'xauth', 'dbus']);
}
