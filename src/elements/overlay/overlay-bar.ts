import { msg, str } from '@lit/localize';
import { css, html, nothing } from 'lit';
import type { PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { FieldrayElement } from '../base.ts';
import { formatNumber } from '../../words/format.ts';
import { icon } from '../icons.ts';
import type { IconName } from '../icons.ts';
import { baseStyles, buttonStyles } from '../styles.ts';
import type { OverlayChoice } from '../../state/overlay.ts';
import '../slider.ts';
import './evidence-legend.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-overlay-bar': FrOverlayBar;
  }
  interface HTMLElementEventMap {
    'overlay-chosen': CustomEvent<OverlayChoice>;
    /** The picture is to be saved as it is shown. */
    'picture-saved': CustomEvent<undefined>;
  }
}

/** Under the picture: what is laid over it, whose evidence, how strong, and what the colors say. */
@customElement('fr-overlay-bar')
export class FrOverlayBar extends FieldrayElement {
  static override styles = [
    baseStyles,
    buttonStyles,
    css`
      :host {
        display: block;
        border-block-start: 1px solid var(--line);
        background: var(--panel);
        container: overlay-bar / inline-size;
      }

      .toggles {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1);
        align-items: center;
        justify-content: center;
        padding: var(--space-1) var(--space-2);
      }

      .toggles .button {
        padding-inline: var(--space-3);
        font-size: var(--text-note);
      }

      .toggles [aria-pressed='true'] {
        border-color: var(--accent);
        background: var(--accent-soft);
        color: var(--accent-strong);
      }

      .evidence {
        display: grid;
        grid-template-columns: auto minmax(6rem, 11rem) minmax(11rem, 17rem);
        gap: var(--space-1) var(--space-5);
        align-items: center;
        justify-content: center;
        padding: 0 var(--space-3) var(--space-2);
        font-size: var(--text-note);
      }

      .to-come {
        visibility: hidden;
      }

      .toggles .more {
        display: none;
      }

      .empty {
        grid-column: 1 / -1;
        text-align: center;
      }

      @container overlay-bar (max-width: 42rem) {
        .evidence {
          grid-template-columns: auto minmax(0, 1fr);
          justify-content: stretch;
        }

        fr-evidence-legend {
          grid-column: 1 / -1;
        }

        /* The picture keeps its room: what can be chosen comes on demand. */
        .evidence:not(.expanded) :is(select, fr-slider) {
          display: none;
        }

        .toggles .more {
          display: inline-flex;
        }
      }

      /* One line on a phone; a button that is its icon alone keeps it. */
      @container overlay-bar (max-width: 26rem) {
        .toggles .button:not(.icon) svg {
          display: none;
        }
      }

      @media (forced-colors: active) {
        .toggles [aria-pressed='true'] {
          outline: 2px solid Highlight;
          outline-offset: -2px;
        }
      }

      @media print {
        .toggles,
        fr-slider {
          display: none;
        }
      }
    `,
  ];

  /** The classes' names in their order. */
  @property({ attribute: false }) classes: readonly string[] = [];
  /** Position of the class whose evidence is shown now. */
  @property({ type: Number }) shown = 0;
  @property({ attribute: false }) choice!: OverlayChoice;
  /** Whether there is anything to lay over: evidence, lungs. */
  @property({ attribute: false }) has: { readonly evidence: boolean; readonly lungs: boolean } = {
    evidence: false,
    lungs: false,
  };
  /** The answer is still to come: the picture above keeps its size when it does. */
  @property({ type: Boolean }) pending = false;
  /** Nothing in the picture speaks for the class shown. */
  @property({ type: Boolean }) empty = false;
  /** The picture can be saved now. */
  @property({ type: Boolean }) savable = false;

  @state() private spoken = '';
  /** In a narrow place: class and strength are shown. */
  @state() private expanded = false;

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('choice');
    if (!before) return;
    const { evidence, lungs, classIndex } = this.choice;
    if (before.evidence !== evidence || before.classIndex !== classIndex) {
      this.spoken = evidence
        ? msg(str`Evidence for ${this.classes[this.shown] ?? ''} is shown`)
        : msg('Evidence is hidden');
    } else if (before.lungs !== lungs) {
      this.spoken = lungs ? msg('The lungs are outlined') : msg('The outline is hidden');
    }
  }

  protected override render(): unknown {
    const { choice, has } = this;
    return html`<div class="toggles">
        ${
          has.evidence
            ? this.toggle('evidence', msg('Evidence'), choice.evidence, () =>
                this.choose({ evidence: !choice.evidence }),
              )
            : nothing
        }
        ${
          has.lungs
            ? this.toggle('lungs', msg('Lungs'), choice.lungs, () =>
                this.choose({ lungs: !choice.lungs }),
              )
            : nothing
        }
        ${
          has.evidence && choice.evidence
            ? html`<button
                class="button bare icon more"
                type="button"
                aria-label=${msg('Class and strength')}
                aria-expanded=${this.expanded}
                @click=${() => (this.expanded = !this.expanded)}
              >
                ${icon('settings', 20)}
              </button>`
            : nothing
        }
        <button
          class="button bare"
          type="button"
          title=${msg('Save the picture as it is shown')}
          ?disabled=${!this.savable}
          @click=${() => this.emit('picture-saved')}
        >
          ${icon('download', 20)} ${msg('Save')}
        </button>
      </div>
      ${(has.evidence || this.pending) && choice.evidence ? this.renderEvidence() : nothing}
      <p class="visually-hidden" role="status">${this.spoken}</p>`;
  }

  private toggle(name: IconName, label: string, on: boolean, act: () => void): unknown {
    return html`<button class="button bare" type="button" aria-pressed=${on} @click=${act}>
      ${icon(name, 20)} ${label}
    </button>`;
  }

  private renderEvidence(): unknown {
    const { strength } = this.choice;
    return html`<div
      class="evidence ${this.expanded ? 'expanded' : ''} ${this.has.evidence ? '' : 'to-come'}"
      role="group"
      aria-label=${msg('Evidence in the picture')}
    >
      <select
        aria-label=${msg('Evidence for')}
        .value=${String(this.shown)}
        @change=${(event: Event) =>
          this.choose({ classIndex: Number((event.target as HTMLSelectElement).value) })}
      >
        ${this.classes.map(
          (name, index) =>
            html`<option value=${index} ?selected=${index === this.shown}>${name}</option>`,
        )}
      </select>
      <fr-slider
        compact
        label=${msg('Strength of the colors')}
        min="10"
        max="100"
        step="5"
        .value=${Math.round(100 * strength)}
        value-text="${formatNumber(100 * strength)} %"
        @slider-moved=${(event: CustomEvent<number>) => this.choose({ strength: event.detail / 100 })}
      ></fr-slider>
      <fr-evidence-legend .strength=${strength}></fr-evidence-legend>
      ${
        this.empty
          ? html`<p class="empty quiet" role="status">
              ${msg('Nothing in the picture speaks for this class.')}
            </p>`
          : nothing
      }
    </div>`;
  }

  private choose(part: Partial<OverlayChoice>): void {
    this.emit('overlay-chosen', { ...this.choice, ...part });
  }
}
