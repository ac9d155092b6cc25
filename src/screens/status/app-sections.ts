import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import { formatBytes, formatDate, formatTime } from '../../words/format.ts';
import { icon } from '../../elements/icons.ts';
import { buildInfo } from '../../platform/index.ts';
import { renderOutcome } from './outcome.ts';
import type { OfflineState } from '../../state/offline.ts';
import type { Outcome } from './outcome.ts';
import type { StatusView } from './status-view.ts';

/** Room on the device and whether the browser keeps it. */
export function renderStorageSection(screen: StatusView): unknown {
  const { storage } = screen;
  const persistent = storage?.persistent ?? null;
  return html`<section class="card" aria-labelledby="storage">
    <h2 id="storage">${msg('Storage')}</h2>
    <dl>
      <dt>${msg('Used by the app')}</dt>
      <dd>${bytesOrUnknown(storage?.usedBytes ?? null)}</dd>
      <dt>${msg('Room granted')}</dt>
      <dd>${bytesOrUnknown(storage?.quotaBytes ?? null)}</dd>
      <dt>${msg('Kept by the browser')}</dt>
      <dd>
        ${
          persistent
            ? html`<span class="state good">${icon('good', 20)} ${msg('Yes, for good')}</span>`
            : html`<span class="state caution"
                >${icon('caution', 20)}
                ${msg('Not promised: it may be cleared after long disuse')}</span
              >`
        }
      </dd>
    </dl>
    ${renderOutcome(screen.outcomes.storage)}
    ${
      persistent
        ? nothing
        : html`<div class="row">
            <button
              class="button"
              type="button"
              ?disabled=${screen.job !== null}
              @click=${() => void screen.act('persist', 'storage', () => screen.persist())}
            >
              ${msg('Ask the browser to keep it')}
            </button>
          </div>`
    }
  </section>`;
}

/** The app itself: which build, kept for offline use or not, newer ones. */
export function renderAppSection(screen: StatusView): unknown {
  const { offline, platform } = screen.services;
  const { state } = platform.updates;
  return html`<section class="card" aria-labelledby="app">
    <h2 id="app">${msg('App')}</h2>
    <dl>
      <dt>${msg('Version')}</dt>
      <dd>${buildInfo.version}${buildInfo.commit ? ` (${buildInfo.commit})` : ''}</dd>
      <dt>${msg('Made')}</dt>
      <dd>${formatDate(buildInfo.builtAt)}</dd>
      <dt>${msg('Without a network')}</dt>
      <dd>${renderOffline(screen)}</dd>
      <dt>${msg('Asked for updates')}</dt>
      <dd>${state.checkedAt === null ? msg('Not yet') : formatTime(state.checkedAt)}</dd>
    </dl>
    ${
      offline.state.value.phase === 'missing'
        ? html`<fr-offline-gap
            .gap=${offline.state.value.gap}
            .offline=${offline}
          ></fr-offline-gap>`
        : nothing
    }
    ${renderOutcome(screen.outcomes.app)}
    <div class="row">
      <button
        class="button"
        type="button"
        ?disabled=${screen.job !== null || state.phase === 'unsupported'}
        @click=${() => void screen.act('update', 'app', () => checkForUpdate(screen))}
      >
        ${screen.job === 'update' ? msg('Asking…') : msg('Check for an update')}
      </button>
    </div>
  </section>`;
}

function renderOffline({ services }: StatusView): unknown {
  const state = services.offline.state.value;
  if (state.phase === 'ready') {
    return html`<span class="state good"
      >${icon('good', 20)} ${msg('Works: everything is on this device')}</span
    >`;
  }
  return html`<span class="state caution">${icon('caution', 20)} ${offlineWords(state)}</span>`;
}

function offlineWords({ phase }: OfflineState): string {
  switch (phase) {
    case 'no-model':
      return msg('The app opens; the model is not here yet');
    case 'checking':
      return msg('Being checked');
    case 'missing':
      return msg('Does not work');
    default:
      return msg('Being prepared');
  }
}

async function checkForUpdate(screen: StatusView): Promise<Outcome> {
  const { updates } = screen.services.platform;
  const answer = await updates.check();
  if (answer === 'unreachable') {
    return { tone: 'caution', text: msg('The server could not be asked. Is there a network?') };
  }
  if (answer === 'current') return { tone: 'good', text: msg('This is the newest version.') };
  const version = updates.state.offeredVersion;
  return {
    tone: 'info',
    text: version
      ? msg(str`Version ${version} is ready. Take it with the button at the top.`)
      : msg('A new version is ready. Take it with the button at the top.'),
  };
}

function bytesOrUnknown(bytes: number | null): string {
  return bytes === null ? msg('Not told by the browser') : formatBytes(bytes);
}
