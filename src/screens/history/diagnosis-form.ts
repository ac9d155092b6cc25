import { msg } from '@lit/localize';
import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { DeskPart } from '../../elements/desk/desk-part.ts';
import { faultNotice } from '../../elements/desk/fault-notice.ts';
import { icon } from '../../elements/icons.ts';
import { leadingPicture } from '../../records/index.ts';
import type { FinalDiagnosis, KeptStudy } from '../../records/types.ts';
import { formatTime } from '../../words/format.ts';
import { diagnosisWords, methodWords } from '../../words/study-words.ts';
import { className } from '../../words/words.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-diagnosis-form': FrDiagnosisForm;
  }
  interface HTMLElementEventMap {
    /** The study as it is kept now. */
    diagnosed: CustomEvent<KeptStudy>;
  }
}

const METHODS: readonly FinalDiagnosis['method'][] = ['pcr', 'ct', 'follow-up', 'other'];

/** What was found out later: by a test, a CT, or the course. Said anew, never changed. */
@customElement('fr-diagnosis-form')
export class FrDiagnosisForm extends DeskPart {
  static override styles = [
    ...DeskPart.styles,
    css`
      h2 {
        font-size: var(--text-lead);
      }

      section {
        margin: 0;
      }

      ul {
        padding: 0;
        list-style: none;
      }

      small {
        color: var(--ink-quiet);
      }

      select {
        inline-size: 100%;
      }
    `,
  ];

  @property({ attribute: false }) study!: KeptStudy;

  @state() private asking = false;
  @query('#method') private readonly method!: HTMLSelectElement;
  @query('#label') private readonly label!: HTMLSelectElement;
  @query('#text') private readonly text!: HTMLInputElement;

  protected override render(): unknown {
    const { diagnoses } = this.study;
    return html`<section>
      <h2>${msg('Final diagnosis')}</h2>
      ${
        diagnoses.length > 0
          ? html`<ul>
              ${diagnoses.map(
                (each) =>
                  html`<li>
                    <strong>${each.by.initials}</strong> ${diagnosisWords(each)}
                    ${each.text ? html`<span dir="auto">– ${each.text}</span>` : nothing}
                    <small>${formatTime(each.at)}</small>
                  </li>`,
              )}
            </ul>`
          : nothing
      }
      ${faultNotice(this.fault)}
      ${
        this.asking
          ? this.renderForm()
          : html`<button class="button" type="button" @click=${() => (this.asking = true)}>
              ${icon('plus', 20)} ${msg('Enter a diagnosis')}
            </button>`
      }
    </section>`;
  }

  private renderForm(): unknown {
    const labels = leadingPicture(this.study)?.reading?.labels ?? [];
    return html`<form
      @submit=${(event: Event) => {
        event.preventDefault();
        void this.save();
      }}
    >
      <div class="pair">
        <label class="field"
          ><span>${msg('Found by')}</span>
          <select id="method">
            ${METHODS.map((each) => html`<option value=${each}>${methodWords(each)}</option>`)}
          </select></label
        >
        <label class="field"
          ><span>${msg('Diagnosis')}</span>
          <select id="label">
            ${labels.map((each) => html`<option value=${each}>${className(each)}</option>`)}
            <option value="">${msg('None of these')}</option>
          </select></label
        >
      </div>
      <label class="field"
        ><span>${msg('In your own words')}</span>
        <input id="text" maxlength="2000" autocomplete="off" />
      </label>
      <div class="row">
        <button class="button primary" type="submit" ?disabled=${this.busy}>${msg('Save')}</button>
        <button class="button bare" type="button" @click=${() => (this.asking = false)}>
          ${msg('Cancel')}
        </button>
      </div>
    </form>`;
  }

  private async save(): Promise<void> {
    const label = this.label.value === '' ? null : this.label.value;
    const method = METHODS.find((each) => each === this.method.value) ?? 'other';
    const text = this.text.value.trim();
    await this.attempt(async () => {
      const kept = await this.desk.records.call('diagnose', this.study.id, { method, label, text });
      this.asking = false;
      this.emit('diagnosed', kept);
    });
  }
}
