import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { FieldrayElement } from './base.ts';
import { baseStyles } from './styles.ts';
import { vars } from './vars.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-progress': FrProgress;
  }
}

/** A progress bar with a real share; without one it says that something is going on. */
@customElement('fr-progress')
export class FrProgress extends FieldrayElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
      }

      .track {
        block-size: 0.5rem;
        overflow: hidden;
        border-radius: 1rem;
        background: var(--sunken);
        box-shadow: inset 0 0 0 1px var(--line);
      }

      .fill {
        inline-size: calc(var(--share, 0) * 100%);
        block-size: 100%;
        border-radius: inherit;
        background: var(--accent);
        transition: inline-size 200ms linear;
      }

      :host([unknown]) .fill {
        inline-size: 30%;
        animation: pass 1.6s ease-in-out infinite;
      }

      /* Moved by the compositor: a layout each frame would be paid for by the reading. */
      @keyframes pass {
        from {
          transform: translateX(calc(var(--way, 1) * -100%));
        }

        to {
          transform: translateX(calc(var(--way, 1) * 334%));
        }
      }

      :host(:dir(rtl)) {
        --way: -1;
      }

      @media (prefers-reduced-motion: reduce) {
        .fill {
          transition: none;
        }

        :host([unknown]) .fill {
          inline-size: 100%;
          animation: none;
          opacity: 0.4;
        }
      }

      @media (forced-colors: active) {
        .track {
          border: 1px solid CanvasText;
        }

        .fill {
          background: Highlight;
        }
      }
    `,
  ];

  /** What is under way, for screen readers. */
  @property() label = '';
  /** 0 … 1, or null when it is not known. */
  @property({ type: Number }) share: number | null = null;
  /** The position in words ("3 of 12"); read instead of the percentage. */
  @property({ attribute: 'value-text' }) valueText = '';
  /** Reflected for the style: the share is not known. */
  @property({ type: Boolean, reflect: true }) unknown = false;

  protected override willUpdate(): void {
    this.unknown = this.share === null;
  }

  protected override render(): unknown {
    const share = this.share;
    return html`<div
      class="track"
      role="progressbar"
      aria-label=${this.label}
      aria-valuemin="0"
      aria-valuemax="100"
      aria-valuenow=${share === null ? nothing : Math.round(clamp(share) * 100)}
      aria-valuetext=${this.valueText || nothing}
    >
      <div class="fill" ${vars({ '--share': clamp(share ?? 0) })}></div>
    </div>`;
  }
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}
