import { msg } from '@lit/localize';
import { css, html } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { FieldrayElement } from './base.ts';
import { icon } from './icons.ts';
import { baseStyles, buttonStyles } from './styles.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-dialog': FrDialog;
  }
  interface HTMLElementEventMap {
    /** The dialog was closed, by whatever way. */
    'dialog-closed': CustomEvent<undefined>;
  }
}

/**
 * A modal window on the browser's own `<dialog>`: focus stays inside, Escape closes, focus returns.
 * @slot - the content
 * @slot actions - buttons at the end
 */
@customElement('fr-dialog')
export class FrDialog extends FieldrayElement {
  static override styles = [
    baseStyles,
    buttonStyles,
    css`
      dialog {
        inline-size: min(34rem, calc(100vw - 2rem));
        max-block-size: calc(100dvh - 2rem);
        padding: 0;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--panel);
        color: var(--ink);
        box-shadow: var(--shade);
      }

      dialog::backdrop {
        background: var(--veil);
      }

      header {
        display: flex;
        gap: var(--space-3);
        align-items: center;
        justify-content: space-between;
        padding: var(--space-3) var(--space-3) 0 var(--space-5);
      }

      h2 {
        font-size: var(--text-title);
        font-weight: 620;
        line-height: 1.25;
      }

      .body {
        padding: var(--space-3) var(--space-5) var(--space-5);
      }

      ::slotted([slot='actions']) {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-3);
        justify-content: flex-end;
        margin-block-start: var(--space-5);
      }
    `,
  ];

  @property() heading = '';

  @query('dialog') private readonly dialog!: HTMLDialogElement;

  show(): void {
    if (!this.dialog.open) this.dialog.showModal();
  }

  close(): void {
    this.dialog.close();
  }

  /** A tap beside the window closes it; for keys there is Escape. */
  protected override firstUpdated(): void {
    this.dialog.addEventListener('click', (event) => {
      if (event.target === this.dialog) this.close();
    });
  }

  protected override render(): unknown {
    return html`<dialog aria-labelledby="heading" @close=${() => this.emit('dialog-closed')}>
      <header>
        <h2 id="heading">${this.heading}</h2>
        <button
          class="button bare icon"
          type="button"
          aria-label=${msg('Close')}
          @click=${() => this.close()}
        >
          ${icon('close')}
        </button>
      </header>
      <div class="body">
        <slot></slot>
        <slot name="actions"></slot>
      </div>
    </dialog>`;
  }
}
