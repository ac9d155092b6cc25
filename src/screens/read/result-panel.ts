import { msg, str } from '@lit/localize';
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Assessment } from '../../assurance/index.ts';
import { FieldrayElement } from '../../elements/base.ts';
import { formatMilliseconds, formatNumber, formatProbability } from '../../elements/format.ts';
import { icon } from '../../elements/icons.ts';
import { baseStyles, buttonStyles } from '../../elements/styles.ts';
import type { Reading } from '../../inference/types.ts';
import type { Case } from '../../study/types.ts';
import { backendWords, caution, className, notADevice } from '../words.ts';
import { barsOf, certaintyMeaning, certaintyWords } from './assessment-words.ts';
import '../../elements/bar-list.ts';
import '../../elements/notice.ts';
import '../../elements/progress.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-result-panel': FrResultPanel;
  }
}

/** What was found in one picture: one verdict, how sure, four bars, a caution, and the facts behind. */
@customElement('fr-result-panel')
export class FrResultPanel extends FieldrayElement {
  static override styles = [
    baseStyles,
    buttonStyles,
    css`
      :host {
        display: block;
      }

      .panel {
        display: grid;
        gap: var(--space-5);
        align-content: start;
        padding: var(--space-5);
      }

      .verdict .over {
        color: var(--ink-quiet);
        font-size: var(--text-note);
      }

      .verdict h2 {
        margin-block: 0 var(--space-2);
        font-size: var(--text-head);
        font-weight: 660;
        line-height: var(--leading-tight);
        letter-spacing: -0.015em;
      }

      .sure {
        display: inline-flex;
        gap: var(--space-2);
        align-items: baseline;
        margin-block-end: var(--space-2);
        padding: var(--space-1) var(--space-3);
        border-radius: 2rem;
        background: var(--accent-soft);
        color: var(--accent-strong);
        font-weight: 620;
        font-variant-numeric: tabular-nums;
      }

      .unsure .sure {
        background: var(--caution-soft);
        color: var(--caution);
      }

      .meaning {
        color: var(--ink-quiet);
        font-size: var(--text-note);
        line-height: 1.45;
      }

      h3 {
        margin-block-end: var(--space-3);
        color: var(--ink-quiet);
        font-size: var(--text-small);
        font-weight: 600;
      }

      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: var(--space-2) var(--space-4);
        font-size: var(--text-note);
        line-height: 1.4;
      }

      dt {
        color: var(--ink-quiet);
      }

      dd {
        text-align: end;
        overflow-wrap: anywhere;
      }

      .notices {
        display: grid;
        gap: var(--space-2);
      }

      .print-only {
        display: none;
      }

      @media (min-width: 40rem) and (max-width: 54rem) {
        .panel {
          grid-template-columns: 1fr 1fr;
          gap: var(--space-5) var(--space-6);
        }

        .notices,
        .actions,
        .panel > fr-notice {
          grid-column: 1 / -1;
        }
      }

      @media print {
        .print-only {
          display: block;
        }

        .panel {
          padding: var(--space-4) 0;
        }
      }
    `,
  ];

  @property({ attribute: false }) entry!: Case;

  protected override render(): unknown {
    const { state } = this.entry;
    switch (state.phase) {
      case 'queued':
        return html`<div class="panel" role="status">
          <p class="quiet">${msg('Waiting to be read.')}</p>
        </div>`;
      case 'reading':
        return html`<div class="panel" role="status">
          <p class="quiet">${msg('Reading the picture…')}</p>
          <fr-progress label=${msg('Reading the picture')}></fr-progress>
        </div>`;
      case 'failed':
        return this.renderFailure(state.fault.message, state.fault.remedy);
      case 'done':
        return this.renderResult(state.reading, state.assessment);
    }
  }

  private renderFailure(message: string, remedy: string): unknown {
    return html`<div class="panel">
      <fr-notice tone="trouble" announce="alert" heading=${message}>
        ${remedy}
        <div slot="actions">
          ${
            this.entry.source
              ? html`<button
                  class="button"
                  type="button"
                  @click=${() => this.emit('item-retried', this.entry.id)}
                >
                  ${icon('retry', 20)} ${msg('Try again')}
                </button>`
              : nothing
          }
          ${this.renderRemove()}
        </div>
      </fr-notice>
    </div>`;
  }

  private renderRemove(): unknown {
    return html`<button
      class="button"
      type="button"
      @click=${() => this.emit('item-removed', this.entry.id)}
    >
      ${icon('trash', 20)} ${msg('Remove')}
    </button>`;
  }

  private renderResult(reading: Reading, assessment: Assessment): unknown {
    const top = assessment.probabilities[assessment.top] ?? 0;
    return html`<div class="panel">
      <div class="verdict ${assessment.certainty}" role="status">
        <p class="over">${msg('Most resembles')}</p>
        <h2>${className(assessment.label)}</h2>
        <p class="sure">
          ${certaintyWords(assessment.certainty)} <span>${formatProbability(top)}</span>
        </p>
        <p class="meaning">${certaintyMeaning(assessment)}</p>
      </div>
      <div>
        <h3>${msg('Calibrated probabilities')}</h3>
        <fr-bar-list .bars=${barsOf(assessment)}></fr-bar-list>
      </div>
      <div class="notices">
        <fr-notice tone="caution">${caution()}</fr-notice>
        ${
          reading.recovery
            ? html`<fr-notice tone="info">${reading.recovery.message}</fr-notice>`
            : nothing
        }
        ${reading.picture.warnings.map(
          (warning) => html`<fr-notice tone="info">${warning.message}</fr-notice>`,
        )}
      </div>
      ${this.renderFacts(reading)}
      <p class="print-only">${notADevice()}</p>
      <div class="actions row">
        <button class="button" type="button" @click=${() => window.print()}>
          ${icon('print', 20)} ${msg('Print')}
        </button>
        ${this.renderRemove()}
      </div>
    </div>`;
  }

  private renderFacts(reading: Reading): unknown {
    const { picture, timings } = reading;
    return html`<div>
      <h3>${msg('How it was read')}</h3>
      <dl>
        <dt>${msg('Model')}</dt>
        <dd>${reading.modelId} ${reading.modelVersion}</dd>
        <dt>${msg('Time')}</dt>
        <dd>${formatMilliseconds(timings.total)}</dd>
        <dt>${msg('Computed by')}</dt>
        <dd>${backendWords(reading.backend)}</dd>
        <dt>${msg('Picture')}</dt>
        <dd>
          ${msg(
            str`${formatNumber(picture.width)} × ${formatNumber(picture.height)}, ${picture.bitsStored} bit, ${picture.format.toUpperCase()}`,
          )}
        </dd>
      </dl>
    </div>`;
  }
}
