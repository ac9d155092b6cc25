import { css, html, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { formatNumber, formatShare } from '../../words/format.ts';
import { ChartElement, legendOf, toneOf } from './chart-element.ts';
import type { ChartTable } from './chart-tools.ts';

export interface DonutPart {
  readonly label: string;
  readonly value: number;
  /** The rest, in grey. */
  readonly quiet?: boolean;
}

declare global {
  interface HTMLElementTagNameMap {
    'fr-donut-chart': FrDonutChart;
  }
}

const SIDE = 240;
const OUTER = 112;
const INNER = 70;
/** Between two parts, in the drawing's units along the outer edge. */
const GAP = 2;

/** Parts of a whole as a ring, clockwise from the top, with the whole in the middle. */
@customElement('fr-donut-chart')
export class FrDonutChart extends ChartElement {
  static override styles = [
    ...ChartElement.styles,
    css`
      .plot {
        max-inline-size: 15rem;
        margin-inline: auto;
      }

      text.whole {
        font-size: 26px;
        font-weight: 650;
      }

      .legend {
        justify-content: center;
      }
    `,
  ];

  @property({ attribute: false }) parts: readonly DonutPart[] = [];
  /** In the middle, under the figure. */
  @property({ attribute: 'whole-label' }) wholeLabel = '';
  /** In the middle in place of the sum ("17.1 %"). */
  @property() figure = '';
  @property({ attribute: 'part-label' }) partLabel = '';
  @property({ attribute: 'value-label' }) valueLabel = '';

  protected override renderPlot(): unknown {
    const total = this.total;
    let from = 0;
    return html`<svg
      class="plot"
      viewBox="0 0 ${SIDE} ${SIDE}"
      role="img"
      aria-label=${this.describe()}
    >
      ${this.shown.map(({ value, quiet, at }) => {
        const share = total > 0 ? value / total : 0;
        const start = from;
        from += share;
        return svg`<path class=${quiet ? 'quiet-fill' : toneOf(at)} d=${ringPart(start, from)} />`;
      })}
      <text class="whole" x=${SIDE / 2} y=${SIDE / 2 + 4} text-anchor="middle">
        ${this.figure || formatNumber(total)}
      </text>
      <text class="quiet" x=${SIDE / 2} y=${SIDE / 2 + 24} text-anchor="middle">
        ${this.wholeLabel}
      </text>
    </svg>`;
  }

  protected override renderLegend(): unknown {
    const total = this.total;
    return legendOf(
      this.shown.map(({ label, value, quiet, at }) => ({
        name: `${label} ${formatShare(total > 0 ? value / total : 0)}`,
        swatch: svg`<rect class=${quiet ? 'quiet-fill' : toneOf(at)} width="14" height="14" rx="3" />`,
      })),
    );
  }

  protected override table(): ChartTable {
    const total = this.total;
    return {
      columns: [this.partLabel, this.valueLabel, '%'],
      rows: this.parts.map(({ label, value }) => [
        label,
        value,
        formatNumber(total > 0 ? (100 * value) / total : 0, 1),
      ]),
      numeric: [2],
    };
  }

  /** Kinds keep their tone where others are missing. */
  private get shown(): (DonutPart & { readonly at: number })[] {
    return this.parts.map((part, at) => ({ ...part, at })).filter(({ value }) => value > 0);
  }

  private get total(): number {
    return this.parts.reduce((sum, { value }) => sum + value, 0);
  }

  private describe(): string {
    const total = this.total;
    const parts = this.shown.map(
      ({ label, value }) => `${label} ${formatShare(total > 0 ? value / total : 0)}`,
    );
    return `${this.caption}. ${parts.join(', ')}.`;
  }
}

/** @param from … to: turns from the top, clockwise */
function ringPart(from: number, to: number): string {
  // A whole ring has no two ends; two halves have.
  if (to - from > 0.9999) return `${ringPart(0, 0.5)}${ringPart(0.5, 0.9999)}`;
  const gap = Math.min(GAP / (2 * Math.PI * OUTER), (to - from) / 4);
  const place = (turn: number, radius: number): string => {
    const angle = 2 * Math.PI * turn - Math.PI / 2;
    const x = SIDE / 2 + radius * Math.cos(angle);
    const y = SIDE / 2 + radius * Math.sin(angle);
    return `${x.toFixed(2)} ${y.toFixed(2)}`;
  };
  const [a, b] = [from + gap, to - gap];
  const large = b - a > 0.5 ? 1 : 0;
  return (
    `M${place(a, OUTER)}A${OUTER} ${OUTER} 0 ${large} 1 ${place(b, OUTER)}` +
    `L${place(b, INNER)}A${INNER} ${INNER} 0 ${large} 0 ${place(a, INNER)}Z`
  );
}
