import { msg } from '@lit/localize';
import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { StudyEntry } from '../../records/types.ts';
import { formatDate, formatProbability } from '../../words/format.ts';
import { flagWords } from '../../words/flag-words.ts';
import { labelWords, todoWords } from '../../words/patient-words.ts';
import { entryTodo, givenWords } from '../../words/study-words.ts';
import { className } from '../../words/words.ts';
import { FieldrayElement } from '../base.ts';
import { rowsBetween } from '../rows.ts';
import type { Rows } from '../rows.ts';
import { baseStyles, buttonStyles } from '../styles.ts';
import { vars } from '../vars.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-study-list': FrStudyList;
  }
  interface HTMLElementEventMap {
    'study-opened': CustomEvent<string>;
  }
}

const OVERSCAN = 8;
const ROW_REM = 4.25;

/** Kept studies, only those in sight in the document: what to do first, whose, and what was said. */
@customElement('fr-study-list')
export class FrStudyList extends FieldrayElement {
  static override styles = [
    baseStyles,
    buttonStyles,
    css`
      :host {
        display: block;
        container: studies / inline-size;
        min-block-size: 0;
      }

      .scroller {
        block-size: 100%;
        overflow-y: auto;
        overscroll-behavior: contain;
      }

      ul {
        position: relative;
        block-size: calc(var(--rows, 0) * 4.25rem);
        padding: 0;
        list-style: none;
      }

      li {
        position: absolute;
        inset-block-start: calc(var(--row, 0) * 4.25rem);
        inset-inline: 0;
        block-size: 4.25rem;
        border-block-end: 1px solid var(--line);
        contain: layout style paint;
      }

      button {
        display: grid;
        grid-template: 'todo label answer' 1fr 'todo when said' 1fr / 9rem minmax(0, 1fr) minmax(
            0,
            auto
          );
        gap: 0 var(--space-3);
        align-items: center;
        inline-size: 100%;
        block-size: 100%;
        padding: var(--space-2) var(--space-4);
        border: 0;
        background: transparent;
        color: inherit;
        font: inherit;
        line-height: 1.3;
        text-align: start;
        cursor: pointer;
      }

      button:hover {
        background: var(--sunken);
      }

      button:focus-visible {
        outline-offset: -3px;
      }

      .todo {
        grid-area: todo;
        font-weight: 650;
      }

      .refer {
        color: var(--trouble);
      }

      .uncertain,
      .refused,
      .not-read {
        color: var(--caution);
      }

      .not-flagged {
        color: var(--ink-quiet);
      }

      .label {
        grid-area: label;
        font-weight: 600;
      }

      .answer {
        grid-area: answer;
        font-size: var(--text-note);
        font-variant-numeric: tabular-nums;
        text-align: end;
      }

      .when {
        grid-area: when;
      }

      .said {
        grid-area: said;
        text-align: end;
      }

      .when,
      .said {
        color: var(--ink-quiet);
        font-size: var(--text-small);
      }

      .label,
      .answer,
      .when,
      .said {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      @container studies (max-width: 34rem) {
        button {
          grid-template: 'label todo' 1fr 'when answer' 1fr / minmax(0, 1fr) minmax(0, auto);
          padding-inline: var(--space-3);
        }

        .todo {
          text-align: end;
        }

        .said {
          display: none;
        }
      }
    `,
  ];

  @property({ attribute: false }) entries: Rows<StudyEntry> = {
    length: 0,
    at: () => undefined,
    indexOf: () => -1,
  };
  /** Names are shown as dots. */
  @property({ type: Boolean }) hiddenNames = false;
  @property() label = '';
  /** Grows when the same rows hold something else. */
  @property({ type: Number }) turn = 0;

  @state() private top = 0;
  @state() private height = 600;
  @query('.scroller') private readonly scroller!: HTMLElement;
  private readonly observer = new ResizeObserver(() => {
    this.height = this.scroller.clientHeight;
  });

  protected override firstUpdated(): void {
    this.observer.observe(this.scroller);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.observer.observe(this.scroller);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.observer.disconnect();
  }

  protected override render(): unknown {
    const row = ROW_REM * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    const first = Math.floor(this.top / row) - OVERSCAN;
    const shown = rowsBetween(
      this.entries,
      first,
      first + Math.ceil(this.height / row) + 2 * OVERSCAN,
    );
    return html`<div class="scroller" @scroll=${() => (this.top = this.scroller.scrollTop)}>
      <ul
        aria-label=${this.label}
        ${vars({ '--rows': this.entries.length })}
        @keydown=${this.onKey}
      >
        ${shown.map(([index, entry]) => this.renderRow(entry, index))}
      </ul>
    </div>`;
  }

  private renderRow(entry: StudyEntry, index: number): unknown {
    const todo = entryTodo(entry);
    return html`<li
      data-index=${index}
      aria-setsize=${this.entries.length}
      aria-posinset=${index + 1}
      ${vars({ '--row': index })}
    >
      <button type="button" @click=${() => this.emit('study-opened', entry.id)}>
        <span class="todo ${todo}"
          >${entry.pictures === 0 ? msg('No picture yet') : todoWords(todo)}</span
        >
        <span class="label"><bdi>${labelWords(entry.label, this.hiddenNames)}</bdi></span>
        <span class="answer">${answerOf(entry)}</span>
        <span class="when">${whenOf(entry)}</span>
        <span class="said">${givenWords(entry) || nothing}</span>
      </button>
    </li>`;
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const row = (event.target as HTMLElement).closest('li');
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!row || step === undefined) return;
    event.preventDefault();
    void this.focusRow(Number(row.dataset['index']) + step);
  };

  private async focusRow(index: number): Promise<void> {
    const find = (): HTMLElement | null =>
      this.renderRoot.querySelector(`li[data-index='${index}'] button`);
    find()?.scrollIntoView({ block: 'nearest' });
    this.top = this.scroller.scrollTop;
    await this.updateComplete;
    find()?.focus({ preventScroll: true });
  }
}

function answerOf({ top, reading, flags }: StudyEntry): string {
  if (top === null || !reading) return flags[0] === undefined ? '' : flagWords(flags[0]);
  const name = className(top);
  // How right the answers on photographed films are was never measured.
  if (flags.includes('photograph-of-film')) return name;
  return `${name} ${formatProbability(reading.probabilities[reading.labels.indexOf(top)] ?? 0)}`;
}

/** Midday: a date without a time belongs to no time zone. */
function whenOf({ studyDate, keptAt }: StudyEntry): string {
  return formatDate(studyDate === null ? keptAt : `${studyDate}T12:00`);
}
