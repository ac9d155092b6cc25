import { msg, str } from '@lit/localize';
import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { formatBytes } from '../../words/format.ts';
import { icon } from '../../elements/icons.ts';
import { readStorage } from '../../platform/index.ts';
import type { InstallProgress } from '../../model/types.ts';
import type { OfflineState } from '../../state/offline.ts';
import { routeHash } from '../../state/routes.ts';
import { Screen } from '../../elements/screen.ts';
import {
  formatDownloaded,
  phaseWords,
  spokenShare,
  timeWords,
} from '../../words/progress-words.ts';
import '../../elements/install-hint.ts';
import '../../elements/notice.ts';
import '../../elements/progress.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-welcome-screen': FrWelcomeScreen;
  }
}

/** The first visit: what this is, one button, the model's way onto the device, and it is ready. */
@customElement('fr-welcome-screen')
export class FrWelcomeScreen extends Screen {
  static override styles = [
    ...Screen.styles,
    css`
      .page {
        display: grid;
        gap: var(--space-6);
        padding-block-start: clamp(2rem, 8vh, 5rem);
      }

      h1 {
        margin-block-end: var(--space-3);
        font-size: clamp(1.75rem, 1.2rem + 2.4vw, var(--text-display));
      }

      .facts {
        display: grid;
        gap: var(--space-4);
        padding: 0;
        list-style: none;
      }

      .facts li {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: var(--space-4);
      }

      .facts svg {
        margin-block-start: 0.1rem;
        color: var(--accent);
      }

      .facts .caution svg {
        color: var(--caution);
      }

      .facts strong {
        display: block;
        font-weight: 620;
      }

      .loading {
        display: grid;
        gap: var(--space-3);
      }

      .figures {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1) var(--space-5);
        justify-content: space-between;
        color: var(--ink-quiet);
        font-size: var(--text-note);
        font-variant-numeric: tabular-nums;
      }

      .ready {
        display: flex;
        gap: var(--space-4);
        align-items: center;
      }

      .ready svg {
        flex: none;
        color: var(--good);
      }

      .ready .caution {
        color: var(--caution);
      }

      .ready h1 {
        margin: 0;
      }

      @media (max-width: 40rem) {
        .button.large {
          inline-size: 100%;
        }
      }
    `,
  ];

  private lowSpace = '';

  protected override listen(): (() => void)[] {
    const { setup, offline } = this.services;
    void this.measureSpace();
    return [setup.subscribe(() => this.requestUpdate()), offline.watch(this.onOffline)];
  }

  protected override render(): unknown {
    const { state } = this.services.setup;
    if (state.phase === 'ready') return this.renderReady();
    return html`<div class="page narrow">
      <div>
        <h1 tabindex="-1">${msg('A second look at chest X-rays, on this device')}</h1>
        <p class="lead quiet">
          ${msg(
            'Open a radiograph and see which of four classes it most resembles: COVID\u201119, lung opacity, normal or viral pneumonia.',
          )}
        </p>
      </div>
      ${state.phase === 'absent' ? html`${this.renderFacts()} ${this.renderGap()}` : nothing}
      ${this.renderAction()}
    </div>`;
  }

  private renderFacts(): unknown {
    return html`<ul class="facts">
      <li>
        ${icon('offline', 24)}
        <div>
          <strong>${msg('Works without a network')}</strong>
          <span class="quiet"
            >${msg('After one download everything happens here, in airplane mode too.')}</span
          >
        </div>
      </li>
      <li>
        ${icon('good', 24)}
        <div>
          <strong>${msg('Nothing leaves this device')}</strong>
          <span class="quiet"
            >${msg('No picture, no result and no usage figure is ever sent.')}</span
          >
        </div>
      </li>
      <li class="caution">
        ${icon('caution', 24)}
        <div>
          <strong>${msg('Not a medical device')}</strong>
          <span class="quiet"
            >${msg(
              'Decision support for research, teaching and supervised pilots. It can be wrong. A trained person must read every picture.',
            )}</span
          >
        </div>
      </li>
    </ul>`;
  }

  private renderAction(): unknown {
    const { state } = this.services.setup;
    switch (state.phase) {
      case 'working':
        return this.renderProgress(state.progress, false);
      case 'paused':
        return this.renderProgress(state.progress, true);
      case 'failed':
        return html`<fr-notice tone="trouble" announce="alert" heading=${state.fault.message}>
            ${state.fault.remedy}
            <div slot="actions">
              <button class="button" type="button" @click=${this.install}>
                ${icon('retry', 20)} ${msg('Try again')}
              </button>
            </div>
          </fr-notice>
          ${state.progress ? this.renderFigures(state.progress, true) : nothing}`;
      default:
        return html`<div>
          <button class="button primary large" type="button" @click=${this.install}>
            ${icon('download')} ${msg('Set up this device')}
          </button>
          ${
            this.lowSpace
              ? html`<p class="quiet">${this.lowSpace}</p>`
              : html`<p class="quiet">
                  <small>${msg('Downloads the model once, a few megabytes.')}</small>
                </p>`
          }
        </div>`;
    }
  }

  private renderProgress(progress: InstallProgress | null, paused: boolean): unknown {
    return html`<div class="loading">
      <h2>${paused ? msg('Paused') : phaseWords(progress)}</h2>
      ${this.renderFigures(progress, paused)}
      <div class="row">
        ${
          paused
            ? html`<button class="button primary" type="button" @click=${this.install}>
                ${icon('play', 20)} ${msg('Go on')}
              </button>`
            : html`<button
                class="button"
                type="button"
                ?disabled=${progress !== null && progress.phase !== 'downloading'}
                @click=${() => void this.services.setup.pause()}
              >
                ${icon('pause', 20)} ${msg('Pause')}
              </button>`
        }
      </div>
      <p class="visually-hidden" role="status">${spokenShare(progress, paused)}</p>
    </div>`;
  }

  private renderFigures(progress: InstallProgress | null, paused: boolean): unknown {
    const known = progress !== null && progress.bytesTotal > 0;
    const share = known ? progress.bytesDone / progress.bytesTotal : null;
    return html`<fr-progress label=${msg('Model download')} .share=${share}></fr-progress>
      <div class="figures">
        <span
          >${
            known
              ? msg(
                  str`${formatBytes(progress.bytesDone)} of ${formatBytes(progress.bytesTotal)} (${formatDownloaded(share ?? 0)})`,
                )
              : msg('Asking the server…')
          }</span
        >
        <span>${paused ? '' : timeWords(progress)}</span>
      </div>`;
  }

  /** The model is here; without a network it helps only once the app itself is kept as well. */
  private renderReady(): unknown {
    const state = this.services.offline.state.value;
    return html`<div class="page narrow">
      <div class="ready">
        ${state.phase === 'missing' ? html`<span class="caution">${icon('caution', 44)}</span>` : icon('good', 44)}
        <h1 tabindex="-1">${readyWords(state)}</h1>
      </div>
      <p class="lead" role="status">${readyLead(state)}</p>
      ${this.renderGap()}
      <div class="row">
        <a class="button primary large" href=${routeHash('read')}
          >${icon('open')} ${msg('Open radiographs')}</a
        >
      </div>
      <fr-install-hint .services=${this.services}></fr-install-hint>
    </div>`;
  }

  private renderGap(): unknown {
    const { offline } = this.services;
    const state = offline.state.value;
    if (state.phase !== 'missing') return nothing;
    return html`<fr-offline-gap .gap=${state.gap} .offline=${offline}></fr-offline-gap>`;
  }

  private readonly onOffline = ({ phase }: OfflineState): void => {
    // Few ever see it. Where even this code cannot be had, the heading still says what is true.
    if (phase === 'missing') {
      import('../../elements/offline-gap.ts').catch(() => undefined);
    }
    this.requestUpdate();
  };

  private readonly install = (): void => {
    const { setup, offline } = this.services;
    void setup.install();
    // Whatever kept the app from being stored (no room, no network) may be mended by now as well.
    if (offline.state.value.phase === 'missing') void offline.retry();
  };

  private async measureSpace(): Promise<void> {
    const { usedBytes, quotaBytes } = await readStorage();
    if (usedBytes === null || quotaBytes === null) return;
    const free = quotaBytes - usedBytes;
    if (free > 40e6) return;
    this.lowSpace = msg(
      str`There is little room on this device (${formatBytes(Math.max(0, free))}). Free some space first if the download fails.`,
    );
    this.requestUpdate();
  }
}

function readyWords({ phase }: OfflineState): string {
  switch (phase) {
    case 'ready':
      return msg('Ready to work offline');
    case 'missing':
      return msg('Ready, but only with a network');
    default:
      return msg('Ready to read');
  }
}

function readyLead({ phase }: OfflineState): string {
  switch (phase) {
    case 'ready':
      return msg(
        'The app and its model are on this device and have passed their tests. From now on no network is needed.',
      );
    case 'missing':
      return msg('The model is on this device and has passed its test.');
    default:
      return msg(
        'The model is on this device and has passed its test. Stay connected for a moment: the app itself is still being stored.',
      );
  }
}
