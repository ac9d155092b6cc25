import { msg, str } from '@lit/localize';
import { css, html, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { ViewPreset } from '../../radiograph/types.ts';
import { FULL_WINDOW, windowOf } from '../../session/index.ts';
import type { GrayWindow } from '../../session/index.ts';
import { FieldrayElement } from '../base.ts';
import { baseStyles } from '../styles.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-window-picker': FrWindowPicker;
  }
  interface HTMLElementEventMap {
    /** Another of the file's own windows is asked for. */
    'window-picked': CustomEvent<GrayWindow>;
  }
}

/** Chooses among the windows a DICOM file brings along, and its whole range. */
@customElement('fr-window-picker')
export class FrWindowPicker extends FieldrayElement {
  static override styles = [
    baseStyles,
    css`
      label {
        display: inline-flex;
        gap: var(--space-2);
        align-items: center;
        font-size: var(--text-note);
      }

      select {
        min-block-size: 2.75rem;
        max-inline-size: 14rem;
        padding-inline: var(--space-3);
        border: 1px solid var(--line-strong);
        border-radius: 8px;
        background: var(--panel);
        color: var(--ink);
        font: inherit;
      }
    `,
  ];

  @property({ attribute: false }) presets: readonly ViewPreset[] = [];
  /** What the viewer shows now; it may have been pulled elsewhere by hand. */
  @property({ attribute: false }) current: GrayWindow | null = null;

  @query('select') private readonly select!: HTMLSelectElement | null;

  protected override render(): unknown {
    if (this.presets.length === 0) return nothing;
    return html`<label
      >${msg('Window')}
      <select @change=${this.onChange}>
        ${this.presets.map(
          ({ name }, index) =>
            html`<option value=${index}>${name || msg(str`Window ${index + 1}`)}</option>`,
        )}
        <option value="all">${msg('Whole range')}</option>
        <option value="hand" disabled>${msg('By hand')}</option>
      </select></label
    >`;
  }

  /** A select follows its first option, not its attributes: the choice is set when all are there. */
  protected override updated(): void {
    if (this.select) this.select.value = this.choice();
  }

  private choice(): string {
    const { current, presets } = this;
    if (!current) return '0';
    const index = presets.findIndex((preset) => isSame(windowOf(preset), current));
    if (index >= 0) return String(index);
    return isSame(FULL_WINDOW, current) ? 'all' : 'hand';
  }

  private onChange(event: Event): void {
    const { value } = event.target as HTMLSelectElement;
    const preset = this.presets[Number(value)];
    this.emit('window-picked', preset ? windowOf(preset) : FULL_WINDOW);
  }
}

/** Inverted or not, it is the same window. */
function isSame(a: GrayWindow, b: GrayWindow): boolean {
  return a.center === b.center && a.width === b.width && a.curve === b.curve;
}
