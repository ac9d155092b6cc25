import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import { formatNumber, formatWait } from '../../words/format.ts';
import { icon } from '../../elements/icons.ts';
import { fresh } from '../../elements/rewritten.ts';
import type { ReadingSession } from '../../session/index.ts';
import type { IntakeState, SkippedKind } from '../../session/types.ts';

/** "7 of 20", how fast and how long still, with ways to pause, go on and stop; then what was passed over. */
export function renderRunBar(session: ReadingSession): unknown {
  const { intake, paused, waiting } = session;
  const { running, done, total, pace } = session.progress;
  if (paused) {
    return html`<div class="run">
      <div class="run-line">
        <span>${waiting > 0 ? waitingWords(waiting) : msg('Looking is paused')}</span>
        <span class="run-actions">
          <button class="button" type="button" @click=${() => void session.resume()}>
            ${icon('play', 20)} ${msg('Read the rest')}
          </button>
          ${renderStop(session)}
        </span>
      </div>
    </div>`;
  }
  if (!running && !intake.looking) return renderIntake(session, intake);
  const words = intake.looking
    ? msg(str`${formatNumber(done)} of ${formatNumber(total)} read, looking for more`)
    : msg(str`${formatNumber(done)} of ${formatNumber(total)} read`);
  return html`<div class="run">
    <fr-progress
      label=${msg('Reading pictures')}
      value-text=${words}
      .share=${total > 0 ? done / total : null}
    ></fr-progress>
    <div class="run-line">
      <span
        >${fresh(words)}${
          pace
            ? html`<span class="pace"
                >${speedWords(pace.perSecond)}${
                  intake.looking ? nothing : html`, ${leftWords(pace.secondsLeft)}`
                }</span
              >`
            : nothing
        }</span
      >
      <span class="run-actions">
        <button class="button" type="button" @click=${() => session.pause()}>
          ${icon('pause', 20)} ${msg('Pause')}
        </button>
        ${renderStop(session)}
      </span>
    </div>
  </div>`;
}

function renderStop(session: ReadingSession): unknown {
  return html`<button class="button" type="button" @click=${() => session.cancel()}>
    ${msg('Cancel')}
  </button>`;
}

/** What lay in the folder besides; a line that can be put away. */
function renderIntake(session: ReadingSession, intake: IntakeState): unknown {
  const words = intakeWords(intake);
  if (!words) return nothing;
  return html`<div class="run">
    <div class="run-line intake">
      <span>${words}</span>
      <button
        class="button bare icon"
        type="button"
        aria-label=${msg('Hide this line')}
        title=${msg('Hide this line')}
        @click=${() => session.forgetIntake()}
      >
        ${icon('close', 20)}
      </button>
    </div>
  </div>`;
}

/** Empty when nothing was passed over. */
export function intakeWords({ skipped, missing, pictures }: IntakeState): string {
  const sum = [...skipped.values()].reduce((all, count) => all + count, 0);
  const parts: string[] = [];
  if (sum > 0) {
    const kinds = [...skipped].map(([kind, count]) => `${formatNumber(count)} ${kindWords(kind)}`);
    parts.push(
      pictures === 0
        ? msg(str`No picture found. Passed over: ${kinds.join(', ')}.`)
        : msg(str`Passed over: ${kinds.join(', ')}.`),
    );
  }
  if (missing > 0) {
    parts.push(
      msg(
        str`Named in the table of contents of the disc, but not there: ${formatNumber(missing)}.`,
      ),
    );
  }
  return parts.join(' ');
}

function kindWords(kind: SkippedKind): string {
  switch (kind) {
    case 'text':
      return msg('text');
    case 'document':
      return msg('documents');
    case 'other-picture':
      return msg('pictures in formats that cannot be opened');
    case 'media':
      return msg('sound or video');
    case 'archive':
      return msg('other archives');
    case 'program':
      return msg('programs');
    case 'empty':
      return msg('empty');
    case 'dicom-other':
      return msg('DICOM without a picture');
    case 'unlisted':
      return msg('of the disc’s own viewer');
    case 'other':
      return msg('unknown');
  }
}

function speedWords(perSecond: number): string {
  const digits = perSecond < 10 ? 1 : 0;
  return msg(str`${formatNumber(perSecond, digits)} files per second`);
}

function leftWords(seconds: number): string {
  return msg(str`about ${formatWait(seconds)} left`);
}

/** What to say when a run is over. */
export function runNews(session: ReadingSession): string {
  if (session.waiting > 0) return waitingWords(session.waiting);
  const failed = session.cases.filter((entry) => entry.state.phase === 'failed').length;
  const words =
    failed > 0
      ? msg(str`Done. ${failed} pictures could not be read.`)
      : msg('Done. All pictures are read.');
  return [words, intakeWords(session.intake)].filter(Boolean).join(' ');
}

function waitingWords(waiting: number): string {
  return waiting === 1
    ? msg('1 picture is not read yet')
    : msg(str`${waiting} pictures are not read yet`);
}
