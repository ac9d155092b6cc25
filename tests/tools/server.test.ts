import { mkdtemp, mkdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serve } from '../../tools/serve/server.mjs';

type Running = Awaited<ReturnType<typeof serve>>;

let directory: string;
let server: Running;
const shard = Buffer.from(Array.from({ length: 1000 }, (_, i) => i % 251));

/** fetch() decodes and normalizes; this shows the bytes and the path as they go over the line. */
function raw(
  url: string,
  options: http.RequestOptions & { path?: string } = {},
): Promise<{ status: number; headers: http.IncomingHttpHeaders; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, options, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(parts),
        }),
      );
    });
    request.on('error', reject);
    request.end();
  });
}

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'fieldray-serve-'));
  await mkdir(path.join(directory, 'site/assets'), { recursive: true });
  await mkdir(path.join(directory, 'site/models/m/1.0.0'), { recursive: true });
  const site = (name: string): string => path.join(directory, 'site', name);
  await writeFile(site('index.html'), '<!doctype html><p>page</p>');
  await writeFile(site('index.html.gz'), gzipSync('<!doctype html><p>page</p>'));
  await utimes(site('index.html'), 1000, 1000);
  await utimes(site('index.html.gz'), 1000, 1000);
  await writeFile(site('assets/app-AbCd_123.js'), 'export {};');
  await writeFile(site('assets/old-AbCd_123.js'), 'export const now = 2;');
  await writeFile(site('assets/old-AbCd_123.js.gz'), gzipSync('export const now = 1;'));
  await utimes(site('assets/old-AbCd_123.js.gz'), 1000, 1000);
  await writeFile(site('models/m/1.0.0/group1.bin'), shard);
  await writeFile(site('empty.txt'), '');
  await writeFile(site('.hidden'), 'no');
  await writeFile(path.join(directory, 'secret.txt'), 'no');
  server = await serve({ directory: path.join(directory, 'site'), basePath: '/clinic/app/' });
});

afterAll(async () => {
  await server.close();
  await rm(directory, { recursive: true, force: true });
});

describe('the static server', () => {
  it('serves index.html for the folder, below the base path only', async () => {
    const page = await fetch(server.url);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await page.text()).toContain('page');
    expect((await fetch(new URL('/', server.url))).status).toBe(404);
    const bare = await raw(server.url.slice(0, -1));
    expect([bare.status, bare.headers.location]).toEqual([308, '/clinic/app/']);
  });

  it('sends the strict headers with every answer, a missing file included', async () => {
    for (const place of ['', 'assets/app-AbCd_123.js', 'nowhere.js']) {
      const { headers } = await fetch(new URL(place, server.url));
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'self'");
      expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|\*|data:/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
    }
  });

  it.each([
    ['assets/app-AbCd_123.js', 'public, max-age=31536000, immutable'],
    ['index.html', 'no-cache'],
    ['models/m/1.0.0/group1.bin', 'no-store'],
  ])('says how long %s may be kept', async (place, wanted) => {
    const answer = await fetch(new URL(place, server.url));
    expect(answer.headers.get('cache-control')).toBe(wanted);
  });

  it('answers 304 to a tag it gave, and anew to another', async () => {
    const first = await fetch(server.url);
    const tag = first.headers.get('etag') ?? '';
    expect(tag).toMatch(/^"[^"]+"$/);
    const again = await raw(server.url, { headers: { 'if-none-match': tag } });
    // Another encoding has another tag: a cache must not mix them.
    const plain = await raw(server.url, { headers: { 'if-none-match': '"other"' } });
    expect(plain.status).toBe(200);
    expect(plain.headers.etag).not.toBe(tag);
    expect(again.status).toBe(200);
    const same = await raw(server.url, { headers: { 'if-none-match': plain.headers.etag } });
    expect([same.status, same.body.length]).toEqual([304, 0]);
  });

  it.each([
    ['bytes=0-9', 0, 9],
    ['bytes=990-', 990, 999],
    ['bytes=-4', 996, 999],
    ['bytes=990-5000', 990, 999],
  ])('gives the part %s', async (range, start, end) => {
    const part = await raw(new URL('models/m/1.0.0/group1.bin', server.url).href, {
      headers: { range },
    });
    expect(part.status).toBe(206);
    expect(part.headers['content-range']).toBe(`bytes ${start}-${end}/1000`);
    expect(part.headers['content-length']).toBe(String(end - start + 1));
    expect(part.body).toEqual(shard.subarray(start, end + 1));
  });

  it('refuses a part behind the end, and gives the whole when the file is another by now', async () => {
    const url = new URL('models/m/1.0.0/group1.bin', server.url).href;
    const behind = await raw(url, { headers: { range: 'bytes=1000-' } });
    expect([behind.status, behind.headers['content-range']]).toEqual([416, 'bytes */1000']);
    const changed = await raw(url, { headers: { range: 'bytes=5-', 'if-range': '"older"' } });
    expect([changed.status, changed.body.length]).toEqual([200, 1000]);
    const whole = await raw(url);
    const same = await raw(url, {
      headers: { range: 'bytes=5-', 'if-range': whole.headers.etag ?? '' },
    });
    expect([same.status, same.body.length]).toEqual([206, 995]);
  });

  it('sends the packed sibling to those who take it, unless it is older than its file', async () => {
    const packed = await raw(server.url, { headers: { 'accept-encoding': 'gzip, br' } });
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(packed.headers.vary).toBe('Accept-Encoding');
    const refused = await raw(server.url, { headers: { 'accept-encoding': 'gzip;q=0' } });
    expect(refused.headers['content-encoding']).toBeUndefined();
    const stale = await fetch(new URL('assets/old-AbCd_123.js', server.url));
    expect(await stale.text()).toContain('now = 2');
  });

  it.each([
    '/clinic/app/../secret.txt',
    '/clinic/app/%2e%2e/secret.txt',
    '/clinic/app/assets/..%2f..%2f..%2fsecret.txt',
    '/clinic/app/..%5csecret.txt',
    '/clinic/app/.hidden',
    '/clinic/app//index.html',
    '/clinic/app/%00',
    '/clinic/app/%zz',
  ])('gives nothing for %s', async (place) => {
    expect((await raw(server.url, { path: place })).status).toBe(404);
  });

  it('answers HEAD without a body, an empty file, and nothing but reading', async () => {
    const head = await raw(server.url, { method: 'HEAD' });
    expect([head.status, head.body.length]).toEqual([200, 0]);
    expect(Number(head.headers['content-length'])).toBeGreaterThan(0);
    const empty = await raw(new URL('empty.txt', server.url).href);
    expect([empty.status, empty.body.length]).toEqual([200, 0]);
    expect((await raw(server.url, { method: 'POST' })).status).toBe(405);
  });

  it('takes another port when its own is taken, if told to', async () => {
    const site = path.join(directory, 'site');
    await expect(serve({ directory: site, port: server.port })).rejects.toThrow(/EADDRINUSE/);
    const other = await serve({ directory: site, port: server.port, otherPort: true });
    expect(other.port).not.toBe(server.port);
    expect((await fetch(other.url)).status).toBe(200);
    await other.close();
  });

  it('does not follow a folder to a file that is not there', async () => {
    await symlink('/nonexistent', path.join(directory, 'site/dead.txt'));
    expect((await fetch(new URL('dead.txt', server.url))).status).toBe(404);
  });
});
