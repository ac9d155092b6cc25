import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import type { PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { DeskPart } from '../../elements/desk/desk-part.ts';
import { faultNotice } from '../../elements/desk/fault-notice.ts';
import { icon } from '../../elements/icons.ts';
import { changeOf, leadingPicture, topLabel } from '../../records/index.ts';
import type { KeptPicture, KeptReading, KeptStudy, StudyEntry } from '../../records/types.ts';
import type { Services } from '../../state/services.ts';
import { routeHash } from '../../state/routes.ts';
import { flagWords } from '../../words/flag-words.ts';
import { formatDate, formatTime } from '../../words/format.ts';
import { labelWords, runningWords, todoWords } from '../../words/patient-words.ts';
import { changeWords, entryTodo, givenWords, readingTodo } from '../../words/study-words.ts';
import { className } from '../../words/words.ts';
import { studyViewStyles } from './study-view-styles.ts';
import './diagnosis-form.ts';
import './picture-pair.ts';
import '../../elements/bar-list.ts';
import '../../elements/desk/reader-word.ts';
import '../../elements/line-chart.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-study-view': FrStudyView;
  }
}

/** One kept study: its picture, what was said of it by the network and by readers, and what came before. */
@customElement('fr-study-view')
export class FrStudyView extends DeskPart {
  static override styles = [...DeskPart.styles, studyViewStyles];

  @property({ attribute: false }) services!: Services;
  @property() studyId = '';

  @state() private study: KeptStudy | null = null;
  /** The patient's studies, this one among them, newest first. */
  @state() private others: readonly StudyEntry[] = [];
  @state() private prior: KeptStudy | null = null;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('studyId')) void this.open();
  }

  protected override render(): unknown {
    const { study } = this;
    return html`<div class="bar">
        <a class="button bare" href=${routeHash('history')}
          >${icon('back', 20)} ${msg('History')}</a
        >
        <h1 tabindex="-1" dir="auto">${study ? labelWords(study.label) : msg('Study')}</h1>
        <span class="hint">${study ? whenWords(study) : nothing}</span>
      </div>
      ${faultNotice(this.fault)} ${study ? this.renderStudy(study) : nothing}`;
  }

  private renderStudy(study: KeptStudy): unknown {
    const leading = leadingPicture(study);
    const hasPicture = study.pictures.some(({ file }) => file !== null);
    const blind = this.isBlind(study);
    return html`<div class="layout ${hasPicture || this.prior ? '' : 'bare'}">
      ${
        hasPicture || this.prior
          ? html`<fr-picture-pair
              .desk=${this.desk}
              .services=${this.services}
              .current=${study}
              .prior=${this.prior}
            ></fr-picture-pair>`
          : nothing
      }
      <div class="panel">
        ${blind ? nothing : this.renderAnswer(leading)}
        <fr-reader-word
          .desk=${this.desk}
          .study=${study.id}
          .top=${leading ? topLabel(leading) : null}
          .labels=${leading?.reading?.labels ?? CLASSES}
          ?blind=${blind}
          @word-given=${(event: CustomEvent<KeptStudy>) => (this.study = event.detail)}
        ></fr-reader-word>
        ${
          blind
            ? nothing
            : html`<fr-diagnosis-form
                .desk=${this.desk}
                .study=${study}
                @diagnosed=${(event: CustomEvent<KeptStudy>) => (this.study = event.detail)}
              ></fr-diagnosis-form>`
        }
        ${this.renderOthers(study)} ${blind ? nothing : this.renderChange()}
        ${blind ? nothing : this.renderFacts(study, leading?.reading ?? null)}
      </div>
    </div>`;
  }

  private renderAnswer(picture: KeptPicture | null): unknown {
    const reading = picture?.reading ?? null;
    const todo = readingTodo(reading);
    if (!picture || !reading || reading.refused !== null) {
      const why = reading?.refused ?? picture?.failure ?? null;
      return html`<section>
        <p class="todo ${todo}">${todoWords(todo)}</p>
        ${why === null ? nothing : html`<h2>${flagWords(why)}</h2>`}
      </section>`;
    }
    const top = topLabel(picture);
    const bars = reading.labels.map((label, k) => ({
      label: className(label),
      share: reading.probabilities[k] ?? 0,
      leading: label === top,
    }));
    const against = reading.findings.filter(({ severity }) => severity !== 'hint');
    return html`<section>
      <p class="todo ${todo}">${todoWords(todo)}</p>
      <h2>${top === null ? '' : className(top)}</h2>
      ${
        reading.photographed
          ? html`<p class="hint">
              ${msg('Photographed film: how right such answers are was not measured.')}
            </p>`
          : html`<fr-bar-list .bars=${bars}></fr-bar-list>`
      }
      ${
        against.length > 0
          ? html`<p class="against">${against.map(({ code }) => flagWords(code)).join(' · ')}</p>`
          : nothing
      }
    </section>`;
  }

  private renderOthers(study: KeptStudy): unknown {
    const others = this.others.filter(({ id }) => id !== study.id);
    if (others.length === 0) return nothing;
    return html`<section>
      <h2>${msg('Other studies of this patient')}</h2>
      <ul class="others">
        ${others.map(
          (entry) =>
            html`<li>
              <a href=${routeHash('history', entry.id)}
                >${formatDate(entry.studyDate === null ? entry.keptAt : `${entry.studyDate}T12:00`)}
                · ${todoWords(entryTodo(entry))}</a
              >
              <span class="hint">${givenWords(entry)}</span>
              <button
                class="button"
                type="button"
                aria-pressed=${this.prior?.id === entry.id}
                ?disabled=${this.busy}
                @click=${() => void this.compare(entry.id)}
              >
                ${this.prior?.id === entry.id ? msg('Close') : msg('Compare')}
              </button>
            </li>`,
        )}
      </ul>
    </section>`;
  }

  private renderChange(): unknown {
    const change = changeOf(this.others);
    if (!change) return nothing;
    return html`<section>
      <h2>${msg('Change over time')}</h2>
      <p>${changeWords(change)}</p>
      <fr-line-chart
        caption=${msg('Probability of each class, percent')}
        x-label=${msg('Days since the first study')}
        .x=${change.days}
        .series=${change.labels.map((label, tone) => ({
          name: className(label),
          values: (change.probabilities[tone] ?? []).map((share) => Math.round(100 * share)),
          tone,
        }))}
      ></fr-line-chart>
    </section>`;
  }

  private renderFacts(study: KeptStudy, reading: KeptReading | null): unknown {
    return html`<section>
      <details>
        <summary>${msg('Details')}</summary>
        <dl>
          <dt>${msg('Pictures')}</dt>
          <dd>${study.pictures.map(({ name }) => html`<span translate="no">${name}</span> `)}</dd>
          ${
            reading
              ? html`<dt>${msg('Read on')}</dt>
                  <dd>${formatTime(reading.readAt)}</dd>
                  <dt>${msg('Model')}</dt>
                  <dd translate="no">${reading.model.id} ${reading.model.version}</dd>
                  <dt>${msg('App')}</dt>
                  <dd translate="no">${reading.appVersion}</dd>`
              : nothing
          }
          <dt>${msg('Device')}</dt>
          <dd>${study.device || '–'}</dd>
        </dl>
      </details>
    </section>`;
  }

  /** The reader speaks before the network's answer is shown: on a study without any word. */
  private isBlind({ words }: KeptStudy): boolean {
    return this.desk.records.settings?.readFirst === true && words.length === 0;
  }

  private async compare(id: string): Promise<void> {
    if (this.prior?.id === id) {
      this.prior = null;
      return;
    }
    await this.attempt(async () => (this.prior = await this.desk.records.call('open', id)));
  }

  private async open(): Promise<void> {
    const { studyId } = this;
    this.prior = null;
    this.study = null;
    this.others = [];
    await this.attempt(async () => {
      await this.desk.keeper.flush();
      const study = await this.desk.records.call('open', studyId);
      if (studyId !== this.studyId) return;
      this.study = study;
      const { entries } = await this.desk.records.call('list', {
        patient: study.label,
        sort: 'newest',
        limit: 50,
      });
      if (studyId === this.studyId) this.others = entries;
    });
  }
}

const CLASSES = ['COVID', 'Lung_Opacity', 'Normal', 'Viral Pneumonia'];

function whenWords({ label, studyDate, keptAt, device }: KeptStudy): string {
  const date = formatDate(studyDate === null ? keptAt : `${studyDate}T12:00`);
  const running = label.name === '' && label.number === '' ? '' : runningWords(label);
  const parts = [msg(str`Study of ${date}`), running, device];
  return parts.filter((part) => part !== '').join(' · ');
}
