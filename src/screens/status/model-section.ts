import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import { formatBytes, formatTime } from '../../words/format.ts';
import { icon } from '../../elements/icons.ts';
import type { InstallProgress } from '../../model/types.ts';
import { routeHash } from '../../state/routes.ts';
import { adaptedWords } from '../../words/words.ts';
import { renderOutcome } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import type { StatusView } from './status-view.ts';

/** The stored model: which, since when, checked when; check, repair, download again, look for a newer one. */
export function renderModelSection(screen: StatusView): unknown {
  const { state } = screen.services.setup;
  return html`<section class="card" aria-labelledby="model">
    <h2 id="model">${msg('Model')}</h2>
    ${renderState(screen)}
    ${
      state.phase === 'working'
        ? renderProgress(state.progress, msg('Fetching the model'))
        : screen.job === 'verify'
          ? html`${renderProgress(screen.progress, msg('Checking every byte'))}
              <div class="row">
                <button class="button" type="button" @click=${() => screen.cancelJob()}>
                  ${msg('Cancel')}
                </button>
              </div>`
          : nothing
    }
    ${renderAdapted(screen)} ${renderOutcome(screen.outcomes.model)} ${renderNewer(screen)}
    ${renderButtons(screen)}
  </section>`;
}

function renderState(screen: StatusView): unknown {
  const { state } = screen.services.setup;
  if (state.phase === 'failed') {
    return html`<fr-notice tone="trouble" heading=${state.fault.message}
      >${state.fault.remedy}</fr-notice
    >`;
  }
  if (state.phase !== 'ready') {
    return html`<p>
      ${msg('There is no model on this device yet.')}
      <a href=${routeHash('welcome')}>${msg('Set up this device')}</a>
    </p>`;
  }
  const { manifest, verifiedAt, activatedAt } = state.model;
  return html`${
      state.damaged.length > 0
        ? html`<fr-notice tone="trouble" heading=${msg('The stored model is damaged')}>
            ${msg(str`Files to repair: ${state.damaged.join(', ')}`)}
          </fr-notice>`
        : nothing
    }
    <dl>
      <dt>${msg('Name')}</dt>
      <dd>${manifest.id}</dd>
      <dt>${msg('Version')}</dt>
      <dd>${manifest.version}</dd>
      <dt>${msg('On this device since')}</dt>
      <dd>${formatTime(activatedAt)}</dd>
      <dt>${msg('Every byte checked')}</dt>
      <dd>${formatTime(verifiedAt)}</dd>
      <dt>${msg('Size')}</dt>
      <dd>${screen.modelBytes > 0 ? formatBytes(screen.modelBytes) : '…'}</dd>
    </dl>`;
}

/** Whether readings come of the delivered model or of one adapted here. */
function renderAdapted({ services: { adapted } }: StatusView): unknown {
  if (adapted.fault && adapted.activeId !== null) {
    return html`<fr-notice tone="caution" heading=${msg('The adapted model is not used')}
      >${adapted.fault.message} ${adapted.fault.remedy}</fr-notice
    >`;
  }
  const { active } = adapted;
  if (!active) return nothing;
  return html`<fr-notice tone="info">
    ${adaptedWords(active)} <a href=${routeHash('adaptation')}>${msg('Change')}</a>
  </fr-notice>`;
}

function renderProgress(progress: InstallProgress | null, label: string): unknown {
  const share =
    progress && progress.bytesTotal > 0 ? progress.bytesDone / progress.bytesTotal : null;
  return html`<div>
    <p class="quiet">${label}</p>
    <fr-progress label=${label} .share=${share}></fr-progress>
  </div>`;
}

function renderNewer(screen: StatusView): unknown {
  if (!screen.newerModel) return nothing;
  return html`<fr-notice heading=${msg(str`Version ${screen.newerModel} is on offer`)}>
    ${msg('The present model stays in use until the new one is complete and has passed its test.')}
    <div slot="actions">
      <button
        class="button"
        type="button"
        @click=${() => void screen.change(() => screen.services.setup.install())}
      >
        ${icon('download', 20)} ${msg('Download it')}
      </button>
    </div>
  </fr-notice>`;
}

function renderButtons(screen: StatusView): unknown {
  const { state } = screen.services.setup;
  if (state.phase !== 'ready') return nothing;
  const busy = screen.job !== null;
  return html`<div class="row">
    ${
      state.damaged.length > 0
        ? html`<button
            class="button primary"
            type="button"
            ?disabled=${busy}
            @click=${() => void screen.change(() => screen.services.setup.repair())}
          >
            ${msg('Repair')}
          </button>`
        : nothing
    }
    <button
      class="button"
      type="button"
      ?disabled=${busy}
      @click=${() => void screen.act('verify', 'model', (signal) => verify(screen, signal))}
    >
      ${msg('Check the stored model')}
    </button>
    <button
      class="button"
      type="button"
      ?disabled=${busy}
      @click=${() => void screen.act('look', 'model', (signal) => look(screen, signal))}
    >
      ${screen.job === 'look' ? msg('Asking…') : msg('Look for a newer model')}
    </button>
    <button class="button" type="button" ?disabled=${busy} @click=${() => screen.askForReinstall()}>
      ${msg('Download again')}
    </button>
  </div>`;
}

async function verify(screen: StatusView, signal: AbortSignal): Promise<Outcome> {
  const check = await screen.services.setup.verify(signal, (progress) => {
    screen.progress = progress;
  });
  return check.ok
    ? { tone: 'good', text: msg('Every byte of the stored model is as it should be.') }
    : { tone: 'trouble', text: msg('The stored model is damaged. Repair it with a network.') };
}

async function look(screen: StatusView, signal: AbortSignal): Promise<Outcome | null> {
  const { setup } = screen.services;
  const offered = await setup.available(signal);
  if (setup.state.phase !== 'ready') return null;
  const { manifest } = setup.state.model;
  if (offered.id === manifest.id && offered.version === manifest.version) {
    return { tone: 'good', text: msg('This is the newest model on the server.') };
  }
  screen.newerModel = offered.version;
  return null;
}
