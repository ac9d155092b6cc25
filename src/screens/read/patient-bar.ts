import { msg, str } from '@lit/localize';
import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import { icon } from '../../elements/icons.ts';
import { DeskPart } from '../../elements/desk/desk-part.ts';
import { faultNotice } from '../../elements/desk/fault-notice.ts';
import type { Patient } from '../../state/patients/patients.ts';
import { routeHash } from '../../state/routes.ts';
import { labelWords, runningWords } from '../../words/patient-words.ts';
import '../../elements/desk/reader-word.ts';
import '../../elements/notice.ts';
import './before-list.ts';
import './label-button.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-patient-bar': FrPatientBar;
  }
  interface HTMLElementEventMap {
    /** Pictures are to be chosen for the current patient. */
    'pictures-wanted': CustomEvent<undefined>;
  }
}

/** Whose pictures come next, and who still waits for theirs. */
@customElement('fr-patient-bar')
export class FrPatientBar extends DeskPart {
  static override styles = [
    ...DeskPart.styles,
    css`
      :host {
        display: block;
        border-block-end: 1px solid var(--line);
        background: var(--panel);
      }

      section {
        margin: 0;
      }

      .line {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2) var(--space-3);
        align-items: center;
        padding: var(--space-2) var(--space-4);
      }

      .current {
        display: flex;
        flex: 1 1 22rem;
        gap: var(--space-2);
        align-items: center;
        min-inline-size: 0;
      }

      .current strong {
        flex: none;
        padding-inline: var(--space-1);
        color: var(--accent);
        font-variant-numeric: tabular-nums;
      }

      .current input {
        flex: 2 1 6rem;
        min-inline-size: 0;
      }

      .current input.number {
        flex: 1 1 5rem;
      }

      .waiting {
        display: flex;
        gap: var(--space-2);
        align-items: center;
        overflow-x: auto;
        padding: 0 var(--space-4) var(--space-2);
        color: var(--ink-quiet);
        font-size: var(--text-note);
      }

      .waiting span {
        flex: none;
      }

      .chip {
        display: inline-flex;
        flex: none;
        align-items: center;
        border: 1px solid var(--line-strong);
        border-radius: 2rem;
      }

      .chip .button {
        border: 0;
        border-radius: 2rem;
        font-size: var(--text-note);
      }

      .chip .icon {
        color: var(--ink-quiet);
      }

      @media (max-width: 40rem) {
        .line {
          padding-inline: var(--space-3);
        }

        .line > button.button {
          flex: 1;
          padding-inline: var(--space-2);
        }
      }

      @media print {
        :host {
          display: none;
        }
      }
    `,
  ];

  protected override follow(): (() => void)[] {
    const { patients, keeper } = this.desk;
    const again = (): void => this.requestUpdate();
    return [
      patients.list.listen(again),
      patients.current.listen(again),
      keeper.trouble.listen(again),
      this.desk.headersName.listen(again),
    ];
  }

  protected override render(): unknown {
    const { patients, keeper } = this.desk;
    const current = patients.find(patients.current.value);
    const waiting = patients.waiting.filter(({ id }) => id !== current?.id);
    return html`<section aria-label=${msg('Patients')}>
      ${faultNotice(
        keeper.trouble.value,
        html`<div slot="actions">
          <button class="button" type="button" @click=${() => void keeper.flush()}>
            ${msg('Try again')}
          </button>
        </div>`,
      )}
      ${
        this.desk.headersName.value
          ? html`<fr-notice tone="info" announce="status">
              ${msg('These files name their patients. Show the names in the list? They stay on this device.')}
              <div slot="actions">
                <button class="button" type="button" @click=${() => this.desk.answerHeaders(true)}>
                  ${msg('Show names')}
                </button>
                <button class="button" type="button" @click=${() => this.desk.answerHeaders(false)}>
                  ${msg('Never')}
                </button>
              </div>
            </fr-notice>`
          : nothing
      }
      <div class="line">
        ${current ? keyed(current.id, this.renderCurrent(current)) : this.renderNobody()}
        <button class="button ${current ? '' : 'primary'}" type="button" @click=${this.next}>
          ${icon('patient', 20)} ${msg('Next patient')}
        </button>
      </div>
      ${
        waiting.length > 0
          ? html`<div class="waiting">
              <span>${msg('No picture yet:')}</span>
              ${waiting.map((patient) => this.renderWaiting(patient))}
            </div>`
          : nothing
      }
    </section>`;
  }

  private renderNobody(): unknown {
    return html`<span class="current hint"
      >${msg('Pictures opened now get a number of the day each.')}</span
    >`;
  }

  private renderCurrent(patient: Patient): unknown {
    const { name, number } = patient.label;
    const relabel = (part: { name?: string; number?: string }): void => {
      const label = this.desk.patients.find(patient.id)?.label ?? patient.label;
      this.desk.relabel(patient.id, { name: label.name, number: label.number, ...part });
    };
    return html`<div class="current">
        <strong>${runningWords(patient.label)}</strong>
        <input
          aria-label=${msg('Name')}
          placeholder=${msg('Name')}
          autocomplete="off"
          maxlength="100"
          .value=${name}
          @change=${(event: Event) => relabel({ name: valueOf(event) })}
        />
        <input
          class="number"
          aria-label=${msg('Number')}
          placeholder=${msg('Number')}
          autocomplete="off"
          maxlength="60"
          .value=${number}
          @change=${(event: Event) => relabel({ number: valueOf(event) })}
        />
      </div>
      <button class="button primary" type="button" @click=${() => this.emit('pictures-wanted')}>
        ${icon('open', 20)} ${patient.pictures.length > 0 ? msg('More pictures') : msg('Pictures')}
      </button>
      <a
        class="button"
        href=${routeHash('film')}
        aria-label=${msg('Photograph film')}
        title=${msg('Photograph film')}
        >${icon('camera', 20)}</a
      >`;
  }

  private renderWaiting(patient: Patient): unknown {
    const words = labelWords(patient.label, this.desk.settings.value.hidden);
    return html`<div class="chip">
      <button
        class="button bare"
        type="button"
        dir="auto"
        @click=${() => this.desk.patients.choose(patient.id)}
      >
        ${words}
      </button>
      <button
        class="button bare icon"
        type="button"
        aria-label=${msg(str`${words} did not come`)}
        title=${msg('Did not come')}
        @click=${() => void this.desk.keeper.dismiss(patient.id)}
      >
        ${icon('close', 18)}
      </button>
    </div>`;
  }

  private readonly next = async (): Promise<void> => {
    this.desk.nextPatient();
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLInputElement>('.current input')?.focus();
  };
}

function valueOf(event: Event): string {
  return (event.target as HTMLInputElement).value;
}
