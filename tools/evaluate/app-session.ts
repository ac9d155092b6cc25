/** The built app in a Chromium without a window, ready to read files from the disk. */
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { chromium, type Browser, type ElementHandle, type Page } from 'playwright-core';
import { CHROMIUM_ARGS, requireChromium } from '../browser/find-chromium.mjs';
import { serve } from '../serve/server.mjs';
import { AppNotBuilt, AppNotReady, BrowserMissing, BrowserStopped, PortTaken } from './errors.ts';
import type { EvaluatedPicture } from '../../src/evaluation/index.ts';
import type { PageBatch, Ready, SetUpOutcome } from './page.mjs';

/** Where our own module is found beside the app's files; nothing else of this folder is served. */
const MODULE = 'evaluate-page.mjs';

export interface SessionOptions {
  /** Folder of the built app. */
  readonly app: string;
  readonly port: number;
  readonly workers: number | null;
}

/** One file to read: where it lies, its path inside the data folder, and its folder's name. */
export interface FileToRead {
  readonly absolute: string;
  readonly path: string;
  readonly label: string;
}

export class AppSession {
  readonly ready: Ready;
  readonly browserVersion: string;
  readonly #browser: Browser;
  readonly #server: Awaited<ReturnType<typeof serve>>;
  readonly #page: Page;
  readonly #input: ElementHandle<HTMLInputElement>;
  readonly #died: Promise<never>;

  private constructor(
    ready: Ready,
    parts: {
      browser: Browser;
      server: Awaited<ReturnType<typeof serve>>;
      page: Page;
      input: ElementHandle<HTMLInputElement>;
      died: Promise<never>;
    },
  ) {
    this.ready = ready;
    this.browserVersion = parts.browser.version();
    this.#browser = parts.browser;
    this.#server = parts.server;
    this.#page = parts.page;
    this.#input = parts.input;
    this.#died = parts.died;
  }

  /**
   * Serves the app, opens it in a fresh profile, installs its model and starts its engine.
   * @throws AppNotBuilt, PortTaken, BrowserMissing, AppNotReady, BrowserStopped
   */
  static async open(options: SessionOptions): Promise<AppSession> {
    const server = await startServer(options);
    let browser: Browser | null = null;
    try {
      browser = await startBrowser();
      // What the service worker would keep for later only takes time here.
      const page = await browser.newPage({ serviceWorkers: 'block' });
      const died = new Promise<never>((_, reject) => {
        page.once('crash', () => reject(new BrowserStopped('its page crashed')));
        browser?.once('disconnected', () => reject(new BrowserStopped('it ended')));
      });
      // Nobody may be waiting when it happens; who waits later is told all the same.
      died.catch(() => undefined);
      if (options.workers !== null) await pretendCores(page, options.workers);
      await page.goto(server.url);
      const outcome = await Promise.race([
        died,
        page.evaluate<SetUpOutcome, string>(
          (name) =>
            import(new URL(name, location.href).href).then((module) =>
              (module as { setUp(): Promise<SetUpOutcome> }).setUp(),
            ),
          MODULE,
        ),
      ]);
      if ('fault' in outcome) throw new AppNotReady(outcome.fault);
      const input = await page.evaluateHandle(() => {
        const element = document.createElement('input');
        element.type = 'file';
        element.multiple = true;
        return element;
      });
      return new AppSession(outcome.ready, { browser, server, page, input, died });
    } catch (error) {
      await browser?.close().catch(() => undefined);
      await server.close();
      throw error;
    }
  }

  /**
   * Reads files in the app; the answers come in their order. A file that is gone or cannot be read
   * is an answer with a failure.
   * @throws BrowserStopped
   */
  async read(files: readonly FileToRead[]): Promise<PageBatch> {
    const there = await Promise.all(files.map(({ absolute }) => isThere(absolute)));
    const present = files.filter((_, at) => there[at]);
    const batch: PageBatch =
      present.length > 0
        ? await this.#readPresent(present)
        : { pictures: [], seconds: 0, recovery: null };
    let next = 0;
    const pictures = files.map(({ path: place, label }, at) =>
      there[at] ? batch.pictures[next++] : { ...GONE, path: place, label },
    );
    return { ...batch, pictures };
  }

  async close(): Promise<void> {
    await this.#browser.close().catch(() => undefined);
    await this.#server.close();
  }

  async #readPresent(files: readonly FileToRead[]): Promise<PageBatch> {
    try {
      // By path: the browser reads them from the disk itself, and nothing stays in memory.
      await Promise.race([
        this.#died,
        this.#input.setInputFiles(
          files.map(({ absolute }) => absolute),
          { timeout: 0 },
        ),
      ]);
      return await Promise.race([
        this.#died,
        this.#page.evaluate<PageBatch, PageRequest>(
          ({ name, ...asked }) =>
            import(new URL(name, location.href).href).then((module) =>
              (module as { read(asked: unknown): Promise<PageBatch> }).read(asked),
            ),
          {
            name: MODULE,
            input: this.#input,
            places: files.map(({ path: place, label }) => ({ path: place, label })),
          },
        ),
      ]);
    } catch (error) {
      if (error instanceof BrowserStopped) throw error;
      const detail = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
      throw new BrowserStopped(detail, { cause: error });
    }
  }
}

interface PageRequest {
  readonly name: string;
  readonly input: ElementHandle<HTMLInputElement>;
  readonly places: readonly { readonly path: string; readonly label: string }[];
}

const GONE: Omit<EvaluatedPicture, 'path' | 'label'> = {
  origin: null,
  logits: null,
  probabilities: null,
  refused: null,
  sets: {},
  failure: {
    code: 'file-gone',
    message: 'The file is no longer there, or the link leads nowhere.',
  },
};

async function isThere(file: string): Promise<boolean> {
  return (await stat(file).catch(() => null))?.isFile() ?? false;
}

async function startServer({
  app,
  port,
}: SessionOptions): Promise<Awaited<ReturnType<typeof serve>>> {
  if (!existsSync(path.join(app, 'index.html'))) throw new AppNotBuilt(app);
  const module = await readFile(new URL('./page.mjs', import.meta.url));
  try {
    return await serve({
      directory: app,
      port,
      intercept: (_request, response, inside) => {
        if (inside !== MODULE) return false;
        response.writeHead(200, { 'Content-Type': 'text/javascript; charset=utf-8' });
        response.end(module);
        return true;
      },
    });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const why = code === 'EADDRINUSE' ? 'something else uses it' : String(error);
    throw new PortTaken(port, why);
  }
}

async function startBrowser(): Promise<Browser> {
  try {
    return await chromium.launch({ executablePath: requireChromium(), args: [...CHROMIUM_ARGS] });
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new BrowserMissing(text.split('\n', 1)[0]);
  }
}

/** The app takes one worker a core, at most four: with other cores it decides otherwise. */
async function pretendCores(page: Page, cores: number): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Emulation.setHardwareConcurrencyOverride', { hardwareConcurrency: cores });
}
