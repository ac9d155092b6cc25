import { msg, str } from '@lit/localize';
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { FieldrayElement } from '../../elements/base.ts';
import { formatNumber, formatWait } from '../../words/format.ts';
import { icon } from '../../elements/icons.ts';
import { baseStyles, buttonStyles } from '../../elements/styles.ts';
import type { LiveView } from './view.ts';
import '../../elements/notice.ts';
import '../../elements/progress.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-scan-panel': FrScanPanel;
  }
  interface HTMLElementEventMap {
    /** What is kept of this folder is to be forgotten. */
    'scan-forgotten': CustomEvent<undefined>;
  }
}

const FAILURES_SHOWN = 50;

/** The scan of the open folder: start, hold on, go on, and what could not be read. */
@customElement('fr-scan-panel')
export class FrScanPanel extends FieldrayElement {
  static override styles = [
    baseStyles,
    buttonStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-3);
        margin-block-start: var(--space-4);
        padding: var(--space-4);
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--panel);
      }

      .row {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-3);
        align-items: center;
        justify-content: space-between;
      }

      .words {
        flex: 1 1 16rem;
        min-inline-size: 0;
      }

      .words span {
        display: block;
        color: var(--ink-quiet);
        font-size: var(--text-small);
        font-variant-numeric: tabular-nums;
      }

      summary {
        display: inline-flex;
        align-items: center;
        min-block-size: var(--touch);
        color: var(--accent);
        font-size: var(--text-note);
        cursor: pointer;
      }

      ul {
        max-block-size: 18rem;
        overflow: auto;
        padding-inline-start: 1.25em;
        font-size: var(--text-small);
        overflow-wrap: anywhere;
      }

      @media print {
        :host {
          display: none;
        }
      }
    `,
  ];

  @property({ attribute: false }) live!: LiveView;
  /** Counts every change of the scan: the scan itself is one and the same object. */
  @property({ type: Number }) tick = 0;

  protected override render(): unknown {
    const { view } = this.live.run.scan;
    return html`<div class="row">
        <div class="words">
          <strong>${this.headline()}</strong>
          <span>${this.figures()}</span>
        </div>
        ${this.renderButtons()}
      </div>
      ${
        view.phase === 'done'
          ? nothing
          : html`<fr-progress
              label=${msg('Pictures looked at')}
              .share=${view.total > 0 ? view.done / view.total : 0}
              value-text=${msg(str`${formatNumber(view.done)} of ${formatNumber(view.total)}`)}
            ></fr-progress>`
      }
      ${
        view.fault
          ? html`<fr-notice tone="trouble" announce="alert" heading=${view.fault.message}>
              ${view.fault.remedy}
            </fr-notice>`
          : nothing
      }
      ${
        view.notKept
          ? html`<fr-notice tone="caution" announce="status" heading=${view.notKept.message}>
              ${view.notKept.remedy}
            </fr-notice>`
          : nothing
      }
      ${view.failed > 0 ? this.renderFailures() : nothing}`;
  }

  private headline(): string {
    const { phase, done, kept } = this.live.run.scan.view;
    switch (phase) {
      case 'reading-kept':
        return msg('Looking for an earlier scan…');
      case 'paused':
        if (done === 0) return msg('The pictures themselves were not looked at yet');
        return kept === done ? msg('Kept from before; the rest can go on') : msg('Paused');
      case 'running':
        return msg('Looking at every picture');
      case 'stopped':
        return msg('Stopped');
      case 'done':
        return msg('Every picture was looked at');
    }
  }

  private figures(): string {
    const { done, total, failed, pace, phase } = this.live.run.scan.view;
    return [
      msg(str`${formatNumber(done)} of ${formatNumber(total)} pictures`),
      ...(failed > 0 ? [msg(str`${formatNumber(failed)} cannot be read`)] : []),
      ...(pace ? [msg(str`${formatNumber(pace.perSecond, 1)} a second`)] : []),
      ...(pace && phase === 'running' ? [msg(str`${formatWait(pace.secondsLeft)} left`)] : []),
      ...(done === 0
        ? [
            msg(
              'formats, masks, brightness and near-duplicates need it; it can be paused, and goes on after a reload',
            ),
          ]
        : []),
    ].join(' · ');
  }

  private renderButtons(): unknown {
    const { scan } = this.live.run;
    const { phase, done } = scan.view;
    if (phase === 'running') {
      return html`<button class="button" type="button" @click=${() => void scan.pause()}>
        ${icon('pause', 20)} ${msg('Pause')}
      </button>`;
    }
    return html`${
      phase === 'paused' || phase === 'stopped'
        ? html`<button class="button primary" type="button" @click=${() => void scan.start()}>
            ${icon('play', 20)} ${done === 0 ? msg('Scan the pictures') : msg('Go on')}
          </button>`
        : nothing
    }
    ${
      done > 0
        ? html`<button
            class="button bare"
            type="button"
            title=${msg('What is kept of this folder on this device is deleted')}
            @click=${() => this.emit('scan-forgotten')}
          >
            ${msg('Forget this scan')}
          </button>`
        : nothing
    }`;
  }

  private renderFailures(): unknown {
    const { folder, result } = this.live;
    const shown = [...result.failures].slice(0, FAILURES_SHOWN);
    const more = result.failures.size - shown.length;
    return html`<details>
      <summary>
        ${msg(str`Files that could not be read: ${formatNumber(result.failures.size)}`)}
      </summary>
      <ul tabindex="0">
        ${shown.map(
          ([at, fault]) =>
            html`<li><strong>${folder.items[at]?.path ?? ''}</strong>: ${fault.message}</li>`,
        )}
        ${more > 0 ? html`<li>${msg(str`and ${formatNumber(more)} more`)}</li>` : nothing}
      </ul>
    </details>`;
  }
}
