import { msg, str } from '@lit/localize';
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { formatNumber } from '../words/format.ts';
import { icon } from './icons.ts';
import type { LabelledFolder } from '../dataset/types.ts';
import { routeHash } from '../state/routes.ts';
import type { ScreenName } from '../state/routes.ts';
import { canPickFolder, pickFolder } from '../platform/pick-folder.ts';
import { Screen } from './screen.ts';
import './notice.ts';
import './progress.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-workbench-head': FrWorkbenchHead;
  }
}

/** The top of the three screens of the workbench: the way between them, and the folder they share. */
@customElement('fr-workbench-head')
export class FrWorkbenchHead extends Screen {
  static override styles = [
    ...Screen.styles,
    css`
      nav {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1);
        margin-block-end: var(--space-5);
        border-block-end: 1px solid var(--line);
      }

      nav a {
        display: inline-flex;
        align-items: center;
        min-block-size: var(--touch);
        padding-inline: var(--space-4);
        color: var(--ink-quiet);
        font-weight: 550;
        text-decoration: none;
      }

      nav a:hover {
        color: var(--ink);
      }

      nav a[aria-current] {
        color: var(--accent-strong);
        box-shadow: inset 0 -3px 0 var(--accent);
      }

      .folder {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-3) var(--space-4);
        align-items: center;
        padding: var(--space-3) var(--space-4);
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--panel);
      }

      .folder > svg {
        flex: none;
        color: var(--accent);
      }

      .words {
        flex: 1 1 14rem;
        min-inline-size: 0;
      }

      .name {
        display: block;
        font-weight: 620;
        overflow-wrap: anywhere;
      }

      .facts {
        color: var(--ink-quiet);
        font-size: var(--text-small);
      }

      fr-notice {
        margin-block-start: var(--space-3);
      }

      details {
        margin-block-start: var(--space-2);
        font-size: var(--text-note);
      }

      summary {
        display: inline-flex;
        align-items: center;
        min-block-size: var(--touch);
        color: var(--accent);
        cursor: pointer;
      }

      ul {
        padding-inline-start: 1.25em;
      }

      @media (max-width: 40rem) {
        nav a {
          flex: 1 1 auto;
          justify-content: center;
          padding-inline: var(--space-2);
          font-size: var(--text-note);
        }
      }

      @media print {
        nav {
          display: none;
        }
      }
    `,
  ];

  /** The screen it stands on. */
  @property() current: ScreenName = 'insights';
  /** What a folder is opened for here, in a sentence; shown while none is open. */
  @property() invitation = '';

  protected override listen(): (() => void)[] {
    const { workbench } = this.services;
    if (workbench.state.phase === 'empty') void workbench.findRecent();
    return [workbench.subscribe(() => this.requestUpdate())];
  }

  protected override render(): unknown {
    const links: readonly (readonly [ScreenName, string])[] = [
      ['insights', msg('Insights')],
      ['evaluation', msg('Evaluation')],
      ['adaptation', msg('Adaptation')],
    ];
    return html`<nav aria-label=${msg('Workbench')}>
        ${links.map(
          ([screen, words]) =>
            html`<a
              href=${routeHash(screen)}
              aria-current=${screen === this.current ? 'page' : nothing}
              >${words}</a
            >`,
        )}
      </nav>
      ${this.renderFolder()}`;
  }

  private renderFolder(): unknown {
    const { state } = this.services.workbench;
    switch (state.phase) {
      case 'empty':
        return this.renderBar(
          msg('No folder is open'),
          this.invitation,
          html`${this.renderAgain()} ${this.renderOpen(msg('Open a labelled folder'), 'primary')}`,
        );
      case 'opening':
        return html`<div role="status">
            ${this.renderBar(
              msg('Looking through the folder'),
              msg(str`${formatNumber(state.files)} files so far`),
              this.renderClose(msg('Cancel')),
            )}
          </div>
          <fr-progress label=${msg('Looking through the folder')}></fr-progress>`;
      case 'open':
        return html`${this.renderBar(
          state.folder.name || msg('Labelled folder'),
          factsOf(state.folder),
          html`${this.renderOpen(msg('Open another'))} ${this.renderClose(msg('Close folder'))}`,
        )}
        ${renderTroubles(state.folder)}`;
      case 'failed':
        return html`${this.renderBar(
            msg('No folder is open'),
            this.invitation,
            this.renderOpen(msg('Open a labelled folder'), 'primary'),
          )}
          <fr-notice tone="trouble" announce="alert" heading=${state.fault.message}
            >${state.fault.remedy}</fr-notice
          >`;
    }
  }

  private renderBar(name: string, facts: string, buttons: unknown): unknown {
    return html`<div class="folder">
      ${icon('folder', 28)}
      <div class="words">
        <strong class="name">${name}</strong><span class="facts">${facts}</span>
      </div>
      ${buttons}
    </div>`;
  }

  private renderOpen(words: string, weight = ''): unknown {
    if (!canPickFolder()) {
      return html`<span class="quiet">${msg('This browser cannot open folders.')}</span>`;
    }
    return html`<button class="button ${weight}" type="button" @click=${this.pick}>
      ${words}
    </button>`;
  }

  /** The folder of the last sitting; the browser asks before it gives it. */
  private renderAgain(): unknown {
    const { workbench } = this.services;
    if (!workbench.recent) return nothing;
    return html`<button class="button" type="button" @click=${() => void workbench.reopen()}>
      ${msg(str`Open “${workbench.recent.name}” again`)}
    </button>`;
  }

  private renderClose(words: string): unknown {
    return html`<button
      class="button bare"
      type="button"
      @click=${() => this.services.workbench.close()}
    >
      ${words}
    </button>`;
  }

  private readonly pick = async (): Promise<void> => {
    const given = await pickFolder();
    if (given) await this.services.workbench.open(given);
  };
}

function factsOf({ items, labels, skipped, sheets }: LabelledFolder): string {
  const others = [...skipped.values()].reduce((sum, count) => sum + count, 0);
  return [
    msg(str`${formatNumber(items.length)} pictures in ${labels.length} classes`),
    ...(sheets.length > 0 ? [msg(str`${sheets.length} metadata sheets`)] : []),
    ...(others > 0 ? [msg(str`${formatNumber(others)} other files passed over`)] : []),
  ].join(' · ');
}

function renderTroubles({ troubles }: LabelledFolder): unknown {
  const [only, ...others] = troubles;
  if (!only) return nothing;
  if (others.length === 0) {
    return html`<fr-notice tone="caution" announce="status" heading=${only.message}
      >${only.remedy}</fr-notice
    >`;
  }
  return html`<fr-notice
    tone="caution"
    announce="status"
    heading=${msg(str`${troubles.length} parts of this folder were left out`)}
  >
    <ul>
      ${troubles.map((fault) => html`<li>${fault.message} ${fault.remedy}</li>`)}
    </ul>
  </fr-notice>`;
}
