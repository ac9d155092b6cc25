import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { FieldrayElement } from './base.ts';
import { icon } from './icons.ts';
import { fresh } from './rewritten.ts';
import { mapRows, rowsBetween } from './rows.ts';
import type { Rows } from './rows.ts';
import { baseStyles, buttonStyles } from './styles.ts';
import { thumbListStyles } from './thumb-list-styles.ts';
import { vars } from './vars.ts';
import './thumbnail.ts';

export interface ThumbItem {
  readonly id: string;
  readonly name: string;
  /** What to do, before everything else; the first picks a color, both are empty where nothing is said. */
  readonly todo?: 'refer' | 'uncertain' | 'not-flagged' | '';
  readonly todoWords?: string;
  /** What was found, or what is going on. */
  readonly line: string;
  /** A figure at the end of the line, or empty. */
  readonly figure: string;
  /** A second, quieter line (a remedy), or empty. */
  readonly note: string;
  readonly tone: 'plain' | 'waiting' | 'busy' | 'trouble';
  readonly thumbnail: Blob | null;
  readonly canRetry: boolean;
}

declare global {
  interface HTMLElementTagNameMap {
    'fr-thumb-list': FrThumbList;
  }
  interface HTMLElementEventMap {
    'item-opened': CustomEvent<string>;
    'item-removed': CustomEvent<string>;
    'item-retried': CustomEvent<string>;
  }
}

/** Rows kept beyond the visible ones, so that a flick shows no gap. */
const OVERSCAN = 6;

/**
 * A list of pictures, only the rows in sight in the document: five hundred cost what ten do.
 * Arrow keys, Home and End move between rows; Delete removes one.
 */
@customElement('fr-thumb-list')
export class FrThumbList extends FieldrayElement {
  static override styles = [baseStyles, buttonStyles, thumbListStyles];

  @property({ attribute: false }) items: Rows<ThumbItem> = mapRows<ThumbItem, ThumbItem>(
    [],
    (item) => item,
  );
  @property({ attribute: false }) selectedId: string | null = null;
  /** No buttons in the rows: for a narrow column beside the picture, whose own panel has them. */
  @property({ type: Boolean, reflect: true }) compact = false;
  /** What the list holds, for screen readers. */
  @property() label = '';

  @state() private top = 0;
  @state() private height = 600;
  @query('.scroller') private readonly scroller!: HTMLElement;
  private rowHeight = 80;
  private readonly observer = new ResizeObserver(() => this.measure());
  private shownSelection: string | null = null;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.observer.disconnect();
  }

  protected override firstUpdated(): void {
    this.measureRow();
    // Tells the height at once, before the next frame is painted.
    this.observer.observe(this.scroller);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.observer.observe(this.scroller);
  }

  protected override updated(): void {
    if (this.selectedId === this.shownSelection) return;
    this.shownSelection = this.selectedId;
    if (this.selectedId === null) return;
    const index = this.items.indexOf(this.selectedId);
    if (index >= 0) this.reveal(index);
  }

  protected override render(): unknown {
    const first = Math.max(0, Math.floor(this.top / this.rowHeight) - OVERSCAN);
    const count = Math.ceil(this.height / this.rowHeight) + 2 * OVERSCAN;
    const shown = rowsBetween(this.items, first, first + count);
    return html`<div class="scroller" @scroll=${this.onScroll}>
      <ul aria-label=${this.label} ${vars({ '--rows': this.items.length })} @keydown=${this.onKey}>
        ${repeat(
          shown,
          ([, item]) => item.id,
          ([index, item]) => this.renderRow(item, index),
        )}
      </ul>
    </div>`;
  }

  private renderRow(item: ThumbItem, index: number): unknown {
    const selected = item.id === this.selectedId;
    return html`<li
      class="${item.tone} ${selected ? 'selected' : ''}"
      data-index=${index}
      aria-setsize=${this.items.length}
      aria-posinset=${index + 1}
      ${vars({ '--row': index })}
    >
      <button
        class="open"
        type="button"
        aria-current=${selected ? 'true' : nothing}
        @click=${() => this.emit('item-opened', item.id)}
      >
        <fr-thumbnail .source=${item.thumbnail}></fr-thumbnail>
        <span class="text">
          <span class="name"><bdi translate="no">${fresh(item.name)}</bdi></span>
          <span class="line"
            >${
              item.todoWords
                ? html`<span class="todo ${item.todo ?? ''}">${fresh(item.todoWords)}</span>`
                : nothing
            }<span class="words">${fresh(item.line)}</span>
            <span class="figure">${fresh(item.figure)}</span></span
          >
          ${item.note ? html`<span class="note">${fresh(item.note)}</span>` : nothing}
        </span>
      </button>
      ${this.compact ? nothing : this.renderRowButtons(item)}
    </li>`;
  }

  private renderRowButtons(item: ThumbItem): unknown {
    return html`${
        item.canRetry
          ? html`<button
              class="button bare icon"
              type="button"
              aria-label=${msg(str`Try ${item.name} again`)}
              title=${msg('Try again')}
              @click=${() => this.emit('item-retried', item.id)}
            >
              ${icon('retry', 20)}
            </button>`
          : nothing
      }
      <button
        class="button bare icon remove"
        type="button"
        aria-label=${msg(str`Remove ${item.name} from the list`)}
        title=${msg('Remove from the list')}
        @click=${() => this.emit('item-removed', item.id)}
      >
        ${icon('close', 20)}
      </button>`;
  }

  private readonly onScroll = (): void => {
    this.top = this.scroller.scrollTop;
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    const row = (event.target as HTMLElement).closest('li');
    if (!row) return;
    const index = Number(row.dataset['index']);
    const last = this.items.length - 1;
    const goals: Record<string, number> = {
      ArrowDown: Math.min(last, index + 1),
      ArrowUp: Math.max(0, index - 1),
      Home: 0,
      End: last,
    };
    const goal = goals[event.key];
    if (goal !== undefined) {
      event.preventDefault();
      void this.focusRow(goal);
    } else if (event.key === 'Delete') {
      const item = this.items.at(index);
      if (!item) return;
      event.preventDefault();
      this.emit('item-removed', item.id);
      void this.focusRow(Math.min(index, last - 1));
    }
  };

  /** Brings a row into sight and focuses it. */
  async focusRow(index: number): Promise<void> {
    this.reveal(index);
    this.onScroll();
    await this.updateComplete;
    const row = this.renderRoot.querySelector<HTMLElement>(`li[data-index='${index}'] .open`);
    row?.focus({ preventScroll: true });
  }

  private reveal(index: number): void {
    const start = index * this.rowHeight;
    const end = start + this.rowHeight;
    const { scrollTop, clientHeight } = this.scroller;
    if (start < scrollTop) this.scroller.scrollTop = start;
    else if (end > scrollTop + clientHeight) this.scroller.scrollTop = end - clientHeight;
  }

  private measure(): void {
    this.height = this.scroller.clientHeight;
    this.measureRow();
  }

  private measureRow(): void {
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    const rows = Number.parseFloat(getComputedStyle(this).getPropertyValue('--row-rem'));
    if (rem > 0 && rows > 0) this.rowHeight = rem * rows;
  }
}
