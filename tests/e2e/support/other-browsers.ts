/** Firefox (WebDriver BiDi) and WebKitGTK (WebDriver), each behind the little that the tests need. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import puppeteer from 'puppeteer-core';
import { findFirefox, findWebKit } from '../../../tools/browser/find-others.mjs';

export interface OtherBrowser {
  go(url: string): Promise<void>;
  reload(): Promise<void>;
  /** Runs the body of a function in the page; what it returns (or its promise) comes back. */
  run(body: string): Promise<unknown>;
  close(): Promise<void>;
}

export async function openFirefox(): Promise<OtherBrowser> {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: findFirefox() ?? '',
    headless: true,
    extraPrefsFirefox: { 'app.update.enabled': false },
  });
  const page = await browser.newPage();
  return {
    go: async (url) => {
      await page.goto(url);
    },
    reload: async () => {
      await page.reload();
    },
    run: (body) => page.evaluate(`(async () => { ${body} })()`),
    close: () => browser.close(),
  };
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

export async function openWebKit(): Promise<OtherBrowser> {
  const found = findWebKit();
  if (!found) throw new Error('WebKitGTK is not installed.');
  const port = await freePort();
  const home = await mkdtemp(path.join(os.tmpdir(), 'fieldray-webkit-'));
  const driver: ChildProcess = spawn(
    found.xvfb,
    ['-a', found.dbus, '--', found.driver, `--port=${port}`, '--host=127.0.0.1'],
    {
      stdio: 'ignore',
      // Its own group: xvfb, the bus and the driver end together.
      detached: true,
      env: {
        ...process.env,
        HOME: home,
        XDG_RUNTIME_DIR: home,
        XDG_DATA_HOME: path.join(home, 'data'),
        XDG_CACHE_HOME: path.join(home, 'cache'),
        WEBKIT_DISABLE_COMPOSITING_MODE: '1',
        LIBGL_ALWAYS_SOFTWARE: '1',
      },
    },
  );
  const stop = async (): Promise<void> => {
    if (driver.pid) process.kill(-driver.pid, 'SIGTERM');
    await rm(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 300 });
  };
  const ask = async (method: string, place: string, body?: unknown): Promise<unknown> => {
    const answer = await fetch(`http://127.0.0.1:${port}${place}`, {
      method,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const { value } = (await answer.json()) as { value: unknown };
    if (!answer.ok) throw new Error(`WebKit: ${JSON.stringify(value)}`);
    return value;
  };
  try {
    for (let tries = 0; ; tries += 1) {
      const up = await ask('GET', '/status').then(
        () => true,
        () => false,
      );
      if (up) break;
      if (tries > 100) throw new Error('The WebKit driver did not start.');
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    const { sessionId } = (await ask('POST', '/session', {
      capabilities: {
        alwaysMatch: {
          'webkitgtk:browserOptions': { binary: found.browser, args: ['--automation'] },
        },
      },
    })) as { sessionId: string };
    const session = `/session/${sessionId}`;
    await ask('POST', `${session}/timeouts`, { script: 150_000, pageLoad: 60_000 });
    return {
      go: async (url) => {
        await ask('POST', `${session}/url`, { url });
      },
      reload: async () => {
        await ask('POST', `${session}/refresh`, {});
      },
      run: async (body) => {
        const script = `const done = arguments[arguments.length - 1];
          (async () => { ${body} })().then((value) => done({ value }), (error) => done({ error: String(error) }));`;
        const result = (await ask('POST', `${session}/execute/async`, { script, args: [] })) as {
          value?: unknown;
          error?: string;
        };
        if (result.error !== undefined) throw new Error(result.error);
        return result.value;
      },
      close: async () => {
        await ask('DELETE', session).catch(() => undefined);
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
