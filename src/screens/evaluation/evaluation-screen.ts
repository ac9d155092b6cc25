import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type { FrDialog } from '../../elements/dialog.ts';
import { CLASS_LABELS, type Manifest } from '../../model/index.ts';
import { LEAST_PICTURES, siteFitOf } from '../../evaluation/index.ts';
import type { EvaluatedModel, EvaluationRun } from '../../evaluation/index.ts';
import { Screen } from '../../elements/screen.ts';
import { routeHash } from '../../state/routes.ts';
import type { EvaluationDesk, OpenedRun } from '../../state/evaluation-desk.ts';
import { screenStyles } from './screen-styles.ts';
import { evaluationStyles } from './styles.ts';
import { renderRun } from './run-panel.ts';
import { renderHowTo, renderStart } from './start-panel.ts';
import {
  fileOf,
  renderCurvesUse,
  renderTakeAlong,
  stemOf,
  type CurvesState,
} from './take-along.ts';
import '../../elements/dialog.ts';
import '../../elements/notice.ts';
import '../../elements/workbench-head.ts';
import './comparison-view.ts';
import './result-view.ts';
import './runs-list.ts';
import './shipped-study.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-evaluation-screen': FrEvaluationScreen;
  }
}

/** How a model does: where it was made, and on the labelled folder that is open. */
@customElement('fr-evaluation-screen')
export class FrEvaluationScreen extends Screen {
  static override styles = [...Screen.styles, evaluationStyles, screenStyles];

  @state() private desk: EvaluationDesk | null = null;
  @state() private models: readonly EvaluatedModel[] = [];
  @state() private modelKey = '';
  @state() private news = '';
  @state() private doomed: EvaluationRun | null = null;
  @query('fr-dialog') private readonly dialog!: FrDialog;
  @query('.shown') private readonly shownElement!: Element | null;

  protected override listen(): (() => void)[] {
    let end = (): void => undefined;
    let gone = false;
    void this.services.evaluation().then(async (desk) => {
      if (gone) return;
      this.desk = desk;
      end = desk.subscribe(() => this.onDesk());
      await desk.load();
      await this.loadModels();
    });
    return [
      () => {
        gone = true;
        end();
      },
      this.services.workbench.subscribe(() => this.requestUpdate()),
      this.services.settings.subscribe(() => this.requestUpdate()),
      this.services.setup.subscribe(() => void this.loadModels()),
    ];
  }

  protected override render(): unknown {
    const { folder } = this.services.workbench;
    const { desk } = this;
    return html`<article class="page">
      <h1 tabindex="-1">${msg('Evaluation')}</h1>
      <fr-workbench-head
        current="evaluation"
        .services=${this.services}
        invitation=${msg('Open one to judge the model on your own patients. Nothing leaves this device.')}
      ></fr-workbench-head>
      ${
        desk?.fault
          ? html`<fr-notice tone="trouble" announce="alert" heading=${desk.fault.message}
              >${desk.fault.remedy}</fr-notice
            >`
          : nothing
      }
      ${desk ? this.renderWork(desk) : nothing}
      ${!folder && !desk?.runner && desk?.runs.length === 0 ? renderHowTo() : nothing}
      ${desk ? this.renderShown(desk) : nothing}
      <p class="visually-hidden" role="status">${this.news}</p>
      <fr-dialog heading=${msg('Remove this evaluation?')}>
        <p>
          ${msg(str`“${this.doomed?.name ?? ''}” and its answers leave this device. Its figures can then be neither shown nor compared.`)}
        </p>
        <div slot="actions">
          <button class="button" type="button" @click=${() => this.dialog.close()}>
            ${msg('Keep it')}
          </button>
          <button class="button primary" type="button" @click=${() => void this.removeDoomed()}>
            ${msg('Remove')}
          </button>
        </div>
      </fr-dialog>
    </article>`;
  }

  /** The run under way, or the way to one; then those of earlier days. */
  private renderWork(desk: EvaluationDesk): unknown {
    const { runner } = desk;
    const { folder } = this.services.workbench;
    const model = this.models.find(({ key }) => key === this.modelKey) ?? this.models[0];
    const busy = runner !== null && runner.phase !== 'done';
    const mine = folder && runner?.run.folder.key === folder.key ? folder : null;
    return html`${
      busy
        ? renderRun(runner, {
            pause: () => void desk.pause(),
            resume: mine ? () => void desk.resume(runner.run, mine) : null,
            cancel: () => void desk.cancel(),
            look: () => void desk.open(runner.run.id),
          })
        : nothing
    }
    ${
      busy && runner.phase !== 'running' && !mine
        ? html`<p class="note">
            ${msg(str`To continue, open the folder “${runner.run.folder.name}” again above.`)}
          </p>`
        : nothing
    }
    ${
      folder && runner?.phase !== 'running'
        ? model
          ? renderStart(
              folder,
              this.models,
              model,
              desk.runs.filter(
                (run) =>
                  run.finishedAt === null &&
                  run.id !== runner?.run.id &&
                  run.folder.key === folder.key &&
                  run.model.key === model.key,
              ),
              {
                choose: (key) => (this.modelKey = key),
                begin: () => void desk.begin(folder, model),
                resume: (run) => void desk.resume(run, folder),
              },
            )
          : html`<fr-notice tone="info">
              ${msg('There is no model on this device yet.')}
              <div slot="actions">
                <a class="button" href=${routeHash('welcome')}>${msg('Set up this device')}</a>
              </div>
            </fr-notice>`
        : nothing
    }
    ${
      desk.runs.length > 0
        ? html`<section aria-labelledby="runs">
            <h2 id="runs">${msg('Evaluations on this device')}</h2>
            <fr-runs-list
              .runs=${desk.runs}
              .shown=${shownRuns(desk)}
              @run-opened=${(event: CustomEvent<string>) => void desk.open(event.detail)}
              @run-removed=${(event: CustomEvent<string>) => void this.ask(event.detail)}
              @run-renamed=${({ detail }: CustomEvent<{ id: string; name: string }>) =>
                void desk.rename(detail.id, detail.name)}
              @runs-compared=${({ detail: [a, b] }: CustomEvent<readonly [string, string]>) =>
                void desk.compare(a, b)}
            ></fr-runs-list>
          </section>`
        : nothing
    }`;
  }

  private renderShown(desk: EvaluationDesk): unknown {
    const { view } = desk;
    switch (view.kind) {
      case 'counting':
        return html`<p class="note counting" role="status">
          ${msg('Computing the figures and their intervals…')}
        </p>`;
      case 'shipped':
        return this.manifest
          ? html`<fr-shipped-study class="shown" .manifest=${this.manifest}></fr-shipped-study>
              ${this.renderAlong(null, `${this.manifest.id} ${this.manifest.version}`)}`
          : html`<p class="note">
              ${msg('The study that comes with the model is shown here once the model is on this device.')}
            </p>`;
      case 'run':
        return html`${this.renderBack(desk)}
          <fr-evaluation-result
            class="shown"
            .services=${this.services}
            .opened=${view.opened}
          ></fr-evaluation-result>
          ${this.renderAlong(view.opened, view.opened.run.name)} ${this.renderCurves(view.opened)}`;
      case 'comparison':
        return html`${this.renderBack(desk)}
          <fr-evaluation-comparison
            class="shown"
            .services=${this.services}
            .first=${view.first}
            .second=${view.second}
            .comparison=${view.comparison}
          ></fr-evaluation-comparison>
          ${this.renderAlong(null, `${view.first.run.name} / ${view.second.run.name}`)}`;
    }
  }

  private renderBack(desk: EvaluationDesk): unknown {
    return html`<button class="button bare back" type="button" @click=${() => desk.showShipped()}>
      ${msg('Show the study that came with the model')}
    </button>`;
  }

  private renderAlong(opened: OpenedRun | null, title: string): unknown {
    return renderTakeAlong(opened, {
      report: () => void this.saveReport(title, opened),
      file: (kind) => {
        if (opened) this.emit('file-made', fileOf(opened, kind));
      },
    });
  }

  private async saveReport(title: string, opened: OpenedRun | null): Promise<void> {
    const shown = this.shownElement;
    if (!shown) return;
    const { reportHtml } = await import('./report.ts');
    const text = reportHtml(shown, msg(str`Evaluation: ${title}`));
    const name = opened ? stemOf(opened.run) : 'fieldray-evaluation';
    this.emit('file-made', new File([text], `${name}.html`, { type: 'text/html' }));
  }

  private renderCurves(opened: OpenedRun): unknown {
    return renderCurvesUse(this.curvesState(opened), {
      use: () => void this.useCurves(opened),
      revoke: () => void this.useCurves(null),
    });
  }

  private curvesState({ run, pictures, leak }: OpenedRun): CurvesState {
    const from = this.services.settings.value?.curvesFrom ?? null;
    if (from?.run === run.id) return { state: 'in-use' };
    const { manifest } = this;
    if (!manifest || run.model.key !== `${manifest.id}@${manifest.version}`) {
      return {
        state: 'impossible',
        why: msg('Only an evaluation of the delivered model in use can measure this site.'),
      };
    }
    if (leak && leak.seen > 0) {
      return {
        state: 'impossible',
        why: msg(
          'The model was trained on some of these pictures: they cannot show how often it is right here.',
        ),
      };
    }
    if (!siteFitOf(pictures)) {
      return {
        state: 'impossible',
        why: msg(
          str`To measure the model at this site, an evaluation needs at least ${LEAST_PICTURES} answered pictures of each of the ${CLASS_LABELS.length} classes.`,
        ),
      };
    }
    return from ? { state: 'others-in-use', from: `“${from.name}”` } : { state: 'can-be-used' };
  }

  /** Null: the model's own again. */
  private async useCurves(opened: OpenedRun | null): Promise<void> {
    const { manifest } = this;
    if (!manifest) return;
    const settings = await this.services.settings.load(manifest);
    const measured = opened && siteFitOf(opened.pictures);
    await this.services.settings.save({
      ...settings,
      curves: measured?.curves ?? null,
      siteFit: measured?.siteFit ?? null,
      curvesFrom:
        opened && measured
          ? {
              model: opened.run.model.key,
              run: opened.run.id,
              name: opened.run.name,
              made: opened.run.startedAt,
            }
          : null,
    });
    this.news = measured
      ? msg('This site’s own figures speak now.')
      : msg('The model’s own figures speak again.');
  }

  private get manifest(): Manifest | null {
    const { state } = this.services.setup;
    return state.phase === 'ready' ? state.model.manifest : null;
  }

  private async loadModels(): Promise<void> {
    const { manifest } = this;
    if (!this.desk || !manifest) return;
    this.models = await this.desk.models();
    await this.services.settings.load(manifest);
  }

  private async ask(id: string): Promise<void> {
    this.doomed = this.desk?.runs.find((run) => run.id === id) ?? null;
    await this.updateComplete;
    this.dialog.show();
  }

  private async removeDoomed(): Promise<void> {
    const { doomed } = this;
    this.dialog.close();
    if (doomed) await this.desk?.remove(doomed.id);
  }

  private onDesk(): void {
    const phase = this.desk?.runner?.phase;
    const shown = this.desk?.view.kind;
    if (phase === 'running') this.news = msg('Evaluating');
    else if (phase === 'paused') this.news = msg('The evaluation is paused.');
    else if (shown === 'run') this.news = msg('The figures are there.');
    this.requestUpdate();
  }
}

function shownRuns({ view }: EvaluationDesk): readonly string[] {
  if (view.kind === 'run') return [view.opened.run.id];
  return view.kind === 'comparison' ? [view.first.run.id, view.second.run.id] : [];
}
