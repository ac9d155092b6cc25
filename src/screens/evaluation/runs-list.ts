import { msg, str } from '@lit/localize';
import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { FieldrayElement } from '../../elements/base.ts';
import type { FrDialog } from '../../elements/dialog.ts';
import { formatNumber, formatTime } from '../../words/format.ts';
import { icon } from '../../elements/icons.ts';
import { baseStyles, buttonStyles, pageStyles } from '../../elements/styles.ts';
import type { EvaluationRun } from '../../evaluation/index.ts';
import '../../elements/dialog.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-runs-list': FrRunsList;
  }
  interface HTMLElementEventMap {
    'run-opened': CustomEvent<string>;
    'run-removed': CustomEvent<string>;
    'run-renamed': CustomEvent<{ readonly id: string; readonly name: string }>;
    'runs-compared': CustomEvent<readonly [string, string]>;
  }
}

/** The evaluations kept on this device: open one, mark two to compare, name or remove them. */
@customElement('fr-runs-list')
export class FrRunsList extends FieldrayElement {
  static override styles = [
    baseStyles,
    buttonStyles,
    pageStyles,
    css`
      ul {
        display: grid;
        padding: 0;
        border: 1px solid var(--line);
        border-radius: var(--radius-small);
        background: var(--panel);
        list-style: none;
      }

      li {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1) var(--space-3);
        align-items: center;
        padding: var(--space-2) var(--space-3);
      }

      li + li {
        border-block-start: 1px solid var(--line);
      }

      li.shown {
        background: var(--accent-soft);
      }

      label {
        display: inline-grid;
        place-items: center;
        min-inline-size: var(--touch);
        min-block-size: var(--touch);
      }

      input[type='checkbox'] {
        inline-size: 1.25rem;
        block-size: 1.25rem;
        accent-color: var(--accent);
      }

      .words {
        flex: 1 1 12rem;
        min-inline-size: 0;
        overflow-wrap: anywhere;
      }

      .words strong {
        display: block;
        font-weight: 600;
      }

      .words span {
        color: var(--ink-quiet);
        font-size: var(--text-small);
      }

      .compare {
        margin-block-start: var(--space-3);
      }

      .field {
        display: grid;
        gap: var(--space-2);
        place-items: stretch;
      }

      .field input {
        min-block-size: var(--touch);
        padding-inline: var(--space-3);
        border: 1px solid var(--line-strong);
        border-radius: var(--radius-small);
        background: var(--panel);
        color: var(--ink);
        font: inherit;
      }
    `,
  ];

  @property({ attribute: false }) runs: readonly EvaluationRun[] = [];
  /** Which are shown below. */
  @property({ attribute: false }) shown: readonly string[] = [];
  @state() private marked: readonly string[] = [];
  @state() private named: EvaluationRun | null = null;
  @query('fr-dialog') private readonly dialog!: FrDialog;
  @query('.field input') private readonly field!: HTMLInputElement;

  protected override render(): unknown {
    if (this.runs.length === 0) return nothing;
    const marked = this.marked.filter((id) => this.runs.some((run) => run.id === id));
    const [first, second] = marked;
    return html`<ul aria-label=${msg('Evaluations on this device')}>
        ${this.runs.map((run) => this.renderRun(run, marked))}
      </ul>
      ${
        this.runs.length > 1
          ? html`<div class="row compare">
              <button
                class="button"
                type="button"
                ?disabled=${!first || !second}
                @click=${() => first && second && this.emit('runs-compared', [first, second])}
              >
                ${msg('Compare the two marked')}
              </button>
              <span class="quiet">${marked.length < 2 ? msg('Mark two of them.') : nothing}</span>
            </div>`
          : nothing
      }
      <fr-dialog heading=${msg('Name of this evaluation')}>
        <div class="field">
          <input
            aria-label=${msg('Name')}
            maxlength="80"
            .value=${this.named?.name ?? ''}
            @keydown=${(event: KeyboardEvent) => {
              if (event.key === 'Enter') this.rename();
            }}
          />
        </div>
        <div slot="actions">
          <button class="button primary" type="button" @click=${() => this.rename()}>
            ${msg('Save')}
          </button>
        </div>
      </fr-dialog>`;
  }

  private renderRun(run: EvaluationRun, marked: readonly string[]): unknown {
    const { id, name, model, startedAt, finishedAt, done, total } = run;
    return html`<li class=${this.shown.includes(id) ? 'shown' : ''}>
      ${
        this.runs.length > 1
          ? html`<label title=${msg('Mark for comparison')}>
              <input
                type="checkbox"
                aria-label=${msg(str`Mark “${name}” of ${formatTime(startedAt)} for comparison`)}
                .checked=${marked.includes(id)}
                @change=${() => this.mark(id)}
              />
            </label>`
          : nothing
      }
      <span class="words">
        <strong>${name}</strong>
        <span
          >${model.name} · ${formatTime(startedAt)} ·
          ${
            finishedAt === null
              ? msg(str`left at ${formatNumber(done)} of ${formatNumber(total)}`)
              : msg(str`${formatNumber(total)} pictures`)
          }</span
        >
      </span>
      <button class="button" type="button" @click=${() => this.emit('run-opened', id)}>
        ${msg('Show')}
      </button>
      <button
        class="button bare icon"
        type="button"
        aria-label=${msg(str`Rename “${name}”`)}
        title=${msg('Rename')}
        @click=${() => this.ask(run)}
      >
        ${icon('card', 20)}
      </button>
      <button
        class="button bare icon"
        type="button"
        aria-label=${msg(str`Remove “${name}”`)}
        title=${msg('Remove')}
        @click=${() => this.emit('run-removed', id)}
      >
        ${icon('trash', 20)}
      </button>
    </li>`;
  }

  /** The third mark takes the place of the first. */
  private mark(id: string): void {
    this.marked = this.marked.includes(id)
      ? this.marked.filter((each) => each !== id)
      : [...this.marked, id].slice(-2);
  }

  private async ask(run: EvaluationRun): Promise<void> {
    this.named = run;
    await this.updateComplete;
    this.dialog.show();
    this.field.select();
  }

  private rename(): void {
    const name = this.field.value.trim();
    this.dialog.close();
    if (this.named && name) this.emit('run-renamed', { id: this.named.id, name });
  }
}
