import { msg, str } from '@lit/localize';
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { AdaptationRun, EpochFigures } from '../../adaptation/index.ts';
import { FieldrayElement } from '../../elements/base.ts';
import { formatNumber, formatShare } from '../../words/format.ts';
import { icon } from '../../elements/icons.ts';
import { baseStyles, buttonStyles, pageStyles } from '../../elements/styles.ts';
import { adaptationStyles } from './adaptation-styles.ts';
import { epochsAtMost } from '../../words/adaptation-words.ts';
import '../../elements/line-chart.ts';
import '../../elements/notice.ts';
import '../../elements/progress.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-train-progress': FrTrainProgress;
  }
  interface HTMLElementEventMap {
    'training-resumed': Event;
    'training-discarded': Event;
    'log-saved': Event;
  }
}

type Figure = Exclude<keyof EpochFigures, 'stage'>;

/** Loss and accuracy by epoch, the kept one marked. */
export function renderCurves(log: readonly EpochFigures[], kept: number): unknown {
  const x = log.map(({ epoch }) => epoch);
  const second = log.find(({ stage }) => stage === 'fine-tuning');
  const chart = (caption: string, train: Figure, test: Figure): unknown =>
    html`<fr-line-chart
      caption=${caption}
      x-label=${msg('Epoch')}
      .x=${x}
      .series=${[
        { name: msg('Training'), values: log.map((each) => each[train]), dashed: true },
        { name: msg('Validation'), values: log.map((each) => each[test]) },
      ]}
      .mark=${kept > 0 ? kept : null}
      mark-label=${msg('Kept')}
    ></fr-line-chart>`;
  return html`<div class="charts">
      ${chart(msg('Loss'), 'loss', 'val_loss')}
      ${chart(msg('Accuracy'), 'accuracy', 'val_accuracy')}
    </div>
    ${
      second
        ? html`<p class="note">
            ${msg(str`From epoch ${second.epoch} on the last blocks are trained as well.`)}
          </p>`
        : nothing
    }`;
}

/** A training under way: how far, how well, and what can be done with it. */
@customElement('fr-train-progress')
export class FrTrainProgress extends FieldrayElement {
  static override styles = [
    baseStyles,
    buttonStyles,
    pageStyles,
    adaptationStyles,
    css`
      .now {
        margin-block-end: var(--space-2);
        font-variant-numeric: tabular-nums;
      }

      fr-progress {
        margin-block-end: var(--space-3);
      }

      ul {
        padding-inline-start: 1.25em;
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) run!: AdaptationRun;
  /** Grows with every change of the run, which is one object. */
  @property({ type: Number }) turn = 0;
  /** Whether the folder the training needs is open. */
  @property({ type: Boolean }) ready = true;

  protected override render(): unknown {
    const { fault, log, notKept, phase, record, secondStage, unreadable } = this.run;
    const running = phase === 'reading' || phase === 'training';
    const last = log.at(-1);
    return html`<p class="note now">${this.words()}</p>
      <fr-progress
        label=${this.words()}
        .share=${
          phase === 'training' || last
            ? (log.length + (secondStage?.share ?? 0)) / epochsAtMost(record)
            : record.done / Math.max(1, record.total)
        }
      ></fr-progress>
      <p class="visually-hidden" role="status">
        ${phase === 'paused' ? msg('Paused') : phase === 'stopped' ? msg('Stopped') : ''}
      </p>
      ${
        fault
          ? html`<fr-notice tone="trouble" announce="alert" heading=${fault.message}
              >${fault.remedy}</fr-notice
            >`
          : nothing
      }
      ${
        notKept
          ? html`<fr-notice tone="caution" announce="status" heading=${notKept.message}
              >${notKept.remedy}</fr-notice
            >`
          : nothing
      }
      ${
        unreadable.length > 0
          ? html`<details>
              <summary>
                ${
                  unreadable.length === 1
                    ? msg('1 picture could not be read and is left out')
                    : msg(
                        str`${formatNumber(unreadable.length)} pictures could not be read and are left out`,
                      )
                }
              </summary>
              <ul>
                ${unreadable
                  .slice(0, 100)
                  .map((each) => html`<li>${each.path}: ${each.fault.message}</li>`)}
              </ul>
            </details>`
          : nothing
      }
      ${
        last
          ? html`<p>
                ${msg(
                  str`Epoch ${last.epoch}: validation loss ${formatNumber(last.val_loss, 4)}, right ${formatShare(last.val_accuracy)}. Best so far: epoch ${this.run.keptEpoch}.`,
                )}
              </p>
              ${renderCurves(log, this.run.keptEpoch)}`
          : nothing
      }
      <div class="row">
        ${
          running
            ? html`<button class="button" type="button" @click=${() => void this.run.pause()}>
                ${icon('pause', 20)} ${msg('Pause')}
              </button>`
            : fault?.code === 'training-diverged'
              ? nothing
              : html`<button
                  class="button primary"
                  type="button"
                  ?disabled=${!this.ready}
                  @click=${() => this.emit('training-resumed')}
                >
                  ${icon('play', 20)} ${msg('Continue')}
                </button>`
        }
        ${
          last
            ? html`<button class="button" type="button" @click=${() => this.emit('log-saved')}>
                ${icon('download', 20)} ${msg('Log as CSV')}
              </button>`
            : nothing
        }
        <button class="button bare" type="button" @click=${() => this.emit('training-discarded')}>
          ${msg('Cancel the training')}
        </button>
      </div>
      ${
        running || this.ready
          ? nothing
          : html`<p class="note">
              ${msg(str`Open the folder “${record.folder.name}” again to continue.`)}
            </p>`
      }`;
  }

  private words(): string {
    const { log, phase, record, secondStage } = this.run;
    const [done, total] = [formatNumber(record.done), formatNumber(record.total)];
    const { epochs, tuning } = record.settings;
    if (phase === 'training' && secondStage?.doing === 'measuring') {
      return msg('The head is trained. Measuring the graphics processor for the second stage');
    }
    if (secondStage && (secondStage.doing === 'training' || secondStage.log.length > 0)) {
      return msg(
        str`Second stage, the last blocks: epoch ${secondStage.log.length} of at most ${tuning?.epochs ?? 0}`,
      );
    }
    if (phase === 'training') return msg(str`Training: epoch ${log.length} of at most ${epochs}`);
    if (phase === 'reading') return msg(str`Reading the pictures: ${done} of ${total}`);
    return log.length > 0
      ? msg(str`Interrupted at epoch ${log.length} of at most ${epochs}`)
      : msg(str`Interrupted at picture ${done} of ${total}`);
  }
}
