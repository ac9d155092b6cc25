import { msg, str } from '@lit/localize';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type * as AdaptationDoor from '../../adaptation/index.ts';
import type { AdaptedManifest, TrainingRecord } from '../../adaptation/index.ts';
import type { LabelledFolder } from '../../dataset/types.ts';
import { formatTime } from '../../elements/format.ts';
import { icon } from '../../elements/icons.ts';
import { saveFile } from '../save-file.ts';
import { Screen } from '../screen.ts';
import { className } from '../words.ts';
import { adaptationStyles } from './adaptation-styles.ts';
import { epochsAtMost } from './adaptation-words.ts';
import type { TrainingWish } from './train-form.ts';
import '../../elements/notice.ts';
import '../workbench/workbench-head.ts';
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
  static override styles = [
    ...Screen.styles,
    adaptationStyles,
    css`
      .model {
        padding: var(--space-4);
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--panel);
      }

      .model + .model {
        margin-block-start: var(--space-3);
      }

      .model h3 {
        margin-block-start: 0;
        overflow-wrap: anywhere;
      }

      .in-use {
        color: var(--accent-strong);
        font-weight: 620;
      }
    `,
  ];

  @state() private door: typeof AdaptationDoor | null = null;
  @state() private news = '';
  /** Of the model that is about to be removed. */
  @state() private doomed: string | null = null;
  private turn = 0;

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
              <button
                slot="actions"
                class="button"
                type="button"
                @click=${() => adapted.forgetFault()}
              >
                ${msg('Close')}
              </button>
            </fr-notice>`
          : nothing
      }
      <p class="visually-hidden" role="status">${this.news}</p>
      ${
        setup.state.phase === 'ready'
          ? html`${this.renderTraining()} ${this.renderModels()}`
          : html`<p class="quiet">
              ${msg('There is nothing to adapt before the model is on this device.')}
            </p>`
      }
    </article>`;
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
          @training-discarded=${() => void this.services.adapted.discard(run.record)}
          @log-saved=${() => void this.saveLog(run.record.name, run.log)}
        ></fr-train-progress>
      </section>`;
    }
    return html`${this.renderDone()} ${this.renderKept(folder)}
    ${folder ? this.renderForm(folder) : nothing}`;
  }

  /** Just finished: the person came for this. */
  private renderDone(): unknown {
    const { run } = this.services.adapted;
    const model = run?.model;
    if (!run || !model) return nothing;
    const { notKept } = run;
    return html`<section aria-labelledby="done">
      <h2 id="done">${msg(str`“${model.manifest.name}” is trained`)}</h2>
      ${
        notKept
          ? html`<fr-notice tone="caution" announce="alert" heading=${notKept.message}>
              ${msg('Export it now, or it is lost when the app is closed.')}
              <button
                slot="actions"
                class="button"
                type="button"
                @click=${async () => {
                  const { packModel } = await import('../../adaptation/index.ts');
                  await saveFile(new File([await packModel(model)], 'adapted.fieldray-model.zip'));
                }}
              >
                ${msg('Export')}
              </button>
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
      <fr-adapted-result .model=${model.manifest}></fr-adapted-result>
      <div class="row">
        ${notKept ? nothing : this.renderUse(model.manifest, 'primary')}
        <button class="button" type="button" @click=${() => this.services.adapted.leave()}>
          ${msg('Close')}
        </button>
      </div>
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
    return html`<div class="model">
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
        <button
          class="button bare"
          type="button"
          @click=${() => void this.services.adapted.discard(record)}
        >
          ${msg('Discard')}
        </button>
      </div>
    </div>`;
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

  private renderModels(): unknown {
    const { adapted } = this.services;
    return html`<section aria-labelledby="models">
      <h2 id="models">${msg('Adapted models on this device')}</h2>
      ${
        adapted.models.length === 0
          ? html`<p class="quiet">
              ${msg('None yet. The delivered model is in use. An adapted one can also be imported from another device.')}
            </p>`
          : adapted.models.map((model) => this.renderModel(model))
      }
      <div class="row">
        <button class="button" type="button" @click=${this.pickImport}>
          ${icon('open', 20)} ${msg('Import')}
        </button>
        ${
          adapted.activeId === null
            ? nothing
            : html`<button class="button" type="button" @click=${() => void this.use(null)}>
                ${msg('Use the delivered model')}
              </button>`
        }
      </div>
      <input
        type="file"
        hidden
        accept=".zip,application/zip"
        aria-label=${msg('Exported model')}
        @change=${this.takeImport}
      />
    </section>`;
  }

  private renderModel(model: AdaptedManifest): unknown {
    const { adapted } = this.services;
    return html`<div class="model">
      <h3>${model.name}</h3>
      ${
        adapted.activeId === model.id
          ? html`<p class="in-use">${msg('In use: every result says “Adapted at this site”.')}</p>`
          : nothing
      }
      <p class="note">${formatTime(model.created)} · ${model.labels.map(className).join(', ')}</p>
      <details>
        <summary>${msg('Figures')}</summary>
        <fr-adapted-result .model=${model}></fr-adapted-result>
      </details>
      ${
        this.doomed === model.id
          ? html`<div class="row" role="group" aria-label=${msg('Remove it?')}>
              <p>${msg('It cannot be brought back without an exported file.')}</p>
              <button class="button" type="button" @click=${() => void this.forget(model.id)}>
                ${msg('Remove for good')}
              </button>
              <button class="button bare" type="button" @click=${() => (this.doomed = null)}>
                ${msg('Keep')}
              </button>
            </div>`
          : html`<div class="row">
              ${this.renderUse(model, '')}
              <button class="button" type="button" @click=${() => void this.export(model.id)}>
                ${icon('download', 20)} ${msg('Export')}
              </button>
              <button
                class="button"
                type="button"
                @click=${() => void this.saveLog(model.name, model.log)}
              >
                ${msg('Log as CSV')}
              </button>
              <button class="button bare" type="button" @click=${() => (this.doomed = model.id)}>
                ${icon('trash', 20)} ${msg('Remove')}
              </button>
            </div>`
      }
    </div>`;
  }

  private renderUse(model: AdaptedManifest, weight: string): unknown {
    if (this.services.adapted.activeId === model.id) return nothing;
    return html`<button
      class="button ${weight}"
      type="button"
      @click=${() => void this.use(model.id)}
    >
      ${msg('Use it')}
    </button>`;
  }

  private async use(id: string | null): Promise<void> {
    await this.services.adapted.use(id);
    this.news =
      id === null ? msg('The delivered model is in use.') : msg('The adapted model is in use.');
  }

  private async forget(id: string): Promise<void> {
    this.doomed = null;
    if (this.services.adapted.run?.record.id === id) this.services.adapted.leave();
    await this.services.adapted.remove(id);
    this.news = msg('Removed.');
  }

  private async export(id: string): Promise<void> {
    const file = await this.services.adapted.pack(id);
    if (file) await saveFile(file);
  }

  private async saveLog(
    name: string,
    log: Parameters<typeof AdaptationDoor.logCsv>[0],
  ): Promise<void> {
    const { logCsv } = await import('../../adaptation/index.ts');
    await saveFile(new File([logCsv(log)], `${name} training-log.csv`, { type: 'text/csv' }));
  }

  private readonly pickImport = (): void => {
    this.renderRoot.querySelector<HTMLInputElement>('input[type=file]')?.click();
  };

  private readonly takeImport = async (event: Event): Promise<void> => {
    const input = event.target as HTMLInputElement;
    const [file] = input.files ?? [];
    input.value = '';
    if (file && (await this.services.adapted.import(file))) this.news = msg('Imported.');
  };
}
