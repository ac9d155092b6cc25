import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import { formatMilliseconds, formatNumber, formatTime } from '../../words/format.ts';
import type { BackendId, BackendTrial } from '../../inference/types.ts';
import { backendWords } from '../../words/words.ts';
import { renderOutcome } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import type { StatusView } from './status-view.ts';

const CHOICES: readonly (BackendId | 'auto')[] = ['auto', 'webgpu', 'webgl', 'wasm', 'cpu'];

/** Their own names, as everywhere else; the table has no room for more. */
const BACKEND_NAMES: Record<BackendId, string> = {
  webgpu: 'WebGPU',
  webgl: 'WebGL',
  wasm: 'WebAssembly',
  cpu: 'JavaScript',
};

/** What computes the answers here, why, and how every way did in its test. */
export function renderEngineSection(screen: StatusView): unknown {
  const { report } = screen;
  if (screen.services.setup.state.phase !== 'ready') return nothing;
  return html`<section class="card" aria-labelledby="engine">
    <h2 id="engine">${msg('Computing')}</h2>
    ${
      report
        ? html`<dl>
              <dt>${msg('In use')}</dt>
              <dd>${report.chosen ? backendWords(report.chosen) : msg('Nothing yet')}</dd>
              <dt>${msg('Why')}</dt>
              <dd>${report.reason}</dd>
              <dt>${msg('Graphics adapter')}</dt>
              <dd>${report.adapter ?? msg('None told')}</dd>
              <dt>${msg('Tested')}</dt>
              <dd>${report.testedAt === null ? msg('Not yet') : formatTime(report.testedAt)}</dd>
            </dl>
            <fr-data-table
              captionless
              caption=${msg('Test of every way to compute')}
              .columns=${[msg('Way'), msg('Test'), msg('Time'), msg('Error')]}
              .numeric=${[2, 3]}
              .rows=${report.trials.map(trialRow)}
            ></fr-data-table>
            ${renderDetails(report.trials)} ${renderChoice(screen)}`
        : html`<p class="quiet">${msg('Starting…')}</p>`
    }
    ${renderOutcome(screen.outcomes.engine)}
    <div class="row">
      <button
        class="button"
        type="button"
        ?disabled=${screen.job !== null || !report}
        @click=${() => void screen.act('retest', 'engine', (signal) => retest(screen, signal))}
      >
        ${screen.job === 'retest' ? msg('Testing…') : msg('Test again')}
      </button>
    </div>
  </section>`;
}

/** Why a way passed, failed or was left out, in the words of its own test. */
function renderDetails(trials: readonly BackendTrial[]): unknown {
  const told = trials.filter((trial) => trial.detail !== '');
  if (told.length === 0) return nothing;
  return html`<ul class="details quiet">
    ${told.map((trial) => html`<li>${BACKEND_NAMES[trial.backend]}: ${trial.detail}</li>`)}
  </ul>`;
}

function renderChoice(screen: StatusView): unknown {
  const { report } = screen;
  const current = report?.choice === 'by-hand' ? (report.chosen ?? 'auto') : 'auto';
  return html`<div class="row">
    <label for="backend">${msg('Compute with')}</label>
    <select
      id="backend"
      ?disabled=${screen.job !== null}
      @change=${(event: Event) => {
        const choice = (event.target as HTMLSelectElement).value as BackendId | 'auto';
        void screen.act('choose', 'engine', () => choose(screen, choice));
      }}
    >
      ${CHOICES.map(
        (choice) =>
          html`<option value=${choice} ?selected=${choice === current}>
            ${choice === 'auto' ? msg('The fastest right one (automatic)') : backendWords(choice)}
          </option>`,
      )}
    </select>
  </div>`;
}

function trialRow(trial: BackendTrial): string[] {
  return [
    BACKEND_NAMES[trial.backend],
    outcomeWords(trial),
    trial.medianMs === null ? '–' : formatMilliseconds(trial.medianMs),
    trial.maxError === null ? '–' : formatNumber(trial.maxError, 6),
  ];
}

function outcomeWords(trial: BackendTrial): string {
  switch (trial.outcome) {
    case 'passed':
      return msg('Passed');
    case 'wrong-answer':
      return msg('Wrong answer');
    case 'unavailable':
      return msg('Not here');
    case 'failed':
      return msg('Failed');
    case 'timed-out':
      return msg('Too slow');
    case 'not-tried':
      return msg('Not tried');
  }
}

async function retest(screen: StatusView, signal: AbortSignal): Promise<Outcome> {
  const engine = await screen.services.active.engine();
  screen.report = await engine.retest(signal);
  return { tone: 'good', text: msg('All ways were tested again.') };
}

async function choose(screen: StatusView, choice: BackendId | 'auto'): Promise<Outcome> {
  const engine = await screen.services.active.engine();
  try {
    screen.report = await engine.chooseBackend(choice);
  } finally {
    screen.report = engine.report();
  }
  const { chosen } = screen.report;
  return {
    tone: 'good',
    text: msg(str`Pictures are now read with: ${chosen ? backendWords(chosen) : '–'}`),
  };
}
