/**
 * Extra: Firefox and WebKit decode the same files to the same numbers as the formula they were made
 * from. They differ: Firefox turns some formats upright itself and dims colors by their alpha,
 * WebKit has no ImageDecoder. Skipped with a line where a browser is not installed.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp, { type Sharp } from 'sharp';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { maxDifference } from '../fixtures/compare.ts';
import { referenceModelInput } from '../fixtures/reference-preprocess.ts';

const MINI_BROWSERS = ['x86_64', 'aarch64'].map(
  (machine) => `/usr/lib/${machine}-linux-gnu/webkit2gtk-4.1/MiniBrowser`,
);
const firefox = ['/usr/bin/firefox-esr', '/usr/bin/firefox'].find((path) => existsSync(path));
const webkit = existsSync('/usr/bin/xvfb-run') && MINI_BROWSERS.find((path) => existsSync(path));

const WIDTH = 160;
const HEIGHT = 120;
const grey = (x: number, y: number) =>
  Math.round(128 + 60 * Math.sin(x / 9) + 60 * Math.cos(y / 7));

function source(): Sharp {
  const data = Buffer.alloc(WIDTH * HEIGHT * 3);
  for (let i = 0; i < WIDTH * HEIGHT; i++) {
    data.fill(grey(i % WIDTH, Math.floor(i / WIDTH)), 3 * i, 3 * i + 3);
  }
  return sharp(data, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });
}

interface Case {
  readonly make: () => Promise<Buffer>;
  /** Levels of 255 that the format may cost. */
  readonly tolerance: number;
  readonly turned?: boolean;
  readonly opacity?: number;
}

const quality = { quality: 100, chromaSubsampling: '4:4:4' };
const turned = () => source().withMetadata({ orientation: 6 });
const HALF = 128 / 255;

const CASES: Readonly<Record<string, Case>> = {
  'rgb.png': { make: () => source().png().toBuffer(), tolerance: 0.01 },
  'alpha.png': {
    make: () => source().ensureAlpha(HALF).png().toBuffer(),
    tolerance: 1,
    opacity: HALF,
  },
  'turned.png': { make: () => turned().png().toBuffer(), tolerance: 0.01, turned: true },
  'grey16.png': {
    make: () => source().greyscale().toColourspace('grey16').png().toBuffer(),
    tolerance: 0.01,
  },
  'grey.jpg': { make: () => source().greyscale().jpeg(quality).toBuffer(), tolerance: 1.5 },
  'color.jpg': { make: () => source().jpeg(quality).toBuffer(), tolerance: 2 },
  'turned.jpg': { make: () => turned().jpeg(quality).toBuffer(), tolerance: 2, turned: true },
  'lossless.webp': { make: () => source().webp({ lossless: true }).toBuffer(), tolerance: 0.01 },
  'lossy.webp': { make: () => source().webp({ quality: 100 }).toBuffer(), tolerance: 4 },
  'turned.webp': {
    make: () => turned().webp({ quality: 100 }).toBuffer(),
    tolerance: 4,
    turned: true,
  },
  'still.gif': { make: () => source().greyscale().gif().toBuffer(), tolerance: 1.5 },
};

let server: Server;
let address = '';
let onReport: (report: Record<string, { input?: number[]; facts?: object }>) => void;
const outDir = mkdtempSync(join(tmpdir(), 'fieldray-decode-'));

beforeAll(async () => {
  if (!firefox && !webkit) return;
  await build({
    configFile: false,
    logLevel: 'silent',
    base: './',
    worker: { format: 'es' },
    build: {
      target: 'es2022',
      outDir,
      emptyOutDir: true,
      rollupOptions: {
        input: fileURLToPath(new URL('../fixtures/decode-page.ts', import.meta.url)),
        output: { entryFileNames: 'page.js' },
      },
    },
  });
  server = createServer((request, response) => {
    void answer(request.url ?? '/').then(
      ({ type, body }) => {
        if (request.method !== 'POST') {
          response.setHeader('content-type', type);
          response.end(body);
          return;
        }
        let text = '';
        request.setEncoding('utf8');
        request.on('data', (part: string) => (text += part));
        request.on('end', () => {
          response.end();
          onReport(JSON.parse(text) as Parameters<typeof onReport>[0]);
        });
      },
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}, 60_000);

afterAll(() => {
  server?.close();
  rmSync(outDir, { recursive: true, force: true });
});

async function answer(url: string): Promise<{ type: string; body: string | Buffer }> {
  const path = url.split('?')[0].slice(1);
  if (path === 'report') return { type: 'text/plain', body: '' };
  if (path === '') {
    return { type: 'text/html', body: '<script type="module" src="page.js"></script>' };
  }
  if (path.startsWith('files/')) {
    return { type: 'application/octet-stream', body: await CASES[path.slice(6)].make() };
  }
  const { readFile } = await import('node:fs/promises');
  return { type: 'text/javascript', body: await readFile(join(outDir, path)) };
}

async function reportOf(command: string, args: readonly string[], home: string) {
  const report = new Promise<Parameters<typeof onReport>[0]>((resolve) => (onReport = resolve));
  const query = Object.keys(CASES).map((name) => `file=${name}`);
  const browser = spawn(command, [...args, `${address}?${query.join('&')}`], {
    detached: true,
    stdio: 'ignore',
    env: { ...process.env, HOME: home, XDG_RUNTIME_DIR: home, MOZ_HEADLESS: '1' },
  });
  try {
    const late = new Promise<never>((_, reject) => {
      setTimeout(() => reject(new Error('No report within 100 s')), 100_000).unref();
    });
    return await Promise.race([report, late]);
  } finally {
    // The browser and what it started are a process group of their own.
    if (browser.pid) process.kill(-browser.pid, 'SIGKILL');
  }
}

function expectedInput({ turned, opacity = 1 }: Case): Float64Array {
  const width = turned ? HEIGHT : WIDTH;
  const height = turned ? WIDTH : HEIGHT;
  const pixels = Float64Array.from({ length: width * height }, (_, i) => {
    const x = i % width;
    const y = Math.floor(i / width);
    return ((turned ? grey(y, HEIGHT - 1 - x) : grey(x, y)) / 255) * opacity;
  });
  return referenceModelInput(pixels, width, height);
}

async function check(command: string, args: readonly string[], home: string): Promise<void> {
  const report = await reportOf(command, args, home);
  for (const [name, wanted] of Object.entries(CASES)) {
    const { input, ...rest } = report[name];
    expect(input, `${name}: ${JSON.stringify(rest)}`).toBeDefined();
    const difference = maxDifference(input ?? [], expectedInput(wanted)) * 255;
    expect(difference, name).toBeLessThan(wanted.tolerance);
  }
}

function skips(browser: string | false | undefined, name: string): boolean {
  if (!browser) console.info(`Skipped: ${name} is not installed here.`);
  return !browser;
}

describe('other browsers decode to the same numbers', () => {
  it.skipIf(skips(firefox, 'Firefox'))('Firefox', { timeout: 120_000 }, async () => {
    const home = mkdtempSync(join(tmpdir(), 'fieldray-firefox-'));
    await check(firefox ?? '', ['--headless', '--no-remote', '--profile', home], home);
    rmSync(home, { recursive: true, force: true });
  });

  it.skipIf(skips(webkit, 'WebKitGTK with xvfb-run'))('WebKit', { timeout: 120_000 }, async () => {
    const home = mkdtempSync(join(tmpdir(), 'fieldray-webkit-'));
    await check('xvfb-run', ['-a', 'dbus-run-session', '--', webkit || ''], home);
    rmSync(home, { recursive: true, force: true });
  });
});
