import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type * as AdaptationDoor from '../../adaptation/index.ts';
import type { TrainingRecord } from '../../adaptation/index.ts';
import type { LabelledFolder } from '../../dataset/types.ts';
import type { FrDialog } from '../../elements/dialog.ts';
import { icon } from '../../elements/icons.ts';
import type { FaultData } from '../../base/fault.ts';
import { saveFile } from '../../platform/save-file.ts';
import { Screen } from '../../elements/screen.ts';
import { adaptationStyles } from './adaptation-styles.ts';
import { renderInUse } from './in-use.ts';
import { saveLog } from './save-log.ts';
import { doesWorse, epochsAtMost, fewestWords } from '../../words/adaptation-words.ts';
import type { TrainingWish } from './train-form.ts';
import '../../elements/dialog.ts';
import '../../elements/notice.ts';
import '../../elements/workbench-head.ts';
import './adapted-list.ts';
import './adapted-result.ts';
import './train-form.ts';
import './train-progress.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-adaptation-screen': FrAdaptationScreen;
  }
}

/** Transfer learning of the head on a labelled folder, and the models that came of it. */
@customElement('fr-adaptation-screen')
export class FrAdaptationScreen extends Screen {
  static override styles = [...Screen.styles, adaptationStyles];

  @state() private door: typeof AdaptationDoor | null = null;
  /** About to be given up. */
  @state() private doomed: TrainingRecord | null = null;
  @query('fr-dialog') private readonly dialog!: FrDialog;
  private turn = 0;
  private toldFault: FaultData | null = null;

  protected override listen(): (() => void)[] {
    const { adapted, setup, workbench } = this.services;
    void adapted.load();
    void import('../../adaptation/index.ts').then((door) => (this.door = door));
    const changed = (): void => {
      this.turn++;
      this.requestUpdate();
    };
    return [adapted.subscribe(changed), setup.subscribe(changed), workbench.subscribe(changed)];
  }

  protected override render(): unknown {
    const { adapted, setup } = this.services;
    return html`<article class="page">
      <h1 tabindex="-1">${msg('Adaptation')}</h1>
      <p class="lead">
        ${msg('Train the last layer of the network on pictures of this site. Everything stays on this device.')}
      </p>
      <fr-workbench-head
        current="adaptation"
        .services=${this.services}
        invitation=${msg('Open one to adapt the model to your site. Nothing leaves this device.')}
      ></fr-workbench-head>
      ${
        adapted.fault
          ? html`<fr-notice tone="trouble" announce="alert" heading=${adapted.fault.message}>
              ${adapted.fault.remedy}
              <div slot="actions">
                <button class="button" type="button" @click=${() => adapted.forgetFault()}>
                  ${msg('Close')}
                </button>
              </div>
            </fr-notice>`
          : nothing
      }
      ${
        setup.state.phase === 'ready'
          ? html`${this.renderTraining()}
              <fr-adapted-list .services=${this.services}></fr-adapted-list>`
          : html`<p class="quiet">
              ${msg('There is nothing to adapt before the model is on this device.')}
            </p>`
      }
      <fr-dialog heading=${msg('Cancel this training?')}>
        <p>${msg(str`What was read and trained for “${this.doomed?.name ?? ''}” is lost.`)}</p>
        <div slot="actions">
          <button class="button" type="button" @click=${() => this.dialog.close()}>
            ${msg('Keep it')}
          </button>
          <button class="button primary" type="button" @click=${() => void this.giveUp()}>
            ${msg('Cancel for good')}
          </button>
        </div>
      </fr-dialog>
    </article>`;
  }

  /** What was pressed may stand far below the words. */
  protected override updated(): void {
    const { fault } = this.services.adapted;
    if (fault === this.toldFault) return;
    this.toldFault = fault;
    if (fault) this.renderRoot.querySelector('fr-notice')?.scrollIntoView({ block: 'nearest' });
  }

  private renderTraining(): unknown {
    const { run } = this.services.adapted;
    const { folder } = this.services.workbench;
    if (run && run.phase !== 'done') {
      return html`<section aria-labelledby="under-way">
        <h2 id="under-way">${msg(str`Training “${run.record.name}”`)}</h2>
        <fr-train-progress
          .run=${run}
          .turn=${this.turn}
          ?ready=${!run.needsFolder || folder?.key === run.record.folder.key}
          @training-resumed=${() => void run.resume(folder)}
          @training-discarded=${() => this.ask(run.record)}
          @log-saved=${() => void saveLog(run.record.name, run.log)}
        ></fr-train-progress>
      </section>`;
    }
    // One thing at a time: the next training is begun once this one was looked at.
    if (run) return this.renderDone();
    return html`${this.renderFewest()} ${this.renderKept(folder)}
    ${folder ? this.renderForm(folder) : nothing}`;
  }

  /** How many pictures to label before it is worth the work. */
  private renderFewest(): unknown {
    const { state } = this.services.setup;
    const measured = state.phase === 'ready' ? state.model.manifest.evaluation.fewLabels : null;
    const fewest = measured && this.door ? this.door.fewestThatHelp(measured) : null;
    return fewest ? html`<p class="note fewest">${fewestWords(fewest)}</p>` : nothing;
  }

  /** Just finished: the person came for this. */
  private renderDone(): unknown {
    const { adapted } = this.services;
    const { run } = adapted;
    const model = run?.model;
    if (!run || !model) return nothing;
    const { notKept } = run;
    // It may have been renamed below since.
    const { name } = adapted.models.find(({ id }) => id === model.manifest.id) ?? model.manifest;
    return html`<section aria-labelledby="done">
      <h2 id="done">${msg(str`“${name}” is trained`)}</h2>
      ${
        notKept
          ? html`<fr-notice tone="caution" announce="alert" heading=${notKept.message}>
              ${msg('Export it now, or it is lost when the app is closed.')}
              <div slot="actions">
                <button
                  class="button"
                  type="button"
                  @click=${async () => {
                    const { packModel } = await import('../../adaptation/index.ts');
                    const file = await packModel(model);
                    await saveFile(new File([file], 'adapted.fieldray-model.zip'));
                  }}
                >
                  ${msg('Export')}
                </button>
              </div>
            </fr-notice>`
          : nothing
      }
      ${
        run.secondStage?.fault
          ? html`<fr-notice
              tone="caution"
              announce="status"
              heading=${run.secondStage.fault.message}
              >${run.secondStage.fault.remedy}</fr-notice
            >`
          : nothing
      }
      <fr-adapted-result .model=${model.manifest}>
        <div slot="actions" class="row">
          ${
            notKept
              ? nothing
              : adapted.activeId === model.manifest.id
                ? renderInUse()
                : html`<button
                    class="button ${doesWorse(model.manifest.evaluation) ? '' : 'primary'}"
                    type="button"
                    @click=${() => void adapted.use(model.manifest.id)}
                  >
                    ${doesWorse(model.manifest.evaluation) ? msg('Use it all the same') : msg('Use it')}
                  </button>`
          }
          <button class="button" type="button" @click=${() => adapted.leave()}>
            ${msg('Close')}
          </button>
        </div>
      </fr-adapted-result>
    </section>`;
  }

  /** Left by a closed tab or another day. */
  private renderKept(folder: LabelledFolder | null): unknown {
    const { trainings } = this.services.adapted;
    if (trainings.length === 0) return nothing;
    return html`<section aria-labelledby="kept">
      <h2 id="kept">${msg('Not finished')}</h2>
      ${trainings.map((record) => this.renderKeptOne(record, folder))}
    </section>`;
  }

  private renderKeptOne(record: TrainingRecord, folder: LabelledFolder | null): unknown {
    const needs = record.done < record.total && folder?.key !== record.folder.key;
    return html`<article class="panel">
      <h3>${record.name}</h3>
      <p class="note">
        ${
          record.done < record.total
            ? msg(str`${record.done} of ${record.total} pictures read.`)
            : msg(str`${record.epochs} of at most ${epochsAtMost(record)} epochs trained.`)
        }
        ${needs ? msg(str`Open the folder “${record.folder.name}” again to continue.`) : nothing}
      </p>
      <div class="row">
        <button
          class="button"
          type="button"
          ?disabled=${needs}
          @click=${() => void this.services.adapted.continue(record, folder)}
        >
          ${icon('play', 20)} ${msg('Continue')}
        </button>
        <button class="button bare" type="button" @click=${() => this.ask(record)}>
          ${msg('Cancel the training')}
        </button>
      </div>
    </article>`;
  }

  private renderForm(folder: LabelledFolder): unknown {
    if (!this.door) return nothing;
    return html`<section aria-labelledby="new">
      <h2 id="new">${msg('New training')}</h2>
      <fr-train-form
        .folder=${folder}
        .door=${this.door}
        .start=${this.door.STUDY_SETTINGS}
        .labels=${this.door.classOrder(folder.labels)}
        @training-wished=${(event: CustomEvent<TrainingWish>) => {
          const { name, settings } = event.detail;
          void this.services.adapted.begin(folder, settings, name);
        }}
      ></fr-train-form>
    </section>`;
  }

  private ask(record: TrainingRecord): void {
    this.doomed = record;
    this.dialog.show();
  }

  private async giveUp(): Promise<void> {
    this.dialog.close();
    if (this.doomed) await this.services.adapted.discard(this.doomed);
  }
}
