import { msg, str } from '@lit/localize';
import { css, html, nothing } from 'lit';
import type { PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { FieldrayElement } from '../../elements/base.ts';
import { formatNumber } from '../../words/format.ts';
import { icon } from '../../elements/icons.ts';
import { mapRows } from '../../elements/rows.ts';
import { baseStyles, buttonStyles } from '../../elements/styles.ts';
import type { FrWorkList, RowMark, WorkColumn } from '../../elements/work-list.ts';
import { countFilters, filterCases, NO_FILTER, Selection } from '../../session/index.ts';
import type { ClassFilter, ReadingSession } from '../../session/index.ts';
import type { Case } from '../../session/types.ts';
import { className } from '../../words/words.ts';
import { flagWords } from '../../words/flag-words.ts';
import { workRow } from './work-rows.ts';
import '../../elements/work-list.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-work-view': FrWorkView;
  }
  interface HTMLElementEventMap {
    'cases-removed': CustomEvent<readonly string[]>;
  }
}

const KINDS: readonly ClassFilter[] = ['COVID', 'Lung_Opacity', 'Normal', 'Viral Pneumonia'];
/** What comes instead of a class; a site's own classes stand between those and these. */
const OTHERS: readonly ClassFilter[] = ['failed', 'waiting'];

/** Many pictures: filters, what can be done with the marked ones, and the table. */
@customElement('fr-work-view')
export class FrWorkView extends FieldrayElement {
  static override styles = [
    baseStyles,
    buttonStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-block-size: 0;
      }

      .tools {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2) var(--space-3);
        align-items: center;
        min-block-size: calc(var(--touch) + 2 * var(--space-2));
        padding: var(--space-2) var(--space-3);
        border-block-end: 1px solid var(--line);
      }

      .tools.marked {
        background: var(--accent-soft);
      }

      .tools label {
        display: inline-flex;
        flex: 0 1 auto;
        gap: var(--space-2);
        align-items: center;
        min-inline-size: 0;
        color: var(--ink-quiet);
        font-size: var(--text-note);
      }

      .tools select {
        flex: 1;
        min-inline-size: 0;
      }

      .grow {
        flex: 1;
        font-size: var(--text-note);
        font-variant-numeric: tabular-nums;
      }

      .shown {
        flex: 1;
        color: var(--ink-quiet);
        font-size: var(--text-note);
        font-variant-numeric: tabular-nums;
        text-align: end;
        white-space: nowrap;
      }

      fr-work-list {
        flex: 1;
      }

      @media (max-width: 40rem) {
        .tools label {
          flex: 1 1 8rem;
        }

        .tools label span {
          position: absolute;
          inline-size: 1px;
          block-size: 1px;
          overflow: hidden;
          clip-path: inset(50%);
        }

        .shown:not(.filtered) {
          display: none;
        }

        .tools .button {
          padding-inline: var(--space-3);
        }
      }
    `,
  ];

  @property({ attribute: false }) session!: ReadingSession;
  /** New whenever something in it changed. */
  @property({ attribute: false }) cases: readonly Case[] = [];

  /** Whose picture it is; empty where patients are not told apart. */
  @property({ attribute: false }) labelOf: (entry: Case) => string = () => '';

  /** The network's answer is hidden until the reader has spoken. */
  @property({ attribute: false }) isBlind: (entry: Case) => boolean = () => false;

  @state() private filter = NO_FILTER;
  @state() private news = '';
  @query('fr-work-list') private readonly list!: FrWorkList;
  private readonly selection = new Selection();
  private shown: readonly Case[] = [];

  protected override willUpdate(_changed: PropertyValues<this>): void {
    this.shown = filterCases(this.cases, this.filter);
    this.selection.keep(this.shown);
  }

  protected override render(): unknown {
    const { order } = this.session;
    return html`${this.selection.size > 0 ? this.renderActions() : this.renderFilters()}
      <fr-work-list
        label=${msg('Opened pictures')}
        nothing=${msg('No picture fits this filter.')}
        .rows=${mapRows(this.shown, (entry) => workRow(entry, this.selection, this.labelOf(entry), this.isBlind(entry)))}
        .sorted=${isColumn(order.key) ? order.key : null}
        .descending=${order.descending}
        .marks=${this.selection.size}
        @row-marked=${this.onMark}
        @all-marked=${this.onMarkAll}
        @rows-removed=${(event: CustomEvent<string>) => this.removeMarked(event.detail)}
        @column-sorted=${this.onSort}
      ></fr-work-list>
      <p class="visually-hidden" role="status">${this.news}</p>`;
  }

  private renderFilters(): unknown {
    const counts = countFilters(this.cases);
    const { kind, flag } = this.filter;
    const isFiltered = this.shown.length < this.cases.length;
    const withFlag = [...counts.flags].sort((a, b) => b[1] - a[1]);
    return html`<div class="tools">
      <label
        ><span>${msg('Class')}</span>
        <select @change=${(event: Event) => this.choose({ kind: valueOf(event) })}>
          ${option('all', msg('All classes'), kind)}
          ${kindsOf(counts.kinds)
            .filter((each) => counts.kinds.has(each) || each === kind)
            .map((each) =>
              option(
                each,
                `${kindWords(each)} (${formatNumber(counts.kinds.get(each) ?? 0)})`,
                kind,
              ),
            )}
        </select></label
      >
      <label
        ><span>${msg('Flags')}</span>
        <select @change=${(event: Event) => this.choose({ flag: valueOf(event) })}>
          ${option('all', msg('With and without flags'), flag)}
          ${option('any', msg('With any flag'), flag)} ${option('none', msg('Without flags'), flag)}
          ${withFlag.map(([code, count]) =>
            option(code, `${flagWords(code)} (${formatNumber(count)})`, flag),
          )}
        </select></label
      >
      <span class="shown ${isFiltered ? 'filtered' : ''}"
        >${
          isFiltered
            ? msg(
                str`${formatNumber(this.shown.length)} of ${formatNumber(this.cases.length)} shown`,
              )
            : nothing
        }</span
      >
    </div>`;
  }

  private renderActions(): unknown {
    const marked = this.marked();
    const failed = marked.filter(({ state, source }) => state.phase === 'failed' && source);
    return html`<div class="tools marked">
      <strong class="grow">${msg(str`${formatNumber(marked.length)} selected`)}</strong>
      ${
        failed.length > 0
          ? html`<button class="button" type="button" @click=${() => this.retry(failed)}>
              ${icon('retry', 20)} ${msg('Try again')}
            </button>`
          : nothing
      }
      <button class="button" type="button" @click=${() => this.removeMarked()}>
        ${icon('trash', 20)} ${msg('Remove')}
      </button>
      <button
        class="button bare icon"
        type="button"
        aria-label=${msg('Select none')}
        title=${msg('Select none')}
        @click=${() => this.mark(() => this.selection.clear())}
      >
        ${icon('close', 20)}
      </button>
    </div>`;
  }

  private readonly onMark = (event: CustomEvent<RowMark>): void => {
    const { id, range } = event.detail;
    this.mark(() => (range ? this.selection.extend(this.shown, id) : this.selection.toggle(id)));
  };

  private readonly onMarkAll = (event: CustomEvent<boolean>): void => {
    this.mark(() => (event.detail ? this.selection.all(this.shown) : this.selection.clear()));
  };

  private readonly onSort = (event: CustomEvent<WorkColumn>): void => {
    const { order } = this.session;
    const again = order.key === event.detail;
    // Names and classes begin at the front, figures at the largest.
    const first = event.detail === 'probability' || event.detail === 'flags';
    this.session.sortBy({ key: event.detail, descending: again ? !order.descending : first });
  };

  private choose(part: Partial<typeof NO_FILTER>): void {
    this.filter = { ...this.filter, ...part };
  }

  private mark(change: () => void): void {
    change();
    this.news = msg(str`${formatNumber(this.selection.size)} selected`);
    this.requestUpdate();
  }

  private marked(): Case[] {
    return this.shown.filter((entry) => this.selection.has(entry.id));
  }

  private retry(failed: readonly Case[]): void {
    for (const { id } of failed) this.session.retry(id);
    this.mark(() => this.selection.clear());
  }

  /** The marked ones; without marks the row with this id. */
  private removeMarked(id?: string): void {
    const ids = this.selection.size > 0 ? this.marked().map((entry) => entry.id) : id ? [id] : [];
    if (ids.length === 0) return;
    this.selection.clear();
    this.emit('cases-removed', ids);
    this.news =
      ids.length === 1
        ? msg('1 picture left the list.')
        : msg(str`${formatNumber(ids.length)} pictures left the list.`);
  }

  /** Brings the row of a picture into sight, for the way back from it. */
  async show(id: string): Promise<void> {
    await this.updateComplete;
    await this.list.show(id);
  }
}

function isColumn(key: string): key is WorkColumn {
  return key === 'name' || key === 'class' || key === 'probability' || key === 'flags';
}

function kindsOf(counted: ReadonlyMap<ClassFilter, number>): ClassFilter[] {
  const own = [...counted.keys()].filter((each) => !KINDS.includes(each) && !OTHERS.includes(each));
  return [...KINDS, ...own.sort(), ...OTHERS];
}

function kindWords(kind: ClassFilter): string {
  if (kind === 'failed') return msg('Could not be read');
  return kind === 'waiting' ? msg('Not read yet') : className(kind);
}

function option(value: string, words: string, chosen: string): unknown {
  return html`<option value=${value} ?selected=${value === chosen}>${words}</option>`;
}

function valueOf(event: Event): string {
  return (event.target as HTMLSelectElement).value;
}
