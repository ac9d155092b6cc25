/** What a person sees and does in the app, so that tests speak of that and not of elements. */
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import type { ScreenName } from '../../../src/state/routes.ts';

export interface ShownResult {
  readonly verdict: string;
  /** In the order of the classes; shares of 1 as the bars say them. */
  readonly probabilities: number[];
  readonly model: string;
}

export class AppPage {
  readonly page: Page;
  readonly #url: string;

  constructor(page: Page, url: string) {
    this.page = page;
    this.#url = url;
  }

  /** The first visit's one button. */
  get setUpButton(): Locator {
    return this.page.getByRole('button', { name: 'Set up this device' });
  }

  get ready(): Locator {
    return this.page.getByRole('heading', { name: 'Ready to work offline' });
  }

  get readScreen(): Locator {
    return this.page.getByRole('heading', { name: 'Open chest X-rays' });
  }

  get updateBanner(): Locator {
    return this.page.locator('fr-update-banner');
  }

  /** First visit to "Ready to work offline", the service worker's own part included. */
  async setUp(): Promise<void> {
    await this.setUpButton.click();
    await this.ready.waitFor({ timeout: 120_000 });
    await this.shellKept();
  }

  /** Waits until the service worker has everything and answers this page. */
  async shellKept(): Promise<void> {
    await this.page.evaluate(async () => {
      await navigator.serviceWorker.ready;
      while (!navigator.serviceWorker.controller) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    });
  }

  async goTo(screen: ScreenName): Promise<void> {
    await this.page.evaluate((hash) => {
      location.hash = hash;
    }, `#/${screen}`);
    const tag = screen === 'model' ? 'model-card' : screen;
    await this.page.locator(`fr-${tag}-screen`).waitFor();
  }

  /** Gives files to the hidden file input, as the system's file dialog does. */
  async openFiles(files: readonly string[]): Promise<void> {
    await this.page.locator('fr-read-screen input[type=file]').setInputFiles([...files]);
  }

  /** Opens one file and waits for its result. */
  async read(file: string): Promise<ShownResult> {
    await this.goTo('read');
    await this.openFiles([file]);
    await this.page.getByRole('heading', { name: path.basename(file) }).waitFor();
    return this.result();
  }

  /** The result beside the picture that is shown. */
  async result(): Promise<ShownResult> {
    const panel = this.page.locator('fr-result-panel');
    await panel.locator('.verdict h2').waitFor({ timeout: 120_000 });
    const probabilities = await this.page
      .locator('fr-bar-list')
      .first()
      .evaluate((list) =>
        (list as unknown as { bars: { share: number }[] }).bars.map(({ share }) => share),
      );
    return {
      verdict: (await panel.locator('.verdict h2').innerText()).trim(),
      probabilities,
      model: ((await panel.locator('dd.model').textContent()) ?? '').trim().replace(/\s+/g, ' '),
    };
  }

  /** Waits until every opened picture was read or refused. */
  async allRead(): Promise<void> {
    await this.page
      .locator('fr-read-screen p[role=status]', { hasText: 'Done.' })
      .waitFor({ state: 'attached', timeout: 150_000 });
  }

  async reload(): Promise<void> {
    await this.page.reload();
  }

  /** The tab is closed and the address opened in a new one. */
  async reopen(): Promise<AppPage> {
    const context = this.page.context();
    const next = await context.newPage();
    await this.page.close();
    await next.goto(this.#url);
    return new AppPage(next, this.#url);
  }
}
