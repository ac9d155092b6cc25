import { msg, str } from '@lit/localize';
import { html, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { formatNumber, formatShare } from '../../words/format.ts';
import { ChartElement, legendOf, toneOf } from './chart-element.ts';
import type { ChartTable } from './chart-tools.ts';

export interface DominanceRow {
  readonly name: string;
  /** Parts by kind; 0 for a kind it has none of. */
  readonly values: readonly number[];
}

declare global {
  interface HTMLElementTagNameMap {
    'fr-dominance-chart': FrDominanceChart;
  }
}

const STRIP = 34;
const ROW = STRIP + 40;
/** A share narrower than this has no room for its figure. */
const LEAST_WIDTH = 46;

/**
 * Each collection as one strip, its classes from the largest on, with a line where the largest would
 * end if all were the same size.
 */
@customElement('fr-dominance-chart')
export class FrDominanceChart extends ChartElement {
  @property({ attribute: false }) kinds: readonly string[] = [];
  @property({ attribute: false }) rows: readonly DominanceRow[] = [];
  @property({ attribute: 'kind-label' }) kindLabel = '';

  protected override renderPlot(): unknown {
    const height = Math.max(1, this.rows.length * ROW);
    return html`<svg
      class="plot"
      viewBox="0 0 ${this.width} ${height}"
      role="img"
      aria-label=${this.describe()}
    >
      ${this.rows.map((row, at) => this.renderRow(row, at * ROW))}
    </svg>`;
  }

  private renderRow({ name, values }: DominanceRow, top: number): unknown {
    const total = values.reduce((sum, value) => sum + value, 0) || 1;
    const order = values.map((value, kind) => ({ value, kind })).sort((a, b) => b.value - a.value);
    const equal = this.width / Math.max(1, values.filter((value) => value > 0).length);
    let from = 0;
    return svg`<text x="0" y=${top + 13}>${name}</text>
      ${order.map(({ value, kind }) => {
        const width = (value / total) * this.width;
        const x = from;
        from += width;
        return svg`<rect class=${toneOf(kind)} x=${x} y=${top + 20} width=${Math.max(0, width - 1.5)} height=${STRIP} />
          ${width > LEAST_WIDTH ? svg`<text class="on" x=${x + width / 2} y=${top + 42} text-anchor="middle">${formatShare(value / total)}</text>` : ''}`;
      })}
      <line class="rule" x1=${equal} x2=${equal} y1=${top + 16} y2=${top + 24 + STRIP} />
      <text class="quiet" x=${equal + 4} y=${top + 34 + STRIP}>${msg('equal share')}</text>`;
  }

  protected override renderLegend(): unknown {
    return legendOf(
      this.kinds.map((name, kind) => ({
        name,
        swatch: svg`<rect class=${toneOf(kind)} width="14" height="14" rx="3" />`,
      })),
    );
  }

  protected override table(): ChartTable {
    const totals = this.rows.map(
      ({ values }) => values.reduce((sum, value) => sum + value, 0) || 1,
    );
    return {
      columns: [this.kindLabel, ...this.rows.flatMap(({ name }) => [name, `${name} %`])],
      rows: this.kinds.map((kind, at) => [
        kind,
        ...this.rows.flatMap(({ values }, row) => [
          values[at] ?? 0,
          formatNumber((100 * (values[at] ?? 0)) / (totals[row] ?? 1), 1),
        ]),
      ]),
      numeric: this.rows.flatMap((_, row) => [2 * row + 2]),
    };
  }

  private describe(): string {
    const rows = this.rows.map(({ name, values }) => {
      const total = values.reduce((sum, value) => sum + value, 0) || 1;
      const largest = Math.max(...values);
      const kind = this.kinds[values.indexOf(largest)] ?? '';
      return msg(str`${name}: ${kind} is the largest with ${formatShare(largest / total)}`);
    });
    return `${this.caption}. ${rows.join('; ')}.`;
  }
}
