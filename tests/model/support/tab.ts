/** The test's handle on another tab. */
import type { TabOrder, TabReport } from './tab-types.ts';

export class Tab {
  readonly reports: TabReport[] = [];
  readonly #frame: HTMLIFrameElement;
  readonly #heard = (event: MessageEvent<TabReport>): void => {
    if (event.source !== this.#frame.contentWindow || !('report' in event.data)) return;
    this.reports.push(event.data);
    for (const waiter of this.#waiters) waiter();
  };
  readonly #waiters = new Set<() => void>();

  private constructor() {
    this.#frame = document.createElement('iframe');
    addEventListener('message', this.#heard);
  }

  static async open(): Promise<Tab> {
    const tab = new Tab();
    tab.#frame.src = '/__tab.html';
    document.body.append(tab.#frame);
    await tab.until(({ report }) => report === 'ready');
    return tab;
  }

  order(order: TabOrder): void {
    this.#frame.contentWindow?.postMessage(order, location.origin);
  }

  /** Resolves with the first report since opening, reloading or the last `forget` that fits. */
  until(fits: (report: TabReport) => boolean): Promise<TabReport> {
    return new Promise((resolve) => {
      const look = (): void => {
        const found = this.reports.find(fits);
        if (!found) return;
        this.#waiters.delete(look);
        resolve(found);
      };
      this.#waiters.add(look);
      look();
    });
  }

  /** As a person does it: the page goes, with everything under way in it, and comes again. */
  async reload(): Promise<void> {
    this.reports.length = 0;
    this.#frame.contentWindow?.location.reload();
    await this.until(({ report }) => report === 'ready');
  }

  close(): void {
    removeEventListener('message', this.#heard);
    this.#frame.remove();
  }
}
