import { msg } from '@lit/localize';
import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { FrDialog } from '../../elements/dialog.ts';
import type { PatientDetails } from '../../radiograph/types.ts';
import { faultDataOf, ViewingError } from '../../session/index.ts';
import { Screen } from '../../elements/screen.ts';
import '../../elements/dialog.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-patient-dialog': FrPatientDialog;
  }
}

/**
 * Who the picture is of: read from the file when the button is pressed, forgotten when the window is
 * closed. Nothing of it is stored, exported or printed.
 */
@customElement('fr-patient-dialog')
export class FrPatientDialog extends Screen {
  static override styles = [
    ...Screen.styles,
    css`
      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: var(--space-2) var(--space-4);
        margin-block-end: var(--space-4);
      }

      dt {
        color: var(--ink-quiet);
      }

      dd {
        overflow-wrap: anywhere;
      }

      @media print {
        :host {
          display: none;
        }
      }
    `,
  ];

  @property({ attribute: false }) source!: Blob;

  @state() private details: PatientDetails | null = null;
  @state() private problem = '';
  @query('fr-dialog') private readonly dialog!: FrDialog;

  protected override render(): unknown {
    return html`<button class="button" type="button" @click=${() => this.ask()}>
        ${msg('Patient details')}
      </button>
      <fr-dialog heading=${msg('Patient details')} @dialog-closed=${() => this.forget()}>
        ${this.problem ? html`<p>${this.problem}</p>` : nothing}
        ${this.details ? renderDetails(this.details) : nothing}
        <p class="quiet">
          ${msg('Read from the file just now. They are not stored and not in any export.')}
        </p>
      </fr-dialog>`;
  }

  private async ask(): Promise<void> {
    this.forget();
    this.dialog.show();
    try {
      this.details = await this.services.viewing.patientDetails(this.source);
      if (!this.details) this.problem = msg('This file says nothing of a patient.');
    } catch (reason) {
      const fault = faultDataOf(reason, () => new ViewingError(reason));
      this.problem = `${fault.message} ${fault.remedy}`;
    }
  }

  private forget(): void {
    this.details = null;
    this.problem = '';
  }
}

function renderDetails(details: PatientDetails): unknown {
  const rows: readonly (readonly [string, string])[] = [
    [msg('Name'), details.name],
    [msg('Number'), details.id],
    [msg('Born'), dateWords(details.birthDate)],
    [msg('Sex'), details.sex],
    [msg('Age'), details.age],
    [msg('Taken on'), dateWords(details.studyDate)],
    [msg('Accession number'), details.accession],
    [msg('Institution'), details.institution],
  ];
  const said = rows.filter(([, value]) => value !== '');
  if (said.length === 0) return html`<p>${msg('This file says nothing of a patient.')}</p>`;
  return html`<dl>
    ${said.map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd dir="auto">${value}</dd>`,
    )}
  </dl>`;
}

/** YYYYMMDD as YYYY-MM-DD, which nobody mistakes for another order. */
function dateWords(value: string): string {
  return value.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
}
