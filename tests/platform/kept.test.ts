import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { checkKept, type KeptStore } from '../../src/service-worker/kept.ts';

const SCOPE = 'https://clinic.example/app/';
const FILES = { 'index.html': '<!doctype html>', 'assets/codec.wasm': 'the decoder' };
type Name = keyof typeof FILES;

const integrityOf = (text: string): string =>
  `sha256-${createHash('sha256').update(text).digest('base64')}`;
const ENTRIES = Object.entries(FILES).map(([url, text]) => ({
  url,
  integrity: integrityOf(text),
}));

interface Host {
  /** What the server sends for a file; a number: that error status; null: no answer. */
  served: Partial<Record<Name, string | number | null>>;
  kept: Map<string, string>;
  full: boolean;
  asked: string[];
}

/** A server and a cache; like a browser, it hides a wrong checksum behind a network error. */
function host(change: Partial<Host> = {}): { store: KeptStore; host: Host } {
  const at: Host = {
    served: FILES,
    kept: new Map(Object.entries(FILES)),
    full: false,
    asked: [],
    ...change,
  };
  const nameOf = (url: string): Name => url.slice(SCOPE.length) as Name;
  const store: KeptStore = {
    scope: SCOPE,
    fetch: async (url, init) => {
      at.asked.push(`${init.method ?? 'GET'} ${nameOf(url)}`);
      const answer = at.served[nameOf(url)] ?? null;
      if (answer === null) throw new TypeError('Failed to fetch');
      if (typeof answer === 'number') return new Response('no', { status: answer });
      if (init.integrity && init.integrity !== integrityOf(answer)) {
        throw new TypeError('Failed to fetch');
      }
      return new Response(answer);
    },
    match: async (url) => {
      const text = at.kept.get(nameOf(url));
      return text === undefined ? undefined : new Response(text);
    },
    put: async (url, response) => {
      if (at.full) throw new DOMException('full', 'QuotaExceededError');
      at.kept.set(nameOf(url), await response.text());
    },
  };
  return { store, host: at };
}

describe('checkKept', () => {
  it('asks the network for nothing where every file is right', async () => {
    const { store, host: at } = host();
    expect(await checkKept(ENTRIES, store)).toEqual({ files: 2, missing: [] });
    expect(at.asked).toEqual([]);
  });

  it.each([
    ['changed', new Map([...Object.entries(FILES), ['assets/codec.wasm', 'the decodeR']])],
    ['gone', new Map([['index.html', FILES['index.html']]])],
  ])('fetches a file that is %s anew, and only that', async (_, kept) => {
    const { store, host: at } = host({ kept });
    expect(await checkKept(ENTRIES, store)).toEqual({ files: 2, missing: [] });
    expect(at.asked).toEqual(['GET assets/codec.wasm']);
    expect(at.kept.get('assets/codec.wasm')).toBe('the decoder');
  });

  it.each([
    ['changed', 'a page to sign in'],
    ['refused', 404],
    ['unreachable', null],
  ] as const)('names a file whose server’s answer is %s', async (reason, answer) => {
    const { store, host: at } = host({
      kept: new Map([['index.html', FILES['index.html']]]),
      served: { ...FILES, 'assets/codec.wasm': answer },
    });
    expect((await checkKept(ENTRIES, store)).missing).toEqual([
      { reason, file: 'assets/codec.wasm' },
    ]);
    expect(at.kept.has('assets/codec.wasm')).toBe(false);
  });

  it('says that there is no room, and names every such file', async () => {
    const { store } = host({ kept: new Map(), full: true });
    expect((await checkKept(ENTRIES, store)).missing).toEqual([
      { reason: 'no-room', file: 'index.html' },
      { reason: 'no-room', file: 'assets/codec.wasm' },
    ]);
  });

  it('takes a store that cannot be read for one that holds nothing', async () => {
    const { store } = host({ served: { 'index.html': null } });
    const broken = { ...store, match: () => Promise.reject(new DOMException('gone')) };
    expect((await checkKept(ENTRIES.slice(0, 1), broken)).missing).toEqual([
      { reason: 'unreachable', file: 'index.html' },
    ]);
  });
});
