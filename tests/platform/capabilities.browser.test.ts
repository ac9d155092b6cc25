import { expect, it } from 'vitest';
import { readCapabilities } from '../../src/platform/capabilities.ts';

it('tells what this Chromium can do, which is known', async () => {
  const found = await readCapabilities();
  expect(found).toMatchObject({
    webgpu: 'available',
    webgpuFallback: true,
    webgl2: true,
    wasm: true,
    wasmSimd: true,
    indexedDb: true,
    opfs: true,
    serviceWorker: true,
    webLocks: true,
  });
  expect(found.webgpuAdapter).toMatch(/swiftshader/i);
  expect(found.cores).toBe(navigator.hardwareConcurrency);
  expect(found.userAgent).toBe(navigator.userAgent);
});

it('leaves no database of its own behind', async () => {
  await readCapabilities();
  const names = (await indexedDB.databases()).map(({ name }) => name ?? '');
  expect(names.filter((name) => name.startsWith('fieldray-probe'))).toEqual([]);
});
