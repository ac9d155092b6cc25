import { msg } from '@lit/localize';
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { OfflineGap } from '../platform/index.ts';
import type { OfflinePromise } from '../state/offline.ts';
import { routeHash } from '../state/routes.ts';
import { offlineWords } from '../words/offline-words.ts';
import { FieldrayElement } from './base.ts';
import { icon } from './icons.ts';
import { baseStyles, buttonStyles } from './styles.ts';
import './notice.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-offline-gap': FrOfflineGap;
  }
}

/** What keeps the app from working without a network, with the button that helps. */
@customElement('fr-offline-gap')
export class FrOfflineGap extends FieldrayElement {
  static override styles = [baseStyles, buttonStyles];

  @property({ attribute: false }) gap!: OfflineGap;
  @property({ attribute: false }) offline!: Pick<OfflinePromise, 'retry'>;
  /** Loads the page anew; a test puts its own here. */
  @property({ attribute: false }) reload: () => void = () => location.reload();

  @state() private busy = false;

  protected override render(): unknown {
    const { heading, text, help } = offlineWords(this.gap);
    return html`<fr-notice tone="caution" announce="status" heading=${heading}>
      ${text}${help === null ? nothing : html`<div slot="actions">${this.renderHelp(help)}</div>`}
    </fr-notice>`;
  }

  private renderHelp(help: 'retry' | 'reload' | 'repair'): unknown {
    switch (help) {
      case 'repair':
        return html`<a class="button" href=${routeHash('status')}
          >${msg('Open the status page')}</a
        >`;
      case 'reload':
        return html`<button class="button" type="button" @click=${() => this.reload()}>
          ${icon('retry', 20)} ${msg('Reload')}
        </button>`;
      case 'retry':
        return html`<button
          class="button"
          type="button"
          ?disabled=${this.busy}
          @click=${this.retry}
        >
          ${icon('retry', 20)} ${this.busy ? msg('Trying…') : msg('Try again')}
        </button>`;
    }
  }

  private readonly retry = async (): Promise<void> => {
    this.busy = true;
    await this.offline.retry();
    this.busy = false;
  };
}
