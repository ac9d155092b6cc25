import { nothing, svg, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { formatNumber, formatShare } from '../../words/format.ts';
import { ChartElement, legendOf, toneOf } from './chart-element.ts';
import type { ChartTable } from './chart-tools.ts';

export interface BarSeries {
  readonly name: string;
  /** One for each category; null: there is none. */
  readonly values: readonly (number | null)[];
  /** What the others are held against: drawn in grey. */
  readonly quiet?: boolean;
}

export type BarUnit = 'count' | 'share' | 'factor';

declare global {
  interface HTMLElementTagNameMap {
    'fr-bar-chart': FrBarChart;
  }
}

const BAR = 16;
const BAR_GAP = 3;
const LABEL = 20;
const BLOCK_GAP = 14;
/** Room for the figure behind the longest bar. */
const FIGURE = 78;

/** Lying bars, one block a category, its name above it and each figure behind its bar. */
@customElement('fr-bar-chart')
export class FrBarChart extends ChartElement {
  @property({ attribute: false }) categories: readonly string[] = [];
  @property({ attribute: false }) series: readonly BarSeries[] = [];
  @property() unit: BarUnit = 'count';
  /** What the categories are, for the table's head. */
  @property({ attribute: 'category-label' }) categoryLabel = '';
  /** Each category has a tone of its own, where there is one series. */
  @property({ type: Boolean }) toned = false;

  protected override renderPlot(): unknown {
    const block = LABEL + this.series.length * (BAR + BAR_GAP);
    const height = Math.max(1, this.categories.length * (block + BLOCK_GAP) - BLOCK_GAP);
    const most = Math.max(...this.series.flatMap(({ values }) => values.map((v) => v ?? 0)), 1e-9);
    const reach = this.width - FIGURE;
    return html`<svg
      class="plot"
      viewBox="0 0 ${this.width} ${height}"
      role="img"
      aria-label=${this.describe()}
    >
      ${this.categories.map((category, at) => {
        const top = at * (block + BLOCK_GAP);
        return svg`<text x="0" y=${top + 13}>${category}</text>
          ${this.series.map(({ values, quiet }, row) => {
            const value = values[at] ?? null;
            const y = top + LABEL + row * (BAR + BAR_GAP);
            const length = value === null ? 0 : Math.max(2, (value / most) * reach);
            const tone = quiet ? 'quiet-fill' : toneOf(this.toned ? at : 0);
            return svg`<rect class="track" x="0" y=${y} width=${reach} height=${BAR} rx="3" />
              ${value === null || value === 0 ? nothing : svg`<rect class=${tone} x="0" y=${y} width=${length} height=${BAR} rx="3" />`}
              <text x=${length + 8} y=${y + 13}>${this.show(value)}</text>`;
          })}`;
      })}
    </svg>`;
  }

  protected override renderLegend(): unknown {
    if (this.series.length < 2) return nothing;
    return legendOf(
      this.series.map(({ name, quiet }) => ({
        name,
        swatch: svg`<rect class=${quiet ? 'quiet-fill' : 'tone-1'} width="14" height="14" rx="3" />`,
      })),
    );
  }

  protected override table(): ChartTable {
    return {
      columns: [this.categoryLabel, ...this.series.map(({ name }) => name)],
      rows: this.categories.map((category, at) => [
        category,
        ...this.series.map(({ values }) => values[at] ?? null),
      ]),
    };
  }

  private show(value: number | null): string {
    if (value === null) return '–';
    if (this.unit === 'share') return formatShare(value);
    if (this.unit === 'factor') return `× ${formatNumber(value, 1)}`;
    return formatNumber(value, Number.isInteger(value) ? 0 : 1);
  }

  private describe(): string {
    const of = ({ name, values }: BarSeries): string => {
      const parts = this.categories.map((each, at) => `${each} ${this.show(values[at] ?? null)}`);
      return this.series.length > 1 ? `${name}: ${parts.join(', ')}` : parts.join(', ');
    };
    return `${this.caption}. ${this.series.map(of).join('; ')}.`;
  }
}
