// Installs the packages of package-lock.json if they are not there, exactly as the lock names them.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** @typedef {{ packages: Record<string, { version?: string, optional?: boolean, link?: boolean }> }} Lock */

/**
 * True when node_modules holds what the lock file names. Optional packages are for other systems.
 * @returns {boolean}
 */
function isInstalled() {
  const installed = `${ROOT}/node_modules/.package-lock.json`;
  if (!existsSync(installed)) return false;
  /** @type {Lock} */
  const wanted = JSON.parse(readFileSync(`${ROOT}/package-lock.json`, 'utf8'));
  /** @type {Lock} */
  const there = JSON.parse(readFileSync(installed, 'utf8'));
  return Object.entries(wanted.packages).every(
    ([place, one]) =>
      place === '' || one.optional || there.packages[place]?.version === one.version,
  );
}

/** Runs `npm ci` when something is missing; ends the process with npm's own message if it fails. */
export function ensurePackages() {
  if (isInstalled()) return;
  console.log('Installing the packages (npm ci) …');
  const done = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: ROOT,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (done.status !== 0) {
    console.error(
      'The packages could not be installed; npm says why above. A network, or a filled npm cache, is needed once.',
    );
    process.exit(done.status ?? 1);
  }
}
