import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { FieldrayElement } from './base.ts';
import { baseStyles } from './styles.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-switch': FrSwitch;
  }
  interface HTMLElementEventMap {
    'switch-turned': CustomEvent<boolean>;
  }
}

/** On or off: a native check box with the role and the look of a switch, words before it. */
@customElement('fr-switch')
export class FrSwitch extends FieldrayElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
      }

      label {
        display: flex;
        gap: var(--space-4);
        align-items: center;
        justify-content: space-between;
        min-block-size: var(--touch);
        cursor: pointer;
      }

      .words {
        display: grid;
        gap: var(--space-1);
      }

      .name {
        font-weight: 550;
      }

      .note {
        color: var(--ink-quiet);
        font-size: var(--text-note);
        line-height: 1.45;
      }

      input {
        position: relative;
        flex: none;
        inline-size: 3.25rem;
        block-size: 1.875rem;
        margin: 0;
        border: 1px solid var(--line-strong);
        border-radius: 2rem;
        appearance: none;
        background: var(--sunken);
        cursor: pointer;
        transition: background-color var(--quick);
      }

      input::before {
        content: '';
        position: absolute;
        inset-block-start: calc(50% - 0.625rem);
        inset-inline-start: 0.3rem;
        inline-size: 1.25rem;
        block-size: 1.25rem;
        border-radius: 50%;
        background: var(--line-strong);
        transition: inset-inline-start var(--quick);
      }

      input:checked {
        border-color: var(--accent);
        background: var(--accent);
      }

      input:checked::before {
        inset-inline-start: calc(100% - 1.55rem);
        background: var(--on-accent);
      }

      label:has(:disabled),
      input:disabled {
        cursor: default;
        opacity: 0.6;
      }

      @media (forced-colors: active) {
        input::before {
          background: ButtonText;
        }

        input:checked {
          background: Highlight;
        }

        input:checked::before {
          background: HighlightText;
        }
      }
    `,
  ];

  /** What is turned on or off. */
  @property() label = '';
  /** One quieter sentence: what it costs or brings. */
  @property() note = '';
  @property({ type: Boolean }) checked = false;
  @property({ type: Boolean }) disabled = false;

  protected override render(): unknown {
    return html`<label>
      <span class="words">
        <span class="name" id="name">${this.label}</span>
        ${this.note ? html`<span class="note" id="note">${this.note}</span>` : nothing}
      </span>
      <input
        type="checkbox"
        role="switch"
        aria-checked=${this.checked}
        aria-labelledby="name"
        aria-describedby=${this.note ? 'note' : nothing}
        .checked=${this.checked}
        ?disabled=${this.disabled}
        @change=${(event: Event) => this.turn((event.target as HTMLInputElement).checked)}
      />
    </label>`;
  }

  private turn(on: boolean): void {
    this.checked = on;
    this.emit('switch-turned', on);
  }
}
