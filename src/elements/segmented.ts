import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { FieldrayElement } from './base.ts';
import { baseStyles } from './styles.ts';

export interface SegmentedOption {
  readonly value: string;
  readonly label: string;
}

declare global {
  interface HTMLElementTagNameMap {
    'fr-segmented': FrSegmented;
  }
  interface HTMLElementEventMap {
    'option-chosen': CustomEvent<string>;
  }
}

/** One of a few: native radio buttons that look like a row of segments. */
@customElement('fr-segmented')
export class FrSegmented extends FieldrayElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        display: inline-block;
      }

      fieldset {
        display: flex;
        flex-wrap: wrap;
        gap: 2px;
        min-inline-size: 0;
        margin: 0;
        padding: 3px;
        border: 1px solid var(--line);
        border-radius: var(--radius-small);
        background: var(--sunken);
      }

      label {
        display: inline-flex;
        align-items: center;
        min-block-size: var(--touch);
        padding-inline: var(--space-4);
        border-radius: calc(var(--radius-small) - 3px);
        color: var(--ink-quiet);
        font-size: var(--text-note);
        cursor: pointer;
      }

      label:has(:checked) {
        background: var(--panel);
        color: var(--ink);
        font-weight: 600;
        box-shadow: 0 0 0 1px var(--line-strong);
      }

      label:has(:focus-visible) {
        outline: 3px solid var(--accent);
        outline-offset: 2px;
      }

      input {
        position: absolute;
        opacity: 0;
        pointer-events: none;
      }

      @media (forced-colors: active) {
        label:has(:checked) {
          outline: 2px solid Highlight;
        }
      }
    `,
  ];

  /** What is chosen, for screen readers. */
  @property() label = '';
  @property({ attribute: false }) options: readonly SegmentedOption[] = [];
  @property() value = '';

  protected override render(): unknown {
    return html`<fieldset>
      <legend class="visually-hidden">${this.label}</legend>
      ${this.options.map(
        (option) =>
          html`<label>
            <input
              type="radio"
              name="option"
              .value=${option.value}
              .checked=${option.value === this.value}
              @change=${() => this.choose(option.value)}
            />${option.label}
          </label>`,
      )}
    </fieldset>`;
  }

  private choose(value: string): void {
    this.value = value;
    this.emit('option-chosen', value);
  }
}
