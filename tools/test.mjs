#!/usr/bin/env node
// npm test: installs what is missing, a browser included, then checks everything there is to check.
// The last line is `N passed, N failed, N skipped`, and only that line has this form.
import './setup/node-version.mjs';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureChromium, tryOtherBrowsers } from './setup/browsers.mjs';
import {
  countJunit,
  countUnittest,
  countVitest,
  failuresOfVitest,
  timesOfVitest,
} from './setup/counts.mjs';
import { ensurePackages, ROOT } from './setup/install.mjs';

const reports = mkdtempSync(path.join(os.tmpdir(), 'fieldray-test-'));
const total = { passed: 0, failed: 0, skipped: 0 };
/** @type {string[]} */
const summary = [];
/** @type {{ name: string, seconds: number }[]} */
const times = [];
const node = process.execPath;
const PYTHON = '/usr/bin/python3';

/**
 * @param {string} title
 * @param {string} command
 * @param {string[]} args
 * @param {{ minutes: number, env?: Record<string, string>, beside?: boolean }} options `beside`: others
 *   run meanwhile, so what it says is shown when it ends
 * @returns {Promise<{ ok: boolean, seconds: string, errors: string }>}
 */
function run(title, command, args, { minutes, env = {}, beside = false }) {
  const heading = `\n── ${title}`;
  if (!beside) console.log(heading);
  const started = Date.now();
  return new Promise((resolve) => {
    let said = '';
    let errors = '';
    const output = beside ? 'pipe' : 'inherit';
    const child = spawn(command, args, {
      cwd: ROOT,
      stdio: ['ignore', output, output],
      timeout: minutes * 60_000,
      env: { ...process.env, ...env },
    });
    const end = (/** @type {boolean} */ ok) => {
      if (beside) console.log(`${heading}\n${said}`);
      resolve({ ok, seconds: ((Date.now() - started) / 1000).toFixed(0), errors });
    };
    child.stdout?.on('data', (chunk) => (said += chunk));
    child.stderr?.on('data', (chunk) => {
      said += chunk;
      errors += chunk;
    });
    child.once('error', (error) => {
      said += error.message;
      end(false);
    });
    child.once('close', (code) => end(code === 0));
  });
}

/** A check without tests of its own: silent in the sum while it holds, one failure when it does not. */
async function check(/** @type {string} */ title, /** @type {string[]} */ args) {
  const { ok, seconds } = await run(title, node, args, { minutes: 6, beside: true });
  if (!ok) total.failed += 1;
  summary.push(`${ok ? 'ok    ' : 'FAILED'} ${title} (${seconds} s)`);
}

/** @param {string} title @param {boolean} ok @param {string} seconds @param {import('./setup/counts.mjs').Counts | null} counts */
function add(title, ok, seconds, counts) {
  const found = counts ?? { passed: 0, failed: 0, skipped: 0 };
  // A run that ended badly without a failing test still failed: no report, a crash, no tests found.
  if ((!ok || !counts) && found.failed === 0) found.failed = 1;
  for (const key of /** @type {const} */ (['passed', 'failed', 'skipped']))
    total[key] += found[key];
  summary.push(
    `${found.failed === 0 ? 'ok    ' : 'FAILED'} ${title}: ${found.passed} passed / ` +
      `${found.failed} failed / ${found.skipped} skipped (${seconds} s)`,
  );
}

/** @param {string} project @param {number} minutes */
async function vitest(project, minutes) {
  const report = path.join(reports, `${project}.json`);
  const { ok, seconds } = await run(
    `vitest: ${project}`,
    node,
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      ...['--project', project],
      ...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    ],
    { minutes },
  );
  const told = existsSync(report) ? readFileSync(report, 'utf8') : null;
  add(`vitest ${project}`, ok, seconds, told === null ? null : countVitest(told));
  if (told !== null) times.push(...timesOfVitest(told));
  if (told !== null) summary.push(...failuresOfVitest(told).map((line) => `       ${line}`));
}

/** @param {string} module */
function pythonHas(module) {
  return spawnSync(PYTHON, ['-c', `import ${module}`], { stdio: 'ignore' }).status === 0;
}

async function python() {
  if (!pythonHas('torch')) {
    total.skipped += 1;
    summary.push('skipped training (Python): PyTorch is not installed here');
    return;
  }
  // One thread: the other core checks the TypeScript meanwhile, and threads that wait for each other spin.
  const env = { PYTHONDONTWRITEBYTECODE: '1', OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };
  const options = { minutes: 8, env, beside: true };
  if (pythonHas('pytest')) {
    const report = path.join(reports, 'pytest.xml');
    const args = [
      '-m',
      'pytest',
      '-q',
      '-p',
      'no:cacheprovider',
      `--junitxml=${report}`,
      'training',
    ];
    const { ok, seconds } = await run('training: pytest', PYTHON, args, options);
    add(
      'training',
      ok,
      seconds,
      existsSync(report) ? countJunit(readFileSync(report, 'utf8')) : null,
    );
  } else {
    const args = ['-m', 'unittest', 'discover', '-s', 'training', '-p', 'test_*.py'];
    const { ok, seconds, errors } = await run('training: unittest', PYTHON, args, options);
    add('training', ok, seconds, countUnittest(errors));
  }
}

ensurePackages();
ensureChromium();
tryOtherBrowsers();

async function checks() {
  await check('prettier', [
    'node_modules/prettier/bin/prettier.cjs',
    '--check',
    '--log-level',
    'warn',
    '.',
  ]);
  await check('eslint', ['node_modules/eslint/bin/eslint.js', '.']);
  for (const program of ['page', 'worker', 'node']) {
    const args = ['node_modules/typescript/bin/tsc', '-p', `tsconfig.${program}.json`];
    await check(`tsc: ${program}`, args);
  }
}

await Promise.all([checks(), python()]);
await vitest('unit', 10);
await vitest('browser', 12);
await vitest('e2e', 18);

rmSync(reports, { recursive: true, force: true });
const slowest = times.sort((a, b) => b.seconds - a.seconds).slice(0, 10);
console.log('\nThe slowest files, in seconds:');
for (const { name, seconds } of slowest) console.log(`${seconds.toFixed(1).padStart(7)} ${name}`);
console.log(`\n${summary.join('\n')}\n`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 ? 0 : 1;
