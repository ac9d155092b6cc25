import { css, html, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { ChartElement } from './chart-element.ts';
import type { ChartTable } from './chart-tools.ts';

export interface HeatColumn {
  readonly name: string;
  /** One for each row. */
  readonly values: readonly number[];
  readonly show: (value: number) => string;
}

declare global {
  interface HTMLElementTagNameMap {
    'fr-heat-chart': FrHeatChart;
  }
}

const HEAD = 46;
const CELL = 44;
/** Rows' names stand above their cells where that is all the room there is. */
const NARROW = 460;
const NAME = 120;

/** A table of figures with each column tinted by itself, from its least to its most. */
@customElement('fr-heat-chart')
export class FrHeatChart extends ChartElement {
  static override styles = [
    ...ChartElement.styles,
    css`
      .cell {
        fill: var(--sunken);
      }

      /* At most a third strong, so that ink stays readable on it. */
      .heat {
        fill: var(--accent);
      }
    `,
  ];

  @property({ attribute: 'row-label' }) rowLabel = '';
  @property({ attribute: false }) rows: readonly string[] = [];
  @property({ attribute: false }) columns: readonly HeatColumn[] = [];

  protected override renderPlot(): unknown {
    const narrow = this.width < NARROW;
    const name = narrow ? 0 : NAME;
    const rowHeight = CELL + (narrow ? 22 : 4);
    const cell = (this.width - name) / Math.max(1, this.columns.length);
    const height = HEAD + this.rows.length * rowHeight;
    return html`<svg
      class="plot"
      viewBox="0 0 ${this.width} ${height}"
      role="img"
      aria-label=${`${this.caption}. ${this.describe()}`}
    >
      ${this.columns.map(
        (column, at) => svg`<text class="quiet" text-anchor="middle">
          ${linesOf(column.name, Math.floor(cell / 6.4)).map(
            (words, line) =>
              svg`<tspan x=${name + (at + 0.5) * cell} y=${12 + 14 * line}>${words}</tspan>`,
          )}
        </text>`,
      )}
      ${this.rows.map((row, line) => {
        const top = HEAD + line * rowHeight + (narrow ? 18 : 0);
        return svg`<text x="0" y=${narrow ? top - 5 : top + CELL / 2 + 4}>${row}</text>
          ${this.columns.map(({ values, show }, at) => {
            const value = values[line] ?? 0;
            const x = name + at * cell;
            return svg`<rect class="cell" x=${x + 1.5} y=${top} width=${cell - 3} height=${CELL} rx="4" />
              <rect class="heat" opacity=${(0.34 * heatOf(value, values)).toFixed(3)} x=${x + 1.5} y=${top} width=${cell - 3} height=${CELL} rx="4" />
              <text x=${x + cell / 2} y=${top + CELL / 2 + 4} text-anchor="middle">${show(value)}</text>`;
          })}`;
      })}
    </svg>`;
  }

  protected override table(): ChartTable {
    return {
      columns: [this.rowLabel, ...this.columns.map(({ name }) => name)],
      rows: this.rows.map((row, line) => [
        row,
        ...this.columns.map(({ values, show }) => show(values[line] ?? 0)),
      ]),
      numeric: this.columns.map((_, at) => at + 1),
    };
  }

  private describe(): string {
    return this.rows
      .map(
        (row, line) =>
          `${row}: ${this.columns.map(({ name, values, show }) => `${name} ${show(values[line] ?? 0)}`).join(', ')}`,
      )
      .join('; ');
  }
}

/** 0 for the column's least, 1 for its most. */
function heatOf(value: number, values: readonly number[]): number {
  const low = Math.min(...values);
  const high = Math.max(...values);
  return high > low ? (value - low) / (high - low) : 0;
}

/** Words in at most three lines of about `letters`. */
function linesOf(text: string, letters: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1];
    if (last !== undefined && `${last} ${word}`.length <= letters) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  return lines.slice(0, 3);
}
