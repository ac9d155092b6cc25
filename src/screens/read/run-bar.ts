import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import { icon } from '../../elements/icons.ts';
import type { ReadingSession } from '../../study/index.ts';

/** "7 of 20" with a way to stop, and after a stop the way to go on. */
export function renderRunBar(session: ReadingSession): unknown {
  const { running, done, total } = session.progress;
  if (running) {
    const words = msg(str`${done} of ${total} read`);
    return html`<div class="run">
      <fr-progress
        label=${msg('Reading pictures')}
        value-text=${words}
        .share=${total > 0 ? done / total : null}
      ></fr-progress>
      <div class="run-line">
        <span>${words}</span>
        <button class="button" type="button" @click=${() => session.cancel()}>
          ${msg('Cancel')}
        </button>
      </div>
    </div>`;
  }
  const { waiting } = session;
  if (waiting === 0) return nothing;
  return html`<div class="run">
    <div class="run-line">
      <span>${waitingWords(waiting)}</span>
      <button class="button" type="button" @click=${() => void session.resume()}>
        ${icon('play', 20)} ${msg('Read the rest')}
      </button>
    </div>
  </div>`;
}

/** What to say when a run is over. */
export function runNews(session: ReadingSession): string {
  if (session.waiting > 0) return waitingWords(session.waiting);
  const failed = session.cases.filter((entry) => entry.state.phase === 'failed').length;
  return failed > 0
    ? msg(str`Done. ${failed} pictures could not be read.`)
    : msg('Done. All pictures are read.');
}

function waitingWords(waiting: number): string {
  return waiting === 1
    ? msg('1 picture is not read yet')
    : msg(str`${waiting} pictures are not read yet`);
}
