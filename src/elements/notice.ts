import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { FieldrayElement } from './base.ts';
import { icon } from './icons.ts';
import type { IconName } from './icons.ts';
import { fresh } from './rewritten.ts';
import { baseStyles } from './styles.ts';

export type NoticeTone = 'info' | 'good' | 'caution' | 'trouble';

declare global {
  interface HTMLElementTagNameMap {
    'fr-notice': FrNotice;
  }
}

/**
 * A calm box with news: what happened, what to do.
 * @slot - the text
 * @slot actions - buttons
 */
@customElement('fr-notice')
export class FrNotice extends FieldrayElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        --tone: var(--accent);
        --tone-soft: var(--accent-soft);

        display: block;
      }

      :host([tone='good']) {
        --tone: var(--good);
        --tone-soft: var(--good-soft);
      }

      :host([tone='caution']) {
        --tone: var(--caution);
        --tone-soft: var(--caution-soft);
      }

      :host([tone='trouble']) {
        --tone: var(--trouble);
        --tone-soft: var(--trouble-soft);
      }

      .box {
        display: flex;
        gap: var(--space-3);
        align-items: flex-start;
        padding: var(--space-3) var(--space-4);
        border-radius: var(--radius-small);
        background: var(--tone-soft);
        font-size: var(--text-note);
        line-height: 1.45;
      }

      svg {
        flex: none;
        margin-block-start: 0.05rem;
        color: var(--tone);
      }

      .body {
        flex: 1;
        min-inline-size: 0;
        overflow-wrap: anywhere;
      }

      .heading {
        display: block;
        color: var(--tone);
        font-weight: 620;
      }

      ::slotted([slot='actions']) {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
        margin-block-start: var(--space-3);
      }

      @media (forced-colors: active) {
        .box {
          border: 1px solid CanvasText;
        }
      }
    `,
  ];

  /** How grave the news is. */
  @property({ reflect: true }) tone: NoticeTone = 'info';
  /** One short line above the text. */
  @property() heading = '';
  /** Announced when it appears: `alert` at once, `status` when the reader pauses. */
  @property() announce: 'alert' | 'status' | '' = '';

  protected override render(): unknown {
    const name: IconName = this.tone;
    return html`<div class="box" role=${this.announce || nothing}>
      ${icon(name)}
      <div class="body">
        ${this.heading ? html`<strong class="heading">${fresh(this.heading)}</strong>` : nothing}
        <slot></slot>
        <slot name="actions"></slot>
      </div>
    </div>`;
  }
}
