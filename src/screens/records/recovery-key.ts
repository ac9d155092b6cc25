import { msg } from '@lit/localize';
import { css, html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { FieldrayElement } from '../../elements/base.ts';
import { icon } from '../../elements/icons.ts';
import { baseStyles, buttonStyles, pageStyles } from '../../elements/styles.ts';
import { formatDate } from '../../words/format.ts';
import { formStyles } from '../../elements/desk/form-styles.ts';
import '../../elements/notice.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-recovery-key': FrRecoveryKey;
  }
  interface HTMLElementEventMap {
    'key-noted': CustomEvent<undefined>;
  }
}

/** The recovery key, shown this once, to be printed or written down. */
@customElement('fr-recovery-key')
export class FrRecoveryKey extends FieldrayElement {
  static override styles = [
    baseStyles,
    buttonStyles,
    pageStyles,
    formStyles,
    css`
      .key {
        display: grid;
        inline-size: fit-content;
        grid-template-columns: repeat(4, auto);
        gap: var(--space-2) var(--space-4);
        justify-content: start;
        margin-block: var(--space-4);
        padding: var(--space-4);
        border: 1px solid var(--line-strong);
        border-radius: var(--radius-small);
        background: var(--panel);
        font: 600 var(--text-lead) var(--font-mono);
        letter-spacing: 0.08em;
      }

      .paper {
        display: none;
      }

      .choice {
        max-inline-size: var(--measure);
        margin-block: var(--space-4);
      }

      @media (max-width: 26rem) {
        .key {
          grid-template-columns: repeat(2, auto);
        }
      }

      @media print {
        .paper {
          display: block;
        }

        .choice,
        fr-notice {
          display: none;
        }
      }
    `,
  ];

  /** `ABCD-EFGH-…` */
  @property() key = '';
  @state() private noted = false;

  protected override render(): unknown {
    return html`<h2>${msg('Recovery key')}</h2>
      <p class="note">
        ${msg('If every passphrase is forgotten, this key is the only way to the kept studies. It is shown only now. Print it, and lock it away.')}
      </p>
      <p class="key" translate="no" aria-label=${msg('Recovery key')} role="group">
        ${this.key.split('-').map((group) => html`<span>${group}</span>`)}
      </p>
      <p class="paper">Fieldray · ${formatDate(Date.now())}</p>
      <button class="button" type="button" @click=${() => window.print()}>
        ${icon('print', 20)} ${msg('Print')}
      </button>
      <label class="choice"
        ><input
          type="checkbox"
          .checked=${this.noted}
          @change=${(event: Event) => (this.noted = (event.target as HTMLInputElement).checked)}
        /><span>${msg('I have printed it or written it down.')}</span></label
      >
      <button
        class="button primary"
        type="button"
        ?disabled=${!this.noted}
        @click=${() => this.emit('key-noted')}
      >
        ${msg('Done')}
      </button>`;
  }
}
