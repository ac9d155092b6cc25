import { msg, str } from '@lit/localize';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { FaultData } from '../../base/fault.ts';
import { formatDate } from '../../words/format.ts';
import type { Manifest } from '../../model/index.ts';
import { faultDataOf } from '../../session/index.ts';
import { ActionError } from '../../state/errors.ts';
import { Screen } from '../../elements/screen.ts';
import { renderAssurance } from './assurance-tables.ts';
import { renderCounts } from './counts.ts';
import { renderTravel } from './travel.ts';
import { renderCurves } from '../../elements/training-curves.ts';
import { renderGroups } from './groups.ts';
import '../../elements/confusion-matrix.ts';
import '../../elements/data-table.ts';
import '../../elements/line-chart.ts';
import '../../elements/notice.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-model-card-screen': FrModelCardScreen;
  }
}

/** The model card. Every word and figure comes from the manifest that the training wrote. */
@customElement('fr-model-card-screen')
export class FrModelCardScreen extends Screen {
  static override styles = [
    ...Screen.styles,
    css`
      .facts {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1) var(--space-5);
        margin-block-start: var(--space-4);
        color: var(--ink-quiet);
        font-size: var(--text-note);
      }

      .pair {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr));
        gap: var(--space-5);
      }

      .pair > section,
      .pair > .card {
        margin: 0;
        min-inline-size: 0;
      }

      .stack {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-5);
      }

      .card ul {
        padding-inline-start: 1.2em;
      }

      .card li + li {
        margin-block-start: var(--space-2);
      }

      details > summary {
        display: flex;
        align-items: center;
        min-block-size: var(--touch);
        padding-inline: var(--space-2);
        border-radius: var(--radius-small);
        color: var(--accent);
        font-weight: 600;
        cursor: pointer;
      }

      details[open] > summary {
        margin-block-end: var(--space-3);
      }

      @media print {
        /* A page is too narrow for a table beside its matrix; what is folded up stays so. */
        details .pair {
          grid-template-columns: minmax(0, 1fr);
        }

        details:not([open]) {
          display: none;
        }
      }

      .command {
        margin-block-start: var(--space-5);
      }

      code {
        display: block;
        padding: var(--space-3) var(--space-4);
        overflow-x: auto;
        border-radius: var(--radius-small);
        background: var(--sunken);
        font-family: var(--font-mono);
        font-size: var(--text-small);
      }

      .preserve {
        white-space: pre-line;
        overflow-wrap: anywhere;
      }
    `,
  ];

  @state() private offered: Manifest | null = null;
  @state() private fault: FaultData | null = null;

  protected override listen(): (() => void)[] {
    void this.fetchOffered();
    return [this.services.setup.subscribe(() => this.requestUpdate())];
  }

  protected override render(): unknown {
    const { state } = this.services.setup;
    const manifest = state.phase === 'ready' ? state.model.manifest : this.offered;
    if (!manifest) {
      return html`<div class="page narrow">
        <h1 tabindex="-1">${msg('Model card')}</h1>
        ${
          this.fault
            ? html`<fr-notice tone="caution" announce="status" heading=${this.fault.message}>
                ${this.fault.remedy}
              </fr-notice>`
            : html`<p class="quiet" role="status">${msg('Opening…')}</p>`
        }
      </div>`;
    }
    return this.renderCard(manifest);
  }

  private renderCard(manifest: Manifest): unknown {
    const { card } = manifest;
    return html`<article class="page">
      <h1 tabindex="-1">${card.title}</h1>
      <p class="lead">${card.summary}</p>
      <p class="facts">
        <span>${msg(str`${manifest.id} ${manifest.version}`)}</span>
        <span>${msg(str`Made ${formatDate(manifest.created)}`)}</span>
        <span>${msg(str`Weights ${manifest.weights.dtype}`)}</span>
      </p>

      ${renderTravel(manifest)}

      <section aria-labelledby="use">
        <h2 id="use">${msg('Intended use')}</h2>
        <div class="pair">
          ${list(msg('What it is for'), card.intendedUse)}
          ${list(msg('What it is not for'), card.notFor)}
        </div>
      </section>

      ${renderGroups(manifest)} ${renderAssurance(manifest)} ${this.renderData(manifest)}
      ${
        manifest.evaluation.tables.length > 0
          ? html`<section aria-labelledby="tables">
              <h2 id="tables">${msg('Beyond the known hospitals')}</h2>
              <div class="stack">
                ${manifest.evaluation.tables.map(
                  (table) =>
                    html`<div>
                      <h3>${table.title}</h3>
                      ${table.note ? html`<p class="prose quiet preserve">${table.note}</p>` : nothing}
                      <fr-data-table
                        captionless
                        caption=${table.title}
                        .columns=${table.columns}
                        .rows=${table.rows}
                      ></fr-data-table>
                    </div>`,
                )}
              </div>
            </section>`
          : nothing
      }
      ${renderCurves(manifest)} ${renderCounts(manifest)}

      <section aria-labelledby="made">
        <h2 id="made">${msg('Licence and making')}</h2>
        <p class="prose preserve">${manifest.licence}</p>
        <h3 class="command">${msg('The command that made it')}</h3>
        <code tabindex="0">${manifest.command}</code>
      </section>
    </article>`;
  }

  private renderData({ card }: Manifest): unknown {
    if (card.data.length + card.faults.length + card.shortcuts.length === 0) return nothing;
    return html`<section aria-labelledby="limits">
      <h2 id="limits">${msg('Data and its faults')}</h2>
      <div class="pair">
        ${list(msg('Data'), card.data)} ${list(msg('Faults'), card.faults)}
        ${list(msg('Against shortcuts'), card.shortcuts)}
      </div>
    </section>`;
  }

  /** Before the setup the card of the served model can be read; it needs the network then. */
  private async fetchOffered(): Promise<void> {
    const { setup } = this.services;
    if (setup.state.phase === 'ready') return;
    try {
      this.offered = await setup.available();
    } catch (reason) {
      this.fault = faultDataOf(reason, () => new ActionError(reason));
    }
  }
}

function list(heading: string, items: readonly string[]): unknown {
  if (items.length === 0) return nothing;
  return html`<div class="card">
    <h3>${heading}</h3>
    <ul>
      ${items.map((item) => html`<li>${item}</li>`)}
    </ul>
  </div>`;
}
