import { msg, str } from '@lit/localize';
import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { MatrixCell } from '../../elements/confusion-matrix.ts';
import { formatNumber, formatShare, formatTime } from '../../words/format.ts';
import {
  topOf,
  type EvaluatedPicture,
  type EvaluationResult,
  type EvaluationStudy,
} from '../../evaluation/index.ts';
import { routeHash } from '../../state/routes.ts';
import { Screen } from '../../elements/screen.ts';
import { className } from '../../words/words.ts';
import type { OpenedRun } from '../../state/evaluation-desk.ts';
import { FolderNotOpen } from './errors.ts';
import type { FrEvaluatedPicture } from './picture-dialog.ts';
import type { ListedPicture } from './picture-list.ts';
import { renderReport } from './report-table.ts';
import { renderCurveCharts, renderReliability } from './result-charts.ts';
import {
  renderCoverage,
  renderOrigins,
  renderOthers,
  renderRefusals,
  renderUnreadable,
} from './result-tables.ts';
import { tile } from './shipped-study.ts';
import { evaluationStyles } from './styles.ts';
import { intervalOf, pictures } from '../../words/evaluation-words.ts';
import '../../elements/confusion-matrix.ts';
import '../../elements/notice.ts';
import './picture-dialog.ts';
import './picture-list.ts';

import { renderLeak } from './leak-notice.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-evaluation-result': FrEvaluationResult;
  }
}

/** Everything one evaluation says. */
@customElement('fr-evaluation-result')
export class FrEvaluationResult extends Screen {
  static override styles = [
    ...Screen.styles,
    evaluationStyles,
    css`
      .facts {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1) var(--space-5);
        color: var(--ink-quiet);
        font-size: var(--text-note);
      }

      h3 {
        margin: 0;
        font-size: var(--text-body);
      }
    `,
  ];

  @property({ attribute: false }) opened!: OpenedRun;
  @state() private cell: MatrixCell | null = null;
  @query('fr-evaluated-picture') private readonly dialog!: FrEvaluatedPicture;
  /** What is leafed through in the dialog, and where. */
  private shown: { readonly list: readonly EvaluatedPicture[]; at: number } = { list: [], at: 0 };

  protected override listen(): (() => void)[] {
    return [this.services.workbench.subscribe(() => this.requestUpdate())];
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('opened')) this.cell = null;
  }

  protected override render(): unknown {
    const { run, result } = this.opened;
    const { study } = result;
    return html`<section aria-labelledby="result">
        <h2 id="result">${run.name}</h2>
        <p class="facts">
          <span>${run.model.name}</span>
          <span>${formatTime(run.startedAt)}</span>
          <span>${msg(str`${formatNumber(run.done)} of ${formatNumber(run.total)} files`)}</span>
        </p>
        ${
          run.finishedAt === null
            ? html`<fr-notice tone="caution">
                ${msg('This evaluation is not finished: the figures are of what was read so far, and the first classes may be over-represented.')}
              </fr-notice>`
            : nothing
        }
        ${renderLeak(this.opened)}
        ${study ? this.renderTiles(study, result) : this.renderNothing(result)}
      </section>
      ${study ? this.renderStudy(study, result) : nothing} ${renderOthers(result)}
      ${renderUnreadable(result)}
      <fr-evaluated-picture
        .services=${this.services}
        .classes=${result.classes}
        @picture-step=${(event: CustomEvent<1 | -1>) => this.step(event.detail)}
        @picture-read=${(event: CustomEvent<EvaluatedPicture>) => void this.read(event.detail)}
      ></fr-evaluated-picture>`;
  }

  private renderNothing({ unreadable }: EvaluationResult): unknown {
    return html`<fr-notice tone="caution" heading=${msg('There are no figures')}>
      ${
        unreadable.length > 0
          ? msg('Not one file of the classes could be read. The reasons are below.')
          : msg('No picture of one of the model’s classes was read.')
      }
    </fr-notice>`;
  }

  private renderTiles(study: EvaluationStudy, { unreadable }: EvaluationResult): unknown {
    const refused = Object.values(study.refusals).reduce((sum, count) => sum + count, 0);
    const { accuracy, macroF1, macroRoc } = study;
    return html`<dl class="tiles">
        ${tile(msg('Accuracy'), share(accuracy), intervalOf(accuracy))}
        ${tile(msg('Macro F1'), share(macroF1), intervalOf(macroF1))}
        ${tile(
          msg('Macro AUC'),
          macroRoc ? formatNumber(macroRoc.value, 3) : '–',
          macroRoc ? intervalOf(macroRoc, true) : msg('Not every class has pictures'),
        )}
        ${tile(msg('Calibration error'), formatShare(study.calibrationError))}
        ${tile(msg('Pictures'), formatNumber(study.images))}
        ${tile(msg('Refused'), formatNumber(refused))}
        ${tile(msg('Not readable'), formatNumber(unreadable.length))}
      </dl>
      <p class="note">
        ${msg('In brackets: 95 % bootstrap interval, drawn within the classes. The figures hold for pictures like these, under the class shares the model assumes; settings of this site are not applied.')}
      </p>`;
  }

  private renderStudy(study: EvaluationStudy, result: EvaluationResult): unknown {
    const { classes } = study;
    return html`<section aria-labelledby="confusion">
        <h2 id="confusion">${msg('Right and wrong')}</h2>
        <div class="pair">
          <div>
            <fr-confusion-matrix
              caption=${msg('Counts, and share of the row. Choose a cell to see its pictures.')}
              choosable
              .labels=${classes.map(className)}
              .counts=${study.confusion}
              .chosen=${this.cell}
              @cell-chosen=${(event: CustomEvent<MatrixCell>) => this.choose(event.detail)}
            ></fr-confusion-matrix>
          </div>
          ${renderReport(study.report, classes, msg('Classification report'))}
        </div>
        ${this.cell ? this.renderCell(this.cell, result) : nothing}
      </section>
      <section aria-labelledby="curves">
        <h2 id="curves">${msg('Each class against the others')}</h2>
        <p class="note">${msg('Shaded: 95 % bootstrap interval at each place.')}</p>
        <div class="charts">${renderCurveCharts(study)}</div>
      </section>
      <section aria-labelledby="sure">
        <h2 id="sure">${msg('Is it as sure as it says?')}</h2>
        <div class="pair">
          ${renderReliability(study)}
          <div>${renderCoverage(study)}</div>
        </div>
      </section>
      <section aria-labelledby="refused">
        <h2 id="refused">${msg('What it refuses')}</h2>
        ${renderRefusals(study)}
      </section>
      <section aria-labelledby="origins">
        <h2 id="origins">${msg('Where the pictures come from')}</h2>
        ${renderOrigins(study)}
      </section>
      ${this.renderErrors(study, result)}`;
  }

  private renderCell(cell: MatrixCell, { classes, scored }: EvaluationResult): unknown {
    const truth = classes[cell.truth] ?? '';
    const members = scored.filter(
      ({ label, probabilities }) => label === truth && topOf(probabilities ?? []) === cell.answer,
    );
    const heading = msg(
      str`${className(truth)} answered as ${className(classes[cell.answer] ?? '')}: ${pictures(members.length)}`,
    );
    return html`<div>
      <h3 id="cell" tabindex="-1">${heading}</h3>
      ${this.renderList(heading, members)}
    </div>`;
  }

  private renderErrors({ errors }: EvaluationStudy, { scored }: EvaluationResult): unknown {
    const wrong = errors.flatMap((at) => scored[at] ?? []);
    return html`<section aria-labelledby="errors">
      <h2 id="errors">${msg('Worst errors first')}</h2>
      <p class="note">
        ${
          wrong.length > 0
            ? msg(
                'Wrong answers, those stated with the most certainty at the top. Some may be wrong labels.',
              )
            : msg('Not one answer was wrong.')
        }
      </p>
      ${this.renderList(msg('Wrong answers'), wrong)}
    </section>`;
  }

  private renderList(label: string, list: readonly EvaluatedPicture[]): unknown {
    return html`<fr-picture-list
      label=${label}
      .services=${this.services}
      .folder=${this.folder}
      .pictures=${list.map((picture) => listed(picture, this.opened.result.classes))}
      @picture-chosen=${(event: CustomEvent<string>) => void this.show(list, event.detail)}
    ></fr-picture-list>`;
  }

  /** The open folder, if it is the one of this run. */
  private get folder() {
    const { folder } = this.services.workbench;
    return folder?.key === this.opened.run.folder.key ? folder : null;
  }

  private async choose(cell: MatrixCell): Promise<void> {
    const same = this.cell?.truth === cell.truth && this.cell.answer === cell.answer;
    this.cell = same ? null : cell;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('#cell')?.scrollIntoView({ block: 'nearest' });
  }

  private async show(list: readonly EvaluatedPicture[], path: string): Promise<void> {
    const at = list.findIndex((picture) => picture.path === path);
    const picture = list[at];
    if (!picture) return;
    this.shown = { list, at };
    await this.dialog.show(
      picture,
      msg(str`${formatNumber(at + 1)} of ${formatNumber(list.length)}`),
      (signal) => this.bytes(picture, signal),
    );
  }

  private step(by: 1 | -1): void {
    const { list, at } = this.shown;
    const next = list[at + by];
    if (next) void this.show(list, next.path);
  }

  private async bytes({ path }: EvaluatedPicture, signal?: AbortSignal): Promise<Blob> {
    const item = this.folder?.items.find((each) => each.path === path);
    if (!item) throw new FolderNotOpen();
    return item.open(signal);
  }

  /** Beside what else is open there; the way back is the browser's. */
  private async read(picture: EvaluatedPicture): Promise<void> {
    const source = await this.bytes(picture);
    const [added] = this.services.session.add([{ name: picture.path, source }]);
    if (added) location.hash = routeHash('read', added.id);
  }
}

function share(figure: { readonly value: number } | null): string {
  return figure ? formatShare(figure.value) : '–';
}

function listed(picture: EvaluatedPicture, classes: readonly string[]): ListedPicture {
  const { path, label, probabilities, refused } = picture;
  const top = topOf(probabilities ?? []);
  return {
    path,
    label,
    answer: classes[top] ?? '',
    confidence: probabilities?.[top] ?? 0,
    refused,
  };
}
