import { msg } from '@lit/localize';
import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { icon } from './icons.ts';
import { Screen } from './screen.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-install-hint': FrInstallHint;
  }
}

/** How to put the app on the home screen here: a button where the browser has one, words elsewhere. */
@customElement('fr-install-hint')
export class FrInstallHint extends Screen {
  static override styles = [
    ...Screen.styles,
    css`
      :host {
        display: block;
      }

      .card {
        display: grid;
        gap: var(--space-3);
        justify-items: start;
      }

      h2 {
        margin: 0;
        font-size: var(--text-lead);
      }
    `,
  ];

  protected override listen(): (() => void)[] {
    return [this.services.platform.install.onWay(() => this.requestUpdate())];
  }

  protected override render(): unknown {
    const { install } = this.services.platform;
    if (install.way === 'installed') return nothing;
    return html`<div class="card">
      <h2>${msg('Keep it on the home screen')}</h2>
      <p class="quiet">
        ${msg('Installed, it opens full screen and the browser does not clear it away.')}
        ${this.wayWords()}
      </p>
      ${
        install.way === 'prompt'
          ? html`<button class="button" type="button" @click=${() => void install.prompt()}>
              ${icon('download', 20)} ${msg('Install the app')}
            </button>`
          : nothing
      }
    </div>`;
  }

  private wayWords(): string {
    switch (this.services.platform.install.way) {
      case 'share-menu':
        return msg('Tap “Share” in Safari, then “Add to Home Screen”.');
      case 'dock-menu':
        return msg('In Safari’s menu choose “File”, then “Add to Dock”.');
      case 'browser-menu':
        return msg('Look for “Install” or “Add to Home screen” in the browser’s menu.');
      case 'prompt':
      case 'installed':
        return '';
    }
  }
}
