import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { FieldrayElement } from './base.ts';
import { icon } from './icons.ts';
import { fresh } from './rewritten.ts';
import { mapRows, rowsBetween } from './rows.ts';
import type { Rows } from './rows.ts';
import { baseStyles } from './styles.ts';
import { vars } from './vars.ts';
import { workListStyles } from './work-list-styles.ts';
import './thumbnail.ts';

export interface WorkRow {
  readonly id: string;
  /** The file's name, and the folder it lies in (or nothing). */
  readonly name: string;
  readonly folder: string;
  /** The class, or what is going on, or what went wrong. */
  /** What to do, said before the words; empty where nothing is. */
  readonly todo?: string;
  readonly words: string;
  /** The probability, or nothing. */
  readonly figure: string;
  /** Short words for what speaks for a second look, most serious first. */
  readonly flags: readonly string[];
  readonly tone: 'plain' | 'waiting' | 'busy' | 'trouble';
  readonly thumbnail: Blob | null;
  readonly marked: boolean;
}

export type WorkColumn = 'name' | 'class' | 'probability' | 'flags';

/** What a person does with marks: one row, from the last marked row to this one, all or none. */
export interface RowMark {
  readonly id: string;
  readonly range: boolean;
}

declare global {
  interface HTMLElementTagNameMap {
    'fr-work-list': FrWorkList;
  }
  interface HTMLElementEventMap {
    'row-marked': CustomEvent<RowMark>;
    'all-marked': CustomEvent<boolean>;
    'rows-removed': CustomEvent<string>;
    'column-sorted': CustomEvent<WorkColumn>;
  }
}

/** Rows kept beyond the visible ones, so that a flick shows no gap. */
const OVERSCAN = 8;
/** Flags shown in a row; the rest is counted. */
const FLAGS_SHOWN = 2;

/**
 * A table of many pictures, only the rows in sight in the document. Arrow keys, Page Up and Down,
 * Home and End move; Space marks, with Shift from the last mark on; Ctrl+A marks all; Enter opens;
 * Delete asks for what is marked (or this row) to be removed; Escape unmarks.
 */
@customElement('fr-work-list')
export class FrWorkList extends FieldrayElement {
  static override styles = [baseStyles, workListStyles];

  @property({ attribute: false }) rows: Rows<WorkRow> = mapRows<WorkRow, WorkRow>([], (row) => row);
  /** What the table holds, for screen readers. */
  @property() label = '';
  /** Said in place of the rows when there are none. */
  @property() nothing = '';
  @property({ attribute: false }) sorted: WorkColumn | null = null;
  @property({ type: Boolean }) descending = false;
  /** How many rows are marked. */
  @property({ type: Number }) marks = 0;

  @state() private top = 0;
  @state() private height = 600;
  /** The row that the Tab key leads to. */
  @state() private current = 0;
  @query('.scroller') private readonly scroller!: HTMLElement;
  private rowHeight = 68;
  private headHeight = 44;
  private readonly observer = new ResizeObserver(() => this.measure());

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.observer.observe(this.scroller);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.observer.disconnect();
  }

  protected override firstUpdated(): void {
    this.observer.observe(this.scroller);
  }

  protected override willUpdate(): void {
    this.current = Math.max(0, Math.min(this.current, this.rows.length - 1));
  }

  protected override render(): unknown {
    const first = Math.floor(this.top / this.rowHeight) - OVERSCAN;
    const count = Math.ceil(this.height / this.rowHeight) + 2 * OVERSCAN;
    const shown = rowsBetween(this.rows, first, first + count);
    // The row that has the focus stays in the document, however far it is scrolled away.
    const current = this.rows.at(this.current);
    if (current && !shown.some(([index]) => index === this.current)) {
      shown.push([this.current, current]);
    }
    return html`<div
      class="scroller"
      role="grid"
      aria-label=${this.label}
      aria-rowcount=${this.rows.length + 1}
      aria-multiselectable="true"
      @scroll=${this.onScroll}
      @keydown=${this.onKey}
      @click=${this.onClick}
    >
      ${this.renderHead()}
      <div class="rows" role="rowgroup" ${vars({ '--rows': this.rows.length })}>
        ${repeat(
          shown,
          ([, row]) => row.id,
          ([index, row]) => this.renderRow(row, index),
        )}
      </div>
      ${this.rows.length === 0 ? html`<p class="empty">${this.nothing}</p>` : nothing}
    </div>`;
  }

  private renderHead(): unknown {
    const all = this.rows.length > 0 && this.marks === this.rows.length;
    return html`<div role="rowgroup" class="head">
      <div class="row titles" role="row" aria-rowindex="1">
        <span role="columnheader">
          ${this.renderBox(
            msg('Select all shown'),
            all ? 'true' : this.marks > 0 ? 'mixed' : 'false',
            0,
            () => this.emit('all-marked', !all),
          )}
        </span>
        <span class="thumb" role="columnheader"
          ><span class="visually-hidden">${msg('Picture')}</span></span
        >
        ${this.renderColumn('name', msg('Name'))}
        ${this.renderColumn('class', msg('Most resembles'))}
        ${this.renderColumn('probability', msg('Probability'))}
        ${this.renderColumn('flags', msg('Flags'))}
      </div>
    </div>`;
  }

  private renderColumn(column: WorkColumn, words: string): unknown {
    const sorted = this.sorted === column;
    const order = sorted ? (this.descending ? 'descending' : 'ascending') : 'none';
    return html`<span role="columnheader" aria-sort=${order} class=${column}>
      <button class="sorter" type="button" @click=${() => this.emit('column-sorted', column)}>
        ${words} ${icon(this.descending ? 'down' : 'up', 16)}
      </button>
    </span>`;
  }

  private renderRow(row: WorkRow, index: number): unknown {
    return html`<div
      class="row ${row.tone} ${row.marked ? 'marked' : ''}"
      role="row"
      data-index=${index}
      tabindex=${index === this.current ? 0 : -1}
      aria-rowindex=${index + 2}
      aria-selected=${row.marked}
      ${vars({ '--row': index })}
    >
      <span role="gridcell" class="mark">
        ${this.renderBox(
          msg(str`Select ${row.name}`),
          row.marked ? 'true' : 'false',
          -1,
          (event) => {
            event.stopPropagation();
            this.current = index;
            this.emit('row-marked', { id: row.id, range: event.shiftKey });
          },
        )}
      </span>
      <span class="thumb" role="gridcell"
        ><fr-thumbnail .source=${row.thumbnail}></fr-thumbnail
      ></span>
      <span class="name" role="rowheader"
        ><span title=${row.name}><bdi translate="no">${fresh(row.name)}</bdi></span>
        ${row.folder ? html`<span class="folder"><bdi translate="no">${fresh(row.folder)}</bdi></span>` : nothing}</span
      >
      <span class="words" role="gridcell"
        >${row.todo ? html`<strong>${fresh(row.todo)}</strong> · ` : nothing}${fresh(row.words)}</span
      >
      <span class="figure" role="gridcell">${fresh(row.figure)}</span>
      <span class="flags" role="gridcell">${this.renderFlags(row.flags)}</span>
    </div>`;
  }

  private renderFlags(flags: readonly string[]): unknown {
    const more = flags.length - FLAGS_SHOWN;
    return html`${flags
      .slice(0, FLAGS_SHOWN)
      .map((words) => html`<span class="flag" title=${words}>${fresh(words)}</span>`)}
    ${
      more > 0
        ? html`<span class="more" title=${flags.slice(FLAGS_SHOWN).join(', ')}
            ><span aria-hidden="true">+${more}</span
            ><span class="visually-hidden">${flags.slice(FLAGS_SHOWN).join(', ')}</span></span
          >`
        : nothing
    }`;
  }

  private renderBox(
    label: string,
    checked: 'true' | 'false' | 'mixed',
    tabindex: 0 | -1,
    onClick: (event: MouseEvent) => void,
  ): unknown {
    return html`<button
      class="check"
      type="button"
      role="checkbox"
      aria-label=${label}
      aria-checked=${checked}
      tabindex=${tabindex}
      @click=${onClick}
    >
      <span class="box"
        >${checked === 'false' ? nothing : icon(checked === 'true' ? 'check' : 'minus', 16)}</span
      >
    </button>`;
  }

  private readonly onClick = (event: MouseEvent): void => {
    const element = (event.target as Element).closest<HTMLElement>('.rows .row');
    const index = Number(element?.dataset['index']);
    const row = element && this.rows.at(index);
    if (!row) return;
    this.current = index;
    if (event.ctrlKey || event.metaKey || event.shiftKey) {
      this.emit('row-marked', { id: row.id, range: event.shiftKey });
    } else {
      this.emit('item-opened', row.id);
    }
  };

  private readonly onScroll = (): void => {
    this.top = this.scroller.scrollTop;
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    const element = event.target as HTMLElement;
    if (!element.matches('.rows .row')) return;
    // Results may have moved the row since it was focused.
    this.current = Number(element.dataset['index']);
    const row = this.rows.at(this.current);
    if (!row || event.altKey) return;
    const control = event.ctrlKey || event.metaKey;
    const last = this.rows.length - 1;
    const page = Math.max(1, Math.floor((this.height - this.headHeight) / this.rowHeight) - 1);
    const goals: Readonly<Record<string, number>> = {
      ArrowDown: this.current + 1,
      ArrowUp: this.current - 1,
      PageDown: this.current + page,
      PageUp: this.current - page,
      Home: 0,
      End: last,
    };
    const goal = goals[event.key];
    if (goal !== undefined) this.move(Math.max(0, Math.min(last, goal)), event.shiftKey, row);
    else if (event.key === ' ') this.emit('row-marked', { id: row.id, range: event.shiftKey });
    else if (event.key === 'Enter') this.emit('item-opened', row.id);
    else if (event.key === 'Delete') {
      const next = this.survivor();
      this.emit('rows-removed', row.id);
      void this.afterRemoval(next);
    } else if (event.key === 'a' && control) this.emit('all-marked', true);
    else if (event.key === 'Escape' && this.marks > 0) this.emit('all-marked', false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  private move(goal: number, range: boolean, from: WorkRow): void {
    const to = this.rows.at(goal);
    if (range && to) {
      // The first step marks the row it starts from, as in any list of files.
      if (this.marks === 0) this.emit('row-marked', { id: from.id, range: false });
      this.emit('row-marked', { id: to.id, range: true });
    }
    void this.focusRow(goal);
  }

  /** The row to go on with when the marked ones (or this one) are gone: the next, or the one before. */
  private survivor(): string | null {
    const stays = (index: number): boolean =>
      this.marks > 0 ? this.rows.at(index)?.marked === false : index !== this.current;
    for (let index = this.current; index < this.rows.length; index += 1) {
      if (stays(index)) return this.rows.at(index)?.id ?? null;
    }
    for (let index = this.current - 1; index >= 0; index -= 1) {
      if (stays(index)) return this.rows.at(index)?.id ?? null;
    }
    return null;
  }

  private async afterRemoval(next: string | null): Promise<void> {
    // The rows come anew from outside, a little later.
    await new Promise((resolve) => setTimeout(resolve));
    if (next !== null) await this.show(next);
  }

  /** Brings a row into sight and focuses it. */
  async focusRow(index: number): Promise<void> {
    await this.updateComplete;
    this.current = Math.max(0, Math.min(index, this.rows.length - 1));
    this.reveal(this.current);
    this.onScroll();
    await this.updateComplete;
    const row = this.renderRoot.querySelector<HTMLElement>(`[data-index='${this.current}']`);
    row?.focus({ preventScroll: true });
  }

  /** The row with this id becomes the one the Tab key leads to, in sight. */
  async show(id: string): Promise<void> {
    await this.updateComplete;
    const index = this.rows.indexOf(id);
    if (index >= 0) await this.focusRow(index);
  }

  private reveal(index: number): void {
    const start = index * this.rowHeight;
    const { scrollTop } = this.scroller;
    const room = this.scroller.clientHeight - this.headHeight;
    if (start < scrollTop) this.scroller.scrollTop = start;
    else if (start + this.rowHeight > scrollTop + room) {
      this.scroller.scrollTop = start + this.rowHeight - room;
    }
  }

  private measure(): void {
    this.height = this.scroller.clientHeight;
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    const style = getComputedStyle(this);
    const rows = Number.parseFloat(style.getPropertyValue('--row-rem'));
    const head = Number.parseFloat(style.getPropertyValue('--head-rem'));
    if (rem > 0 && rows > 0) this.rowHeight = rem * rows;
    if (rem > 0 && head > 0) this.headHeight = rem * head;
  }
}
