import { msg } from '@lit/localize';
import { css, html } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { DeskPart } from '../../elements/desk/desk-part.ts';
import type { FrDialog } from '../../elements/dialog.ts';
import { icon } from '../../elements/icons.ts';
import type { Patient } from '../../state/patients/patients.ts';
import { labelWords } from '../../words/patient-words.ts';
import '../../elements/dialog.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-label-button': FrLabelButton;
  }
}

/** Whose picture this is; a tap corrects it. */
@customElement('fr-label-button')
export class FrLabelButton extends DeskPart {
  static override styles = [
    ...DeskPart.styles,
    css`
      :host {
        display: inline-block;
        min-inline-size: 0;
        max-inline-size: 100%;
      }

      .label {
        max-inline-size: 100%;
        padding-inline: var(--space-2);
      }

      .label span {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
    `,
  ];

  @property({ attribute: false }) patient!: Patient;

  @query('fr-dialog') private readonly dialog!: FrDialog;
  @query('#name') private readonly name!: HTMLInputElement;
  @query('#number') private readonly number!: HTMLInputElement;

  protected override render(): unknown {
    const { label } = this.patient;
    return html`<button
        class="button bare label"
        type="button"
        title=${msg('Change whose picture this is')}
        @click=${this.open}
      >
        <span dir="auto" translate="no">${labelWords(label)}</span> ${icon('edit', 16)}
      </button>
      <fr-dialog heading=${msg('Whose picture is this?')}>
        <form
          @submit=${(event: Event) => {
            event.preventDefault();
            this.save();
          }}
        >
          <label class="field"
            ><span>${msg('Name')}</span>
            <input id="name" maxlength="100" autocomplete="off" />
          </label>
          <label class="field"
            ><span>${msg('Number')}</span>
            <input id="number" maxlength="60" autocomplete="off" />
          </label>
          <div class="row">
            <button class="button primary" type="submit">${msg('Save')}</button>
            <button class="button" type="button" @click=${() => this.dialog.close()}>
              ${msg('Cancel')}
            </button>
          </div>
        </form>
      </fr-dialog>`;
  }

  private readonly open = (): void => {
    const { label } = this.patient;
    this.name.value = label.name;
    this.number.value = label.number;
    this.dialog.show();
    this.name.focus();
  };

  private save(): void {
    this.desk.relabel(this.patient.id, { name: this.name.value, number: this.number.value });
    this.dialog.close();
  }
}
