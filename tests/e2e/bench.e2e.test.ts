import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { buildFolder } from './support/builds.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** No figure is looked at: whether it is fast is for a quiet machine. That it measures is for every one. */
it('runs every contender of the benchmark, which all compute the same, and writes its table', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'fieldray-bench-test-'));
  try {
    const out = path.join(folder, 'RESULTS.md');
    const few = ['--runs', '1', '--passes', '1', '--pictures', '8'];
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['bench/bench.mjs', ...few, '--app', buildFolder('first'), '--out', out],
      { cwd: root },
    );
    const table = await readFile(out, 'utf8');
    for (const what of [
      'Fieldray, fused graph on WASM',
      'onnxruntime-web, 1 thread',
      'onnxruntime-web, 2 threads',
      'tfjs, the same network unfused',
      'File to result, PNG 1024 × 1024',
      'File to result, PNG 3000 × 2500',
      'Folder of 8 PNG 299 × 299, pool',
      'with gate, quality, evidence map',
      'App start to its screen',
      'Shell before the first paint',
      'networks gave the same class on 8 inputs',
    ]) {
      expect(stdout).toContain(what);
      expect(table).toContain(what);
    }
    expect(table).not.toMatch(/NaN|undefined|Infinity/);
    expect(table).not.toContain(root);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 420_000);
