import { afterEach, expect, it } from 'vitest';
import { packShared, shareCacheName, unpackShared } from '../../src/service-worker/contract.ts';
import { takeShared } from '../../src/platform/share-inbox.ts';

const scope = 'https://example.test/app/';
afterEach(async () => {
  await caches.delete(shareCacheName(scope));
});

async function put(key: string, name: string, sharedAt: number): Promise<void> {
  const cache = await caches.open(shareCacheName(scope));
  const file = new File([name], name, { type: 'image/png' });
  await cache.put(new URL(`shared/${key}`, scope), packShared(file, sharedAt));
}

it('carries name, kind and bytes of a file, whatever its letters', async () => {
  const file = new File([Uint8Array.of(0, 255, 7)], 'Röntgen 胸部 "1"%.png', { type: 'image/png' });
  const { file: again, sharedAt } = await unpackShared(packShared(file, 12));
  expect([again.name, again.type, sharedAt]).toEqual([file.name, 'image/png', 12]);
  expect(new Uint8Array(await again.arrayBuffer())).toEqual(Uint8Array.of(0, 255, 7));
});

it('gives everything in the order it was shared, and only once', async () => {
  await put('b/0001', 'third', 20);
  await put('b/0000', 'second', 20);
  await put('a/0000', 'first', 10);
  expect((await takeShared(scope)).map(({ name }) => name)).toEqual(['first', 'second', 'third']);
  expect(await takeShared(scope)).toEqual([]);
});

it('leaves what another copy of the app on the same host was given', async () => {
  await put('a/0000', 'ours', 1);
  expect(await takeShared('https://example.test/staging/')).toEqual([]);
  expect(await takeShared(scope)).toHaveLength(1);
});
