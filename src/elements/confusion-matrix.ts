import { msg, str } from '@lit/localize';
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { FieldrayElement } from './base.ts';
import { formatNumber, formatProbability } from '../words/format.ts';
import { baseStyles } from './styles.ts';
import { vars } from './vars.ts';

/** A cell of the matrix: positions of the true and of the answered class. */
export interface MatrixCell {
  readonly truth: number;
  readonly answer: number;
}

declare global {
  interface HTMLElementTagNameMap {
    'fr-confusion-matrix': FrConfusionMatrix;
  }
  interface HTMLElementEventMap {
    'cell-chosen': CustomEvent<MatrixCell>;
  }
}

/** Truth by row, answer by column; the tint is the share of the row, the figure the count. */
@customElement('fr-confusion-matrix')
export class FrConfusionMatrix extends FieldrayElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
      }

      .scroller {
        overflow-x: auto;
      }

      table {
        border-collapse: separate;
        border-spacing: 3px;
        font-size: var(--text-note);
      }

      caption {
        padding-block-end: var(--space-3);
        color: var(--ink-quiet);
        font-size: var(--text-small);
        text-align: start;
      }

      th {
        padding: var(--space-2);
        color: var(--ink-quiet);
        font-size: var(--text-small);
        font-weight: 550;
        text-align: start;
      }

      thead th {
        max-inline-size: 6.5rem;
        text-align: center;
        vertical-align: bottom;
      }

      td {
        position: relative;
        min-inline-size: 5.25rem;
        padding: var(--space-3) var(--space-2);
        border-radius: var(--radius-small);
        background: var(--sunken);
        text-align: center;
      }

      /* The tint lies behind the figures, at most half strong, so that ink stays readable on it. */
      td::before {
        content: '';
        position: absolute;
        inset: 0;
        border-radius: inherit;
        background: var(--accent);
        opacity: calc(var(--share) * 0.3);
      }

      .count {
        position: relative;
        display: block;
        font-weight: 620;
        font-variant-numeric: tabular-nums;
      }

      .share {
        position: relative;
        color: var(--ink);
        font-size: var(--text-small);
        font-variant-numeric: tabular-nums;
      }

      button {
        position: absolute;
        inset: 0;
        border: 0;
        border-radius: inherit;
        background: transparent;
        cursor: pointer;
      }

      button:hover,
      button[aria-pressed='true'] {
        box-shadow: inset 0 0 0 2px var(--accent);
      }

      .diagonal {
        box-shadow: inset 0 0 0 1px var(--accent);
      }

      /* Four classes fit a phone; more scroll. */
      @media (max-width: 30rem) {
        table {
          border-spacing: 2px;
        }

        th,
        td {
          padding-inline: 2px;
        }

        td {
          min-inline-size: 3.25rem;
        }
      }

      @media print {
        td {
          border: 1px solid var(--line-strong);
        }
      }
    `,
  ];

  @property() caption = '';
  @property({ attribute: false }) labels: readonly string[] = [];
  /** Rows are the truth, columns the answer. */
  @property({ attribute: false }) counts: readonly (readonly number[])[] = [];
  /** Cells can be chosen: then they are buttons. */
  @property({ type: Boolean }) choosable = false;
  @property({ attribute: false }) chosen: MatrixCell | null = null;

  protected override render(): unknown {
    return html`<div class="scroller" tabindex="0" role="group" aria-label=${this.caption}>
      <table>
        <caption>
          ${this.caption}
        </caption>
        <thead>
          <tr>
            <th scope="col">${msg('Truth ↓ / answer →')}</th>
            ${this.labels.map((label) => html`<th scope="col">${label}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${this.counts.map((row, index) => this.renderRow(row, index))}
        </tbody>
      </table>
    </div>`;
  }

  private renderButton(cell: MatrixCell, count: number): unknown {
    const { truth, answer } = cell;
    const pressed = this.chosen?.truth === truth && this.chosen.answer === answer;
    return html`<button
      type="button"
      aria-pressed=${pressed}
      aria-label=${msg(
        str`Show the ${count} pictures of ${this.labels[truth] ?? ''} answered as ${this.labels[answer] ?? ''}`,
      )}
      @click=${() => this.emit('cell-chosen', cell)}
    ></button>`;
  }

  private renderRow(row: readonly number[], index: number): unknown {
    const sum = row.reduce((total, count) => total + count, 0);
    return html`<tr>
      <th scope="row">${this.labels[index]}</th>
      ${row.map((count, column) => {
        const share = sum > 0 ? count / sum : 0;
        return html`<td
          class=${column === index ? 'diagonal' : ''}
          title=${msg(str`${this.labels[index] ?? ''} answered as ${this.labels[column] ?? ''}`)}
          ${vars({ '--share': share })}
        >
          <span class="count">${formatNumber(count)}</span>
          <span class="share">${count === 0 ? '–' : formatProbability(share)}</span>
          ${this.choosable && count > 0 ? this.renderButton({ truth: index, answer: column }, count) : nothing}
        </td>`;
      })}
    </tr>`;
  }
}
