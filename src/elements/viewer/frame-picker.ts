import { msg, str } from '@lit/localize';
import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { FieldrayElement } from '../base.ts';
import { icon } from '../icons.ts';
import { baseStyles, buttonStyles } from '../styles.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-frame-picker': FrFramePicker;
  }
  interface HTMLElementEventMap {
    /** Another picture of the file is asked for; from 0. */
    'frame-picked': CustomEvent<number>;
  }
}

/** Steps through the pictures of a file that holds several. */
@customElement('fr-frame-picker')
export class FrFramePicker extends FieldrayElement {
  static override styles = [
    baseStyles,
    buttonStyles,
    css`
      :host {
        display: inline-flex;
        gap: var(--space-1);
        align-items: center;
        font-size: var(--text-note);
        font-variant-numeric: tabular-nums;
      }
    `,
  ];

  /** The one that is shown, from 0. */
  @property({ type: Number }) frame = 0;
  @property({ type: Number }) frames = 1;
  /** One is being read. */
  @property({ type: Boolean }) busy = false;

  protected override render(): unknown {
    return html`${this.renderStep(-1, msg('Previous frame'))}
      <span aria-live="polite">${msg(str`Frame ${this.frame + 1} of ${this.frames}`)}</span>
      ${this.renderStep(1, msg('Next frame'))}`;
  }

  /** Not disabled while one is read: a disabled button would lose the focus at every step. */
  private renderStep(step: 1 | -1, label: string): unknown {
    const next = this.frame + step;
    const none = next < 0 || next >= this.frames;
    return html`<button
      class="button bare icon"
      type="button"
      aria-label=${label}
      title=${label}
      aria-disabled=${none || this.busy}
      @click=${() => {
        if (!none && !this.busy) this.emit('frame-picked', next);
      }}
    >
      ${icon(step === 1 ? 'forward' : 'back')}
    </button>`;
  }
}
