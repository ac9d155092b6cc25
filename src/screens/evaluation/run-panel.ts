/** The run under way: how far, how fast, what it looks like so far, and ways to pause and end it. */
import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import { formatNumber, formatShare, formatWait } from '../../words/format.ts';
import { icon } from '../../elements/icons.ts';
import type { EvaluationRunner } from '../../evaluation/index.ts';
import { className } from '../../words/words.ts';
import { tile } from './shipped-study.ts';
import '../../elements/confusion-matrix.ts';
import '../../elements/notice.ts';
import '../../elements/progress.ts';

export interface RunActions {
  pause(): void;
  /** Null while the folder of the run is not open. */
  resume: (() => void) | null;
  cancel(): void;
  /** Figures of what was read so far. */
  look(): void;
}

export function renderRun(runner: EvaluationRunner, actions: RunActions): unknown {
  const { run, phase, fault, notKept, recovery, live } = runner;
  if (phase === 'done') return nothing;
  const running = phase === 'running';
  // The engine is started with the first picture: that may take a few seconds.
  const words = msg(str`${formatNumber(run.done)} of ${formatNumber(run.total)} read`);
  return html`<section class="card" aria-labelledby="run">
    <h2 id="run">${running ? msg('Evaluating') : msg('Evaluation interrupted')}</h2>
    <fr-progress
      label=${msg('Evaluating')}
      value-text=${words}
      .share=${run.done > 0 || !running ? run.done / (run.total || 1) : null}
    ></fr-progress>
    <div class="line">
      <span>${words}${paceWords(runner)}</span>
      <span class="row">
        ${
          running
            ? html`<button class="button" type="button" @click=${actions.pause}>
                ${icon('pause', 20)} ${msg('Pause')}
              </button>`
            : html`<button
                class="button primary"
                type="button"
                ?disabled=${!actions.resume}
                @click=${actions.resume}
              >
                ${icon('play', 20)} ${msg('Continue')}
              </button>`
        }
        ${
          running || run.done === 0
            ? nothing
            : html`<button class="button" type="button" @click=${actions.look}>
                ${msg('Figures so far')}
              </button>`
        }
        <button class="button" type="button" @click=${actions.cancel}>
          ${msg('Cancel and forget')}
        </button>
      </span>
    </div>
    ${fault ? notice('trouble', fault) : nothing} ${notKept ? notice('caution', notKept) : nothing}
    ${recovery ? html`<p class="note">${recovery}</p>` : nothing}
    ${
      live.scored > 0
        ? html`<dl class="tiles">
              ${tile(msg('Accuracy so far'), formatShare(live.report.accuracy))}
              ${tile(msg('Macro F1 so far'), formatShare(live.report.macro.f1))}
              ${tile(msg('Refused'), formatNumber(live.refused))}
              ${tile(msg('Not readable'), formatNumber(live.unreadable))}
              ${live.others > 0 ? tile(msg('Without a score'), formatNumber(live.others)) : nothing}
            </dl>
            <fr-confusion-matrix
              caption=${msg('So far. Pictures are read class by class, so the figures settle at the end.')}
              .labels=${run.classes.map(className)}
              .counts=${live.confusion}
            ></fr-confusion-matrix>`
        : nothing
    }
  </section>`;
}

function paceWords({ run, perSecond }: EvaluationRunner): string {
  if (perSecond === null) return '';
  const left = formatWait((run.total - run.done) / perSecond);
  return `, ${msg(str`${formatNumber(perSecond, perSecond < 10 ? 1 : 0)} a second, about ${left} left`)}`;
}

function notice(tone: string, fault: { message: string; remedy: string }): unknown {
  return html`<fr-notice tone=${tone} announce="alert" heading=${fault.message}
    >${fault.remedy}</fr-notice
  >`;
}
