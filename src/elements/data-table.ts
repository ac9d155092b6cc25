import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { FieldrayElement } from './base.ts';
import { formatNumber } from '../words/format.ts';
import { baseStyles } from './styles.ts';

export type Cell = string | number | null;

declare global {
  interface HTMLElementTagNameMap {
    'fr-data-table': FrDataTable;
  }
}

/**
 * A plain table with a caption; the first column heads its rows. Scrolls sideways by itself, or stacks:
 * on a phone each row is then a block, with the column's name before each figure.
 */
@customElement('fr-data-table')
export class FrDataTable extends FieldrayElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
      }

      .scroller {
        overflow-x: auto;
        border: 1px solid var(--line);
        border-radius: var(--radius-small);
        background: var(--panel);
      }

      table {
        inline-size: 100%;
        border-collapse: collapse;
        font-size: var(--text-note);
        font-variant-numeric: tabular-nums;
      }

      caption {
        padding: var(--space-3) var(--space-4);
        color: var(--ink-quiet);
        font-size: var(--text-small);
        text-align: start;
      }

      th,
      td {
        padding: var(--space-2) var(--space-4);
        border-block-start: 1px solid var(--line);
        text-align: start;
        vertical-align: baseline;
      }

      thead th {
        color: var(--ink-quiet);
        font-size: var(--text-small);
        font-weight: 600;
        vertical-align: bottom;
      }

      tbody th {
        font-weight: 550;
      }

      .number {
        text-align: end;
        white-space: nowrap;
      }

      :host([captionless]) caption {
        position: absolute;
        inline-size: 1px;
        block-size: 1px;
        padding: 0;
        overflow: hidden;
        clip-path: inset(50%);
      }

      :host([captionless]) thead th {
        border-block-start: 0;
      }

      :host([stacks]) .scroller {
        container-type: inline-size;
      }

      @container (max-width: 32rem) {
        table,
        caption,
        tbody {
          display: block;
        }

        thead {
          position: absolute;
          inline-size: 1px;
          block-size: 1px;
          overflow: hidden;
          clip-path: inset(50%);
        }

        tbody tr {
          display: grid;
          grid-template-columns: repeat(auto-fill, minmax(7rem, 1fr));
          gap: 0 var(--space-5);
          padding: var(--space-3) var(--space-4);
          border-block-start: 1px solid var(--line);
        }

        tbody th,
        tbody td {
          padding: 0;
          border: 0;
        }

        tbody th {
          grid-column: 1 / -1;
          margin-block-end: var(--space-1);
        }

        tbody td {
          display: flex;
          gap: var(--space-2);
          justify-content: space-between;
        }

        tbody td.none {
          display: none;
        }

        tbody td::before {
          content: attr(data-column);
          color: var(--ink-quiet);
          font-size: var(--text-small);
        }
      }

      @media print {
        .scroller {
          overflow: visible;
        }
      }
    `,
  ];

  /** What the table shows. */
  @property() caption = '';
  /** The caption is read out but not shown, where a heading says the same. */
  @property({ type: Boolean, reflect: true }) captionless = false;
  /** For tables of many columns, each of which says something by itself. */
  @property({ type: Boolean, reflect: true }) stacks = false;
  @property({ attribute: false }) columns: readonly string[] = [];
  /** Numbers are set to the end; whole ones as they are, others with three decimals. */
  @property({ attribute: false }) rows: readonly (readonly Cell[])[] = [];
  /** Columns whose strings are figures, set to the end as well. */
  @property({ attribute: false }) numeric: readonly number[] = [];

  protected override render(): unknown {
    const isNumber = this.columns.map(
      (_, column) =>
        this.numeric.includes(column) ||
        (this.rows.length > 0 &&
          this.rows.every((row) => typeof row[column] === 'number' || row[column] === null)),
    );
    // The roles are said outright: some browsers take them from a table that is laid out as blocks.
    return html`<div class="scroller" tabindex="0" role="group" aria-label=${this.caption}>
      <table role="table">
        <caption>
          ${this.caption}
        </caption>
        <thead>
          <tr role="row">
            ${this.columns.map(
              (column, index) =>
                html`<th role="columnheader" scope="col" class=${isNumber[index] ? 'number' : ''}>
                  ${column}
                </th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${this.rows.map(
            (row) =>
              html`<tr role="row">
                ${row.map((cell, index) =>
                  index === 0
                    ? html`<th role="rowheader" scope="row">${show(cell)}</th>`
                    : html`<td
                        role="cell"
                        class="${isNumber[index] ? 'number' : ''} ${cell === '' ? 'none' : ''}"
                        data-column=${this.columns[index] ?? ''}
                      >
                        ${show(cell)}
                      </td>`,
                )}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }
}

function show(cell: Cell): string {
  if (cell === null) return '–';
  if (typeof cell === 'string') return cell;
  return formatNumber(cell, Number.isInteger(cell) ? 0 : 3);
}
