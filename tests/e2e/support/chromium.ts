/** One Chromium with one profile on the disk, as a clinic's tablet has it. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { chromium, type BrowserContext } from 'playwright-core';
import { CHROMIUM_ARGS, requireChromium } from '../../../tools/browser/find-chromium.mjs';
import { AppPage } from './app-page.ts';

export interface TabletOptions {
  /** More arguments for Chromium. */
  readonly args?: readonly string[];
  /** Software WebGPU needs seconds for a picture: off unless a test is about it. */
  readonly webgpu?: boolean;
  /** The person's setting that no site may keep data. */
  readonly forbidSiteData?: boolean;
  /** The browser takes no service worker. */
  readonly noServiceWorkers?: boolean;
}

export class Tablet {
  /** Its folder on the disk. */
  readonly profile: string;
  readonly #options: TabletOptions;
  #context: BrowserContext | null = null;
  /** Everything that any page complained about: errors, failed requests, policy violations. */
  readonly complaints: string[] = [];

  private constructor(profile: string, options: TabletOptions) {
    this.profile = profile;
    this.#options = options;
  }

  static async unpack(options: TabletOptions = {}): Promise<Tablet> {
    const profile = await mkdtemp(path.join(os.tmpdir(), 'fieldray-tablet-'));
    if (options.forbidSiteData) {
      await mkdir(path.join(profile, 'Default'));
      const forbidden = { default_content_setting_values: { cookies: 2 } };
      await writeFile(
        path.join(profile, 'Default', 'Preferences'),
        JSON.stringify({ profile: forbidden }),
      );
    }
    const tablet = new Tablet(profile, options);
    await tablet.switchOn();
    return tablet;
  }

  get context(): BrowserContext {
    if (!this.#context) throw new Error('The tablet is switched off.');
    return this.#context;
  }

  /** Starts the browser on the same profile: what it kept is there again. */
  async switchOn(): Promise<void> {
    const { args = [], webgpu = false } = this.#options;
    this.#context = await chromium.launchPersistentContext(this.profile, {
      executablePath: requireChromium(),
      args: [
        ...CHROMIUM_ARGS.filter((each) => webgpu || each !== '--enable-unsafe-webgpu'),
        ...args,
      ],
      viewport: { width: 1180, height: 820 },
      serviceWorkers: this.#options.noServiceWorkers ? 'block' : 'allow',
    });
    this.#context.on('console', (message) => {
      if (message.type() === 'error' || /Content.Security.Policy/i.test(message.text())) {
        this.complaints.push(`${message.type()}: ${message.text()}`);
      }
    });
    this.#context.on('weberror', (error) => this.complaints.push(String(error.error())));
    await this.#context.addInitScript(() => {
      addEventListener('securitypolicyviolation', (event) =>
        console.error(
          `Content-Security-Policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`,
        ),
      );
    });
  }

  async switchOff(): Promise<void> {
    await this.#context?.close();
    this.#context = null;
  }

  /** A tab with the app at this address. */
  async open(url: string): Promise<AppPage> {
    // The browser starts with one empty tab.
    const [first] = this.context.pages();
    const page = first?.url() === 'about:blank' ? first : await this.context.newPage();
    await page.goto(url);
    return new AppPage(page, url);
  }

  async throwAway(): Promise<void> {
    await this.switchOff();
    await rm(this.profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
