/** What the build packs is what the server sends: looked at for every file, not for a sample. */
import { mkdtemp, mkdir, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import type { ResolvedConfig } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serve } from '../../tools/serve/server.mjs';
import { precompressPlugin } from '../../tools/vite/precompress.ts';

const FILES = 60;
let directory: string;
let server: Awaited<ReturnType<typeof serve>>;

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'fieldray-packed-'));
  await mkdir(path.join(directory, 'assets'));
  for (let index = 0; index < FILES; index++) {
    const file = path.join(directory, 'assets', `part-${index}.js`);
    await writeFile(file, `export const part = ${index};\n`.repeat(200));
    // File systems keep fractions of a millisecond; a Date does not.
    const seconds = 1_700_000_000 + index + index / 61;
    await utimes(file, seconds, seconds);
  }
  const plugin = precompressPlugin() as unknown as {
    configResolved(config: ResolvedConfig): void;
    closeBundle: { handler(): Promise<void> };
  };
  plugin.configResolved({ root: directory, build: { outDir: '.' } } as ResolvedConfig);
  await plugin.closeBundle.handler();
  server = await serve({ directory });
});

afterAll(async () => {
  await server.close();
  await rm(directory, { recursive: true, force: true });
});

function encodingOf(name: string, accepted: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { 'accept-encoding': accepted };
    http
      .get(`${server.url}assets/${name}`, { headers }, (response) => {
        response.resume();
        resolve(response.headers['content-encoding']);
      })
      .on('error', reject);
  });
}

describe('every packed file', () => {
  it('is sent packed, whatever fraction of a millisecond its time has', async () => {
    const names = (await readdir(path.join(directory, 'assets'))).filter((name) =>
      name.endsWith('.js'),
    );
    expect(names).toHaveLength(FILES);
    for (const name of names) {
      expect(await encodingOf(name, 'gzip, br'), name).toBe('br');
      expect(await encodingOf(name, 'gzip'), name).toBe('gzip');
    }
  });

  it('is at least as new as its source, so that hosts which compare times send it too', async () => {
    for (let index = 0; index < FILES; index++) {
      const file = path.join(directory, 'assets', `part-${index}.js`);
      const source = await stat(file, { bigint: true });
      for (const ending of ['.br', '.gz']) {
        const packed = await stat(file + ending, { bigint: true });
        expect(packed.mtimeNs >= source.mtimeNs, file + ending).toBe(true);
      }
    }
  });
});
