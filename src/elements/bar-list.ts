import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { FieldrayElement } from './base.ts';
import { formatProbability } from '../words/format.ts';
import { baseStyles } from './styles.ts';
import { vars } from './vars.ts';
import type { Bar } from '../words/types.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-bar-list': FrBarList;
  }
}

/** Shares of a whole as bars; the figure stands beside each, so nothing depends on length or color. */
@customElement('fr-bar-list')
export class FrBarList extends FieldrayElement {
  static override styles = [
    baseStyles,
    css`
      ul {
        display: grid;
        gap: var(--space-3);
        padding: 0;
        list-style: none;
      }

      .line {
        display: flex;
        gap: var(--space-3);
        justify-content: space-between;
        font-size: var(--text-note);
      }

      .figure {
        font-variant-numeric: tabular-nums;
      }

      .leading .line {
        font-weight: 650;
      }

      .track {
        block-size: 0.5rem;
        margin-block-start: var(--space-1);
        overflow: hidden;
        border-radius: 1rem;
        background: var(--sunken);
      }

      .fill {
        inline-size: calc(var(--share, 0) * 100%);
        min-inline-size: 2px;
        block-size: 100%;
        border-radius: inherit;
        background: var(--bar-quiet);
      }

      .leading .fill {
        background: var(--accent);
      }

      @media (forced-colors: active) {
        .track {
          outline: 1px solid CanvasText;
        }

        /* Any other color than the system's own would be taken away, the bar with it. */
        .fill,
        .leading .fill {
          background: CanvasText;
        }
      }

      @media print {
        .track {
          box-shadow: inset 0 0 0 1px var(--line-strong);
        }

        .fill {
          print-color-adjust: exact;
        }
      }
    `,
  ];

  @property({ attribute: false }) bars: readonly Bar[] = [];

  protected override render(): unknown {
    return html`<ul>
      ${repeat(
        this.bars,
        (bar) => bar.label,
        (bar) =>
          html`<li class=${bar.leading ? 'leading' : ''}>
            <div class="line">
              <span>${bar.label}</span>
              <span class="figure">${formatProbability(bar.share)}</span>
            </div>
            <div class="track" aria-hidden="true">
              <div class="fill" ${vars({ '--share': bar.share })}></div>
            </div>
          </li>`,
      )}
    </ul>`;
  }
}
