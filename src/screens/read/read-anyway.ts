import { msg } from '@lit/localize';
import { html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { FieldrayElement } from '../../elements/base.ts';
import { icon } from '../../elements/icons.ts';
import { baseStyles, buttonStyles } from '../../elements/styles.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-read-anyway': FrReadAnyway;
  }
  interface HTMLElementEventMap {
    /** The picture with this id is to be read although its header speaks against it. */
    'item-read-anyway': CustomEvent<string>;
  }
}

/** The way past a refusal that rests on the header alone; the reason stays with the result. */
@customElement('fr-read-anyway')
export class FrReadAnyway extends FieldrayElement {
  static override styles = [baseStyles, buttonStyles];

  @property() caseId = '';

  protected override render(): unknown {
    return html`<button
      class="button"
      type="button"
      @click=${() => this.emit('item-read-anyway', this.caseId)}
    >
      ${icon('forward', 20)} ${msg('Read it anyway')}
    </button>`;
  }
}
