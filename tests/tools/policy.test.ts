import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  contentSecurityPolicy,
  modelsOriginOf,
  securityHeaders,
} from '../../tools/serve/headers.mjs';
import { policyPlugin } from '../../tools/vite/policy.ts';
import { isPrecached } from '../../tools/vite/precache-rule.ts';

const root = new URL('../../', import.meta.url);

describe('the Content-Security-Policy', () => {
  it('is the same in the header and in the page, but for what only a header can say', () => {
    expect(securityHeaders()['Content-Security-Policy']).toBe(
      `${contentSecurityPolicy()}; frame-ancestors 'none'`,
    );
  });

  it('has its own origin for everything, WebAssembly, and nothing inline or evaluated', () => {
    const policy = contentSecurityPolicy();
    const sources = new Map(
      policy.split('; ').map((line) => [line.split(' ')[0], line.split(' ').slice(1)] as const),
    );
    expect(sources.get('default-src')).toEqual(["'self'"]);
    expect(sources.get('script-src')).toEqual(["'self'", "'wasm-unsafe-eval'"]);
    expect(sources.get('style-src')).toEqual(["'self'"]);
    // Pictures that were opened are the one thing besides; no scheme lets anything out.
    const all = new Set([...sources.values()].flat());
    expect(all).toEqual(new Set(["'self'", "'none'", "'wasm-unsafe-eval'", 'blob:']));
    expect([...sources].filter(([, list]) => list.includes('blob:'))).toHaveLength(1);
  });

  it('lets models come from one other origin when the build says so, and nothing else', () => {
    const policy = contentSecurityPolicy({ modelsOrigin: 'https://models.example' });
    expect(policy).toContain("connect-src 'self' https://models.example;");
    expect(policy.match(/models\.example/g)).toHaveLength(1);
  });

  it.each([
    ['', undefined],
    ['https://models.example:8443/fieldray/', 'https://models.example:8443'],
  ])('of a page built for models at “%s” is the one our server sends with it', (base, origin) => {
    const page = readFileSync(new URL('index.html', root), 'utf8');
    const { transformIndexHtml } = policyPlugin(base);
    if (typeof transformIndexHtml !== 'function') throw new Error('The plugin writes no policy.');
    const html = (transformIndexHtml as (html: string) => string)(page);
    expect(modelsOriginOf(html)).toBe(origin);
    expect(html).toContain(`content="${contentSecurityPolicy({ modelsOrigin: origin })}"`);
  });

  it('stands in the hosting guide word for word', () => {
    const guide = readFileSync(new URL('docs/hosting.md', root), 'utf8');
    const policy = securityHeaders()['Content-Security-Policy'] ?? '';
    // nginx, Caddy, Apache and `_headers` each carry it.
    expect(guide.split(policy).length - 1).toBe(4);
  });
});

describe('what the service worker keeps', () => {
  it.each([
    ['index.html', true],
    ['manifest.webmanifest', true],
    ['icons/maskable-512.png', true],
    ['assets/tfjs-backend-wasm-simd-AbCd1234.wasm', true],
    ['models/fieldray/1.0.0/group1-shard1of3.bin', false],
    ['models/current.json', false],
    ['service-worker.js', false],
    ['assets/index-AbCd1234.js.br', false],
    ['assets/index-AbCd1234.js.map', false],
    ['screenshots/result-wide.png', false],
  ])('%s: %s', (path, kept) => {
    expect(isPrecached(path)).toBe(kept);
  });
});
