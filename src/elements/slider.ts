import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { FieldrayElement } from './base.ts';
import { baseStyles } from './styles.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-slider': FrSlider;
  }
  interface HTMLElementEventMap {
    /** The thumb moves; the detail is the value under it. */
    'slider-moved': CustomEvent<number>;
    /** The thumb was let go. */
    'slider-set': CustomEvent<number>;
  }
}

/** A native range with its name before it and its value, in words, behind it. */
@customElement('fr-slider')
export class FrSlider extends FieldrayElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
      }

      .head {
        display: flex;
        gap: var(--space-3);
        align-items: baseline;
        justify-content: space-between;
        font-size: var(--text-note);
      }

      output {
        font-weight: 620;
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
      }

      input {
        inline-size: 100%;
        min-block-size: var(--touch);
        margin: 0;
        accent-color: var(--accent);
        cursor: pointer;
      }

      :host([compact]) {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: var(--space-3);
        align-items: center;
      }

      :host([compact]) .head {
        order: 1;
      }

      input:disabled {
        cursor: default;
      }
    `,
  ];

  /** What is set. */
  @property() label = '';
  /** One line: the label is read out but not shown, where what stands beside says the same. */
  @property({ type: Boolean, reflect: true }) compact = false;
  @property({ type: Number }) min = 0;
  @property({ type: Number }) max = 100;
  @property({ type: Number }) step = 1;
  @property({ type: Number }) value = 0;
  /** The value as people read it ("90 %"); the bare number if empty. */
  @property({ attribute: 'value-text' }) valueText = '';
  @property({ type: Boolean }) disabled = false;

  protected override render(): unknown {
    const words = this.valueText || String(this.value);
    return html`<div class="head">
        <label for="range" class=${this.compact ? 'visually-hidden' : ''}>${this.label}</label>
        <output for="range">${words}</output>
      </div>
      <input
        id="range"
        type="range"
        min=${this.min}
        max=${this.max}
        step=${this.step}
        .value=${String(this.value)}
        ?disabled=${this.disabled}
        aria-valuetext=${this.valueText || nothing}
        @input=${(event: Event) => this.move(event, 'slider-moved')}
        @change=${(event: Event) => this.move(event, 'slider-set')}
      />`;
  }

  private move(event: Event, type: 'slider-moved' | 'slider-set'): void {
    this.value = (event.target as HTMLInputElement).valueAsNumber;
    this.emit(type, this.value);
  }
}
