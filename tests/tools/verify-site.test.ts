/** A deployed site against its build: each thing a host can do wrong is named. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serve } from '../../tools/serve/server.mjs';
import { compareSite, readChecksums } from '../../tools/verify/compare.mjs';
import { checksumsOf } from '../../tools/vite/checksums.ts';

const FILES: Readonly<Record<string, string>> = {
  'index.html': '<!doctype html><title>Fieldray</title>',
  'service-worker.js': 'self.skip = 1;',
  'assets/app-12345678.js': 'export const one = 1;',
  'assets/engine-12345678.wasm': '\0asm',
  'models/current.json': '{}',
  'models/a b.json': '{"name": "with a blank"}',
};
let directory: string;
type Intercept = NonNullable<Parameters<typeof serve>[0]['intercept']>;

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'fieldray-site-'));
  for (const [name, text] of Object.entries(FILES)) {
    await mkdir(path.dirname(path.join(directory, name)), { recursive: true });
    await writeFile(path.join(directory, name), text);
  }
  await writeFile(path.join(directory, 'SHA256SUMS'), await checksumsOf(directory));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function verify(intercept?: Intercept, basePath = '/') {
  const server = await serve({ directory, basePath, intercept });
  try {
    return await compareSite(directory, server.url.slice(0, -1));
  } finally {
    await server.close();
  }
}

const says = async (intercept: Intercept) =>
  (await verify(intercept)).findings.map(({ level, file, text }) => `${level} ${file} ${text}`);

describe('a site that sends what was built', () => {
  it('has nothing to report, at the root and below a path', async () => {
    expect(await verify()).toEqual({ files: 6, findings: [] });
    expect(await verify(undefined, '/clinic/xray/')).toEqual({ files: 6, findings: [] });
  });

  it('is compared with every file of the list but the packed ones', async () => {
    const sums = readChecksums(await readFile(path.join(directory, 'SHA256SUMS'), 'utf8'));
    expect(sums.map(([, name]) => name)).toEqual(Object.keys(FILES).sort());
    expect(() => readChecksums('no checksum here\n')).toThrow('no checksum here');
  });
});

describe('a site that sends something else', () => {
  it('is told by the file when a byte differs', async () => {
    const found = await says((_request, response, asked) => {
      if (asked !== 'assets/app-12345678.js') return false;
      response.writeHead(200, { 'Content-Type': 'text/javascript' }).end('export const one = 2;');
      return true;
    });
    expect(found).toEqual([
      'error assets/app-12345678.js has other bytes than the build (21 of them).',
    ]);
  });

  it('is told when a file is missing, or a page stands in the place of a missing one', async () => {
    const found = await says((_request, response, asked) => {
      if (asked === 'models/current.json') response.writeHead(404).end();
      else if (asked.includes('not-there')) response.writeHead(200).end('<!doctype html>');
      else return false;
      return true;
    });
    expect(found).toEqual([
      'error assets/not-there-00000000.js does not exist, and yet the host sends something for it; it must answer 404.',
      'error models/current.json is not there (HTTP 404).',
    ]);
  });

  it('is told when the media type keeps WebAssembly from compiling', async () => {
    const found = await says((_request, response, asked) => {
      if (!asked.endsWith('.wasm')) return false;
      response.writeHead(200, { 'Content-Type': 'application/octet-stream' }).end('\0asm');
      return true;
    });
    expect(found).toEqual([
      'error assets/engine-12345678.wasm is sent as “application/octet-stream” instead of “application/wasm”.',
    ]);
  });

  it('is warned of each missing or weaker header, and told when updates would come late', async () => {
    const found = await says((_request, response, asked) => {
      if (asked !== 'index.html') return false;
      for (const header of response.getHeaderNames()) response.removeHeader(header);
      response
        .writeHead(200, {
          'Content-Type': 'text/html',
          'Cache-Control': 'max-age=86400',
          'Content-Security-Policy': "default-src *; frame-ancestors 'none'",
        })
        .end(FILES['index.html']);
      return true;
    });
    expect(found.filter((line) => line.startsWith('error'))).toEqual([
      'error index.html may be kept by browsers (Cache-Control: max-age=86400); it needs “no-cache”, or updates come late.',
    ]);
    const warnings = found.filter((line) => line.startsWith('warning'));
    expect(warnings).toHaveLength(6);
    expect(warnings.some((line) => line.includes('Content-Security-Policy: default-src *'))).toBe(
      true,
    );
    expect(warnings.some((line) => line.includes('no header X-Content-Type-Options'))).toBe(true);
  });

  it('is told when files come from another host', async () => {
    const other = await serve({ directory });
    try {
      const found = await says((_request, response, asked) => {
        if (asked !== 'models/current.json') return false;
        response.writeHead(302, { Location: `${other.url}${asked}` }).end();
        return true;
      });
      expect(found).toEqual([
        `error models/current.json comes from another host, ${new URL(other.url).host}.`,
      ]);
    } finally {
      await other.close();
    }
  });

  it('is told by every file when nobody answers', async () => {
    const { findings } = await compareSite(directory, 'http://127.0.0.1:9/');
    expect(findings).toHaveLength(6);
    expect(new Set(findings.map(({ level }) => level))).toEqual(new Set(['error']));
  });
});
