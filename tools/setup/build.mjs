// Builds the app when its sources changed since the last build.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './install.mjs';

/** Whatever can change a byte of the built app. */
const SOURCES = [
  'index.html',
  'package.json',
  'package-lock.json',
  'vite.config.ts',
  'tsconfig.base.json',
  'src',
  'public',
  'tools/vite',
  'tools/serve/headers.mjs',
];
const SETTINGS = [
  'FIELDRAY_VERSION',
  'FIELDRAY_COMMIT',
  'FIELDRAY_MODELS_BASE',
  'SOURCE_DATE_EPOCH',
];
const MARK = path.join(ROOT, 'node_modules/.cache/fieldray/built.txt');

/** @param {string} place @returns {string[]} */
function filesBelow(place) {
  const full = path.join(ROOT, place);
  if (!existsSync(full)) return [];
  if (statSync(full).isFile()) return [place];
  return readdirSync(full, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(place, name))
    .filter((name) => statSync(path.join(ROOT, name)).isFile())
    .sort();
}

/** @returns {string} */
function fingerprint() {
  const hash = createHash('sha256');
  for (const setting of SETTINGS) hash.update(`${setting}=${process.env[setting] ?? ''}\0`);
  const head = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: ROOT, encoding: 'utf8' });
  hash.update(head.status === 0 ? head.stdout : '');
  for (const name of SOURCES.flatMap(filesBelow)) {
    hash
      .update(`${name}\0`)
      .update(readFileSync(path.join(ROOT, name)))
      .update('\0');
  }
  return hash.digest('hex');
}

/** Builds into dist/ unless what is there comes from these very sources. */
export function ensureBuilt() {
  const wanted = fingerprint();
  const there =
    existsSync(path.join(ROOT, 'dist/service-worker.js')) && existsSync(MARK)
      ? readFileSync(MARK, 'utf8')
      : '';
  if (there === wanted) return;
  console.log('Building the app …');
  const done = spawnSync(
    process.execPath,
    ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn'],
    { cwd: ROOT, stdio: 'inherit' },
  );
  if (done.status !== 0) {
    console.error('The app could not be built; the reason stands above.');
    process.exit(done.status ?? 1);
  }
  mkdirSync(path.dirname(MARK), { recursive: true });
  writeFileSync(MARK, wanted);
}
