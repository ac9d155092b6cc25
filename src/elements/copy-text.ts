import { msg } from '@lit/localize';
import { css, html } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { FieldrayElement } from './base.ts';
import { icon } from './icons.ts';
import { baseStyles, buttonStyles } from './styles.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-copy-text': FrCopyText;
  }
}

/** A text to take along: shown in full, copied by one tap; selected by hand where the clipboard is closed. */
@customElement('fr-copy-text')
export class FrCopyText extends FieldrayElement {
  static override styles = [
    baseStyles,
    buttonStyles,
    css`
      :host {
        display: block;
      }

      textarea {
        display: block;
        inline-size: 100%;
        min-block-size: 14rem;
        margin-block-end: var(--space-3);
        padding: var(--space-4);
        border: 1px solid var(--line);
        border-radius: var(--radius-small);
        background: var(--panel);
        color: var(--ink);
        font-family: var(--font-mono);
        font-size: var(--text-small);
        line-height: 1.5;
        resize: vertical;
      }

      .row {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-3);
        align-items: center;
      }
    `,
  ];

  /** What the text is, for screen readers. */
  @property() label = '';
  @property() text = '';

  @state() private outcome: '' | 'copied' | 'selected' = '';
  @query('textarea') private readonly area!: HTMLTextAreaElement;

  protected override render(): unknown {
    return html`<textarea readonly aria-label=${this.label} .value=${this.text}></textarea>
      <div class="row">
        <button class="button" type="button" @click=${this.copy}>
          ${icon('copy')} ${msg('Copy')}
        </button>
        <span role="status" class="quiet">${this.outcomeText()}</span>
      </div>`;
  }

  private outcomeText(): string {
    if (this.outcome === 'copied') return msg('Copied.');
    if (this.outcome === 'selected') {
      return msg('The text is selected: copy it with the keyboard or a long press.');
    }
    return '';
  }

  private readonly copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(this.text);
      this.outcome = 'copied';
    } catch {
      this.area.focus();
      this.area.select();
      this.outcome = 'selected';
    }
  };
}
