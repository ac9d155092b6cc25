import { msg } from '@lit/localize';
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { GrayWindow, PictureFacts } from '../../session/types.ts';
import { Screen } from '../../elements/screen.ts';
import '../../elements/viewer/window-picker.ts';
import '../../elements/viewer/frame-picker.ts';
import './patient-dialog.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-dicom-strip': FrDicomStrip;
  }
  interface HTMLElementEventMap {
    /** The ruler is to be shown, or to go. */
    'ruler-asked': CustomEvent<boolean>;
  }
}

/** What a DICOM file adds to the viewer: view and side, its windows, a ruler, and who it is of. */
@customElement('fr-dicom-strip')
export class FrDicomStrip extends Screen {
  static override styles = [
    ...Screen.styles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2) var(--space-3);
        align-items: center;
        padding: var(--space-2) var(--space-4);
        border-block-start: 1px solid var(--line);
        background: var(--panel);
      }

      .said {
        flex: 1 1 6rem;
        color: var(--ink-quiet);
        font-size: var(--text-note);
      }

      @media print {
        :host {
          display: none;
        }
      }
    `,
  ];

  @property({ attribute: false }) facts!: PictureFacts;
  @property({ attribute: false }) source!: Blob;
  @property({ type: Boolean }) ruler = false;
  @property({ attribute: false }) window: GrayWindow | null = null;
  /** Which picture of the file is chosen, from 0. */
  @property({ type: Number }) frame = 0;
  /** It is being read: another one can be chosen when that is done. */
  @property({ type: Boolean }) busy = false;

  protected override render(): unknown {
    const { attributes, presets } = this.facts;
    return html`<p class="said">${saidWords(this.facts)}</p>
      ${
        (attributes.frames ?? 1) > 1
          ? html`<fr-frame-picker
              .frame=${this.frame}
              .frames=${attributes.frames ?? 1}
              ?busy=${this.busy}
            ></fr-frame-picker>`
          : nothing
      }
      <fr-window-picker .presets=${presets} .current=${this.window}></fr-window-picker>
      ${
        attributes.pixelSpacing
          ? html`<button
              class="button"
              type="button"
              aria-pressed=${this.ruler}
              @click=${() => this.emit('ruler-asked', !this.ruler)}
            >
              ${msg('Ruler')}
            </button>`
          : nothing
      }
      <fr-patient-dialog .services=${this.services} .source=${this.source}></fr-patient-dialog>`;
  }
}

/** “CR, chest, PA, left”: the file's own codes, the side in words. */
function saidWords({ attributes }: PictureFacts): string {
  const { modality, bodyPart, viewPosition, laterality } = attributes;
  const side = laterality === 'L' ? msg('left') : laterality === 'R' ? msg('right') : laterality;
  return [modality, bodyPart, viewPosition, side].filter(Boolean).join(', ');
}
