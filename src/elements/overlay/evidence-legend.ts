import { msg } from '@lit/localize';
import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { FieldrayElement } from '../base.ts';
import { baseStyles } from '../styles.ts';
import { vars } from '../vars.ts';
import { opacityOf, viridis } from './color-map.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-evidence-legend': FrEvidenceLegend;
  }
}

const STOPS = 17;

/** The colors of the evidence from none to the strongest, as they look over a middle gray. */
@customElement('fr-evidence-legend')
export class FrEvidenceLegend extends FieldrayElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: auto minmax(4rem, 1fr) auto;
        gap: var(--space-3);
        align-items: center;
        color: var(--ink-quiet);
        font-size: var(--text-small);
        line-height: 1.3;
        white-space: nowrap;
      }

      .band {
        block-size: 0.75rem;
        border: 1px solid var(--line-strong);
        border-radius: 3px;
        background: var(--stops), #555;
        forced-color-adjust: none;
        print-color-adjust: exact;
      }

      .band:dir(rtl) {
        transform: scaleX(-1);
      }
    `,
  ];

  /** As the overlay's. */
  @property({ type: Number }) strength = 1;

  protected override render(): unknown {
    return html`<span>${msg('none')}</span>
      <div class="band" aria-hidden="true" ${vars({ '--stops': this.stops() })}></div>
      <span>${msg('strongest evidence')}</span>`;
  }

  private stops(): string {
    const stops = Array.from({ length: STOPS }, (_, step) => {
      const share = step / (STOPS - 1);
      return `rgb(${viridis(share).join(' ')} / ${(100 * opacityOf(share) * this.strength).toFixed(1)}%)`;
    });
    return `linear-gradient(to right, ${stops.join(', ')})`;
  }
}
